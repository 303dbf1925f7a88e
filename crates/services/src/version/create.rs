//! A new version: its number, its regions and its row. Rules A7, A16, A26, A40, A41, A80-A82.

use domain::image::{
    ImageInput, OsState, OsType, TargetRegion, VersionInput, VersionSource, VersionState,
    VersionView, check_targets, reshape,
};
use domain::rbac::Action;
use domain::{Code, ImageVersion, OpContext, Problem, ResourceId, Rule, Violation};
use sea_orm::{ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use store::entity::image;
use store::entity::image_version::{Column, Entity, Model};

use crate::jobs::{BuildInput, replica_rows};
use crate::resource::{quota, resource_row, vacant};
use crate::{Result, Services, Started};

/// A version that was checked and is to be made.
#[derive(Debug)]
pub(crate) struct NewVersion<'a> {
    /// Its ARM id.
    pub(crate) id: &'a ResourceId,
    /// Its definition.
    pub(crate) image: &'a image::Model,
    /// What was asked for, with regions by their short names.
    pub(crate) input: &'a VersionInput,
    /// Where its disks come from.
    pub(crate) source: VersionSource,
    /// Bytes of the OS disk; 0 while nobody knows.
    pub(crate) os_disk: u64,
    /// How many disks there are.
    pub(crate) disks: u32,
}

impl Services {
    /// Makes a version from uploads, a template VM or another version. Rules A7, A26, A80, B16-B18.
    ///
    /// # Errors
    /// `InvalidRequest` with every broken rule, `AlreadyExists` for a number that is taken, `QuotaExceeded`.
    pub async fn version_create(
        &self,
        ctx: &OpContext,
        id: &ResourceId,
        input: VersionInput,
    ) -> Result<Started<VersionView>> {
        let image = self
            .find_parent::<image::Entity>(ctx, id, Action::VersionWrite)
            .await?;
        let (regions, max) = (&self.settings().regions, self.settings().limits.replicas);
        let location = regions.short_name(&input.location);
        let mut found = Vec::new();
        found.extend(id.name().parse::<ImageVersion>().err());
        found.extend(domain::gallery::location(&location, regions));
        found.extend(check_targets(&input.targets, &location, regions, max));
        found.extend(domain::gallery::tags(&input.tags));
        let (tenant, subscription) = (ctx.tenant(), id.subscription());
        let names = input.targets.iter().map(|target| target.region.as_str());
        found.extend(regions.closed("targetRegions", names, tenant, subscription));
        found.extend(regions.closed("location", [location.as_str()], tenant, subscription));
        Problem::unless_empty(found)?;
        let input = VersionInput {
            targets: self.targets(&input.targets, &location),
            location,
            ..input
        };
        self.version_source(ctx, id, &image, &input).await
    }

    /// Inserts a version with the replicas that are wanted; creations in the subscription wait meanwhile.
    pub(crate) async fn version_insert(
        &self,
        tx: &impl ConnectionTrait,
        ctx: &OpContext,
        new: NewVersion<'_>,
    ) -> Result<Model> {
        let NewVersion {
            id, image, input, ..
        } = new;
        let number: ImageVersion = id
            .name()
            .parse()
            .map_err(|v| Problem::from_violations(vec![v]))?;
        vacant::<Entity>(tx, ctx, id, "version").await?;
        not_deleted(tx, ctx, id).await?;
        let max = self.settings().limits.versions;
        quota::<Entity>(tx, id, &input.location, max, "image versions").await?;
        let columns = resource_row!(
            self,
            ctx,
            id,
            input.location,
            &input.tags,
            image_version {
                image_id: image.id,
                gallery_id: image.gallery_id,
                major: i64::from(number.major),
                minor: i64::from(number.minor),
                patch: i64::from(number.patch),
                sort_key: sort_key(number),
                state: VersionState::Creating.to_string(),
                exclude_from_latest: input.exclude_from_latest,
                end_of_life: input.end_of_life,
                os_disk_bytes: i64::try_from(new.os_disk).unwrap_or(i64::MAX),
                occupied_bytes: 0,
                disk_count: i32::try_from(new.disks).unwrap_or(i32::MAX),
                disks: serde_json::Value::Array(Vec::new()),
                source: serde_json::to_value(&new.source)?,
                job_id: None,
                deleted_at: None,
                purge_at: None,
            }
        );
        let row = columns.insert(tx).await?;
        let copies = reshape(&[], &input.targets, &self.settings().regions).add;
        replica_rows(self, tx, row.id, copies).await?;
        Ok(row)
    }
}

/// Refuses the number of a deleted version that can still be restored.
async fn not_deleted(tx: &impl ConnectionTrait, ctx: &OpContext, id: &ResourceId) -> Result<()> {
    let deleted = Entity::find()
        .filter(Column::TenantId.eq(ctx.tenant()))
        .filter(Column::ResourceKey.eq(id.key()))
        .one(tx)
        .await?;
    let Some(until) = deleted.and_then(|row| row.purge_at) else {
        return Ok(());
    };
    let message = format!(
        "Version {} was deleted and is kept until {}. Restore it, or choose another number.",
        id.name(),
        until.format("%-d %B %Y")
    );
    Err(Problem::new(Code::AlreadyExists, message)
        .at("version")
        .into())
}

/// What the job must know of a version that was just inserted.
pub(crate) fn build(row: &Model, targets: &[TargetRegion]) -> BuildInput {
    BuildInput {
        version: row.id,
        image: row.image_id,
        created_image: false,
        source_region: row.location.clone(),
        targets: targets.to_vec(),
        plan: None,
        disks: row.disk_count.unsigned_abs(),
    }
}

/// A text that sorts as the numbers do. Rule A27.
fn sort_key(number: ImageVersion) -> String {
    format!(
        "{:010}.{:010}.{:010}",
        number.major, number.minor, number.patch
    )
}

/// Whether a source fits the definition that it is to become a version of. Rule A16.
pub(crate) fn fits(properties: &ImageInput, source: OsState, os_type: OsType) -> Vec<Violation> {
    let mut found = Vec::new();
    if properties.os_state != source {
        found.push(
            Violation::new(Rule::OsStateMismatch, "osState")
                .with("definition", properties.os_state)
                .with("source", source),
        );
    }
    if properties.os_type != os_type {
        found.push(
            Violation::new(Rule::OsTypeMismatch, "osType")
                .with("definition", properties.os_type)
                .with("source", os_type),
        );
    }
    found
}
