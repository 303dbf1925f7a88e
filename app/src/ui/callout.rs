//! A remark that belongs to the page: what to know before going on.

use leptos::prelude::*;

use super::badge::Tone;
use super::icon::{Glyph, Icon};

pub(super) const fn glyph(tone: Tone) -> Glyph {
    match tone {
        Tone::Ok => Glyph::Check,
        Tone::Warn => Glyph::Alert,
        Tone::Danger => Glyph::Danger,
        Tone::Neutral | Tone::Accent | Tone::Info => Glyph::Info,
    }
}

/// A framed remark with a title; dangers are announced at once to those who listen.
#[component]
pub fn Callout(
    #[prop(optional)] tone: Tone,
    #[prop(into)] title: String,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class=format!("callout {}", tone.class()) role=(tone == Tone::Danger).then_some("alert")>
            <Icon glyph=glyph(tone) />
            <div class="callout-body">
                <p class="callout-title">{title}</p>
                {children.map(|body| body())}
            </div>
        </div>
    }
    .into_any()
}
