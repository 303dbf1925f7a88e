//! A version's replicas are brought in line with the regions that are wanted now. Rules A46, A51, A52.

use domain::image::{ReplicaState, TargetRegion, VersionState};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QuerySelect};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use store::entity::{image_version, machine, replica as copies};
use uuid::Uuid;

use super::build::{self, Disk};
use super::run::answer;
use super::{Run, Step, Stop, kept, replica, step as named};
use crate::{Error, Result};

/// What a change of the target regions was asked for.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct ReplicateJob {
    /// The version.
    pub(crate) version: Uuid,
    /// The region that it was made in.
    pub(crate) source_region: String,
    /// The regions and counts that are wanted from now on.
    pub(crate) targets: Vec<TargetRegion>,
}

impl ReplicateJob {
    /// The steps of this change.
    pub(crate) fn steps(&self) -> Vec<Step> {
        let mut steps = build::replicate_steps(&self.source_region, &self.targets);
        steps.push(named(
            "prune",
            "Remove the copies that are no longer wanted",
        ));
        steps
    }
}

pub(crate) async fn step(run: &Run, name: &str) -> std::result::Result<Value, Stop> {
    let input: ReplicateJob = run.input()?;
    let version = find_version(run, input.version).await?;
    match name.strip_prefix("replicate:") {
        Some(region) => {
            let disks: Vec<Disk> = serde_json::from_value(version.disks)?;
            replica::replicate(run, input.version, &input.source_region, region, &disks).await
        }
        None => {
            prune(run, &version, |row| row.retiring).await?;
            build::set_version(run, input.version, VersionState::Succeeded, None).await?;
            answer(version.resource_id)
        }
    }
}

/// Keeps what is ready, removes what is half.
pub(crate) async fn undo(run: &Run) -> Result<()> {
    let input: ReplicateJob = run.input()?;
    let version = find_version(run, input.version).await?;
    keep_ready(run, &version).await
}

/// Settles a version on the copies that are ready, and on those that say why they failed.
pub(crate) async fn keep_ready(run: &Run, version: &image_version::Model) -> Result<()> {
    let settled = [ReplicaState::Ready, ReplicaState::Failed].map(|state| state.to_string());
    prune(run, version, |row| !settled.contains(&row.state)).await?;
    let of_version = copies::Column::VersionId.eq(version.id);
    stay(run.services.db(), of_version).await?;
    build::set_version(run, version.id, VersionState::Succeeded, None).await
}

/// Lets copies stay that were to go.
async fn stay(
    db: &impl sea_orm::ConnectionTrait,
    which: sea_orm::sea_query::SimpleExpr,
) -> Result<()> {
    copies::Entity::update_many()
        .col_expr(copies::Column::Retiring, Expr::value(false))
        .filter(which)
        .exec(db)
        .await?;
    Ok(())
}

/// Removes copies: from being chosen, then their files, then their rows. One that a machine took meanwhile stays.
async fn prune(
    run: &Run,
    version: &image_version::Model,
    unwanted: impl Fn(&copies::Model) -> bool,
) -> Result<()> {
    let rows = copies::Entity::find()
        .filter(copies::Column::VersionId.eq(version.id))
        .all(run.services.db())
        .await?;
    for row in rows.into_iter().filter(|row| unwanted(row)) {
        if !let_go(run, &row).await? {
            continue;
        }
        for disk in 0..u32::try_from(version.disk_count).unwrap_or(1) {
            let key = build::object_key(version.id, disk, row.ordinal);
            run.services
                .engine()
                .stores()
                .delete(replica::store_of(&row), &key)
                .await?;
        }
        let tx = run.services.store().begin().await?;
        copies::Entity::delete_by_id(row.id).exec(&tx).await?;
        kept::end(&run.services, &tx, row.id).await?;
        tx.commit().await?;
    }
    Ok(())
}

/// Keeps machines from taking a copy, unless one has.
async fn let_go(run: &Run, row: &copies::Model) -> Result<bool> {
    let tx = run.services.store().begin().await?;
    let version = image_version::Entity::find_by_id(row.version_id).lock_exclusive();
    version.one(&tx).await?;
    let users = machine::Entity::find().filter(machine::Column::ReplicaId.eq(row.id));
    let is_free = users.count(&tx).await? == 0;
    if is_free {
        replica::set(&tx, row.id, ReplicaState::Pending, 0, None).await?;
    } else {
        stay(&tx, copies::Column::Id.eq(row.id)).await?;
    }
    tx.commit().await?;
    Ok(is_free)
}

async fn find_version(run: &Run, id: Uuid) -> Result<image_version::Model> {
    let row = image_version::Entity::find_by_id(id)
        .one(run.services.db())
        .await?;
    row.ok_or_else(|| Error::internal("the version's row is gone"))
}
