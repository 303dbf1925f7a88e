//! One provider: what it is set to, whether it works, whom it lets in.

use domain::identity::{ProviderKind, ProviderView};
use leptos::prelude::*;

use super::actions::{ProviderCreate, ProviderDelete, ProviderEnable, ProviderUpdate};
use super::form::ProviderFields;
use super::groups::GroupClaims;
use super::list::state as mark;
use crate::ssr;
use crate::ui::{
    Callout, Card, ConfirmForm, CopyText, Crumb, DialogButton, Fact, Facts, FormErrors, FormState,
    Hidden, Kind, Page, PostForm, ServerFn as _, SubmitButton, Time, Tone,
};

fn crumbs() -> Vec<Crumb> {
    vec![
        Crumb::new("/admin", "Administration"),
        Crumb::new("/admin?tab=providers", "Identity providers"),
    ]
}

/// The form that adds a provider.
#[component]
pub fn NewProviderPage() -> impl IntoView {
    ssr::page(async move {
        let (services, op) = (ssr::services()?, ssr::op()?);
        // Whoever may not see the list has no business here either.
        services.provider_list(&op).await?;
        let kind = ssr::query()
            .get("kind")
            .and_then(ProviderKind::parse)
            .unwrap_or_default();
        let state = FormState::of::<ProviderCreate>();
        let base = ssr::base()?;
        Ok(view! {
            <Page title="Add a provider" crumbs=crumbs() narrow=true>
                <div class="stack">
                    <FormErrors state=state.clone() />
                    <Callback base />
                    <PostForm action=ProviderCreate::url()>
                        <ProviderFields kind of=None state />
                        <div class="form-actions">
                            <SubmitButton kind=Kind::Primary>"Add provider"</SubmitButton>
                        </div>
                    </PostForm>
                </div>
            </Page>
        })
    })
}

/// What to register at the provider.
#[component]
fn Callback(
    /// The portal's address.
    base: String,
) -> impl IntoView {
    let (callback, ended) = (
        format!("{base}/auth/callback"),
        format!("{base}/signed-out"),
    );
    view! {
        <Callout title="Register a web application at the provider">
            <Facts>
                <Fact term="Redirect address"><CopyText text=callback /></Fact>
                <Fact term="After signing out"><CopyText text=ended /></Fact>
            </Facts>
        </Callout>
    }
}

/// One provider.
#[component]
pub fn ProviderPage() -> impl IntoView {
    let id = ssr::id("provider");
    ssr::page(async move {
        let (services, op, id) = (ssr::services()?, ssr::op()?, id?);
        let of = services.provider_get(&op, id).await?;
        let rules = services.group_claim_list(&op, id).await?;
        let groups = services.group_list(&op).await?;
        let state = FormState::of::<ProviderUpdate>();
        let base = ssr::base()?;
        let (enabling, deleting) = (
            FormState::of::<ProviderEnable>(),
            FormState::of::<ProviderDelete>(),
        );
        let (title, kind, set) = (of.name.clone(), of.kind, Some(of.clone()));
        let (errors, mark) = (state.clone(), mark(&of));
        Ok(view! {
            <Page title crumbs=crumbs() mark=mark>
                <FormErrors state=enabling />
                <FormErrors state=deleting />
                <div class="columns">
                    <div>
                        <Card title="Settings" id="settings">
                            <div class="stack">
                                <FormErrors state=errors />
                                <Callback base />
                                <PostForm action=ProviderUpdate::url()>
                                    <Hidden name="id" value=id.to_string() />
                                    <ProviderFields kind of=set state />
                                    <div class="form-actions">
                                        <SubmitButton kind=Kind::Primary>"Save"</SubmitButton>
                                    </div>
                                </PostForm>
                            </div>
                        </Card>
                    </div>
                    <div class="stack">
                        <Opening of />
                        <GroupClaims provider=id rules groups />
                    </div>
                </div>
            </Page>
        })
    })
}

/// Testing, opening, shutting and removing.
#[component]
fn Opening(of: ProviderView) -> impl IntoView {
    let id = of.id.to_string();
    let test = format!("/admin/providers/{id}/test");
    let removed = vec![("id", id.clone())];
    let tested = match of.tested_at {
        Some(at) => view! {
            <p>"A sign-in with these settings succeeded " <Time at /> "."</p>
        }
        .into_any(),
        None => view! {
            <Callout tone=Tone::Info title="Test the sign-in before you enable it.">
                <p>"You sign in at the provider once. Nobody is signed in here by it."</p>
            </Callout>
        }
        .into_any(),
    };
    let change = if of.enabled {
        view! {
            <PostForm action=ProviderEnable::url() class="inline">
                <Hidden name="id" value=id />
                <SubmitButton kind=Kind::Danger>"Disable"</SubmitButton>
            </PostForm>
        }
        .into_any()
    } else {
        let refused = of
            .tested_at
            .is_none()
            .then(|| "Test the sign-in first.".to_owned());
        view! {
            <PostForm action=ProviderEnable::url() class="inline">
                <Hidden name="id" value=id />
                <Hidden name="enabled" value="true" />
                <SubmitButton kind=Kind::Primary refused>"Enable"</SubmitButton>
            </PostForm>
        }
        .into_any()
    };
    let dialog = "remove-provider";
    view! {
        <Card title="Sign-in" id="sign-in">
            <div class="stack-tight">
                {tested}
                <div class="row">
                    <PostForm action=test class="inline">
                        <SubmitButton>"Test sign-in"</SubmitButton>
                    </PostForm>
                    {change}
                    <DialogButton dialog kind=Kind::Danger>"Remove"</DialogButton>
                </div>
            </div>
            <ConfirmForm
                id=dialog
                title=format!("Remove {}?", of.name)
                action=ProviderDelete::url()
                fields=removed
                verb="Remove provider"
            >
                <p>"Nobody can sign in there any more. Its people stay, with their roles, and come back when a provider with the same issuer is added."</p>
            </ConfirmForm>
        </Card>
    }
    .into_any()
}
