//! With which organisations one gallery, definition or version is shared: for the tab of who has access.

use domain::rbac::Action;
use domain::share::is_fit;
use domain::{OpContext, ResourceId};
use leptos::prelude::*;

use super::NEW_SHARE;
use super::actions::ShareRevoke;
use super::table::ShareTable;
use crate::refusal::Refusal;
use crate::ssr::{self, Services};
use crate::ui::{
    Card, Choice, FormErrors, FormState, Hidden, Kind, PostForm, Section, Select, SubmitButton,
    TextArea,
};

/// The shares that reach the resource, and the form that makes a link. Nothing for what can't be shared, and for those
/// who may not see it.
///
/// # Errors
/// Internal ones alone.
pub async fn panel(
    services: &Services,
    op: &OpContext,
    scope: &ResourceId,
) -> Result<Option<AnyView>, Refusal> {
    let is_image = scope.segment("galleries").is_some();
    if !is_image || !op.may(Action::ShareRead, scope.as_str()) {
        return Ok(None);
    }
    let shares = services.share_list(op, Some(scope)).await?;
    let may_share = op.may(Action::ShareWrite, scope.as_str());
    let mut roles = Vec::new();
    if may_share {
        roles = services.role_list(op).await?;
        roles.retain(|role| is_fit(role.set()));
    }
    let choices: Vec<Choice> = roles
        .into_iter()
        .map(|role| Choice::new(role.id.to_string(), role.name))
        .collect();
    let (query, scope) = (ssr::query(), scope.clone());
    let revoked = FormState::of::<ShareRevoke>();
    Ok(Some(
        view! {
            <Section
                title="Other organisations"
                intro="A link offers this to another organisation on this Vitrine. What is shared can be read there, and labs made from it."
                id="sharing"
            >
                <FormErrors state=revoked />
                <div class="columns access">
                    <ShareTable
                        label="Shares with other organisations"
                        shares
                        query
                        nothing="No other organisation has this, or anything that it lies in."
                    />
                    {may_share.then(|| view! { <SharePanel scope roles=choices /> })}
                </div>
            </Section>
        }
        .into_any(),
    ))
}

/// The form that makes a link.
#[component]
pub fn SharePanel(scope: ResourceId, roles: Vec<Choice>) -> impl IntoView {
    let state = FormState::at(NEW_SHARE);
    let from = ssr::query().link(&[]);
    let lasts = [
        ("", "Until it is revoked"),
        ("30", "30 days"),
        ("90", "90 days"),
        ("180", "180 days"),
        ("365", "1 year"),
    ];
    let lasts = lasts
        .into_iter()
        .map(|(value, label)| Choice::new(value, label))
        .collect();
    view! {
        <Card title="Share with another organisation" id="share">
            <FormErrors state=state.clone() />
            <PostForm action=NEW_SHARE>
                <Hidden name="scope" value=scope.as_str() />
                <Hidden name="from" value=from />
                <Select name="shareRole" label="Role" choices=roles value=state.value("shareRole") error=state.error("role") />
                <Select name="days" label="Lasts" choices=lasts value=state.value("days") error=state.error("days") optional=true />
                <TextArea
                    name="note"
                    label="Note for the other side"
                    value=state.value("note")
                    error=state.error("note")
                    maxlength=500
                    rows=2
                    optional=true
                />
                <div class="form-actions">
                    <SubmitButton kind=Kind::Primary>"Make a link"</SubmitButton>
                </div>
            </PostForm>
        </Card>
    }
    .into_any()
}
