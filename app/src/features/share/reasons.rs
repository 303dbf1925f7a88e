//! Why something of another organisation is open to the caller.

use domain::ResourceId;
use leptos::prelude::*;

use crate::features::search::Named;
use crate::ssr;
use crate::ui::{Callout, Section, Time, Tone};

/// The shares in force, or the caller's own role over there.
#[component]
pub fn ShareReasons(scope: ResourceId) -> impl IntoView {
    ssr::part(async move {
        let shares = ssr::services()?.share_reasons(&ssr::op()?, &scope).await?;
        let own_role = shares.is_empty();
        let lines = shares.into_iter().map(|share| {
            let place = Named::of(share.scope.as_str()).name;
            let ends = share.expires_at.map(|at| view! { ", until " <Time at exact=true /> });
            view! {
                <li>
                    <span class="strong">{share.role_name}</span> " at " {place} ", shared by " {share.from_name} {ends}
                </li>
            }
        });
        let own_role = own_role.then(|| {
            view! { <Callout tone=Tone::Info title="You have a role of your own in the other organisation." /> }
        });
        Ok(view! {
            <Section title="Your access">
                <ul class="reasons">{lines.collect_view()}</ul>
                {own_role}
            </Section>
        })
    })
}
