//! Setting up an authenticator app: the secret to scan or to type, and the first code.

use domain::factor::AppSetup;
use leptos::prelude::*;

use super::factor::{FACTORS, TotpConfirm};
use super::qr::QrCode;
use super::security::{crumbs, is_open};
use crate::ssr;
use crate::ui::{
    CopyText, FormErrors, FormState, Kind, LinkButton, Page, PostForm, ServerFn as _, SubmitButton,
    TextInput,
};

/// The page that shows the secret until its first code was given.
#[component]
pub fn AppPage() -> impl IntoView {
    ssr::page(async move {
        if !is_open().await? {
            return Ok(().into_any());
        }
        let setup = ssr::services()?
            .totp_pending(&ssr::op()?, super::session())
            .await?;
        let Some(setup) = setup else {
            ssr::lead_to(FACTORS);
            return Ok(().into_any());
        };
        Ok(view! { <Setup setup /> }.into_any())
    })
}

#[component]
fn Setup(setup: AppSetup) -> impl IntoView {
    let state = FormState::of::<TotpConfirm>();
    let error = state.error("code");
    view! {
        <Page title="Set up an authenticator app" crumbs=crumbs() narrow=true>
            <FormErrors state />
            <ol class="numbered stack">
                <li>
                    <div class="stack-tight">
                        <p>"Scan this with an authenticator app on your phone."</p>
                        <QrCode text=setup.address.clone() label="The address of the secret, to be scanned" />
                    </div>
                </li>
                <li>
                    <div class="stack-tight">
                        <p>"Where nothing can be scanned, type or paste the secret instead: a time-based code of six digits."</p>
                        <CopyText text=setup.secret />
                        <p class="small"><a href=setup.address>"Open in an app on this device"</a></p>
                    </div>
                </li>
                <li>
                    <PostForm action=TotpConfirm::url()>
                        <TextInput
                            name="code"
                            label="The code that the app shows now"
                            autocomplete="one-time-code"
                            maxlength=12
                            error
                        />
                        <div class="form-actions">
                            <SubmitButton kind=Kind::Primary>"Ask for codes from now on"</SubmitButton>
                            <LinkButton href=FACTORS>"Not now"</LinkButton>
                        </div>
                    </PostForm>
                </li>
            </ol>
        </Page>
    }
}
