//! An invitation, as the one who follows its link sees it.

use chrono::{DateTime, Utc};
use leptos::prelude::*;
use uuid::Uuid;

use crate::shell::WayIn;
use crate::ui::{Callout, Hidden, Kind, PostForm, SubmitButton, TextInput, Time, Tone};

const ACTION: &str = "/invitation";

/// Who invites, and by which account to come.
#[component]
pub fn InvitationPage(
    /// The organisation that invites.
    #[prop(into)]
    organisation: String,
    /// Until when it can be accepted.
    until: DateTime<Utc>,
    /// What the link holds.
    #[prop(into)]
    code: String,
    /// Who is signed in.
    me: Option<String>,
    /// The organisation's own ways to sign in.
    providers: Vec<(Uuid, String)>,
    /// What was wrong with the address.
    refusal: Option<String>,
    /// What was typed before.
    #[prop(into)]
    user_name: String,
) -> impl IntoView {
    let accept = me.map(|name| {
        let code = code.clone();
        view! {
            <PostForm action=ACTION>
                <Hidden name="code" value=code />
                <Hidden name="accept" value="true" />
                <SubmitButton kind=Kind::Primary>{format!("Accept as {name}")}</SubmitButton>
            </PostForm>
        }
    });
    let providers = providers
        .into_iter()
        .map(|(id, name)| {
            let code = code.clone();
            view! {
                <PostForm action=ACTION>
                    <Hidden name="code" value=code />
                    <Hidden name="provider" value=id.to_string() />
                    <SubmitButton>{format!("Come by {name}")}</SubmitButton>
                </PostForm>
            }
        })
        .collect_view();
    view! {
        <WayIn title="Invitation">
            <p><strong>{organisation}</strong>" invites you. The invitation is good until "<Time at=until exact=true />"."</p>
            {refusal.map(|text| view! { <Callout tone=Tone::Danger title=text /> })}
            <div class="stack">{accept} {providers}</div>
            <PostForm action=ACTION>
                <Hidden name="code" value=code />
                <TextInput
                    name="login_hint"
                    label="Your user name elsewhere"
                    kind="email"
                    value=user_name
                    hint="If another organisation here knows you: the domain says which one."
                    autocomplete="username"
                    maxlength=200
                />
                <div class="form-actions">
                    <SubmitButton>"Accept with this account"</SubmitButton>
                </div>
            </PostForm>
        </WayIn>
    }
}
