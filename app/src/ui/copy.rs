//! Text that somebody will want to paste elsewhere.

use leptos::prelude::*;

use super::icon::{Glyph, Icon};

/// Text in code type; one click selects it whole, and the button copies it where there is script.
#[component]
pub fn CopyText(#[prop(into)] text: String) -> impl IntoView {
    view! {
        <span class="copy">
            <code title=text.clone()>{text.clone()}</code>
            <button type="button" data-copy=text aria-label="Copy">
                <Icon glyph=Glyph::Copy />
            </button>
        </span>
    }
}
