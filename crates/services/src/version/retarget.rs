//! Other regions and counts for a version's copies. Rules A46-A52.

use domain::OpContext;
use domain::image::{ReplicaState, TargetRegion};
use domain::job::JobKind;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use store::entity::image_version::Model;
use store::entity::{job, lab, machine, replica};
use uuid::Uuid;

use super::idle;
use crate::jobs::{ReplicateJob, replica_rows};
use crate::resource::in_use;
use crate::{Result, Services};

/// As many labs are named when a version can't go.
const NAMED: usize = 5;

impl Services {
    /// The wish for regions, in short names; the source region alone when there is none. Rule E.
    pub(super) fn targets(
        &self,
        targets: &[TargetRegion],
        source_region: &str,
    ) -> Vec<TargetRegion> {
        let target = |region: &str, replicas| TargetRegion {
            region: self.settings().regions.short_name(region),
            replicas,
        };
        if targets.is_empty() {
            return vec![target(source_region, 1)];
        }
        let targets = targets.iter();
        targets.map(|t| target(&t.region, t.replicas)).collect()
    }

    /// Enqueues the job that brings the copies in line, unless they are.
    pub(super) async fn version_retarget(
        &self,
        tx: &impl ConnectionTrait,
        ctx: &OpContext,
        row: &Model,
        targets: Vec<TargetRegion>,
    ) -> Result<Option<job::Model>> {
        let held = replica::Entity::find()
            .filter(replica::Column::VersionId.eq(row.id))
            .all(tx)
            .await?;
        let held_count = |region: &str| held.iter().filter(|copy| copy.region == region).count();
        let wanted_count = |region: &str| {
            let target = targets.iter().find(|target| target.region == region);
            target.map_or(0, |target| target.replicas as usize)
        };
        let ready = ReplicaState::Ready.to_string();
        let is_held = |t: &TargetRegion| held_count(&t.region) == t.replicas as usize;
        let is_wanted =
            |copy: &replica::Model| wanted_count(&copy.region) > 0 && copy.state == ready;
        if targets.iter().all(is_held) && held.iter().all(is_wanted) {
            return Ok(None);
        }
        idle(row)?;
        for copy in &held {
            if wanted_count(&copy.region) < held_count(&copy.region) {
                unused(tx, row, Some(&copy.region)).await?;
            }
        }
        replica_rows(self, tx, row.id, &targets).await?;
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

/// Refuses while machines are layers over this version, in one region or anywhere.
pub(super) async fn unused(
    tx: &impl ConnectionTrait,
    row: &Model,
    region: Option<&str>,
) -> Result<()> {
    let mut query = machine::Entity::find().filter(machine::Column::VersionId.eq(row.id));
    if let Some(region) = region {
        query = query.filter(machine::Column::Region.eq(region));
    }
    let machines = query.all(tx).await?;
    if machines.is_empty() {
        return Ok(());
    }
    let labs: Vec<Uuid> = machines.iter().map(|machine| machine.lab_id).collect();
    let labs = lab::Entity::find()
        .filter(lab::Column::Id.is_in(labs))
        .order_by_asc(lab::Column::Name)
        .all(tx)
        .await?;
    // What labs of other organisations are called is theirs to tell.
    let (own, others): (Vec<_>, Vec<_>) =
        labs.iter().partition(|lab| lab.tenant_id == row.tenant_id);
    let names: Vec<&str> = own.iter().map(|lab| lab.name.as_str()).collect();
    let (named, more) = names.split_at(names.len().min(NAMED));
    let mut whose = named.join(", ");
    if !more.is_empty() {
        whose += &format!(" and {} more", more.len());
    }
    if !others.is_empty() {
        let and = if whose.is_empty() { "" } else { ", and of " };
        whose += &format!("{and}{} labs of other organisations", others.len());
    }
    let place = region
        .map(|region| format!(" in {region}"))
        .unwrap_or_default();
    let message = format!(
        "The machines of {whose} are made from this version{place}. Delete those labs first."
    );
    Err(in_use(&row.resource_id, message))
}
