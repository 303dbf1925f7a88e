//! Which organisation somebody belongs to, found by the domain of their address.

use leptos::prelude::*;

use super::choose::{Choice, SharedWay};
use crate::shell::WayIn;
use crate::ui::{Callout, Hidden, Kind, SubmitButton, TextInput, Tone};

/// The form that asks for the address; shown where more than one organisation lives.
#[component]
pub fn Organisation(
    /// Where to lead after signing in.
    #[prop(into)]
    return_to: String,
    /// What was typed before.
    #[prop(into)]
    user_name: String,
    /// What was wrong with it.
    refusal: Option<String>,
    /// The way that serves many organisations.
    shared: Option<Choice>,
) -> impl IntoView {
    view! {
        <WayIn title="Sign in">
            {refusal.map(|text| view! { <Callout tone=Tone::Danger title=text /> })}
            <form class="form" method="get" action="/signin">
                <Hidden name="return_to" value=return_to />
                <Hidden name="form" value="1" />
                <TextInput
                    name="login_hint"
                    label="User name"
                    kind="email"
                    value=user_name
                    hint="Its domain says which organisation you belong to."
                    autocomplete="username"
                    maxlength=200
                    placeholder="name@school.example"
                    autofocus=true
                />
                <div class="form-actions">
                    <SubmitButton kind=Kind::Primary>"Next"</SubmitButton>
                    // Where the domain leads to a provider, those with an account here come in by this one.
                    <SubmitButton name="way" value="local">"Use a password"</SubmitButton>
                </div>
            </form>
            {shared.map(|way| view! { <SharedWay way /> })}
        </WayIn>
    }
}
