//! What a person sees when a program other than the portal wants to sign in. These pages stand alone, without script.

use crate::ssr::Consent;
use leptos::prelude::*;

use crate::shell::WayIn;
use crate::ui::{Callout, CopyText, Kind, LinkButton, SubmitButton, Tone};

/// Asks whether a program may sign in as the person, or may learn who the person is.
#[component]
pub fn Agree(
    /// Where the form goes: the address that it came from.
    #[prop(into)]
    action: String,
    /// The program's name.
    #[prop(into)]
    program: String,
    /// Whether it may act as the person from then on.
    acts: bool,
    #[prop(into)] user_name: String,
    #[prop(into)] organisation: String,
    /// Where the answer goes.
    #[prop(into)]
    origin: String,
) -> impl IntoView {
    let what = if acts {
        "wants to act for you: it can do everything that you can."
    } else {
        "wants to know who you are: your name and your user name."
    };
    let warning = acts.then(|| {
        view! {
            <Callout tone=Tone::Warn title="Did you start this?">
                <p>"Go on only if you typed a sign-in command on this computer a moment ago."</p>
            </Callout>
        }
    });
    view! {
        <WayIn title="Sign in to a program">
            <p><strong>{program}</strong> " " {what}</p>
            <p class="muted">"You are " <strong>{user_name}</strong> " of " {organisation} ". The answer goes to " <code>{origin}</code> "."</p>
            {warning}
            <form class="form" method="post" action=action>
                <div class="form-actions">
                    <LinkButton href="/">"Cancel"</LinkButton>
                    <SubmitButton kind=Kind::Primary name="agree" value="yes">"Continue"</SubmitButton>
                </div>
            </form>
            <p class="small muted">"To go on as somebody else, sign out in the portal first."</p>
        </WayIn>
    }
}

fn origin(consent: &Consent) -> impl IntoView + use<> {
    let (home, domain) = (consent.home_name.clone(), consent.home_domain.clone());
    let own = consent.is_home;
    view! {
        <p>
            "It was registered by " <strong>{home}</strong> " (" <code>{domain}</code> ")"
            {own.then_some(", your own organisation")} "."
        </p>
        <p class="small muted">"Application id " <code>{consent.app_id.to_string()}</code></p>
    }
}

/// Asks an administrator whether an application may have a place in the organisation.
#[component]
pub fn Admit(
    /// Where the form goes: the address that it came from.
    #[prop(into)]
    action: String,
    consent: Consent,
    #[prop(into)] organisation: String,
) -> impl IntoView {
    view! {
        <WayIn title="Admit an application">
            <p><strong>{consent.display_name.clone()}</strong> " asks for a place in " <strong>{organisation.clone()}</strong> "."</p>
            {origin(&consent)}
            <Callout title="What happens when you agree">
                <ul>
                    <li>"It can sign in to " {organisation} " with its own credentials, which you never see."</li>
                    <li>"It can do nothing here until somebody gives it a role."</li>
                    <li>"You can send it away at any time, under Administration, App registrations."</li>
                </ul>
            </Callout>
            <form class="form" method="post" action=action>
                <div class="form-actions">
                    <LinkButton href="/">"Cancel"</LinkButton>
                    <SubmitButton kind=Kind::Primary name="agree" value="yes">"Admit the application"</SubmitButton>
                </div>
            </form>
        </WayIn>
    }
}

/// Says that an application has its place, and what comes next.
#[component]
pub fn Admitted(
    consent: Consent,
    #[prop(into)] organisation: String,
    /// Where the application would like the browser to go.
    onward: Option<String>,
) -> impl IntoView {
    let onward = onward.map(|href| view! { <p class="small"><a href=href rel="noreferrer">"Go to the application’s own page"</a></p> });
    view! {
        <WayIn title="The application is admitted">
            <p><strong>{consent.display_name.clone()}</strong> " has a place in " <strong>{organisation}</strong> "."</p>
            <p>"It can do nothing yet. Give it a role under “Access control” of the resource group that it shall work in; its user name there is"</p>
            <p><CopyText text=consent.app_id.to_string() /></p>
            <LinkButton href="/admin?tab=applications" kind=Kind::Primary>"See the applications"</LinkButton>
            {onward}
        </WayIn>
    }
}

/// Tells somebody who may not decide whom to ask.
#[component]
pub fn AskAdministrator(
    consent: Consent,
    #[prop(into)] organisation: String,
    /// What to send to the administrator.
    #[prop(into)]
    address: String,
) -> impl IntoView {
    view! {
        <WayIn title="Ask your administrator">
            <p><strong>{consent.display_name.clone()}</strong> " asks for a place in " <strong>{organisation}</strong> ". Only an administrator can admit it."</p>
            {origin(&consent)}
            <p>"Send this address to an owner of your organisation:"</p>
            <p><CopyText text=address /></p>
            <LinkButton href="/" kind=Kind::Primary>"Go to the portal"</LinkButton>
        </WayIn>
    }
}
