//! What brings rows, files and machines in line again, whatever happened. Each may be repeated at any time.

use std::collections::HashSet;
use std::time::Duration;

use domain::machine::MachineState;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect};
use store::entity::{disk, image_version, job, machine};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::build::{IMAGES, remove_folder};
use super::medium::DISKS;
use crate::{Result, Services};

/// How often machine states are compared with the hypervisor's word.
const MACHINES: Duration = Duration::from_secs(3);
/// Rounds of machine states between two sweeps for what nobody owns.
const SWEEP: u32 = 100;
/// A file must be this old before it counts as nobody's.
const ORPHAN_AGE: Duration = Duration::from_secs(15 * 60);

impl Services {
    /// Runs all reconcilers, each at its pace, until the token is cancelled.
    pub(crate) async fn reconcile(&self, shutdown: CancellationToken) {
        let mut round = 0_u32;
        loop {
            self.logged("machine states", self.reconcile_machines().await);
            if round.is_multiple_of(SWEEP) {
                self.sweep().await;
            }
            round = round.wrapping_add(1);
            tokio::select! {
                () = shutdown.cancelled() => return,
                () = tokio::time::sleep(MACHINES) => {}
            }
        }
    }

    /// Removes what nobody owns and imports base images that are new.
    pub async fn sweep(&self) {
        self.logged("base images", self.reconcile_base_images().await);
        self.logged("uploads", self.upload_sweep().await);
        self.logged("sign-ins", self.identity_sweep().await.map(drop));
        self.logged("staging", self.sweep_staging().await);
        self.logged("machine folders", self.sweep_machines().await);
        self.logged("replicas", self.sweep_replicas().await);
        self.logged("kept disks", self.sweep_disks().await);
        self.logged("deleted versions", self.version_sweep().await);
        self.logged("what copies cost", self.sweep_kept().await);
    }

    fn logged(&self, what: &str, result: Result<()>) {
        if let Err(error) = result {
            tracing::error!(error = %error, "could not bring {what} in line; trying again later");
        }
    }

    /// A machine that no job works on is what the hypervisor says.
    pub(crate) async fn reconcile_machines(&self) -> Result<()> {
        let running: HashSet<Uuid> = self
            .engine()
            .hypervisor()
            .list()
            .await?
            .into_iter()
            .collect();
        let rows =
            machine::Entity::find()
                .filter(machine::Column::JobId.is_null())
                .filter(machine::Column::State.is_not_in(
                    [MachineState::Failed, MachineState::Creating].map(|s| s.to_string()),
                ))
                .all(self.db())
                .await?;
        for row in rows {
            let state = if running.contains(&row.id) {
                MachineState::Running
            } else {
                MachineState::Stopped
            };
            if row.state == state.to_string() {
                continue;
            }
            machine::Entity::update_many()
                .col_expr(machine::Column::State, Expr::value(state.to_string()))
                .col_expr(machine::Column::StateAt, Expr::value(self.now()))
                .filter(machine::Column::Id.eq(row.id))
                .filter(machine::Column::JobId.is_null())
                .exec(self.db())
                .await?;
            self.job_moved(row.id);
        }
        Ok(())
    }

    async fn sweep_staging(&self) -> Result<()> {
        for (id, path) in old_folders(&self.engine().staging_dir()).await? {
            let open = job::Entity::find_by_id(id)
                .filter(job::Column::FinishedAt.is_null())
                .one(self.db())
                .await?;
            if open.is_none() {
                tracing::info!(path = %path.display(), "removing staged disks of a job that is over");
                remove_folder(&path).await?;
            }
        }
        Ok(())
    }

    async fn sweep_machines(&self) -> Result<()> {
        let Some(machines) = self
            .engine()
            .machine_dir(Uuid::nil())
            .parent()
            .map(std::path::Path::to_owned)
        else {
            return Ok(());
        };
        for (id, path) in old_folders(&machines).await? {
            if machine::Entity::find_by_id(id)
                .one(self.db())
                .await?
                .is_none()
            {
                tracing::info!(machine.id = %id, "removing a machine that has no row");
                self.engine().hypervisor().stop(id, Duration::ZERO).await?;
                remove_folder(&path).await?;
            }
        }
        Ok(())
    }

    async fn sweep_replicas(&self) -> Result<()> {
        let held = self.held_below(IMAGES).await?;
        // Files first, rows second: a file is only made for a version that has its row.
        let versions = image_version::Entity::find()
            .select_only()
            .column(image_version::Column::Id);
        let versions: Vec<Uuid> = versions.into_tuple().all(self.db()).await?;
        self.sweep_below(IMAGES, held, &versions).await
    }

    async fn sweep_disks(&self) -> Result<()> {
        let held = self.held_below(DISKS).await?;
        let disks = disk::Entity::find().select_only().column(disk::Column::Id);
        let disks: Vec<Uuid> = disks.into_tuple().all(self.db()).await?;
        self.sweep_below(DISKS, held, &disks).await
    }

    /// The stores with the ids that they hold files of, below a prefix.
    async fn held_below(&self, prefix: &str) -> Result<Vec<(String, Uuid)>> {
        let stores = self.engine().stores();
        let mut held = Vec::new();
        for store in stores.regions() {
            for name in stores.children(store, prefix).await? {
                held.extend(Uuid::parse_str(&name).ok().map(|id| (store.to_owned(), id)));
            }
        }
        Ok(held)
    }

    async fn sweep_below(
        &self,
        prefix: &str,
        held: Vec<(String, Uuid)>,
        known: &[Uuid],
    ) -> Result<()> {
        let known: HashSet<&Uuid> = known.iter().collect();
        for (store, id) in held {
            if !known.contains(&id) {
                tracing::info!(store, %id, prefix, "removing files that no row has");
                let folder = format!("{prefix}/{id}");
                self.engine().stores().delete_all(&store, &folder).await?;
            }
        }
        Ok(())
    }
}

/// The folders that are named after an id and were not touched lately.
async fn old_folders(path: &std::path::Path) -> Result<Vec<(Uuid, std::path::PathBuf)>> {
    let mut found = Vec::new();
    let mut entries = match tokio::fs::read_dir(path).await {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(found),
        Err(error) => return Err(error.into()),
    };
    while let Some(entry) = entries.next_entry().await? {
        let Some(id) = entry
            .file_name()
            .to_str()
            .and_then(|name| Uuid::parse_str(name).ok())
        else {
            continue;
        };
        let is_old = entry
            .metadata()
            .await?
            .modified()?
            .elapsed()
            .is_ok_and(|age| age > ORPHAN_AGE);
        if is_old {
            found.push((id, entry.path()));
        }
    }
    Ok(found)
}
