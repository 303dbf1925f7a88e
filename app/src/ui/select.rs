//! One of several, in a list that opens.

use leptos::prelude::*;

use super::field::{Field, described_by};
use super::text::MaybeText;

/// One entry of a [`Select`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    value: String,
    label: String,
    disabled: bool,
}

impl Choice {
    /// An entry: what is sent, and what is shown.
    pub fn new(value: impl Into<String>, label: impl Into<String>) -> Self {
        Self {
            value: value.into(),
            label: label.into(),
            disabled: false,
        }
    }

    /// The same entry, shown but not to be chosen.
    #[must_use]
    pub fn disabled(mut self) -> Self {
        self.disabled = true;
        self
    }
}

/// A list to choose one entry from, with its label.
#[component]
pub fn Select(
    #[prop(into)] name: String,
    #[prop(into)] label: String,
    choices: Vec<Choice>,
    #[prop(optional, into)] value: MaybeText,
    #[prop(optional, into)] hint: MaybeText,
    #[prop(optional, into)] error: MaybeText,
    #[prop(optional)] optional: bool,
) -> impl IntoView {
    let (value, hint, error) = (value.0, hint.0, error.0);
    let described = described_by(&name, hint.is_some(), error.is_some());
    let invalid = error.is_some().then_some("true");
    let options = choices.into_iter().map(|choice| {
        let selected = value.as_deref() == Some(choice.value.as_str());
        view! { <option value=choice.value selected=selected disabled=choice.disabled>{choice.label}</option> }
    });
    let options = options.collect_view();
    view! {
        <Field name=name.clone() label hint error optional>
            <select
                class="input"
                id=name.clone()
                name=name
                required=!optional
                aria-describedby=described
                aria-invalid=invalid
            >
                {options}
            </select>
        </Field>
    }
    .into_any()
}
