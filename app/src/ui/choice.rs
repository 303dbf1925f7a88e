//! Choices that are all in sight: boxes, switches and cards.

use leptos::prelude::*;

use super::field::error_line;
use super::text::MaybeText;

fn tick(
    class: &'static str,
    role: Option<&'static str>,
    name: String,
    label: String,
    hint: Option<String>,
    checked: bool,
    value: &'static str,
) -> impl IntoView {
    let hint_id = format!("{name}-hint");
    let described = hint.as_ref().map(|_| hint_id.clone());
    view! {
        <div class=class>
            <input
                type="checkbox"
                role=role
                id=name.clone()
                name=name.clone()
                value=value
                checked=checked
                aria-describedby=described
            />
            <label for=name>{label}</label>
            {hint.map(|text| view! { <p class="hint" id=hint_id>{text}</p> })}
        </div>
    }
}

/// A box to tick; sends `true` when ticked and nothing otherwise.
#[component]
pub fn Checkbox(
    #[prop(into)] name: String,
    #[prop(into)] label: String,
    #[prop(optional, into)] hint: MaybeText,
    #[prop(optional)] checked: bool,
    #[prop(default = "true")] value: &'static str,
) -> impl IntoView {
    let hint = hint.0;
    tick("check", None, name, label, hint, checked, value)
}

/// A setting that is on or off; sends `true` when on and nothing otherwise.
#[component]
pub fn Switch(
    #[prop(into)] name: String,
    #[prop(into)] label: String,
    #[prop(optional, into)] hint: MaybeText,
    #[prop(optional)] checked: bool,
) -> impl IntoView {
    let hint = hint.0;
    tick(
        "check switch",
        Some("switch"),
        name,
        label,
        hint,
        checked,
        "true",
    )
}

/// A group of cards of which one is chosen.
#[component]
pub fn RadioCards(
    /// Name of the group, for the error's id.
    #[prop(into)]
    name: String,
    #[prop(into)] legend: String,
    #[prop(optional, into)] hint: MaybeText,
    #[prop(optional, into)] error: MaybeText,
    /// One card a line, for cards with much to say.
    #[prop(optional)]
    list: bool,
    children: Children,
) -> impl IntoView {
    let (hint, error) = (hint.0, error.0);
    let error = error_line(&name, error);
    view! {
        <fieldset class="field" id=name>
            <legend>{legend}</legend>
            {hint.map(|text| view! { <p class="hint">{text}</p> })}
            <div class=if list { "radio-list" } else { "radio-cards" }>{children()}</div>
            {error}
        </fieldset>
    }
    .into_any()
}

/// One card of a [`RadioCards`] group.
#[component]
pub fn RadioCard(
    #[prop(into)] name: String,
    #[prop(into)] value: String,
    #[prop(into)] title: String,
    #[prop(optional, into)] hint: MaybeText,
    #[prop(optional)] checked: bool,
    /// In sight, but not to be chosen; say why in `hint`.
    #[prop(optional)]
    disabled: bool,
    /// Badges and figures under the hint.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let hint = hint.0;
    view! {
        <label class="radio-card">
            <input type="radio" name=name value=value checked=checked disabled=disabled required=true />
            <span class="radio-title">{title}</span>
            {hint.map(|text| view! { <span class="hint">{text}</span> })}
            {children.map(|facts| view! { <span class="radio-facts">{facts()}</span> })}
        </label>
    }
    .into_any()
}
