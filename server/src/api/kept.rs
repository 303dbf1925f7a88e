//! What disks, snapshots, managed images and machines have in common on the wire.

use axum::Json;
use axum::response::{IntoResponse, Response};
use domain::ResourceId;
use domain::compute::{DiskSource, DiskView};
use domain::image::DiskType;
use http::StatusCode;
use serde::Serialize;
use services::Updated;
use utoipa::ToSchema;

use super::error::ApiResult;
use super::links::Links;

/// A disk, snapshot or managed image that was just announced: with the job that makes it, when there is one.
///
/// # Errors
/// As [`Links::started`].
pub(crate) fn announced<W: From<DiskView> + Serialize>(
    made: Updated<DiskView>,
    status: StatusCode,
    links: &Links,
) -> ApiResult<Response> {
    let location = made.value.meta.location.clone();
    let body = Json(W::from(made.value));
    match made.job {
        Some(job) => links.started(status, &job, &location, body),
        None => Ok(body.into_response()),
    }
}

/// What a disk is kept on.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DiskSku {
    /// Such as `Premium_LRS`.
    name: &'static str,
    /// `Standard`, `Premium` or `Ultra`.
    tier: &'static str,
}

impl DiskSku {
    pub(crate) fn new(kind: DiskType) -> Self {
        let name = kind.as_str();
        let tiers = ["Premium", "Ultra"];
        let tier = tiers.into_iter().find(|tier| name.starts_with(tier));
        Self {
            name,
            tier: tier.unwrap_or("Standard"),
        }
    }
}

/// Another resource.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Reference {
    id: String,
}

impl Reference {
    /// The resource of this id.
    pub(crate) fn to(id: &str) -> Self {
        Self { id: id.to_owned() }
    }

    /// An id as the wire writes it.
    pub(crate) fn text(id: &ResourceId) -> String {
        id.to_string()
    }
}

/// What a disk or snapshot was made from.
#[derive(Debug, Default, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CreationData {
    /// `Empty`, `Copy`, `FromImage` or `Import`.
    create_option: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    source_resource_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    image_reference: Option<DiskOfImage>,
    #[serde(skip_serializing_if = "Option::is_none")]
    gallery_image_reference: Option<DiskOfImage>,
}

/// A disk of an image.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DiskOfImage {
    id: String,
    /// Absent for the OS disk.
    #[serde(skip_serializing_if = "Option::is_none")]
    lun: Option<u32>,
}

impl CreationData {
    pub(crate) fn new(source: &DiskSource) -> Self {
        let of = |create_option| Self {
            create_option,
            ..Self::default()
        };
        match source {
            DiskSource::Empty => of("Empty"),
            DiskSource::Upload { .. } => of("Import"),
            DiskSource::Copy { resource_id } | DiskSource::VirtualMachine { resource_id } => Self {
                source_resource_id: Some(resource_id.clone()),
                ..of("Copy")
            },
            DiskSource::Image { resource_id, lun } => {
                let image = Some(DiskOfImage {
                    id: resource_id.clone(),
                    lun: *lun,
                });
                if resource_id.to_lowercase().contains("/galleries/") {
                    Self {
                        gallery_image_reference: image,
                        ..of("FromImage")
                    }
                } else {
                    Self {
                        image_reference: image,
                        ..of("FromImage")
                    }
                }
            }
            DiskSource::Several { parts } => parts.first().map(Self::new).unwrap_or_default(),
        }
    }
}
