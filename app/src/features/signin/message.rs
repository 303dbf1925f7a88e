//! How a sign-in, or a sign-out, ended.

use leptos::prelude::*;

use crate::shell::WayIn;
use crate::ui::{Kind, LinkButton};

/// A title, a sentence, and the way to try again.
#[component]
pub fn Message(
    #[prop(into)] title: String,
    #[prop(into)] text: String,
    /// By which the operator finds the reason in the log; none when there is nothing to find.
    request_id: Option<String>,
    /// Text of the link.
    #[prop(into)]
    action: String,
    /// Where it leads.
    #[prop(into)]
    href: String,
) -> impl IntoView {
    view! {
        <WayIn title>
            <p>{text}</p>
            {request_id.map(|id| view! { <p class="small muted">"Request "<code>{id}</code></p> })}
            <LinkButton href kind=Kind::Primary>{action}</LinkButton>
        </WayIn>
    }
}
