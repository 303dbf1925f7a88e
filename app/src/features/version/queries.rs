//! What the pages and actions of versions work out.

use std::collections::BTreeMap;

use crate::ssr::Services;
use domain::image::{
    ImageView, ReplicaState, StorageType, TargetRegion, VersionUpdate, VersionView,
};
use domain::rbac::Action;
use domain::region::Regions;
use domain::{ImageVersion, OpContext, PageRequest, Problem, ResourceId, Violation};

use crate::features::typed;
use crate::refusal::Refusal;
use crate::ui::Query;

/// The address of a version's page.
#[must_use]
pub fn address(version: &VersionView) -> String {
    format!("{}/{}", image_address(version), version.meta.id)
}

/// The address of the definition that a version belongs to.
#[must_use]
pub fn image_address(version: &VersionView) -> String {
    format!("/images/{}/{}", version.gallery, version.image)
}

/// The id of a new version of the definition. Rule A26.
///
/// # Errors
/// `InvalidRequest` at `version` for what is no number.
pub fn version_id(image: &ImageView, number: &str) -> Result<ResourceId, Problem> {
    let number = number.trim().parse::<ImageVersion>();
    let number = number.map_err(|violation| Problem::from_violations(vec![violation]))?;
    Ok(image
        .meta
        .resource_id
        .child("versions", &number.to_string()))
}

/// One full copy in each region.
#[must_use]
pub fn one_copy_each(regions: impl Iterator<Item = String>) -> Vec<TargetRegion> {
    regions.map(|region| TargetRegion::new(region, 1)).collect()
}

/// The number after the highest that the definition holds, those excluded from latest included.
///
/// # Errors
/// As the list of versions.
pub async fn next_number(
    services: &Services,
    op: &OpContext,
    image: &ImageView,
) -> Result<ImageVersion, Refusal> {
    let highest = PageRequest {
        limit: 1,
        ..PageRequest::default()
    };
    let newest = services
        .version_list(op, image.meta.id, &highest)
        .await?
        .items
        .into_iter()
        .next();
    Ok(newest.map_or(ImageVersion::FIRST, |version| version.version.next_patch()))
}

/// The regions in which a version is wanted now, in the order of their names.
#[must_use]
pub fn targets(version: &VersionView) -> Vec<TargetRegion> {
    let target = |status: &domain::image::RegionStatus| TargetRegion {
        region: status.region.clone(),
        replicas: status.replicas,
        storage: Some(status.storage),
    };
    let mut targets: Vec<TargetRegion> = version.regions.iter().map(target).collect();
    targets.sort_by(|a, b| a.region.cmp(&b.region));
    targets
}

/// What a form changes of a version, as it was typed.
#[derive(Debug, Clone, Default)]
pub struct Typed<'a> {
    /// Copies by region.
    pub replicas: BTreeMap<String, String>,
    /// Kinds of stores by region.
    pub storage: BTreeMap<String, String>,
    /// Whether `latest` passes over it.
    pub exclude_from_latest: bool,
    /// A day.
    pub end_of_life: &'a str,
}

/// The regions that a form asks for: nothing or 0 stands for none.
///
/// # Errors
/// Every field that can't be read.
pub fn wanted(
    replicas: &BTreeMap<String, String>,
    storage: &BTreeMap<String, String>,
) -> Result<Vec<TargetRegion>, Vec<Violation>> {
    let mut found = Vec::new();
    let mut wanted = Vec::new();
    for (region, count) in replicas {
        let kind = storage.get(region).filter(|kind| !kind.is_empty());
        match typed::number("targetRegions", count) {
            Ok(Some(replicas)) if replicas > 0 => wanted.push(TargetRegion {
                storage: kind.and_then(|kind| StorageType::parse(kind)),
                ..TargetRegion::new(region, replicas)
            }),
            Ok(_) => {}
            Err(violation) => found.push(violation),
        }
    }
    if found.is_empty() {
        Ok(wanted)
    } else {
        Err(found)
    }
}

/// The regions that the address of the page asks for, as the form sends them to be told what they would cost.
#[must_use]
pub fn asked(query: &Query, regions: &Regions) -> Option<Vec<TargetRegion>> {
    let field = |name: &str, region: &str| {
        let value = query.get(&format!("{name}[{region}]"))?;
        Some((region.to_owned(), value.to_owned()))
    };
    let all = |name: &'static str| -> BTreeMap<String, String> {
        let regions = regions.0.iter();
        regions
            .filter_map(|region| field(name, &region.name))
            .collect()
    };
    let replicas = all("replicas");
    (!replicas.is_empty())
        .then(|| wanted(&replicas, &all("storage")).ok())
        .flatten()
}

/// What a form changes of a version; regions that stay as they are start no job. Rule A68.
///
/// # Errors
/// `InvalidRequest` for what can't be read.
pub fn update(version: &VersionView, form: &Typed<'_>) -> Result<VersionUpdate, Problem> {
    let mut found: Vec<Violation> = Vec::new();
    let wanted = wanted(&form.replicas, &form.storage).unwrap_or_else(|violations| {
        found.extend(violations);
        Vec::new()
    });
    let end_of_life = typed::day("endOfLife", form.end_of_life).unwrap_or_else(|violation| {
        found.push(violation);
        None
    });
    Problem::unless_empty(found)?;
    let now = targets(version);
    let is_same = now.len() == wanted.len()
        && now.iter().zip(&wanted).all(|(held, target)| {
            held.region == target.region
                && held.replicas == target.replicas
                && target.storage.is_none_or(|kind| held.storage == Some(kind))
        });
    let is_whole = version
        .regions
        .iter()
        .all(|status| status.state != ReplicaState::Failed);
    Ok(VersionUpdate {
        exclude_from_latest: Some(form.exclude_from_latest),
        end_of_life: Some(end_of_life),
        targets: (!is_same || !is_whole).then_some(wanted),
        ..VersionUpdate::default()
    })
}

/// The definitions that could hold a copy of the version: of the same system and state, where the caller may add one.
///
/// # Errors
/// Internal ones alone.
pub async fn copy_targets(
    services: &Services,
    op: &OpContext,
    version: &VersionView,
) -> Result<Vec<ImageView>, Refusal> {
    let all = PageRequest {
        limit: 1000,
        ..PageRequest::default()
    };
    let mut found = Vec::new();
    for gallery in services.gallery_list(op, None, &all).await?.items {
        let images = services.image_list(op, gallery.meta.id, &all).await?.items;
        found.extend(images.into_iter().filter(|image| {
            image.meta.id != version.image
                && image.properties.os_type == version.os_type
                && image.properties.os_state == version.os_state
                && op.may(Action::VersionWrite, image.meta.resource_id.as_str())
        }));
    }
    Ok(found)
}
