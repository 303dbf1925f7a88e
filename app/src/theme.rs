//! Light or dark: the person's choice, kept in a cookie that the server reads, so that no page flashes.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::refusal::Refusal;
use crate::ui::icon::Glyph;

/// How pages are lit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Theme {
    /// As the system is set.
    #[default]
    System,
    Light,
    Dark,
}

impl Theme {
    /// Every choice, in the order of the menu.
    pub const ALL: [Self; 3] = [Self::System, Self::Light, Self::Dark];

    /// The choice as forms and the cookie write it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// The choice as people read it.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::System => "As the system",
            Self::Light => "Light",
            Self::Dark => "Dark",
        }
    }

    /// The choice's icon.
    #[must_use]
    pub const fn glyph(self) -> Glyph {
        match self {
            Self::System => Glyph::Auto,
            Self::Light => Glyph::Sun,
            Self::Dark => Glyph::Moon,
        }
    }

    /// Reads the cookie; whatever else it holds means the system's setting.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        Self::ALL
            .into_iter()
            .find(|theme| theme.as_str() == text)
            .unwrap_or_default()
    }

    /// The `data-theme` of the document, when somebody chose one.
    #[must_use]
    pub fn attribute(self) -> Option<&'static str> {
        (self != Self::System).then_some(self.as_str())
    }
}

/// Keeps the choice for a year. Open to everybody: it concerns nothing but this browser's own looks.
#[server(prefix = "/fn", endpoint = "theme/set")]
pub async fn set_theme(theme: Theme) -> Result<(), Refusal> {
    crate::ssr::set_cookie("theme", theme.as_str(), 365 * 24 * 60 * 60);
    Ok(())
}
