//! A line of text that is judged while it is typed, by the same domain function that the services enforce.

use leptos::prelude::*;

use super::field::described_by;
use super::text::MaybeText;

/// A text field for use inside an island: `check` gives the sentence to show, or nothing.
///
/// Until the first key the error of the last attempt stands; the error's line is kept free, so nothing moves.
#[component]
pub fn LiveInput(
    #[prop(into)] name: String,
    #[prop(into)] label: String,
    /// Judges what is typed.
    check: fn(&str) -> Option<String>,
    #[prop(optional, into)] value: MaybeText,
    #[prop(optional, into)] hint: MaybeText,
    /// What the server said of the last attempt.
    #[prop(optional, into)]
    error: MaybeText,
    #[prop(optional)] optional: bool,
    #[prop(default = "text")] kind: &'static str,
    #[prop(default = "off")] autocomplete: &'static str,
    #[prop(optional)] maxlength: Option<usize>,
    /// Told of every value, for fields that depend on this one.
    #[prop(optional)]
    on_value: Option<Callback<String>>,
) -> impl IntoView {
    let (value, hint, error) = (value.0, hint.0, error.0);
    let message = RwSignal::new(error);
    let described = described_by(&name, hint.is_some(), true);
    let (error_id, hint_id) = (format!("{name}-error"), format!("{name}-hint"));
    let judge = move |event| {
        let typed = event_target_value(&event);
        message.set(check(&typed));
        if let Some(told) = on_value {
            told.run(typed);
        }
    };
    view! {
        <div class="field live">
            <label for=name.clone()>
                {label} {optional.then(|| view! { <span class="optional">"optional"</span> })}
            </label>
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
                aria-describedby=described
                aria-invalid=move || message.read().is_some().then_some("true")
                on:input=judge
            />
            <p class="error" id=error_id aria-live="polite">
                {move || message.get()}
            </p>
            {hint.map(|text| view! { <p class="hint" id=hint_id>{text}</p> })}
        </div>
    }
    .into_any()
}
