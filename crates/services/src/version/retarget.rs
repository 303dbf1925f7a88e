//! Other regions, counts and kinds of stores for a version's copies. Rules A46-A52.

use domain::OpContext;
use domain::image::{HeldCopy, ReplicaState, StorageType, TargetRegion, VersionUpdate, reshape};
use domain::job::JobKind;
use domain::{ResourceId, Violation};
use sea_orm::sea_query::{Expr, SimpleExpr};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use store::entity::image_version::Model;
use store::entity::{job, lab, machine, replica};
use uuid::Uuid;

use super::idle;
use crate::jobs::{ReplicateJob, replica_rows, store_of};
use crate::resource::{in_use, some};
use crate::{Error, Result, Services};

impl Services {
    /// The wish for regions, in short names and with a kind of store each; the source region alone when there is none.
    /// Rules A50, E.
    pub(super) fn targets(
        &self,
        targets: &[TargetRegion],
        source_region: &str,
    ) -> Vec<TargetRegion> {
        let source = [TargetRegion::new(source_region, 1)];
        let wanted = if targets.is_empty() {
            source.as_slice()
        } else {
            targets
        };
        let regions = &self.settings().regions;
        let whole = |target: &TargetRegion| TargetRegion {
            region: regions.short_name(&target.region),
            replicas: target.replicas,
            storage: Some(target.storage_in(regions)),
        };
        wanted.iter().map(whole).collect()
    }

    /// The regions of a wish that the operator keeps for others; those that the version is in already stay open. Rule A37.
    pub(super) async fn targets_closed(
        &self,
        ctx: &OpContext,
        row: &Model,
        update: &VersionUpdate,
    ) -> Result<Vec<Violation>> {
        let Some(targets) = &update.targets else {
            return Ok(Vec::new());
        };
        let held = held_copies(self.db(), row.id).await?;
        let regions = &self.settings().regions;
        let is_new = |name: &&str| {
            let short = regions.short_name(name);
            !held.iter().any(|copy| copy.region == short)
        };
        let names = targets.iter().map(|target| target.region.as_str());
        let subscription = ResourceId::from_stored(row.resource_id.clone()).subscription();
        Ok(regions.closed(
            "targetRegions",
            names.filter(is_new),
            ctx.tenant(),
            subscription,
        ))
    }

    /// Enqueues the job that brings the copies in line, unless they are. A region that names no kind of store keeps the
    /// one that it has.
    pub(super) async fn version_retarget(
        &self,
        tx: &impl ConnectionTrait,
        ctx: &OpContext,
        row: &Model,
        targets: &[TargetRegion],
    ) -> Result<Option<job::Model>> {
        let held = held_copies(tx, row.id).await?;
        let regions = &self.settings().regions;
        let keeping = |target: &TargetRegion| {
            let short = regions.short_name(&target.region);
            let mut here = held.iter().filter(|copy| copy.region == short);
            TargetRegion {
                storage: target
                    .storage
                    .or_else(|| here.next().map(|copy| copy.storage)),
                ..target.clone()
            }
        };
        let targets: Vec<TargetRegion> = targets.iter().map(keeping).collect();
        let targets = self.targets(&targets, &row.location);
        let change = reshape(&held, &targets, regions);
        let is_whole = held.iter().all(|copy| copy.is_ready);
        if change.add.is_empty() && change.drop.is_empty() && is_whole {
            return Ok(None);
        }
        idle(row)?;
        let mut needed = change.drop.iter().filter(|copy| copy.machines > 0);
        if let Some(copy) = needed.next() {
            let over = Condition::any()
                .add(machine::Column::ReplicaId.eq(copy.id))
                .add(unknown_in(&copy.region));
            let place = format!(" in {}", copy.region);
            unused(tx, row, over, &place).await?;
        }
        replica::Entity::update_many()
            .col_expr(replica::Column::Retiring, Expr::value(true))
            .filter(replica::Column::Id.is_in(change.drop.iter().map(|copy| copy.id)))
            .exec(tx)
            .await?;
        replica_rows(self, tx, row.id, change.add).await?;
        let work = ReplicateJob {
            version: row.id,
            source_region: row.location.clone(),
            targets,
        };
        let (kind, steps) = (JobKind::VersionReplicate, work.steps());
        let job = self
            .job_enqueue(tx, ctx, kind, &row.resource_id, &work, steps)
            .await?;
        Ok(Some(job))
    }
}

