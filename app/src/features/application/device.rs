//! Finishing a sign-in that a program without a browser began.

use crate::ssr::DeviceWish;
use domain::OpContext;
use leptos::prelude::*;

use super::actions::DeviceDecide;
use crate::ssr;
use crate::ui::{
    Callout, FormErrors, FormState, Hidden, Kind, Page, PostForm, ServerFn as _, SubmitButton,
    TextInput, Time, Tone,
};

/// Asks for the code that the program shows, then whether it may act for the person.
#[component]
pub fn DevicePage() -> impl IntoView {
    ssr::page(async move {
        let (services, op, query) = (ssr::services()?, ssr::op()?, ssr::query());
        let code = query.get("code").unwrap_or_default().trim().to_owned();
        let mut refused = FormState::of::<DeviceDecide>();
        let mut wish = None;
        if !code.is_empty() && refused.problem().is_none() {
            match services.device_preview(&op, &code).await {
                Ok(found) => wish = Some(found),
                Err(error) => {
                    let problem = crate::refusal::Refusal::from(error).0;
                    ssr::set_status(problem.code.status());
                    refused = FormState::new(Vec::new(), Some(problem));
                }
            }
        }
        let matter = match wish {
            Some(wish) => decide(&op, wish, code),
            None => enter(code),
        };
        Ok(view! {
            <Page title="Sign in to a program" narrow=true>
                <FormErrors state=refused />
                {matter}
            </Page>
        })
    })
}

fn enter(code: String) -> AnyView {
    view! {
        <form class="form" method="get" action="/device">
            <TextInput
                name="code"
                label="Code"
                value=code
                hint="The nine letters that your program shows."
                maxlength=20
                autofocus=true
            />
            <div class="form-actions">
                <SubmitButton kind=Kind::Primary>"Next"</SubmitButton>
            </div>
        </form>
    }
    .into_any()
}

fn decide(op: &OpContext, wish: DeviceWish, code: String) -> AnyView {
    let user_name = op.caller.user_name.clone();
    view! {
        <p>"The command line at " <code>{wish.address}</code> " began this sign-in " <Time at=wish.created_at /> ". It wants to act for you, " <strong>{user_name}</strong> ": it can do everything that you can."</p>
        <Callout tone=Tone::Warn title="Did you start this?">
            <p>"Go on only if you typed a sign-in command yourself. Nobody from support ever needs you to enter a code."</p>
        </Callout>
        <PostForm action=DeviceDecide::url()>
            <Hidden name="code" value=code />
            <div class="form-actions">
                <SubmitButton name="agrees" value="false">"Refuse"</SubmitButton>
                <SubmitButton kind=Kind::Primary name="agrees" value="true">"Let it sign in"</SubmitButton>
            </div>
        </PostForm>
    }
    .into_any()
}
