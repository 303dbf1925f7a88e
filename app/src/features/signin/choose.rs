//! The ways to sign in to one organisation.

use leptos::prelude::*;

use crate::shell::WayIn;
use crate::ui::{Kind, LinkButton};

/// One way to sign in: what its button says and where it leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    label: String,
    href: String,
}

impl Choice {
    /// A way by this name.
    #[must_use]
    pub fn new(label: &str, href: &str) -> Self {
        Self {
            label: label.to_owned(),
            href: href.to_owned(),
        }
    }
}

/// The ways as buttons, one below the other.
#[component]
pub fn ChooseWay(
    /// The organisation to sign in to.
    #[prop(into)]
    organisation: String,
    choices: Vec<Choice>,
) -> impl IntoView {
    let buttons = choices.into_iter().enumerate().map(|(index, choice)| {
        let kind = if index == 0 {
            Kind::Primary
        } else {
            Kind::Plain
        };
        view! { <LinkButton href=choice.href kind>{choice.label}</LinkButton> }
    });
    view! {
        <WayIn title="Sign in">
            <p class="muted">"to " <strong>{organisation}</strong></p>
            <div class="stack">{buttons.collect_view()}</div>
        </WayIn>
    }
}

/// The way that serves many organisations, below the form that asks for one.
#[component]
pub fn SharedWay(way: Choice) -> impl IntoView {
    view! {
        <hr />
        <LinkButton href=way.href>{way.label}</LinkButton>
    }
}
