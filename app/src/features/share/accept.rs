//! The page that a share link opens.

use domain::share::ShareOffer;
use leptos::prelude::*;

use super::actions::ShareAccept;
use super::offer::Offer;
use crate::features::access::{People, PersonInput, offered};
use crate::ssr;
use crate::ui::{
    Callout, Card, Crumb, FormErrors, FormState, Hidden, Kind, Page, PostForm, ServerFn as _,
    SubmitButton, Tone,
};

/// What the link offers, and the form that accepts it for everybody or for one person or group.
#[component]
pub fn AcceptPage() -> impl IntoView {
    ssr::page(async move {
        let (services, op, query) = (ssr::services()?, ssr::op()?, ssr::query());
        let token = query.get("token").unwrap_or_default().to_owned();
        let offer = services.share_offer(&op, &token).await?;
        let people = offered(&services, &op).await?;
        let tenant = ssr::tenant_name();
        let state = FormState::of::<ShareAccept>();
        Ok(view! {
            <Page title="Accept a share" crumbs=vec![Crumb::new("/shares", "Shares")] narrow=true>
                <People people />
                <Form offer token tenant state />
            </Page>
        })
    })
}

#[component]
fn Form(offer: ShareOffer, token: String, tenant: String, state: FormState) -> impl IntoView {
    let title = format!("{} shares with {tenant}", offer.from_name);
    view! {
        <Card title=title>
            <Offer offer />
        </Card>
        <FormErrors state=state.clone() />
        <PostForm action=ShareAccept::url()>
            <Hidden name="token" value=token />
            <PersonInput
                name="principal"
                label="For one person or group only"
                value=state.value("principal")
                error=state.error("principal")
                optional=true
            />
            <Callout tone=Tone::Info title="Left empty, everybody in your organisation can read it and make labs from it.">
                <p>"The other organisation sees your organisation’s name, who accepted, and the names of labs that are made from it. You can revoke the share at any time."</p>
            </Callout>
            <div class="form-actions">
                <SubmitButton kind=Kind::Primary>"Accept the share"</SubmitButton>
            </div>
        </PostForm>
    }
    .into_any()
}
