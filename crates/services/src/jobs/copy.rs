//! A version becomes a version of another definition. Rules A7, A75.

use domain::image::ReplicaState;
use domain::{Code, Problem};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use store::entity::replica;
use uuid::Uuid;

use super::build::{self, BuildInput, Disk};
use super::replica::store_of;
use super::run::answer;
use super::{Run, Step, Stop, step as named};

/// What a copy was asked for.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct CopyInput {
    /// The version that it makes.
    pub(crate) build: BuildInput,
    /// The version that it reads.
    pub(crate) from: Uuid,
    /// That version's disks.
    pub(crate) disks: Vec<Disk>,
}

impl CopyInput {
    /// The steps of this copy.
    pub(crate) fn steps(&self) -> Vec<Step> {
        build::steps(vec![named("copy", "Copy the source version")], &self.build)
    }
}

pub(crate) async fn step(run: &Run, name: &str) -> std::result::Result<Value, Stop> {
    let input: CopyInput = run.input()?;
    match name {
        "reserve" => {
            let needed = input.disks.iter().map(|disk| disk.occupied_bytes).sum();
            build::reserve(run, &input.build, needed)
        }
        "copy" => copy(run, &input).await,
        name => build::finish(run, &input.build, name).await,
    }
}

async fn copy(run: &Run, input: &CopyInput) -> std::result::Result<Value, Stop> {
    let mut ready = replica::Entity::find()
        .filter(replica::Column::VersionId.eq(input.from))
        .filter(replica::Column::State.eq(ReplicaState::Ready.to_string()))
        .all(run.services.db())
        .await?;
    ready.sort_by_key(|row| (row.region != input.build.source_region, row.ordinal));
    let Some(from) = ready.into_iter().next() else {
        return Err(Problem::new(
            Code::Conflict,
            "The source version has no finished replica to copy from.",
        )
        .into());
    };
    tokio::fs::create_dir_all(build::staging(run)).await?;
    for disk in 0..input.build.disks {
        let key = build::object_key(input.from, disk, from.ordinal);
        let source = run
            .services
            .engine()
            .stores()
            .local_path(store_of(&from), &key)
            .await?;
        run.services
            .engine()
            .disks()
            .flatten(&source, &build::staged(run, disk), &run.watch())
            .await?;
    }
    answer(from.region)
}
