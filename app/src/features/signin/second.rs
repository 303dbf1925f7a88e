//! The second step of signing in at the built-in issuer: a code or a passkey.

use domain::Problem;
use leptos::prelude::*;

use crate::features::account::PasskeyScript;
use crate::shell::WayIn;
use crate::ui::{Callout, Hidden, Kind, SubmitButton, TextInput, Tone};

/// What an account asks for besides the password.
#[derive(Clone, PartialEq, Eq)]
pub struct Asked {
    /// What each form sends along, so that it is known whose password was right.
    pub step: String,
    /// Who is signing in.
    pub user_name: String,
    /// Codes of an app are taken.
    pub app: bool,
    /// Recovery codes are left.
    pub recovery: bool,
    /// What a passkey is to sign.
    pub passkey: Option<String>,
}

impl std::fmt::Debug for Asked {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Asked")
            .field("user_name", &self.user_name)
            .finish_non_exhaustive()
    }
}

/// The forms for what the account takes. Codes need no script; passkeys do.
#[component]
pub fn SecondFactor(
    /// Where the forms go: the address that the first one came from.
    #[prop(into)]
    action: String,
    asked: Asked,
    /// What was wrong with the last attempt.
    problem: Option<Problem>,
) -> impl IntoView {
    let Asked {
        step,
        user_name,
        app,
        recovery,
        passkey,
    } = asked;
    let has_passkey = passkey.is_some();
    let is_lost = !(has_passkey || app || recovery);
    let by_passkey = passkey.map(|options| {
        view! { <ByPasskey action=action.clone() step=step.clone() options /> }
    });
    let by_code = (app || recovery).then(|| {
        view! { <ByCode action=action.clone() step app recovery first=!has_passkey /> }
    });
    view! {
        <WayIn title="One more step">
            <p class="muted">"for " <strong>{user_name}</strong></p>
            {problem.map(|problem| view! { <Callout tone=Tone::Danger title=problem.message /> })}
            {by_passkey}
            {(has_passkey && by_code.is_some()).then(|| view! { <hr /> })}
            {by_code}
            {is_lost.then(lost)}
            <p class="small"><a href="/signin">"Begin again"</a></p>
        </WayIn>
    }
}

#[component]
fn ByPasskey(action: String, step: String, options: String) -> impl IntoView {
    view! {
        <form class="form" method="post" action=action data-passkey="get" data-passkey-options=options>
            <Hidden name="step" value=step />
            <input type="hidden" name="passkey" />
            <p class="error" role="alert" hidden=true data-passkey-problem=""></p>
            <div class="form-actions">
                <SubmitButton kind=Kind::Primary refused="Passkeys need JavaScript.">"Use a passkey"</SubmitButton>
            </div>
            <noscript><p class="hint">"Passkeys need JavaScript. Turn it on, or use a code."</p></noscript>
        </form>
        <PasskeyScript />
    }
}

#[component]
fn ByCode(
    action: String,
    step: String,
    app: bool,
    recovery: bool,
    /// Nothing else is asked for first.
    first: bool,
) -> impl IntoView {
    let (label, hint) = match (app, recovery) {
        (true, true) => (
            "Code",
            "The six digits that your app shows, or a recovery code.",
        ),
        (true, false) => ("Code", "The six digits that your app shows."),
        _ => (
            "Recovery code",
            "One of those that you kept. Each is good once.",
        ),
    };
    let kind = if first { Kind::Primary } else { Kind::Plain };
    view! {
        <form class="form" method="post" action=action>
            <Hidden name="step" value=step />
            <TextInput name="code" label hint autocomplete="one-time-code" maxlength=40 autofocus=first />
            <div class="form-actions">
                <SubmitButton kind>"Go on"</SubmitButton>
            </div>
        </form>
    }
}

/// For those whose passkeys are for another address, and who have no codes.
fn lost() -> impl IntoView {
    view! {
        <Callout tone=Tone::Warn title="Nothing that you could show works here.">
            <p>"Ask an administrator of your organisation to remove your second factor."</p>
        </Callout>
    }
}
