//! Roles that an organisation defines for itself.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{ActionSet, BUILT_IN, RoleDefinition};
use crate::name;
use crate::resource_id::ResourceId;
use crate::violation::{Rule, Violation};

/// A role as those see it who give it: built in, or the organisation's own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RoleView {
    /// The id that scripts know the role by.
    pub id: Uuid,
    /// The name that people know it by.
    pub name: String,
    /// What it is for, in a sentence.
    pub description: String,
    /// Patterns of what it allows.
    pub actions: Vec<String>,
    /// Patterns taken out of `actions`.
    pub not_actions: Vec<String>,
    /// Where it may be given: these scopes and below; `/` is the whole organisation.
    pub assignable_scopes: Vec<String>,
    /// When it was last written; none for what is built in.
    pub updated_at: Option<DateTime<Utc>>,
}

impl RoleView {
    /// Every action that the role allows.
    #[must_use]
    pub fn set(&self) -> ActionSet {
        ActionSet::matching(&self.actions, &self.not_actions)
    }

    /// Whether the organisation defined it.
    #[must_use]
    pub fn is_custom(&self) -> bool {
        self.updated_at.is_some()
    }

    /// Whether it may be given at the scope.
    #[must_use]
    pub fn is_assignable_at(&self, scope: &str) -> bool {
        let scope = scope.to_lowercase();
        self.assignable_scopes
            .iter()
            .any(|place| super::covers(&place.to_lowercase(), &scope))
    }
}

impl From<&RoleDefinition> for RoleView {
    fn from(role: &RoleDefinition) -> Self {
        let owned = |list: &[&str]| list.iter().map(|&text| text.to_owned()).collect();
        Self {
            id: role.id,
            name: role.name.to_owned(),
            description: role.description.to_owned(),
            actions: owned(role.actions),
            not_actions: owned(role.not_actions),
            assignable_scopes: vec!["/".to_owned()],
            updated_at: None,
        }
    }
}

/// What an organisation's own role is written with.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct RoleInput {
    /// The name that people know it by.
    pub name: String,
    /// What it is for, in a sentence.
    pub description: String,
    /// Patterns of what it allows.
    pub actions: Vec<String>,
    /// Patterns taken out of `actions`.
    pub not_actions: Vec<String>,
    /// Where it may be given; a subscription or resource group, or `/`.
    pub assignable_scopes: Vec<String>,
}

/// Longest name of a role, as the modelled service has it.
const NAME_MAX: usize = 128;

/// Most patterns and scopes of one role: more than a person can review.
const LIST_MAX: usize = 100;

impl RoleInput {
    /// Every action that the role would allow.
    #[must_use]
    pub fn set(&self) -> ActionSet {
        ActionSet::matching(&self.actions, &self.not_actions)
    }

    /// All that is wrong with it. A pattern that matches no action is refused, since it is a slip of the pen.
    #[must_use]
    pub fn check(&self) -> Vec<Violation> {
        let mut found = name::text("name", &self.name, 1, NAME_MAX);
        let is_built_in = |role: &RoleDefinition| role.name.eq_ignore_ascii_case(self.name.trim());
        if BUILT_IN.iter().any(is_built_in) {
            found.push(Violation::new(Rule::Reserved, "name").with("value", self.name.trim()));
        }
        found.extend(name::text("description", &self.description, 0, 500));
        found.extend(patterns("actions", &self.actions, true));
        found.extend(patterns("notActions", &self.not_actions, false));
        found.extend(scopes(&self.assignable_scopes));
        if found.is_empty() && self.set().is_empty() {
            found.push(unknown(
                "notActions",
                &self.not_actions.join(", "),
                LEAVES_SOME,
            ));
        }
        found
    }
}

const LEAVES_SOME: &str = "patterns that leave at least one action";
const A_PATTERN: &str = "an action such as Microsoft.LabServices/labs/read, or a pattern with *";
const A_PLACE: &str = "/, a subscription's id, or a resource group's id";

fn unknown(target: &str, value: &str, allowed: &str) -> Violation {
    Violation::new(Rule::UnknownChoice, target)
        .with("value", value)
        .with("allowed", allowed)
}

