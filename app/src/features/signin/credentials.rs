//! User name and password, at the built-in issuer.

use domain::Problem;
use leptos::prelude::*;

use crate::shell::WayIn;
use crate::ui::{Callout, Kind, SubmitButton, TextInput, Tone};

/// The form that asks who somebody is. What was wrong with the last attempt stands above it; the name stays.
#[component]
pub fn Credentials(
    /// Where the form goes: the address that it came from.
    #[prop(into)]
    action: String,
    /// The organisation to sign in to, when it is settled.
    organisation: Option<String>,
    /// What was typed before, or what the client proposes.
    #[prop(into)]
    user_name: String,
    problem: Option<Problem>,
) -> impl IntoView {
    let has_name = !user_name.is_empty();
    view! {
        <WayIn title="Sign in">
            {organisation.map(|name| view! { <p class="muted">"to " <strong>{name}</strong></p> })}
            {problem.map(|problem| view! { <Callout tone=Tone::Danger title=problem.message /> })}
            <form class="form" method="post" action=action>
                <TextInput
                    name="user_name"
                    label="User name"
                    kind="email"
                    value=user_name
                    autocomplete="username"
                    maxlength=200
                    placeholder="name@school.example"
                    autofocus=!has_name
                />
                <TextInput
                    name="password"
                    label="Password"
                    kind="password"
                    autocomplete="current-password"
                    maxlength=72
                    autofocus=has_name
                />
                <div class="form-actions">
                    <SubmitButton kind=Kind::Primary>"Sign in"</SubmitButton>
                </div>
            </form>
        </WayIn>
    }
}
