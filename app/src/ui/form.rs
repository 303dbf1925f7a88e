//! Forms that keep what was typed and show what was wrong, with and without script.
//!
//! A plain form posts to its server function. When that refuses, the browser is sent back to the form's page with
//! the refusal (`__path`, `__err`) and the values that are no secrets in the query; [`FormState`] reads them there.

use domain::Problem;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::badge::Tone;
use super::callout::Callout;
use super::text::MaybeText;

/// What the last attempt at a form left: typed values, and the refusal when there was one.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormState {
    values: Vec<(String, String)>,
    problem: Option<Problem>,
}

impl FormState {
    /// A form's state from its parts, for pages that know more than the query does.
    #[must_use]
    pub fn new(values: Vec<(String, String)>, problem: Option<Problem>) -> Self {
        Self { values, problem }
    }

    /// The state of the form that posts to this server function, as this request's query tells it.
    #[cfg(feature = "ssr")]
    #[must_use]
    pub fn of<S>() -> Self
    where
        S: leptos::server_fn::ServerFn<Error = crate::refusal::Refusal>,
    {
        Self::at(S::PATH)
    }

    /// The state of the form that posts to this address, as this request's query tells it.
    #[cfg(feature = "ssr")]
    #[must_use]
    pub fn at(path: &str) -> Self {
        use leptos::server_fn::error::ServerFnUrlError;
        let query = crate::ssr::query();
        let problem = (query.get("__path") == Some(path))
            .then(|| {
                query
                    .get("__err")
                    .map(ServerFnUrlError::<crate::refusal::Refusal>::decode_err)
            })
            .flatten();
        Self {
            values: query.into_pairs(),
            problem: problem.map(|refusal| refusal.0),
        }
    }

    /// What was typed into the field.
    #[must_use]
    pub fn value(&self, field: &str) -> Option<String> {
        self.values
            .iter()
            .find(|(name, _)| name == field)
            .map(|(_, value)| value.clone())
    }

    /// What was typed into the field, or what the page proposes.
    #[must_use]
    pub fn value_or(&self, field: &str, proposed: impl Into<String>) -> String {
        self.value(field).unwrap_or_else(|| proposed.into())
    }

    /// Everything that was ticked under the name.
    #[must_use]
    pub fn values(&self, field: &str) -> Vec<String> {
        self.values
            .iter()
            .filter(|(name, _)| name == field)
            .map(|(_, value)| value.clone())
            .collect()
    }

    /// Whether a box was ticked; the page's own proposal holds until a first attempt was refused.
    #[must_use]
    pub fn ticked(&self, field: &str, proposed: bool) -> bool {
        if self.problem.is_some() {
            self.value(field).is_some()
        } else {
            proposed
        }
    }

    /// The sentence about one field.
    #[must_use]
    pub fn error(&self, field: &str) -> Option<String> {
        let problem = self.problem.as_ref()?;
        problem.for_field(field).or_else(|| {
            (problem.target.as_deref() == Some(field) && problem.details.is_empty())
                .then(|| problem.message.clone())
        })
    }

    /// The refusal as a whole.
    #[must_use]
    pub fn problem(&self) -> Option<&Problem> {
        self.problem.as_ref()
    }
}

/// What was wrong with the last attempt, above the form, with links to the fields.
#[component]
pub fn FormErrors(state: FormState) -> impl IntoView {
    state.problem.map(|problem| {
        let details = problem.details.iter().map(|violation| {
            let href = format!("#{}", violation.target);
            view! { <li><a href=href>{violation.target.clone()}</a>": " {violation.sentence()}</li> }
        });
        let list = (problem.details.len() > 1).then(|| view! { <ul>{details.collect_view()}</ul> });
        view! {
            <Callout tone=Tone::Danger title=problem.message>
                {list}
            </Callout>
        }
    })
}

/// A form that posts to a server function and works without script.
#[component]
pub fn PostForm(
    /// Address of the server function: `ItsName::url()`.
    #[prop(into)]
    action: String,
    /// Id for buttons that stand outside of the form.
    #[prop(optional, into)]
    id: MaybeText,
    /// Class; `form` lays fields out one below the other.
    #[prop(default = "form")]
    class: &'static str,
    /// `multipart/form-data` for files.
    #[prop(optional)]
    enctype: Option<&'static str>,
    children: Children,
) -> impl IntoView {
    let id = id.0;
    view! {
        <form class=class id=id method="post" action=action enctype=enctype>
            {children()}
        </form>
    }
    .into_any()
}

/// A value that the form sends without showing it.
#[component]
pub fn Hidden(#[prop(into)] name: String, #[prop(into)] value: String) -> impl IntoView {
    view! { <input type="hidden" name=name value=value /> }
}

#[cfg(test)]
mod tests {
    use domain::{Rule, Violation};

    use super::*;

    fn refused() -> FormState {
        let problem = Problem::from_violations(vec![Violation::new(Rule::Required, "name")]);
        FormState::new(
            vec![("title".to_owned(), "Databases".to_owned())],
            Some(problem),
        )
    }

    #[test]
    fn typed_values_come_back_and_errors_stand_at_their_field() {
        let state = refused();
        assert_eq!(state.value("title").as_deref(), Some("Databases"));
        assert!(state.error("name").is_some());
        assert_eq!(state.error("title"), None);
    }

    #[test]
    fn a_box_that_was_unticked_stays_unticked_after_a_refusal() {
        assert!(!refused().ticked("replicate", true));
        assert!(FormState::default().ticked("replicate", true));
    }
}
