//! A version's copies in one region, each verified before it counts. Rules A46, A54, A55.

use domain::image::{ReplicaState, TargetRegion};
use domain::{Code, DiskSize, Problem};
use engine::{Checksum, EngineError};
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder,
};
use serde_json::Value;
use store::entity::replica;
use uuid::Uuid;

use super::build::{Disk, object_key, staged};
use super::run::{answer, shown};
use super::{Run, Stop};
use crate::{Error, Result, Services};

/// The copies of a version in one region, while a job makes them.
struct Copies<'a> {
    run: &'a Run,
    version: Uuid,
    source_region: &'a str,
    region: &'a str,
    disks: &'a [Disk],
}

/// Brings one region's copies into being; what is ready already is left alone.
///
/// A copy that can't be made leaves no file, and its row says why. The first copy of a version is the version:
/// without it the job fails. Any other is missed, and the other regions still get theirs.
pub(crate) async fn replicate(
    run: &Run,
    version: Uuid,
    source_region: &str,
    region: &str,
    disks: &[Disk],
) -> std::result::Result<Value, Stop> {
    let copies = Copies {
        run,
        version,
        source_region,
        region,
        disks,
    };
    let rows = replica::Entity::find()
        .filter(replica::Column::VersionId.eq(version))
        .filter(replica::Column::Region.eq(region))
        .order_by_asc(replica::Column::Ordinal)
        .all(run.services.db())
        .await?;
    let mut missed = None;
    for row in rows {
        if row.state == ReplicaState::Ready.to_string() {
            continue;
        }
        run.proceed()?;
        run.on_replica(Some(row.id));
        set_replica(run, row.id, ReplicaState::Replicating, 0, None).await?;
        let origin = copies.origin().await?;
        match copies.make(row.ordinal, origin.as_ref()).await {
            Ok(()) => set_replica(run, row.id, ReplicaState::Ready, 100, None).await?,
            Err(stop) => {
                let problem = copies.failed(run.settle(stop))?;
                let text = problem.message.clone();
                copies.discard(row.ordinal).await;
                set_replica(run, row.id, ReplicaState::Failed, 0, Some(text)).await?;
                if origin.is_none() {
                    return Err(problem.into());
                }
                missed.get_or_insert(problem);
            }
        }
        run.services.job_moved(run.job.id);
    }
    match missed {
        Some(problem) => Err(Stop::Missed(problem)),
        None => answer(region),
    }
}

