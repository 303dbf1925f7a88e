//! The images that a new lab can be created from. Rules B3, B19, B20, E.

use std::collections::{BTreeSet, HashMap};

use domain::catalog::{Catalog, CatalogSource, ImageFacts, VersionFacts};
use domain::image::{ReplicaState, VersionState};
use domain::rbac::Action;
use domain::{DiskSize, ImageVersion, OpContext};
use sea_orm::sea_query::SelectStatement;
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QuerySelect, QueryTrait};
use store::entity::{image, image_version, lab_plan, plan_image, replica};
use store::{Scopes, in_scopes};
use uuid::Uuid;

use crate::{Error, Result, Services, Target};

impl Services {
    /// What a lab of this plan can be created from, and what can't and why: nothing is silently missing.
    ///
    /// Reading images through the plan is enough; the attached gallery itself may stay closed to the caller.
    ///
    /// # Errors
    /// `ResourceNotFound`, `AuthorizationFailed`.
    pub async fn catalog(&self, ctx: &OpContext, plan: impl Into<Target>) -> Result<Catalog> {
        let plan = self
            .find_for::<lab_plan::Entity>(ctx, plan, Action::LabPlanImageRead)
            .await?;
        self.catalog_naming(ctx, &plan, "").await
    }

    /// The same, where a version may be named: then its image is judged by that version, not by the latest one.
    pub(crate) async fn catalog_naming(
        &self,
        ctx: &OpContext,
        plan: &lab_plan::Model,
        named: &str,
    ) -> Result<Catalog> {
        let allowed: Vec<String> = serde_json::from_value(plan.allowed_regions.clone())?;
        let offered = offered(plan).add(shared_with(ctx));
        let images = image::Entity::find().filter(offered);
        let ids = images
            .clone()
            .select_only()
            .column(image::Column::Id)
            .into_query();
        let rows = images.all(self.db()).await?;
        let facts = self.image_facts(ctx, plan.id, rows, ids).await?;
        let facts = facts
            .into_iter()
            .map(|image| match version_of(&image, named) {
                Some(version) => image.narrowed_to(version),
                None => image,
            });
        Ok(Catalog::of(facts.collect(), &allowed, ctx.now))
    }

    /// What the list must know of definitions; `ids` selects their keys, so that versions and replicas of all of
    /// them are one query each.
    pub(crate) async fn image_facts(
        &self,
        ctx: &OpContext,
        plan: Uuid,
        rows: Vec<image::Model>,
        ids: SelectStatement,
    ) -> Result<Vec<ImageFacts>> {
        let switches: HashMap<Uuid, bool> = plan_image::Entity::find()
            .filter(plan_image::Column::PlanId.eq(plan))
            .all(self.db())
            .await?
            .into_iter()
            .map(|row| (row.image_id, row.enabled))
            .collect();
        let mut versions = self.version_facts(ctx, ids).await?;
        rows.into_iter()
            .map(|row| {
                let is_base = row.tenant_id.is_nil();
                Ok(ImageFacts {
                    id: row.id,
                    resource_id: domain::ResourceId::from_stored(row.resource_id),
                    name: row.name,
                    source: if is_base {
                        CatalogSource::Base
                    } else if row.tenant_id == ctx.tenant() {
                        CatalogSource::Gallery
                    } else {
                        CatalogSource::Shared
                    },
                    properties: serde_json::from_value(row.properties)?,
                    // The operator's base images have no switch.
                    enabled: is_base || switches.get(&row.id).copied().unwrap_or_default(),
                    versions: versions.remove(&row.id).unwrap_or_default(),
                })
            })
            .collect()
    }

    async fn version_facts(
        &self,
        ctx: &OpContext,
        images: SelectStatement,
    ) -> Result<HashMap<Uuid, Vec<VersionFacts>>> {
        let versions = image_version::Entity::find()
            .filter(image_version::Column::DeletedAt.is_null())
            .filter(image_version::Column::ImageId.in_subquery(images));
        let ids = versions
            .clone()
            .select_only()
            .column(image_version::Column::Id)
            .into_query();
        let ready: Vec<(Uuid, String)> = replica::Entity::find()
            .select_only()
            .column(replica::Column::VersionId)
            .column(replica::Column::Region)
            .filter(replica::Column::VersionId.in_subquery(ids))
            .filter(replica::Column::State.eq(ReplicaState::Ready.to_string()))
            .into_tuple()
            .all(self.db())
            .await?;
        let mut regions: HashMap<Uuid, BTreeSet<String>> = HashMap::new();
        for (version, region) in ready {
            regions.entry(version).or_default().insert(region);
        }
        let mut facts: HashMap<Uuid, Vec<VersionFacts>> = HashMap::new();
        for row in versions.all(self.db()).await? {
            // Of another organisation's image, a share of some versions shows those alone. Rule A57.
            let is_abroad = ctx.is_abroad(&row.resource_key);
            if is_abroad && !ctx.may(Action::VersionRead, &row.resource_key) {
                continue;
            }
            let ready_regions = regions
                .remove(&row.id)
                .unwrap_or_default()
                .into_iter()
                .collect();
            facts
                .entry(row.image_id)
                .or_default()
                .push(version_fact(&row, ready_regions)?);
        }
        Ok(facts)
    }
}

/// The definitions of the attached gallery, and the operator's base images.
fn offered(plan: &lab_plan::Model) -> Condition {
    let base = Condition::any().add(image::Column::TenantId.eq(Uuid::nil()));
    match plan.gallery_id {
        Some(gallery) => base.add(image::Column::GalleryId.eq(gallery)),
        None => base,
    }
}

/// The definitions of which another organisation shares a version with the caller.
pub(crate) fn shared_with(ctx: &OpContext) -> Condition {
    let abroad = Scopes {
        allowed: ctx.foreign_scopes(Action::VersionRead),
        within: None,
    };
    let of_versions = image_version::Entity::find()
        .select_only()
        .column(image_version::Column::ImageId)
        .filter(image_version::Column::DeletedAt.is_null())
        .filter(in_scopes(image_version::Column::ResourceKey, &abroad))
        .into_query();
    Condition::all().add(image::Column::Id.in_subquery(of_versions))
}

/// The version of this image that an id names.
fn version_of(image: &ImageFacts, named: &str) -> Option<ImageVersion> {
    let named = named.to_lowercase();
    let rest = named.strip_prefix(&image.resource_id.key())?;
    rest.strip_prefix("/versions/")?.parse().ok()
}

fn version_fact(row: &image_version::Model, ready_regions: Vec<String>) -> Result<VersionFacts> {
    let state = VersionState::parse(&row.state);
    Ok(VersionFacts {
        id: row.id,
        version: crate::version::number(row),
        state: state
            .ok_or_else(|| Error::internal(format!("version {} is in no known state", row.id)))?,
        exclude_from_latest: row.exclude_from_latest,
        end_of_life: row.end_of_life,
        os_disk: DiskSize::from_bytes(row.os_disk_bytes.unsigned_abs()),
        occupied_bytes: row.occupied_bytes.unsigned_abs(),
        disk_count: row.disk_count.unsigned_abs(),
        ready_regions,
    })
}
