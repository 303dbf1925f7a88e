use axum::Json;
use domain::catalog::{CatalogImage, CatalogSource, HiddenImage};
use serde::Serialize;
use utoipa::ToSchema;

use crate::api::LABS_IN_GROUP;
use crate::api::error::{ApiResult, ErrorDetail};
use crate::api::extract::Asked;

/// What a new lab of the plan can be made from.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Catalog {
    /// What can be chosen.
    images: Vec<Choice>,
    /// What can't, and why.
    hidden: Vec<Hidden>,
}

/// An image that can be chosen.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Choice {
    /// What `imageReference.id` takes.
    id: String,
    name: String,
    description: String,
    /// `Gallery` or `Base`.
    source: &'static str,
    os_type: String,
    /// Whether credentials are asked for: only when `Generalized`.
    os_state: String,
    #[serde(rename = "hyperVGeneration")]
    hyper_v_generation: String,
    /// The version that a lab gets.
    version: String,
    #[serde(rename = "sizeInGB")]
    size_in_gb: u64,
    /// Regions with a finished copy.
    ready_regions: Vec<String>,
}

/// An image that can't be chosen.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Hidden {
    name: String,
    reasons: Vec<ErrorDetail>,
}

impl From<CatalogImage> for Choice {
    fn from(image: CatalogImage) -> Self {
        Self {
            id: image.resource_id.to_string(),
            name: image.name,
            description: image.description,
            source: match image.source {
                CatalogSource::Gallery => "Gallery",
                CatalogSource::Shared => "Shared",
                CatalogSource::Base => "Base",
            },
            os_type: image.os_type.to_string(),
            os_state: image.os_state.to_string(),
            hyper_v_generation: image.hyper_v_generation.to_string(),
            version: image.version.to_string(),
            size_in_gb: image.os_disk.gib_ceil(),
            ready_regions: image.ready_regions,
        }
    }
}

impl From<HiddenImage> for Hidden {
    fn from(image: HiddenImage) -> Self {
        Self {
            name: image.name,
            reasons: image.reasons.iter().map(ErrorDetail::from).collect(),
        }
    }
}

/// List the images that a new lab of the plan can be made from, and those that it can't, with the reasons.
#[utoipa::path(
    get,
    context_path = LABS_IN_GROUP,
    path = "/labPlans/{labPlan}/catalog",
    tag = super::TAG,
    responses((status = 200, body = Catalog))
)]
pub(crate) async fn catalog(
    Asked {
        ctx,
        services,
        id: plan,
    }: Asked,
) -> ApiResult<Json<Catalog>> {
    let catalog = services.catalog(&ctx, &plan).await?;
    Ok(Json(Catalog {
        images: catalog.images.into_iter().map(Choice::from).collect(),
        hidden: catalog.hidden.into_iter().map(Hidden::from).collect(),
    }))
}
