//! What stands where nothing is yet: what it is for, and what to do first.

use leptos::prelude::*;

use super::icon::{Glyph, Icon};

/// An empty place; `children` are the buttons of what to do first.
#[component]
pub fn EmptyState(
    glyph: Glyph,
    #[prop(into)] title: String,
    #[prop(into)] text: String,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="empty">
            <Icon glyph />
            <h2>{title}</h2>
            <p>{text}</p>
            {children.map(|buttons| view! { <div class="row">{buttons()}</div> })}
        </div>
    }
    .into_any()
}