impl Copies<'_> {
    /// Copies every disk of one copy, or moves what was staged.
    async fn make(
        &self,
        ordinal: i32,
        origin: Option<&(String, i32)>,
    ) -> std::result::Result<(), Stop> {
        let (run, region) = (self.run, self.region);
        let stores = run.services.engine().stores();
        for (index, disk) in (0..).zip(self.disks) {
            let expected: Checksum = disk
                .checksum
                .parse()
                .map_err(|_| Error::internal("a stored checksum is no checksum"))?;
            let key = object_key(self.version, index, ordinal);
            let staged = staged(run, index);
            let made = match origin {
                Some((from, from_ordinal)) => {
                    let from_key = object_key(self.version, index, *from_ordinal);
                    stores
                        .copy((from, &from_key), (region, &key), &expected, &run.watch())
                        .await
                }
                None if staged.exists() => stores.adopt(region, &key, &staged).await,
                // Adopted before a crash that came before the row was written.
                None => stores.verify(region, &key, &expected, &run.watch()).await,
            };
            made.map_err(|error| self.refused(error))?;
        }
        Ok(())
    }

    /// A ready copy to copy from: in the region itself when there is one, else in the source region, else anywhere.
    /// None before the first one.
    async fn origin(&self) -> Result<Option<(String, i32)>> {
        let mut ready = replica::Entity::find()
            .filter(replica::Column::VersionId.eq(self.version))
            .filter(replica::Column::State.eq(ReplicaState::Ready.to_string()))
            .all(self.run.services.db())
            .await?;
        ready.sort_by_key(|row| {
            (
                row.region != self.region,
                row.region != self.source_region,
                row.ordinal,
            )
        });
        match ready.into_iter().next() {
            Some(row) => Ok(Some((row.region, row.ordinal))),
            None if self.region == self.source_region => Ok(None),
            None => Err(Error::internal("no replica to copy from")),
        }
    }

    /// What the engine's refusal means here: a full store is this region's, and has a remedy.
    fn refused(&self, error: EngineError) -> Stop {
        match error {
            EngineError::NoSpace { needed, free, .. } => {
                let all: u64 = self.disks.iter().map(|disk| disk.occupied_bytes).sum();
                Stop::Failed(no_room(self.region, needed.max(all), free).into())
            }
            other => other.into(),
        }
    }

    /// The problem of a copy that failed, in words for its region.
    ///
    /// # Errors
    /// A cancel and a hand-back are no failures, and pass.
    fn failed(&self, stop: Stop) -> std::result::Result<Problem, Stop> {
        let error = match stop {
            Stop::Failed(error) => error,
            other => return Err(other),
        };
        let problem = shown(error, &self.run.job.request_id);
        if problem.code == Code::InsufficientStorage {
            return Ok(problem);
        }
        let message = format!("The copy to {} failed. {}", self.region, problem.message);
        Ok(Problem { message, ..problem }.at(self.region))
    }

    /// Removes what there is of a copy. A store that does not even let go keeps it for the next try to overwrite.
    async fn discard(&self, ordinal: i32) {
        let stores = self.run.services.engine().stores();
        for (index, _) in (0..).zip(self.disks) {
            let key = object_key(self.version, index, ordinal);
            if let Err(error) = stores.delete(self.region, &key).await {
                tracing::warn!(region = self.region, key, %error, "what there is of a copy could not be removed");
            }
        }
    }
}

/// A region's store is too full: how much is there, how much it takes, and what helps.
pub(crate) fn no_room(region: &str, needed: u64, free: u64) -> Problem {
    let message = format!(
        "The store of {region} has {} free, and {} are needed. Make room there and ask for this region again, or leave it out.",
        DiskSize::from_bytes(free),
        DiskSize::from_bytes(needed)
    );
    Problem::new(Code::InsufficientStorage, message).at(region)
}

async fn set_replica(
    run: &Run,
    id: Uuid,
    state: ReplicaState,
    percent: i32,
    detail: Option<String>,
) -> Result<()> {
    replica::Entity::update_many()
        .col_expr(replica::Column::State, Expr::value(state.to_string()))
        .col_expr(replica::Column::Percent, Expr::value(percent))
        .col_expr(replica::Column::Detail, Expr::value(detail))
        .filter(replica::Column::Id.eq(id))
        .exec(run.services.db())
        .await?;
    Ok(())
}

/// Writes the rows of the copies that are wanted and missing.
pub(crate) async fn replica_rows(
    services: &Services,
    tx: &impl ConnectionTrait,
    version: Uuid,
    targets: &[TargetRegion],
) -> Result<()> {
    for target in targets {
        for ordinal in 1..=i32::try_from(target.replicas).unwrap_or(i32::MAX) {
            let row = replica::ActiveModel {
                id: Set(services.new_id()),
                version_id: Set(version),
                region: Set(target.region.clone()),
                ordinal: Set(ordinal),
                state: Set(ReplicaState::Pending.to_string()),
                percent: Set(0),
                detail: Set(None),
            };
            let keys = OnConflict::columns([
                replica::Column::VersionId,
                replica::Column::Region,
                replica::Column::Ordinal,
            ])
            .do_nothing()
            .to_owned();
            replica::Entity::insert(row)
                .on_conflict(keys)
                .exec_without_returning(tx)
                .await?;
        }
    }
    Ok(())
}
