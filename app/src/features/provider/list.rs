//! The organisation's providers.

use domain::OpContext;
use domain::identity::ProviderView;
use leptos::prelude::*;

use crate::refusal::Refusal;
use crate::ssr::Services;
use crate::ui::{
    Cell, Column, EmptyState, Glyph, Kind, LinkButton, Query, Section, StateDot, Table, Time, Tone,
};

const COLUMNS: [Column; 4] = [
    Column::new("name", "Name"),
    Column::new("issuer", "Issuer"),
    Column::new("tested", "Tested"),
    Column::new("state", "Sign-in"),
];

/// The list, and the way to add one.
pub(crate) async fn load(
    services: &Services,
    op: &OpContext,
    query: Query,
) -> Result<AnyView, Refusal> {
    let providers = services.provider_list(op).await?;
    let shared = services.shared_issuer().is_some().then(|| {
        view! { <LinkButton href="/admin/providers/new?kind=MultiTenant">"Use the shared issuer"</LinkButton> }
    });
    let actions = view! {
        <div class="row">
            {shared}
            <LinkButton href="/admin/providers/new" kind=Kind::Primary>"Add a provider"</LinkButton>
        </div>
    }
    .into_any();
    let empty = providers.is_empty().then(|| {
        let text =
            "People sign in with user name and password. Any OpenID Connect provider can be added.";
        view! { <EmptyState glyph=Glyph::Link title="No provider yet" text /> }.into_any()
    });
    let rows = providers.into_iter().map(row).collect_view();
    Ok(view! {
        <Section title="Identity providers" actions>
            <Table label="Identity providers" columns=COLUMNS.to_vec() query empty>
                {rows}
            </Table>
        </Section>
    }
    .into_any())
}

fn row(of: ProviderView) -> AnyView {
    let tested = match of.tested_at {
        Some(at) => view! { <Time at /> }.into_any(),
        None => "Not yet".into_any(),
    };
    let (state, href) = (state(&of), format!("/admin/providers/{}", of.id));
    view! {
        <tr>
            <Cell><a class="strong" href=href>{of.name}</a></Cell>
            <Cell label="Issuer"><code>{of.issuer}</code></Cell>
            <Cell label="Tested">{tested}</Cell>
            <Cell label="Sign-in">{state}</Cell>
        </tr>
    }
    .into_any()
}

/// Whether people can sign in there.
pub(super) fn state(of: &ProviderView) -> AnyView {
    if of.enabled {
        view! { <StateDot tone=Tone::Ok label="Open" /> }.into_any()
    } else {
        view! { <StateDot label="Shut" /> }.into_any()
    }
}
