//! Menus as popovers: they open and close without script.

use leptos::prelude::*;

use super::button::{Kind, class};
use super::icon::{Glyph, Icon};

/// A button that opens a list of further actions.
#[component]
pub fn Menu(
    #[prop(into)] id: String,
    /// What the menu is for, for listeners.
    #[prop(into)]
    label: String,
    #[prop(default = Glyph::More)] icon: Glyph,
    #[prop(optional)] small: bool,
    children: Children,
) -> impl IntoView {
    view! {
        <div class="menu">
            <button
                type="button"
                class=class(Kind::Quiet, small, true)
                popovertarget=id.clone()
                aria-label=label.clone()
                title=label
            >
                <Icon glyph=icon />
            </button>
            <div class="menu-list" id=id popover="auto">
                {children()}
            </div>
        </div>
    }
    .into_any()
}

/// A menu entry that leads somewhere.
#[component]
pub fn MenuItem(
    #[prop(into)] href: String,
    #[prop(optional)] icon: Option<Glyph>,
    children: Children,
) -> impl IntoView {
    view! {
        <a class="menu-item" href=href>
            {icon.map(|glyph| view! { <Icon glyph /> })}
            {children()}
        </a>
    }
    .into_any()
}

/// A menu entry that does something: a form of its own with these values.
#[component]
pub fn MenuSubmit(
    /// Address of the server function: `ItsName::url()`.
    #[prop(into)]
    action: String,
    fields: Vec<(&'static str, String)>,
    #[prop(optional)] icon: Option<Glyph>,
    #[prop(optional)] danger: bool,
    /// Marks the choice in force.
    #[prop(optional)]
    current: bool,
    children: Children,
) -> impl IntoView {
    let fields = fields
        .into_iter()
        .map(|(name, value)| view! { <input type="hidden" name=name value=value /> });
    view! {
        <form method="post" action=action>
            {fields.collect_view()}
            <button
                class=if danger { "menu-item danger" } else { "menu-item" }
                aria-current=current.then_some("true")
            >
                {icon.map(|glyph| view! { <Icon glyph /> })}
                {children()}
            </button>
        </form>
    }
    .into_any()
}
