//! Word of what was just done, on the page that follows.

use leptos::prelude::*;

use super::badge::Tone;
use super::callout::glyph;
use super::icon::{Glyph, Icon};

/// A sentence about the last action, carried over one redirect by a cookie.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flash {
    /// How it went.
    pub tone: Tone,
    /// The sentence.
    pub text: String,
}

/// The messages of the last action; script lets good news go after a while.
#[component]
pub fn Toasts(flash: Option<Flash>) -> impl IntoView {
    let toast = flash.map(|flash| {
        view! {
            <div class=format!("toast {}", flash.tone.class())>
                <Icon glyph=glyph(flash.tone) />
                <p>{flash.text}</p>
                <button type="button" data-dismiss="" aria-label="Dismiss">
                    <Icon glyph=Glyph::Close />
                </button>
            </div>
        }
    });
    view! {
        <div class="toasts" role="status">
            {toast}
        </div>
    }
    .into_any()
}
