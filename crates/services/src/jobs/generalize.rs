//! A virtual machine's own data is removed: from then on it is good for making images, and never starts again. Rule A31.

use domain::image::OsState;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::Value;
use store::entity::{disk, virtual_machine};

use super::machine::{disk_path, release};
use super::run::answer;
use super::virtual_machine::VmJob;
use super::{Run, Step, Stop, build, step as named};
use crate::{Error, Result};

/// The steps of a generalization.
pub(crate) fn steps() -> Vec<Step> {
    vec![
        named("generalize", "Remove accounts, keys and names"),
        named("replace", "Put the generalized disk in place"),
    ]
}

pub(crate) async fn step(run: &Run, name: &str) -> std::result::Result<Value, Stop> {
    let input: VmJob = run.input()?;
    let row = super::virtual_machine::find(run, input.machine).await?;
    let (services, staged) = (&run.services, build::staged(run, 0));
    let target = disk_path(services, row.id, 0);
    if name == "generalize" {
        tokio::fs::create_dir_all(build::staging(run)).await?;
        services
            .engine()
            .disks()
            .generalize(&target, &staged, &run.watch())
            .await?;
        return answer(());
    }
    // Renamed before a crash that came before the rows were written: then there is nothing to rename.
    match tokio::fs::rename(&staged, &target).await {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            return Err(Error::from(error).into());
        }
        _ => {}
    }
    let tx = services.store().begin().await?;
    virtual_machine::Entity::update_many()
        .col_expr(virtual_machine::Column::Generalized, Expr::value(true))
        .col_expr(
            virtual_machine::Column::OsState,
            Expr::value(OsState::Generalized.to_string()),
        )
        .filter(virtual_machine::Column::Id.eq(row.id))
        .exec(&tx)
        .await?;
    disk::Entity::update_many()
        .col_expr(
            disk::Column::OsState,
            Expr::value(OsState::Generalized.to_string()),
        )
        .filter(disk::Column::MachineId.eq(row.id))
        .filter(disk::Column::Slot.eq(0))
        .exec(&tx)
        .await?;
    tx.commit().await?;
    build::remove_folder(&build::staging(run)).await?;
    release(run, row.id, None).await?;
    answer(row.resource_id)
}

/// The machine's own disk is as it was, unless it was replaced already.
pub(crate) async fn undo(run: &Run) -> Result<()> {
    let input: VmJob = run.input()?;
    build::remove_folder(&build::staging(run)).await?;
    let shown = run.problem().await?.map(|problem| problem.message);
    release(run, input.machine, shown).await
}