fn count(target: &str, list: &[String], required: bool) -> Option<Violation> {
    if list.is_empty() && required {
        return Some(Violation::new(Rule::Required, target));
    }
    let too_many = || {
        Violation::new(Rule::OutOfRange, target)
            .with("min", 1)
            .with("max", LIST_MAX)
    };
    (list.len() > LIST_MAX).then(too_many)
}

fn patterns(target: &str, list: &[String], required: bool) -> Vec<Violation> {
    let nothing = |pattern: &&String| ActionSet::matching(&[pattern.as_str()], &[]).is_empty();
    let unmatched = list.iter().filter(nothing).take(5);
    count(target, list, required)
        .into_iter()
        .chain(unmatched.map(|pattern| unknown(target, pattern, A_PATTERN)))
        .collect()
}

fn scopes(list: &[String]) -> Vec<Violation> {
    const TARGET: &str = "assignableScopes";
    let is_place = |scope: &String| {
        let id = ResourceId::parse(scope);
        scope == "/" || id.is_ok_and(|id| matches!(id.as_str().split('/').count(), 3 | 5))
    };
    let wrong = list.iter().filter(|scope| !is_place(scope)).take(5);
    count(TARGET, list, true)
        .into_iter()
        .chain(wrong.map(|scope| unknown(TARGET, scope, A_PLACE)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::Action;
    use super::*;

    fn input(actions: &[&str], not_actions: &[&str], scopes: &[&str]) -> RoleInput {
        let owned = |list: &[&str]| list.iter().map(|&text| text.to_owned()).collect();
        RoleInput {
            name: "Image keeper".to_owned(),
            description: String::new(),
            actions: owned(actions),
            not_actions: owned(not_actions),
            assignable_scopes: owned(scopes),
        }
    }

    fn broken(input: &RoleInput) -> Vec<(Rule, String)> {
        input
            .check()
            .into_iter()
            .map(|v| (v.code, v.target))
            .collect()
    }

    #[test]
    fn a_role_of_known_actions_at_known_places_is_taken() {
        let group = "/subscriptions/s/resourceGroups/rg";
        for scope in ["/", "/subscriptions/s", group] {
            let role = input(&["Microsoft.Compute/galleries/*"], &["*/delete"], &[scope]);
            assert_eq!(role.check(), [], "{scope}");
            assert!(role.set().contains(Action::ImageWrite));
            assert!(!role.set().contains(Action::ImageDelete));
        }
    }

    #[test]
    fn each_slip_is_told_at_its_field() {
        let ok = ["*/read"];
        let cases = [
            (input(&[], &[], &["/"]), Rule::Required, "actions"),
            (
                input(&["Microsoft.Compute/gallery/read"], &[], &["/"]),
                Rule::UnknownChoice,
                "actions",
            ),
            (
                input(&ok, &["*/reed"], &["/"]),
                Rule::UnknownChoice,
                "notActions",
            ),
            (
                input(&ok, &["*"], &["/"]),
                Rule::UnknownChoice,
                "notActions",
            ),
            (input(&ok, &[], &[]), Rule::Required, "assignableScopes"),
            (
                input(&ok, &[], &["everywhere"]),
                Rule::UnknownChoice,
                "assignableScopes",
            ),
            (
                input(
                    &ok,
                    &[],
                    &["/subscriptions/s/resourceGroups/r/providers/Microsoft.Compute/galleries/g"],
                ),
                Rule::UnknownChoice,
                "assignableScopes",
            ),
        ];
        for (role, rule, target) in cases {
            assert_eq!(broken(&role), [(rule, target.to_owned())], "{role:?}");
        }
        let named_owner = RoleInput {
            name: "owner".to_owned(),
            ..input(&ok, &[], &["/"])
        };
        assert_eq!(broken(&named_owner), [(Rule::Reserved, "name".to_owned())]);
    }

    #[test]
    fn a_role_may_be_given_at_its_scopes_and_below_and_nowhere_else() {
        let mut role = RoleView::from(super::super::OWNER);
        assert!(role.is_assignable_at("/subscriptions/s"));
        role.assignable_scopes = vec!["/subscriptions/S".to_owned()];
        assert!(role.is_assignable_at("/subscriptions/s/resourceGroups/rg"));
        assert!(!role.is_assignable_at("/subscriptions/s2"));
        assert!(!role.is_assignable_at("/"));
    }
}
