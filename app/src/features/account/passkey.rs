//! Adding a passkey. What the browser is to make it with stands in the page; `app/assets/passkey.ts` asks the browser and
//! fills the form's hidden field with the answer.

use leptos::prelude::*;

use super::factor::{FACTORS, PasskeyAdd};
use super::security::{crumbs, is_open};
use crate::ssr;
use crate::ui::{
    FormErrors, FormState, Kind, LinkButton, Page, PostForm, ServerFn as _, SubmitButton, TextInput,
};

/// The page that adds a passkey.
#[component]
pub fn PasskeyPage() -> impl IntoView {
    ssr::page(async move {
        if !is_open().await? {
            return Ok(().into_any());
        }
        let options = ssr::services()?
            .passkey_begin(&ssr::op()?, super::session())
            .await?;
        Ok(view! { <Add options /> }.into_any())
    })
}

#[component]
fn Add(options: String) -> impl IntoView {
    let state = FormState::of::<PasskeyAdd>();
    let (name, error) = (state.value_or("name", "My passkey"), state.error("name"));
    view! {
        <Page
            title="Add a passkey"
            crumbs=crumbs()
            intro="Your browser asks where to keep it: on this device, on your phone, or on a security key."
            narrow=true
        >
            <FormErrors state />
            <div data-passkey="create" data-passkey-options=options>
                <PostForm action=PasskeyAdd::url()>
                    <TextInput
                        name="name"
                        label="Name"
                        value=name
                        hint="By which you tell it from others, such as Phone or Blue key."
                        maxlength=60
                        error
                    />
                    <input type="hidden" name="passkey" />
                    <p class="error" role="alert" hidden=true data-passkey-problem=""></p>
                    <div class="form-actions">
                        <SubmitButton kind=Kind::Primary refused="Passkeys need JavaScript.">"Make the passkey"</SubmitButton>
                        <LinkButton href=FACTORS>"Not now"</LinkButton>
                    </div>
                    <noscript><p class="hint">"Passkeys need JavaScript. Turn it on, or set up an authenticator app."</p></noscript>
                </PostForm>
            </div>
            <PasskeyScript />
        </Page>
    }
}

/// The script that asks the browser for passkeys.
#[component]
pub fn PasskeyScript() -> impl IntoView {
    ssr::built_file("passkey", "passkey", "js").map(|address| {
        view! { <script type="module" src=address nonce=leptos::nonce::use_nonce()></script> }
    })
}
