//! A version's copies in one region, each verified before it counts. Rules A46, A54, A55.

use domain::image::{NewCopy, ReplicaState};
use domain::{Code, DiskSize, Problem};
use engine::{Checksum, EngineError};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect,
};
use serde_json::Value;
use store::entity::{image_version, machine, replica};
use uuid::Uuid;

use super::build::{Disk, object_key, staged};
use super::kept;
use super::run::{answer, shown};
use super::{Run, Stop};
use crate::resource::figures;
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
        match copies.make(&row, origin.as_ref()).await {
            Ok(()) => copies.ready(&row, origin.as_ref()).await?,
            Err(stop) => {
                let problem = copies.failed(run.settle(stop))?;
                let text = problem.message.clone();
                copies.discard(&row).await;
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
        row: &replica::Model,
        origin: Option<&replica::Model>,
    ) -> std::result::Result<(), Stop> {
        let (run, store) = (self.run, store_of(row));
        let stores = run.services.engine().stores();
        for (index, disk) in (0..).zip(self.disks) {
            let expected: Checksum = disk
                .checksum
                .parse()
                .map_err(|_| Error::internal("a stored checksum is no checksum"))?;
            let key = object_key(self.version, index, row.ordinal);
            let staged = staged(run, index);
            let made = match origin {
                Some(from) => {
                    let from_key = object_key(self.version, index, from.ordinal);
                    let (from, to) = ((store_of(from), &*from_key), (store, &*key));
                    stores.copy(from, to, &expected, &run.watch()).await
                }
                None if staged.exists() => stores.adopt(store, &key, &staged).await,
                // Adopted before a crash that came before the row was written.
                None => stores.verify(store, &key, &expected, &run.watch()).await,
            };
            made.map_err(|error| self.refused(error))?;
        }
        Ok(())
    }

    /// Marks a copy as ready, and begins to count what it costs. Rules A62, A65.
    async fn ready(&self, row: &replica::Model, origin: Option<&replica::Model>) -> Result<()> {
        let bytes: u64 = self.disks.iter().map(|disk| disk.occupied_bytes).sum();
        let is_sent = origin.is_some_and(|from| from.region != row.region);
        let tx = self.run.services.store().begin().await?;
        set(&tx, row.id, ReplicaState::Ready, 100, None).await?;
        let sent = if is_sent { bytes } else { 0 };
        let services = &self.run.services;
        kept::begin(services, &tx, row, (bytes, sent), services.now()).await?;
        Ok(tx.commit().await?)
    }

    /// A ready copy to copy from: in the region itself when there is one, else in the source region, else anywhere.
    /// None before the first one.
    async fn origin(&self) -> Result<Option<replica::Model>> {
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
            Some(row) => Ok(Some(row)),
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
    async fn discard(&self, row: &replica::Model) {
        let stores = self.run.services.engine().stores();
        for (index, _) in (0..).zip(self.disks) {
            let key = object_key(self.version, index, row.ordinal);
            if let Err(error) = stores.delete(store_of(row), &key).await {
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

/// The store that holds a copy: the region's usual one, unless the row names another.
pub(crate) fn store_of(row: &replica::Model) -> &str {
    row.store.as_deref().unwrap_or(&row.region)
}

/// Chooses the copy that a machine becomes a layer over, and remembers it: of the ready ones in its region that stay,
/// the one that fewest machines use. None while there is none. Rules A44, A55.
pub(crate) async fn choose(
    services: &Services,
    row: &machine::Model,
) -> Result<Option<replica::Model>> {
    let Some(version_id) = row.version_id else {
        return Ok(None);
    };
    let tx = services.store().begin().await?;
    // Copies are added and taken away under the same lock.
    let version = image_version::Entity::find_by_id(version_id).lock_exclusive();
    version.one(&tx).await?;
    let ready = replica::Entity::find()
        .filter(replica::Column::VersionId.eq(version_id))
        .filter(replica::Column::Region.eq(&row.region))
        .filter(replica::Column::State.eq(ReplicaState::Ready.to_string()))
        .order_by_asc(replica::Column::Ordinal)
        .all(&tx)
        .await?;
    let users = machine::Entity::find()
        .filter(machine::Column::ReplicaId.is_in(ready.iter().map(|copy| copy.id)))
        .filter(machine::Column::Id.ne(row.id));
    let key = machine::Column::ReplicaId;
    let users = figures(&tx, key, machine::Column::Id.count(), users).await?;
    let load = |copy: &replica::Model| users.get(&copy.id).copied().unwrap_or_default();
    let chosen = ready
        .into_iter()
        .min_by_key(|copy| (copy.retiring, load(copy), copy.ordinal));
    let chosen_id = chosen.as_ref().map(|copy| copy.id);
    machine::Entity::update_many()
        .col_expr(machine::Column::ReplicaId, Expr::value(chosen_id))
        .filter(machine::Column::Id.eq(row.id))
        .exec(&tx)
        .await?;
    tx.commit().await?;
    Ok(chosen)
}

async fn set_replica(
    run: &Run,
    id: Uuid,
    state: ReplicaState,
    percent: i32,
    detail: Option<String>,
) -> Result<()> {
    set(run.services.db(), id, state, percent, detail).await
}

/// Sets a copy's state.
pub(super) async fn set(
    db: &impl ConnectionTrait,
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
        .exec(db)
        .await?;
    Ok(())
}

/// Writes the rows of the copies that are wanted and missing.
pub(crate) async fn replica_rows(
    services: &Services,
    tx: &impl ConnectionTrait,
    version: Uuid,
    copies: Vec<NewCopy>,
) -> Result<()> {
    if copies.is_empty() {
        return Ok(());
    }
    let rows = copies.into_iter().map(|copy| replica::ActiveModel {
        id: Set(services.new_id()),
        version_id: Set(version),
        ordinal: Set(copy.ordinal),
        state: Set(ReplicaState::Pending.to_string()),
        percent: Set(0),
        detail: Set(None),
        storage: Set(copy.storage.to_string()),
        store: Set((copy.store != copy.region).then_some(copy.store)),
        retiring: Set(false),
        region: Set(copy.region),
    });
    replica::Entity::insert_many(rows).exec(tx).await?;
    Ok(())
}
