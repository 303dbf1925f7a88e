//! Role assignments as a table.

use domain::tenant::{PrincipalKind, RoleAssignmentView};
use leptos::prelude::*;

use super::actions::RoleAssignmentDelete;
use crate::features::search::Named;
use crate::ui::{
    Badge, Cell, Column, ConfirmForm, DialogButton, EmptyState, Glyph, Icon, Kind, Query,
    ServerFn as _, Table, Time,
};

const COLUMNS: [Column; 5] = [
    Column::new("who", "Who"),
    Column::new("role", "Role"),
    Column::new("from", "Given at"),
    Column::new("since", "Since"),
    Column::new("actions", "Actions").hidden(),
];

/// What a principal is, in a word.
pub const fn kind(kind: PrincipalKind) -> &'static str {
    match kind {
        PrincipalKind::User => "Person",
        PrincipalKind::Group => "Group",
        PrincipalKind::ServicePrincipal => "Program",
    }
}

/// A principal's icon.
pub const fn glyph(kind: PrincipalKind) -> Glyph {
    match kind {
        PrincipalKind::User => Glyph::User,
        PrincipalKind::Group => Glyph::Users,
        PrincipalKind::ServicePrincipal => Glyph::Key,
    }
}

/// Every assignment, with a button for those that the caller may take away.
#[component]
pub(super) fn RoleTable(rows: Vec<RoleAssignmentView>, query: Query) -> impl IntoView {
    let empty = rows.is_empty().then(|| {
        view! { <EmptyState glyph=Glyph::Users title="Nobody has a role here" text="Give somebody a role to let them in." /> }
            .into_any()
    });
    let from = query.link(&[]);
    let dialogs = rows
        .iter()
        .filter(|given| given.may_take)
        .map(|given| ask(given, &from))
        .collect_view();
    let rows = rows.into_iter().map(row).collect_view();
    view! {
        <div>
            <Table label="Role assignments" columns=COLUMNS.to_vec() query empty>
                {rows}
            </Table>
            {dialogs}
        </div>
    }
    .into_any()
}

fn dialog(given: &RoleAssignmentView) -> String {
    format!("take-{}", given.id)
}

fn row(given: RoleAssignmentView) -> impl IntoView {
    let about = given.role_description.clone();
    let take = given.may_take.then(|| {
        let of = format!(" {} of {}", given.role_name, given.principal.display_name);
        view! {
            <DialogButton dialog=dialog(&given) kind=Kind::Danger small=true>
                "Take away" <span class="visually-hidden">{of}</span>
            </DialogButton>
        }
    });
    let place = if given.inherited {
        let named = Named::of(&given.scope);
        view! { {named.link()} <span class="cell-note">"Inherited"</span> }.into_any()
    } else {
        view! { <Badge>"Here"</Badge> }.into_any()
    };
    view! {
        <tr>
            <Cell>
                <span class="with-icon"><Icon glyph=glyph(given.principal.kind) /> <span class="strong">{given.principal.display_name}</span></span>
                <span class="cell-note">{given.principal.user_name}</span>
            </Cell>
            <Cell label="Role">
                {given.role_name}
                <span class="cell-note">{about}</span>
            </Cell>
            <Cell label="Given at">{place}</Cell>
            <Cell label="Since"><Time at=given.created_at /></Cell>
            <Cell>{take}</Cell>
        </tr>
    }
}

fn ask(given: &RoleAssignmentView, from: &str) -> AnyView {
    let place = Named::of(&given.scope);
    let reach = if given.inherited {
        format!(
            "It was given at “{}” and counts for everything below that.",
            place.name
        )
    } else {
        "What other roles allow, they go on allowing.".to_owned()
    };
    view! {
        <ConfirmForm
            id=dialog(given)
            title=format!("Take {} from {}?", given.role_name, given.principal.display_name)
            action=RoleAssignmentDelete::url()
            fields=vec![("id", given.id.to_string()), ("from", from.to_owned())]
            verb="Take the role away"
        >
            <p>{reach}</p>
        </ConfirmForm>
    }
    .into_any()
}
