//! What is known of a version: where it came from, where its copies are, and what they cost.

use domain::DiskSize;
use domain::cost::{self, Prices};
use domain::image::{VersionSource, VersionView};
use domain::job::JobView;
use domain::region::Regions;
use leptos::prelude::*;

use super::queries;
use super::regions::RegionTable;
use crate::features::image::facts::{market_facts, tag_badges};
use crate::features::job::JobProgress;
use crate::features::typed::{day_in_words, region_name};
use crate::ui::{Card, CopyText, Fact, Facts, Live, Section, Stat, Stats, Time};

/// The overview of a version. Rules A54, A64.
#[component]
pub fn Overview(
    version: VersionView,
    #[prop(optional_no_strip)] job: Option<JobView>,
    regions: Regions,
    prices: Prices,
) -> impl IntoView {
    let monthly =
        cost::monthly(version.occupied_bytes, &queries::targets(&version), &prices).told();
    let copies: u32 = version.regions.iter().map(|status| status.replicas).sum();
    let live = version.job.map(
        |job| view! { <Live region="regions".to_owned() events=format!("/events/jobs/{job}") /> },
    );
    let region = region_name(&regions, &version.meta.location);
    let disks = if version.disk_count == 1 {
        "one disk".to_owned()
    } else {
        format!("{} disks", version.disk_count)
    };
    let (statuses, source) = (version.regions.clone(), version.meta.location.clone());
    let (os_disk, occupied) = (
        version.os_disk,
        DiskSize::from_bytes(version.occupied_bytes),
    );
    let places = match version.regions.len() {
        1 => "in one region".to_owned(),
        n => format!("in {n} regions"),
    };
    let is_settled = version.job.is_none();
    view! {
        {job.map(|job| view! { <JobProgress job /> })}
        <div class="stack" id="regions" data-settled=is_settled.then_some("")>
            <Stats>
                <Stat label="OS disk" value=size(os_disk) note=disks />
                <Stat label="Occupied" value=size(occupied) note="by one copy" />
                <Stat label="Copies" value=copies.to_string() note=places />
                <Stat label="Storage" value=monthly note="a month, estimated" />
            </Stats>
            <Section title="Regions" intro="A region can be used as soon as its own first copy is ready.">
                <RegionTable statuses source regions />
            </Section>
        </div>
        {live}
        <Card title="Facts">
            <VersionFacts version region />
        </Card>
    }
    .into_any()
}

fn size(size: DiskSize) -> String {
    if size.bytes() == 0 {
        "not known yet".to_owned()
    } else {
        size.to_string()
    }
}

#[component]
fn VersionFacts(version: VersionView, region: String) -> impl IntoView {
    let checksum = match version.checksum {
        text if text.is_empty() => view! { <span class="muted">"not known yet"</span> }.into_any(),
        text => view! { <CopyText text /> }.into_any(),
    };
    let tags = (!version.meta.tags.is_empty())
        .then(|| view! { <Fact term="Tags">{tag_badges(&version.meta.tags)}</Fact> });
    let end_of_life = match version.end_of_life {
        Some(day) => day_in_words(day).into_any(),
        None => view! { <span class="muted">"none"</span> }.into_any(),
    };
    let market = market_facts(
        &version.disallowed_disk_types,
        version.purchase_plan.as_ref(),
    );
    view! {
        <Facts>
            <Fact term="Source">{source(version.source)}</Fact>
            <Fact term="Made in">{region}</Fact>
            <Fact term="System">{version.os_type.to_string()}</Fact>
            <Fact term="State">{version.os_state.to_string()}</Fact>
            <Fact term="End of life">{end_of_life}</Fact>
            {market}
            {tags}
            <Fact term="Checksum (SHA-256)">{checksum}</Fact>
            <Fact term="Created"><Time at=version.meta.created_at /> " by " {version.meta.created_by}</Fact>
            <Fact term="Resource id"><CopyText text=version.meta.resource_id.to_string() /></Fact>
        </Facts>
    }
}

fn source(source: VersionSource) -> AnyView {
    match source {
        VersionSource::Upload { file_name, .. } => view! { "Uploaded file " <code>{file_name}</code> }.into_any(),
        VersionSource::TemplateVm { lab, .. } => view! { "Exported from the " <a href=format!("/labs/{lab}")>"template machine of a lab"</a> }.into_any(),
        VersionSource::VirtualMachine { resource_id } => view! { "Made from the machine " <CopyText text=resource_id /> }.into_any(),
        VersionSource::ManagedImage { resource_id } => view! { "Made from the managed image " <CopyText text=resource_id /> }.into_any(),
        VersionSource::Disks { resource_id, .. } => view! { "Made from " <CopyText text=resource_id /> }.into_any(),
        VersionSource::Version { resource_id, .. } => view! { "Copied from " <CopyText text=resource_id /> }.into_any(),
    }
}
