//! Every role that can be given.

use domain::rbac::{Action, RoleView};
use leptos::prelude::*;

use super::actions::RoleDelete;
use crate::ssr;
use crate::ui::{
    Badge, Cell, Column, ConfirmForm, Crumb, DialogButton, FormErrors, FormState, Glyph, Kind,
    LinkButton, Page, Query, ServerFn as _, Table, Tone,
};

const COLUMNS: [Column; 3] = [
    Column::new("name", "Role"),
    Column::new("allows", "Allows"),
    Column::new("actions", "Actions").hidden(),
];

/// The roles with what they allow; those of the organisation's own can be changed.
#[component]
pub fn RolesPage() -> impl IntoView {
    ssr::page(async move {
        let (services, op, query) = (ssr::services()?, ssr::op()?, ssr::query());
        let roles = services.role_list(&op).await?;
        let may_define = !op.scopes(Action::RoleDefinitionWrite).is_empty();
        Ok(view! { <Roles roles query may_define /> })
    })
}

#[component]
fn Roles(roles: Vec<RoleView>, query: Query, may_define: bool) -> impl IntoView {
    let actions = may_define
        .then(|| view! { <LinkButton href="/admin/roles/new" kind=Kind::Primary icon=Glyph::Plus>"New role"</LinkButton> })
        .into_any();
    let dialogs = roles
        .iter()
        .filter(|role| may_define && role.is_custom())
        .map(ask)
        .collect_view();
    let rows = roles
        .into_iter()
        .map(|role| row(may_define, role))
        .collect_view();
    view! {
        <Page
            title="Roles"
            crumbs=vec![Crumb::new("/admin?tab=roles", "Administration")]
            intro="A role is a set of actions. It is given at a scope, and counts for everything below."
            actions
        >
            <FormErrors state={FormState::of::<RoleDelete>()} />
            <Table label="Roles" columns=COLUMNS.to_vec() query>
                {rows}
            </Table>
            {dialogs}
        </Page>
    }
}

fn row(may_define: bool, role: RoleView) -> AnyView {
    let set = role.set();
    let summary = match set.iter().count() {
        1 => "1 action".to_owned(),
        count => format!("{count} actions"),
    };
    let list = set
        .iter()
        .map(|action| view! { <li><code>{action.as_str()}</code></li> })
        .collect_view();
    let mark = role
        .is_custom()
        .then(|| view! { <Badge tone=Tone::Accent>"Own"</Badge> });
    let buttons = (may_define && role.is_custom()).then(|| {
        let (of, same) = (format!(" {}", role.name), format!(" {}", role.name));
        view! {
            <LinkButton href=format!("/admin/roles/{}", role.id) small=true>
                "Change" <span class="visually-hidden">{of}</span>
            </LinkButton>
            <DialogButton dialog=dialog(&role) kind=Kind::Danger small=true>
                "Delete" <span class="visually-hidden">{same}</span>
            </DialogButton>
        }
    });
    view! {
        <tr>
            <Cell>
                <span class="with-icon"><span class="strong">{role.name.clone()}</span> {mark}</span>
                <span class="cell-note">{role.description.clone()}</span>
            </Cell>
            <Cell label="Allows">
                <details class="disclosure">
                    <summary>{summary}</summary>
                    <ul class="prose small">{list}</ul>
                </details>
            </Cell>
            <Cell><div class="cell-actions">{buttons}</div></Cell>
        </tr>
    }
    .into_any()
}

fn dialog(role: &RoleView) -> String {
    format!("delete-{}", role.id)
}

fn ask(role: &RoleView) -> AnyView {
    view! {
        <ConfirmForm
            id=dialog(role)
            title=format!("Delete the role {}?", role.name)
            action=RoleDelete::url()
            fields=vec![("id", role.id.to_string())]
            verb="Delete the role"
        >
            <p>"Only a role that nobody has can be deleted."</p>
        </ConfirmForm>
    }
    .into_any()
}
