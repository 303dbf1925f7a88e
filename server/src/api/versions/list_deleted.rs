use axum::Json;
use axum::extract::Path;
use chrono::{DateTime, Utc};
use domain::Problem;
use domain::image::VersionView;
use serde::Serialize;
use utoipa::ToSchema;

use crate::api::COMPUTE_IN_GROUP;
use crate::api::error::ApiResult;
use crate::api::extract::{Asked, Params};
use crate::api::links::Links;
use crate::api::list::{ListQuery, ListResult, answer};

/// A version that was deleted and can be restored.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DeletedVersion {
    /// The path that the version has when it is restored.
    id: String,
    name: String,
    location: String,
    r#type: &'static str,
    properties: DeletedProperties,
}

/// When a version was deleted and until when it can be restored.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct DeletedProperties {
    /// The path that the version has when it is restored.
    resource_arm_id: String,
    /// Always `Images`.
    soft_deleted_artifact_type: &'static str,
    soft_deleted_time: Option<DateTime<Utc>>,
    /// When its copies are removed for good.
    hard_deletion_target_time: Option<DateTime<Utc>>,
}

impl From<VersionView> for DeletedVersion {
    fn from(view: VersionView) -> Self {
        let id = view.meta.resource_id.to_string();
        Self {
            name: view.meta.name,
            location: view.meta.location,
            r#type: "Microsoft.Compute/galleries/images/versions",
            properties: DeletedProperties {
                resource_arm_id: id.clone(),
                soft_deleted_artifact_type: "Images",
                soft_deleted_time: view.deleted.map(|deleted| deleted.at),
                hard_deletion_target_time: view.deleted.map(|deleted| deleted.purge_at),
            },
            id,
        }
    }
}

/// List the versions of an image definition that were deleted and can be restored.
///
/// The kind of artifact is `Images`. A version is restored by a PUT of it without a source.
#[utoipa::path(
    get,
    context_path = COMPUTE_IN_GROUP,
    path = "/galleries/{gallery}/softDeletedArtifactTypes/{artifactType}/artifacts/{image}/versions",
    tag = super::TAG,
    params(ListQuery),
    responses((status = 200, body = ListResult<DeletedVersion>))
)]
pub(crate) async fn version_list_deleted(
    Asked { ctx, services, id }: Asked,
    Path((_, _, _, kind, image)): Path<(String, String, String, String, String)>,
    Params(query): Params<ListQuery>,
    links: Links,
) -> ApiResult<Json<ListResult<DeletedVersion>>> {
    let gallery = id.parent().and_then(|kind| kind.parent());
    let gallery = gallery.filter(|_| kind.eq_ignore_ascii_case("Images"));
    let gallery = gallery.ok_or_else(|| Problem::not_found(format!("The kind “{kind}”")))?;
    let image = gallery.child("images", &image);
    let page = services
        .version_list_deleted(&ctx, &image, &query.page()?)
        .await?;
    Ok(answer(page, &links))
}
