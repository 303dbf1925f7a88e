//! Fields of forms: label, hint and error tied together for those who listen.

use leptos::prelude::*;

use super::icon::{Glyph, Icon};
use super::text::MaybeText;

/// The ids that describe a control, in the order in which they should be read.
pub(super) fn described_by(name: &str, hint: bool, error: bool) -> Option<String> {
    match (hint, error) {
        (true, true) => Some(format!("{name}-error {name}-hint")),
        (true, false) => Some(format!("{name}-hint")),
        (false, true) => Some(format!("{name}-error")),
        (false, false) => None,
    }
}

/// The line under a control that says what is wrong with it.
pub(super) fn error_line(name: &str, error: Option<String>) -> impl IntoView + use<> {
    let id = format!("{name}-error");
    error.map(|text| {
        view! {
            <p class="error" id=id>
                <Icon glyph=Glyph::Danger />
                <span>{text}</span>
            </p>
        }
    })
}

/// The line that a judge fills while somebody types; it keeps its height while it is empty.
fn live_error_line(name: &str, error: Option<String>) -> impl IntoView + use<> {
    let id = format!("{name}-error");
    view! { <p class="error" id=id aria-live="polite">{error}</p> }
}

/// Label, hint and error around a control that has the same `name` as its id.
#[component]
pub fn Field(
    /// Id of the control inside.
    #[prop(into)]
    name: String,
    #[prop(into)] label: String,
    #[prop(optional, into)] hint: MaybeText,
    #[prop(optional, into)] error: MaybeText,
    /// May be left empty.
    #[prop(optional)]
    optional: bool,
    /// A judge fills the error's line while somebody types.
    #[prop(optional)]
    live: bool,
    children: Children,
) -> impl IntoView {
    let (hint, error) = (hint.0, error.0);
    let hint_id = format!("{name}-hint");
    let error = if live {
        live_error_line(&name, error).into_any()
    } else {
        error_line(&name, error).into_any()
    };
    view! {
        <div class=if live { "field live" } else { "field" }>
            <label for=name>
                {label} {optional.then(|| view! { <span class="optional">"optional"</span> })}
            </label>
            {children()}
            {error}
            {hint.map(|text| view! { <p class="hint" id=hint_id>{text}</p> })}
        </div>
    }
    .into_any()
}

/// One line of text with its label; `kind` is the HTML input type.
#[component]
pub fn TextInput(
    /// Name in the form and id on the page.
    #[prop(into)]
    name: String,
    #[prop(into)] label: String,
    #[prop(optional, into)] value: MaybeText,
    #[prop(optional, into)] hint: MaybeText,
    #[prop(optional, into)] error: MaybeText,
    #[prop(optional)] optional: bool,
    /// `text`, `number`, `email`, `password`, `date`, `url`, ...
    #[prop(default = "text")]
    kind: &'static str,
    /// What the browser may fill in.
    #[prop(default = "off")]
    autocomplete: &'static str,
    #[prop(optional)] maxlength: Option<usize>,
    #[prop(optional, into)] min: MaybeText,
    #[prop(optional, into)] max: MaybeText,
    #[prop(optional, into)] placeholder: MaybeText,
    #[prop(optional)] autofocus: bool,
    #[prop(optional)] disabled: bool,
    /// A judge fills the error's line while somebody types.
    #[prop(optional)]
    live: bool,
) -> impl IntoView {
    let (value, hint, error, min, max, placeholder) =
        (value.0, hint.0, error.0, min.0, max.0, placeholder.0);
    let described = described_by(&name, hint.is_some(), live || error.is_some());
    let invalid = error.is_some().then_some("true");
    view! {
        <Field name=name.clone() label hint error optional live>
            <input
                class="input"
                id=name.clone()
                name=name
                type=kind
                value=value
                autocomplete=autocomplete
                spellcheck="false"
                required=!optional
                maxlength=maxlength
                min=min
                max=max
                placeholder=placeholder
                autofocus=autofocus
                disabled=disabled
                aria-describedby=described
                aria-invalid=invalid
            />
        </Field>
    }
    .into_any()
}

/// A file to send with a `multipart/form-data` form.
#[component]
pub fn FileInput(
    #[prop(into)] name: String,
    #[prop(into)] label: String,
    #[prop(optional, into)] hint: MaybeText,
    #[prop(optional, into)] error: MaybeText,
    /// Endings and media types to offer, such as `.qcow2,.vhd`.
    #[prop(optional, into)]
    accept: MaybeText,
) -> impl IntoView {
    let (hint, error, accept) = (hint.0, error.0, accept.0);
    let described = described_by(&name, hint.is_some(), error.is_some());
    let invalid = error.is_some().then_some("true");
    view! {
        <Field name=name.clone() label hint error>
            <input
                class="input"
                id=name.clone()
                name=name
                type="file"
                accept=accept
                required=true
                aria-describedby=described
                aria-invalid=invalid
            />
        </Field>
    }
    .into_any()
}
