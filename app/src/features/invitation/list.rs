//! The organisation's invitations.

use domain::OpContext;
use domain::identity::{InvitationState, InvitationView};
use leptos::prelude::*;

use super::actions::InvitationRevoke;
use crate::refusal::Refusal;
use crate::ssr::Services;
use crate::ui::{
    Card, Cell, Choice, Column, EmptyState, FormErrors, FormState, Glyph, Hidden, Kind, PostForm,
    Query, Select, ServerFn as _, StateDot, SubmitButton, Table, TextInput, Time, Tone,
};

const COLUMNS: [Column; 5] = [
    Column::new("email", "For"),
    Column::new("group", "Group"),
    Column::new("state", "State"),
    Column::new("until", "Good until"),
    Column::new("actions", "Actions").hidden(),
];

/// The list, and the form that invites.
pub(crate) async fn load(
    services: &Services,
    op: &OpContext,
    query: Query,
) -> Result<AnyView, Refusal> {
    let invitations = services.invitation_list(op).await?;
    let groups = services.group_list(op).await?;
    let revoking = FormState::of::<InvitationRevoke>();
    let empty = invitations.is_empty().then(|| {
        let text = "A guest keeps the account of their own organisation and gets rights here.";
        view! { <EmptyState glyph=Glyph::Users title="Nobody was invited yet" text /> }.into_any()
    });
    let rows = invitations.into_iter().map(row).collect_view();
    let choices = std::iter::once(Choice::new("", "No group"))
        .chain(
            groups
                .into_iter()
                .map(|group| Choice::new(group.id.to_string(), &group.display_name)),
        )
        .collect();
    Ok(view! {
        <div class="columns">
            <div class="stack">
                <FormErrors state=revoking />
                <Table label="Invitations" columns=COLUMNS.to_vec() query empty>
                    {rows}
                </Table>
            </div>
            <Invite groups=choices />
        </div>
    }
    .into_any())
}

#[component]
fn Invite(groups: Vec<Choice>) -> impl IntoView {
    let state = FormState::at(super::CREATE);
    view! {
        <Card title="Invite a guest" id="invite">
            <FormErrors state=state.clone() />
            <PostForm action=super::CREATE>
                <TextInput
                    name="email"
                    label="E-mail"
                    kind="email"
                    value=state.value("email")
                    error=state.error("email")
                    hint="For your own list: nothing is sent, and nobody is known by it."
                    maxlength=254
                />
                <Select name="group" label="Group" choices=groups value=state.value("group") error=state.error("group") optional=true />
                <TextInput
                    name="days"
                    label="Days that it is good"
                    kind="number"
                    min="1"
                    max="30"
                    value=state.value_or("days", "7")
                    error=state.error("days")
                />
                <div class="form-actions">
                    <SubmitButton kind=Kind::Primary>"Create link"</SubmitButton>
                </div>
            </PostForm>
        </Card>
    }
    .into_any()
}

fn row(of: InvitationView) -> AnyView {
    let (tone, label) = match of.state {
        InvitationState::Open => (Tone::Info, "Open"),
        InvitationState::Accepted => (Tone::Ok, "Accepted"),
        InvitationState::Revoked => (Tone::Neutral, "Taken back"),
        InvitationState::Expired => (Tone::Neutral, "Expired"),
    };
    let name = format!(" the invitation of {}", of.email);
    let revoke = (of.state == InvitationState::Open).then(|| {
        view! {
            <PostForm action=InvitationRevoke::url() class="inline">
                <Hidden name="id" value=of.id.to_string() />
                <SubmitButton kind=Kind::Danger small=true>"Take back" <span class="visually-hidden">{name}</span></SubmitButton>
            </PostForm>
        }
    });
    view! {
        <tr>
            <Cell><span class="strong">{of.email}</span><span class="cell-note">"by " {of.created_by}</span></Cell>
            <Cell label="Group">{of.group}</Cell>
            <Cell label="State"><StateDot tone label /></Cell>
            <Cell label="Good until"><Time at=of.expires_at /></Cell>
            <Cell>{revoke}</Cell>
        </tr>
    }
    .into_any()
}