/// The copies of a version, each with how many machines need it. A machine of an earlier release may need any copy of
/// its region.
async fn held_copies(db: &impl ConnectionTrait, version: Uuid) -> Result<Vec<HeldCopy>> {
    let machines = machine::Entity::find()
        .filter(machine::Column::VersionId.eq(version))
        .all(db)
        .await?;
    let rows = replica::Entity::find()
        .filter(replica::Column::VersionId.eq(version))
        .order_by_asc(replica::Column::Ordinal)
        .all(db)
        .await?;
    let held = rows.into_iter().map(|row| {
        let needs = |machine: &&machine::Model| match machine.replica_id {
            Some(id) => id == row.id,
            None => machine.region == row.region,
        };
        HeldCopy {
            id: row.id,
            ordinal: row.ordinal,
            storage: StorageType::parse(&row.storage).unwrap_or_default(),
            store: store_of(&row).to_owned(),
            is_ready: row.state == ReplicaState::Ready.to_string(),
            machines: machines.iter().filter(needs).count() as u64,
            region: row.region,
        }
    });
    Ok(held.collect())
}

/// The machines in a region of which nobody wrote down what they are layers over.
fn unknown_in(region: &str) -> SimpleExpr {
    let unknown = machine::Column::ReplicaId.is_null();
    sea_orm::sea_query::ExprTrait::and(unknown, machine::Column::Region.eq(region))
}

/// Refuses while machines are layers over this version; `over` says which, `place` where.
pub(super) async fn unused(
    tx: &impl ConnectionTrait,
    row: &Model,
    over: Condition,
    place: &str,
) -> Result<()> {
    let machines = machine::Entity::find()
        .filter(machine::Column::VersionId.eq(row.id))
        .filter(over)
        .all(tx)
        .await?;
    if machines.is_empty() {
        return Ok(());
    }
    let labs: Vec<Uuid> = machines
        .iter()
        .filter_map(|machine| machine.lab_id)
        .collect();
    if labs.is_empty() {
        return Err(alone(row, &machines, place));
    }
    let labs = lab::Entity::find()
        .filter(lab::Column::Id.is_in(labs))
        .order_by_asc(lab::Column::Name)
        .all(tx)
        .await?;
    // What labs of other organisations are called is theirs to tell.
    let (own, others): (Vec<_>, Vec<_>) =
        labs.iter().partition(|lab| lab.tenant_id == row.tenant_id);
    let names: Vec<&str> = own.iter().map(|lab| lab.name.as_str()).collect();
    let mut whose = some(&names);
    if !others.is_empty() {
        let and = if whose.is_empty() { "" } else { ", and of " };
        whose += &format!("{and}{} labs of other organisations", others.len());
    }
    let message = format!(
        "The machines of {whose} are made from this version{place}. Delete those labs first."
    );
    Err(in_use(&row.resource_id, message))
}

/// The refusal while virtual machines that belong to no lab are layers over this version.
fn alone(row: &Model, machines: &[machine::Model], place: &str) -> Error {
    let is_own = |machine: &&machine::Model| machine.tenant_id == row.tenant_id;
    let names: Vec<&str> = machines
        .iter()
        .filter(is_own)
        .map(|machine| machine.name.as_str())
        .collect();
    let whose = if names.is_empty() {
        "Virtual machines of other organisations".to_owned()
    } else {
        format!("The virtual machines {}", some(&names))
    };
    let message = format!("{whose} are made from this version{place}. Delete them first.");
    in_use(&row.resource_id, message)
}
