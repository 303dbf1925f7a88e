//! Buttons: things that act, and links that look alike.

use leptos::prelude::*;

use super::icon::{Glyph, Icon};
use super::text::MaybeText;

/// How much a button asks for attention; one primary button on a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Kind {
    #[default]
    Plain,
    Primary,
    Quiet,
    /// Opens the way to something that can't be undone.
    Danger,
    /// Does what can't be undone.
    DangerSolid,
}

pub(super) fn class(kind: Kind, small: bool, square: bool) -> String {
    let kind = match kind {
        Kind::Plain => "",
        Kind::Primary => " primary",
        Kind::Quiet => " quiet",
        Kind::Danger => " danger",
        Kind::DangerSolid => " danger-solid",
    };
    format!(
        "button{kind}{}{}",
        if small { " small" } else { "" },
        if square { " square" } else { "" }
    )
}

/// A button without a form, for islands (`on:click` is set from outside).
#[component]
pub fn Button(
    #[prop(optional)] kind: Kind,
    #[prop(optional)] icon: Option<Glyph>,
    #[prop(optional)] small: bool,
    #[prop(optional, into)] disabled: Signal<bool>,
    children: Children,
) -> impl IntoView {
    view! {
        <button type="button" class=class(kind, small, false) disabled=move || disabled.get()>
            {icon.map(|glyph| view! { <Icon glyph /> })}
            {children()}
        </button>
    }
    .into_any()
}

/// A link that looks like a button, for going somewhere to do something.
#[component]
pub fn LinkButton(
    #[prop(into)] href: String,
    #[prop(optional)] kind: Kind,
    #[prop(optional)] icon: Option<Glyph>,
    #[prop(optional)] small: bool,
    /// Why it can't be followed now; it then stays visible, with this text.
    #[prop(optional, into)]
    refused: MaybeText,
    children: Children,
) -> impl IntoView {
    let refused = refused.0;
    let disabled = refused.is_some();
    view! {
        <a
            class=class(kind, small, false)
            href=(!disabled).then_some(href)
            role=disabled.then_some("link")
            aria-disabled=disabled.then_some("true")
            title=refused
        >
            {icon.map(|glyph| view! { <Icon glyph /> })}
            {children()}
        </a>
    }
    .into_any()
}

/// The button that sends its form. While the answer is awaited it turns a wheel and takes no second press.
#[component]
pub fn SubmitButton(
    #[prop(optional)] kind: Kind,
    #[prop(optional)] icon: Option<Glyph>,
    #[prop(optional)] small: bool,
    /// Name that it sends with the form, when a form has several.
    #[prop(optional)]
    name: Option<&'static str>,
    /// Value that it sends with the form.
    #[prop(optional, into)]
    value: MaybeText,
    /// The form it belongs to, when it stands outside of it.
    #[prop(optional, into)]
    form: MaybeText,
    /// Why it can't be pressed now; it then stays visible, with this text.
    #[prop(optional, into)]
    refused: MaybeText,
    children: Children,
) -> impl IntoView {
    let (value, form, refused) = (value.0, form.0, refused.0);
    view! {
        <button
            type="submit"
            class=class(kind, small, false)
            name=name
            value=value
            form=form
            disabled=refused.is_some()
            title=refused
        >
            <span class="spinner" aria-hidden="true"></span>
            {icon.map(|glyph| view! { <Icon glyph /> })}
            {children()}
        </button>
    }
    .into_any()
}
