//! What the pages and actions of versions work out.

use std::collections::BTreeMap;

use crate::ssr::Services;
use domain::image::{ImageView, TargetRegion, VersionUpdate, VersionView};
use domain::rbac::Action;
use domain::{ImageVersion, OpContext, PageRequest, Problem, ResourceId, Violation};

use crate::features::typed;
use crate::refusal::Refusal;

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
    regions
        .map(|region| TargetRegion {
            region,
            replicas: 1,
        })
        .collect()
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

/// The regions in which a version is wanted now.
#[must_use]
pub fn targets(version: &VersionView) -> Vec<TargetRegion> {
    let target = |status: &domain::image::RegionStatus| TargetRegion {
        region: status.region.clone(),
        replicas: status.replicas,
    };
    version.regions.iter().map(target).collect()
}

/// What a form changes of a version; regions that stay as they are start no job. Rule A68.
///
/// # Errors
/// `InvalidRequest` for what can't be read.
pub fn update(
    version: &VersionView,
    replicas: &BTreeMap<String, String>,
    exclude_from_latest: bool,
    end_of_life: &str,
) -> Result<VersionUpdate, Problem> {
    let mut found: Vec<Violation> = Vec::new();
    let mut wanted = Vec::new();
    for (region, count) in replicas {
        match typed::number("targetRegions", count) {
            Ok(Some(replicas)) if replicas > 0 => wanted.push(TargetRegion {
                region: region.clone(),
                replicas,
            }),
            Ok(_) => {}
            Err(violation) => found.push(violation),
        }
    }
    let end_of_life = typed::day("endOfLife", end_of_life).unwrap_or_else(|violation| {
        found.push(violation);
        None
    });
    Problem::unless_empty(found)?;
    let mut now = targets(version);
    now.sort_by(|a, b| a.region.cmp(&b.region));
    Ok(VersionUpdate {
        exclude_from_latest: Some(exclude_from_latest),
        end_of_life: Some(end_of_life),
        targets: (now != wanted).then_some(wanted),
        tags: None,
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
