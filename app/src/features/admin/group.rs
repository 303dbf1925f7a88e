//! One group and its members.

use domain::rbac::Action;
use domain::tenant::{PrincipalKind, PrincipalView};
use domain::{OpContext, Problem};
use leptos::prelude::*;
use uuid::Uuid;

use super::actions::{GroupMemberAdd, GroupMemberRemove};
use crate::features::access::{glyph, kind};
use crate::ssr;
use crate::ui::{
    Card, Cell, Column, Crumb, EmptyState, FormErrors, FormState, Glyph, Hidden, Icon, Kind, Page,
    PostForm, Query, ServerFn as _, SubmitButton, Table, TextInput,
};

const COLUMNS: [Column; 3] = [
    Column::new("displayName", "Name"),
    Column::new("kind", "Kind"),
    Column::new("actions", "Actions").hidden(),
];

/// The page of a group.
#[component]
pub fn GroupPage() -> impl IntoView {
    let id = ssr::id("team");
    ssr::page(async move {
        let (services, op, id) = (ssr::services()?, ssr::op()?, id?);
        let group = services.principal_get(&op, id).await?;
        if group.kind != PrincipalKind::Group {
            return Err(Problem::not_found("The group").into());
        }
        let members = services.group_member_list(&op, id).await?;
        let crumbs = vec![
            Crumb::new("/admin", "Administration"),
            Crumb::new("/admin", "People"),
        ];
        let title = group.display_name.clone();
        Ok(view! {
            <Page title crumbs intro="Members have every role that the group has.">
                <Members group=id members query=ssr::query() may_change=may_change(&op) />
            </Page>
        })
    })
}

/// A member gains the group's roles, so it takes the right to give roles.
pub(super) fn may_change(op: &OpContext) -> bool {
    op.may(Action::PrincipalWrite, "/") && op.may(Action::RoleAssignmentWrite, "/")
}

#[component]
fn Members(
    group: Uuid,
    members: Vec<PrincipalView>,
    query: Query,
    may_change: bool,
) -> impl IntoView {
    let (adding, removing) = (
        FormState::of::<GroupMemberAdd>(),
        FormState::of::<GroupMemberRemove>(),
    );
    let empty = members.is_empty().then(|| {
        let text = "Add people and programs, or let a provider's group claim make members.";
        view! { <EmptyState glyph=Glyph::Users title="Nobody is in this group" text /> }.into_any()
    });
    let rows = members
        .into_iter()
        .map(|who| row(group, who, may_change))
        .collect_view();
    let add = may_change.then(|| {
        view! {
            <Card title="Add a member" id="add-member">
                <FormErrors state=adding.clone() />
                <PostForm action=GroupMemberAdd::url()>
                    <Hidden name="group" value=group.to_string() />
                    <TextInput
                        name="member"
                        label="User name"
                        value=adding.value("member")
                        error=adding.error("principal")
                        maxlength=200
                    />
                    <div class="form-actions">
                        <SubmitButton kind=Kind::Primary>"Add member"</SubmitButton>
                    </div>
                </PostForm>
            </Card>
        }
    });
    view! {
        <div class="columns">
            <div class="stack">
                <FormErrors state=removing />
                <Table label="Members" columns=COLUMNS.to_vec() query empty>
                    {rows}
                </Table>
            </div>
            {add}
        </div>
    }
    .into_any()
}

fn row(group: Uuid, who: PrincipalView, may_change: bool) -> AnyView {
    let name = format!(" {}", who.display_name);
    let remove = may_change.then(|| {
        view! {
            <PostForm action=GroupMemberRemove::url() class="inline">
                <Hidden name="group" value=group.to_string() />
                <Hidden name="member" value=who.id.to_string() />
                <SubmitButton kind=Kind::Danger small=true>"Remove" <span class="visually-hidden">{name}</span></SubmitButton>
            </PostForm>
        }
    });
    view! {
        <tr>
            <Cell>
                <span class="with-icon"><Icon glyph=glyph(who.kind) /> <span class="strong">{who.display_name}</span></span>
                <span class="cell-note">{who.user_name}</span>
            </Cell>
            <Cell label="Kind">{kind(who.kind)}</Cell>
            <Cell>{remove}</Cell>
        </tr>
    }
    .into_any()
}
