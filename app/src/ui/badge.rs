//! Small marks: what kind of thing, and in which state.

use leptos::prelude::*;

use super::text::MaybeText;

/// What a colour says; never the only carrier of the meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Tone {
    #[default]
    Neutral,
    Accent,
    Ok,
    Info,
    Warn,
    Danger,
}

impl Tone {
    /// The class that style/components gives the tone's colours to.
    #[must_use]
    pub const fn class(self) -> &'static str {
        match self {
            Self::Neutral => "neutral",
            Self::Accent => "accent",
            Self::Ok => "ok",
            Self::Info => "info",
            Self::Warn => "warn",
            Self::Danger => "danger",
        }
    }
}

/// A word or two about a thing: its kind, a mark, a warning.
#[component]
pub fn Badge(
    /// Colour by meaning.
    #[prop(optional)]
    tone: Tone,
    /// A longer explanation, shown on hover.
    #[prop(optional, into)]
    title: MaybeText,
    children: Children,
) -> impl IntoView {
    let title = title.0;
    view! { <span class=format!("badge {}", tone.class()) title=title>{children()}</span> }
}

/// A state: a dot (a ring at rest, breathing while something is under way) and its name.
#[component]
pub fn StateDot(
    /// Colour by meaning; neutral is drawn as a ring, for things at rest.
    #[prop(optional)]
    tone: Tone,
    /// Something is under way.
    #[prop(optional)]
    busy: bool,
    /// The state's name.
    #[prop(into)]
    label: String,
) -> impl IntoView {
    let class = match (tone, busy) {
        (Tone::Neutral, false) => "state off".to_owned(),
        (tone, true) => format!("state busy {}", tone.class()),
        (tone, false) => format!("state {}", tone.class()),
    };
    view! {
        <span class=class>
            <span class="dot" aria-hidden="true"></span>
            {label}
        </span>
    }
}
