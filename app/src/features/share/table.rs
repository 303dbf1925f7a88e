//! Shares as a table: the same lines on both sides.

use domain::share::{ShareState, ShareView};
use leptos::prelude::*;

use super::actions::ShareRevoke;
use crate::features::search::Named;
use crate::ui::{
    Cell, Column, ConfirmForm, DialogButton, EmptyState, Glyph, Kind, Query, ServerFn as _,
    StateDot, Table, Time, Tone,
};

const COLUMNS: [Column; 6] = [
    Column::new("scope", "What"),
    Column::new("with", "Organisation"),
    Column::new("role", "Role"),
    Column::new("state", "State"),
    Column::new("uses", "Uses"),
    Column::new("actions", "Actions").hidden(),
];

/// Shares with what became of them; those that may be revoked have a button.
#[component]
pub(super) fn ShareTable(
    #[prop(into)] label: String,
    shares: Vec<ShareView>,
    query: Query,
    /// What stands in the place of no shares.
    #[prop(into)]
    nothing: String,
) -> impl IntoView {
    let empty = shares.is_empty().then(|| {
        view! { <EmptyState glyph=Glyph::Link title="Nothing is shared here" text=nothing /> }
            .into_any()
    });
    let from = query.link(&[]);
    let dialogs = shares
        .iter()
        .filter(|share| share.may_revoke)
        .map(|share| ask(share, &from))
        .collect_view();
    let rows = shares.into_iter().map(row).collect_view();
    view! {
        <div>
            <Table label columns=COLUMNS.to_vec() query empty>
                {rows}
            </Table>
            {dialogs}
        </div>
    }
    .into_any()
}

/// The organisation on the other side.
fn other(share: &ShareView) -> String {
    if share.is_given {
        let waits = || "Not accepted yet".to_owned();
        share.to_name.clone().unwrap_or_else(waits)
    } else {
        share.from_name.clone()
    }
}

fn row(share: ShareView) -> AnyView {
    let what = Named::of(share.scope.as_str());
    let with = other(&share);
    let whom = match (&share.to_principal, share.accepted_at) {
        (Some(name), _) => Some(format!("for {name}")),
        (None, Some(_)) => Some("for everybody".to_owned()),
        (None, None) => None,
    };
    let uses = match share.last_used_at {
        Some(at) => view! { <span class="num">{share.use_count}</span> <span class="cell-note">"last " <Time at /></span> }.into_any(),
        None => view! { <span class="muted">"none"</span> }.into_any(),
    };
    let revoke = share.may_revoke.then(|| {
        let of = format!(" {} for {with}", what.name);
        view! {
            <DialogButton dialog=dialog(&share) kind=Kind::Danger small=true>
                "Revoke" <span class="visually-hidden">{of}</span>
            </DialogButton>
        }
    });
    let state = state(&share);
    view! {
        <tr>
            <Cell>
                <span class="strong">{what.link()}</span>
                <span class="cell-note">{what.kind}</span>
            </Cell>
            <Cell label="Organisation">{with} <span class="cell-note">{whom}</span></Cell>
            <Cell label="Role">{share.role_name} <span class="cell-note">{share.note}</span></Cell>
            <Cell label="State">{state}</Cell>
            <Cell label="Uses">{uses}</Cell>
            <Cell>{revoke}</Cell>
        </tr>
    }
    .into_any()
}

fn state(share: &ShareView) -> AnyView {
    let (tone, label) = match share.state {
        ShareState::Offered => (Tone::Info, "Link not accepted yet"),
        ShareState::Lapsed => (Tone::Neutral, "Link lapsed"),
        ShareState::Active => (Tone::Ok, "Active"),
        ShareState::Ended => (Tone::Neutral, "Ended"),
        ShareState::Revoked => (Tone::Danger, "Revoked"),
    };
    let by = match share.state {
        ShareState::Revoked => share.revoked_by.clone(),
        ShareState::Active => share.accepted_by.clone(),
        _ => Some(share.created_by.clone()),
    };
    let verb = match share.state {
        ShareState::Revoked => "by",
        ShareState::Active => "accepted by",
        _ => "made by",
    };
    let ends = match (share.state, share.expires_at) {
        (ShareState::Active | ShareState::Offered, Some(at)) => {
            Some(view! { <span class="cell-note">"ends " <Time at /></span> })
        }
        _ => None,
    };
    view! {
        <StateDot tone label />
        <span class="cell-note">{by.map(|by| format!("{verb} {by}"))}</span>
        {ends}
    }
    .into_any()
}

fn dialog(share: &ShareView) -> String {
    format!("revoke-{}", share.id)
}

fn ask(share: &ShareView, from: &str) -> AnyView {
    let what = Named::of(share.scope.as_str()).name;
    let says = match (share.state, share.is_given) {
        (ShareState::Offered | ShareState::Lapsed, _) => "The link can't be accepted any more.",
        (_, true) => {
            "The other organisation loses it at once. Labs that it has made keep their machines."
        }
        (_, false) => {
            "Your organisation loses it at once. Labs that were made from it keep their machines."
        }
    };
    view! {
        <ConfirmForm
            id=dialog(share)
            title=format!("Revoke the share of {what}?")
            action=ShareRevoke::url()
            fields=vec![("id", share.id.to_string()), ("from", from.to_owned())]
            verb="Revoke the share"
        >
            <p>{says}</p>
        </ConfirmForm>
    }
    .into_any()
}
