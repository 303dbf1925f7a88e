//! Deployments as they are shown.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use crate::problem::Problem;
use crate::resource_id::ResourceId;
use crate::tenant::Meta;
use crate::words::words;

words!(DeploymentState {
    Accepted,
    Running,
    Succeeded,
    Failed,
    Canceled
});

/// How far a deployment, or one resource of it, is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum DeploymentState {
    /// Waits for its turn.
    Accepted,
    Running,
    Succeeded,
    Failed,
    Canceled,
}

impl DeploymentState {
    /// Whether nothing more will happen.
    #[must_use]
    pub fn is_over(self) -> bool {
        !matches!(self, Self::Accepted | Self::Running)
    }
}

/// What a deployment is asked for with.
#[derive(Clone, PartialEq)]
pub struct DeploymentInput {
    /// The template, as it was sent.
    pub template: Value,
    /// Values of its parameters, as `{"name": {"value": …}}`.
    pub parameters: serde_json::Map<String, Value>,
    /// Free labels.
    pub tags: std::collections::BTreeMap<String, String>,
}

impl std::fmt::Debug for DeploymentInput {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DeploymentInput")
            .field("parameters", &self.parameters.keys())
            .finish_non_exhaustive()
    }
}

/// A deployment.
#[derive(Debug, Clone, PartialEq)]
pub struct DeploymentView {
    /// What every resource has.
    pub meta: Meta,
    /// How far it is.
    pub state: DeploymentState,
    /// Its parameters; secret ones without values.
    pub parameters: Value,
    /// What it answers with, once it succeeded.
    pub outputs: Option<Value>,
    /// The ids of what it writes, in its order.
    pub resources: Vec<ResourceId>,
    /// Why it failed.
    pub problem: Option<Problem>,
    /// The job that does it.
    pub job: Uuid,
    /// When it was asked for.
    pub started_at: DateTime<Utc>,
    /// When it was over.
    pub finished_at: Option<DateTime<Utc>>,
}

/// One resource of a deployment.
#[derive(Debug, Clone, PartialEq)]
pub struct DeploymentOperationView {
    /// Its key.
    pub id: Uuid,
    /// The deployment's id.
    pub deployment: ResourceId,
    /// The resource's id.
    pub target: ResourceId,
    /// Provider and kind.
    pub kind: String,
    /// How far it is.
    pub state: DeploymentState,
    /// Why it failed.
    pub problem: Option<Problem>,
    /// When it began.
    pub started_at: Option<DateTime<Utc>>,
    /// When it was over.
    pub finished_at: Option<DateTime<Utc>>,
}

/// What a deployment would do, as far as it is known before.
#[derive(Debug, Clone, PartialEq)]
pub struct Forecast {
    /// Values of parameters; secret ones without.
    pub parameters: Value,
    /// Each resource with what would become of it, in the order of the work.
    pub changes: Vec<Change>,
}

/// What would become of a resource.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// The resource.
    pub id: ResourceId,
    /// Provider and kind.
    pub kind: String,
    /// The resource as it is; none for one that would be created.
    pub before: Option<Value>,
    /// The resource as the template has it.
    pub after: Value,
    /// What differs.
    pub delta: Vec<Difference>,
}

/// One value that would change.
#[derive(Debug, Clone, PartialEq)]
pub struct Difference {
    /// Where, such as `properties.description`.
    pub path: String,
    /// The value that is there; none for one that would be added.
    pub before: Option<Value>,
    /// The value that would be there.
    pub after: Value,
}

/// What a template says otherwise than a resource is. What the template leaves out stays as it is.
#[must_use]
pub fn differences(before: &Value, after: &Value) -> Vec<Difference> {
    let mut found = Vec::new();
    compare("", Some(before), after, &mut found);
    found
}

fn compare(path: &str, before: Option<&Value>, after: &Value, found: &mut Vec<Difference>) {
    match (before, after) {
        (_, Value::Null) => {}
        (Some(Value::Object(before)), Value::Object(after)) => {
            for (name, after) in after {
                let path = if path.is_empty() {
                    name.clone()
                } else {
                    format!("{path}.{name}")
                };
                compare(&path, super::evaluate::pick(before, name), after, found);
            }
        }
        (Some(Value::String(before)), Value::String(after))
            if before.eq_ignore_ascii_case(after) => {}
        (before, after) if before == Some(after) => {}
        (before, after) => found.push(Difference {
            path: path.to_owned(),
            before: before.cloned(),
            after: after.clone(),
        }),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_what_the_template_says_otherwise_differs() {
        let before = json!({"location": "westeurope", "tags": {"a": "1"}, "properties": {"kept": 1, "x": [1]}});
        let after = json!({"location": "WestEurope", "tags": {"a": "2", "b": "3"}, "properties": {"x": [1], "n": null}});
        let paths: Vec<String> = differences(&before, &after)
            .into_iter()
            .map(|found| found.path)
            .collect();
        assert_eq!(paths, ["tags.a", "tags.b"]);
    }
}
