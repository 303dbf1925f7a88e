//! How much of the limits is used, subscription by subscription and region by region. Rule A43.

use domain::OpContext;
use leptos::prelude::*;

use crate::features::gallery::settings::meters;
use crate::refusal::Refusal;
use crate::ssr::Services;
use crate::ui::{Card, EmptyState, Glyph, Section};

/// A bar for every limit of a region in which there is something.
pub(super) async fn load(services: &Services, op: &OpContext) -> Result<AnyView, Refusal> {
    let mut parts = Vec::new();
    for subscription in services.subscription_list(op).await? {
        let mut cards = Vec::new();
        for region in &services.settings().regions.0 {
            let usages = services
                .usage_list(op, subscription.id, &region.name)
                .await?;
            if usages.iter().any(|usage| usage.used > 0) {
                let title = region.display_name.clone();
                cards.push(view! { <Card title>{meters(usages)}</Card> });
            }
        }
        if !cards.is_empty() {
            let title = subscription.display_name;
            parts.push(view! {
                <Section title>
                    <div class="columns">{cards}</div>
                </Section>
            });
        }
    }
    if parts.is_empty() {
        return Ok(view! {
            <EmptyState
                glyph=Glyph::Gallery
                title="Nothing counts against a limit yet"
                text="Galleries, image definitions and versions are counted here, by subscription and region."
            />
        }
        .into_any());
    }
    Ok(view! { <div class="stack">{parts}</div> }.into_any())
}
