//! What is known of a definition, and what its end of life means.

use std::collections::{BTreeMap, BTreeSet};

use domain::image::{DiskType, HyperVGeneration, ImageInput, ImageView, PurchasePlan, Recommended};
use domain::{Violation, export};
use leptos::prelude::*;

use crate::features::typed::day_in_words;
use crate::ui::{Badge, CopyText, Fact, Facts, RequestTime, Time};

/// Everything that a definition says of itself. Rules A10-A24.
#[component]
pub fn DefinitionFacts(
    image: ImageView,
    /// The region's name for people.
    region: String,
) -> impl IntoView {
    let ImageView {
        meta, properties, ..
    } = image;
    let recommended = recommendation(&properties);
    let recommended = recommended.map(|text| view! { <Fact term="Recommended">{text}</Fact> });
    let end_of_life = properties
        .end_of_life
        .map(|day| view! { <Fact term="End of life">{day_in_words(day)}</Fact> });
    let tags = (!meta.tags.is_empty())
        .then(|| view! { <Fact term="Tags">{tag_badges(&meta.tags)}</Fact> });
    let (generation, market, links) = (
        generation(&properties),
        market(&properties),
        links(&properties),
    );
    let resource_id = meta.resource_id.to_string();
    view! {
        <Facts>
            <Fact term="Publisher"><CopyText text=properties.publisher /></Fact>
            <Fact term="Offer"><CopyText text=properties.offer /></Fact>
            <Fact term="SKU"><CopyText text=properties.sku /></Fact>
            <Fact term="Generation">{generation}</Fact>
            {recommended}
            {end_of_life}
            {market}
            {links}
            {tags}
            <Fact term="Region">{region}</Fact>
            <Fact term="Created"><Time at=meta.created_at /> " by " {meta.created_by}</Fact>
            <Fact term="Resource id"><CopyText text=resource_id /></Fact>
        </Facts>
    }
    .into_any()
}

/// What of a definition can't be changed. Rule A67.
#[component]
pub fn FixedFacts(
    properties: ImageInput,
    /// The region's name for people.
    region: String,
) -> impl IntoView {
    let (links, market, generation) = (
        links(&properties),
        market(&properties),
        generation(&properties),
    );
    view! {
        <Facts>
            <Fact term="System">{properties.os_type.to_string()}</Fact>
            <Fact term="State">{properties.os_state.to_string()}</Fact>
            <Fact term="Generation">{generation}</Fact>
            <Fact term="Publisher"><CopyText text=properties.publisher /></Fact>
            <Fact term="Offer"><CopyText text=properties.offer /></Fact>
            <Fact term="SKU"><CopyText text=properties.sku /></Fact>
            <Fact term="Region">{region}</Fact>
            {market}
            {links}
        </Facts>
    }
    .into_any()
}

/// Disk types that are ruled out, and the purchase plan, where there are any. Rules A23, A24.
#[must_use]
pub fn market_facts(disallowed: &BTreeSet<DiskType>, plan: Option<&PurchasePlan>) -> AnyView {
    let kinds: Vec<&str> = disallowed.iter().copied().map(DiskType::label).collect();
    let kinds =
        (!kinds.is_empty()).then(|| view! { <Fact term="Unfit disks">{kinds.join("; ")}</Fact> });
    let plan = plan.map(|plan| {
        let text = format!("{} / {} / {}", plan.publisher, plan.product, plan.name);
        view! { <Fact term="Purchase plan">{text}</Fact> }
    });
    view! { {kinds} {plan} }.into_any()
}

/// Tags as they stand among facts. Rule A21.
#[must_use]
pub fn tag_badges(tags: &BTreeMap<String, String>) -> AnyView {
    let badges = tags.iter().map(|(key, value)| {
        let text = if value.is_empty() {
            key.clone()
        } else {
            format!("{key}: {value}")
        };
        view! { <Badge>{text}</Badge> }
    });
    view! { <span class="row">{badges.collect_view()}</span> }.into_any()
}

/// Why the definition is not offered any more, once its day has come. Rule A20.
#[must_use]
pub fn ended(properties: &ImageInput) -> Option<Violation> {
    let RequestTime(now) = use_context::<RequestTime>()?;
    export::end_of_life(properties.end_of_life, now)
}

/// Rule A15.
fn generation(properties: &ImageInput) -> &'static str {
    match properties.hyper_v_generation {
        HyperVGeneration::V1 => "1 (BIOS)",
        HyperVGeneration::V2 => "2 (UEFI)",
    }
}

fn market(properties: &ImageInput) -> AnyView {
    market_facts(
        &properties.disallowed_disk_types,
        properties.purchase_plan.as_ref(),
    )
}

/// Where licence, privacy statement and release notes are kept. Rules A18, A19.
fn links(properties: &ImageInput) -> impl IntoView + use<> {
    let links = [
        ("Licence", &properties.eula),
        ("Privacy", &properties.privacy_statement_uri),
        ("Release notes", &properties.release_note_uri),
    ];
    links
        .into_iter()
        .filter(|(_, address)| !address.is_empty())
        .map(|(term, address)| {
            let (address, text) = (address.clone(), address.clone());
            view! { <Fact term><a href=address rel="external noreferrer">{text}</a></Fact> }
        })
        .collect_view()
}

/// The sizes that suit the image, in words; nothing when any does. Rule A22.
fn recommendation(properties: &ImageInput) -> Option<String> {
    let parts: Vec<String> = [
        range(properties.recommended_vcpus, "vCPU"),
        range(properties.recommended_memory, "GiB memory"),
    ]
    .into_iter()
    .flatten()
    .collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}

fn range(wanted: Recommended, unit: &str) -> Option<String> {
    match (wanted.min, wanted.max) {
        (None, None) => None,
        (Some(min), Some(max)) if min == max => Some(format!("{min} {unit}")),
        (Some(min), Some(max)) => Some(format!("{min} to {max} {unit}")),
        (Some(min), None) => Some(format!("at least {min} {unit}")),
        (None, Some(max)) => Some(format!("at most {max} {unit}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rule_a22_a_recommendation_is_told_in_words() {
        let says = |min, max| range(Recommended { min, max }, "vCPU");
        assert_eq!(says(None, None), None);
        assert_eq!(says(Some(2), Some(8)).as_deref(), Some("2 to 8 vCPU"));
        assert_eq!(says(Some(2), Some(2)).as_deref(), Some("2 vCPU"));
        assert_eq!(says(Some(2), None).as_deref(), Some("at least 2 vCPU"));
        assert_eq!(says(None, Some(8)).as_deref(), Some("at most 8 vCPU"));
    }
}
