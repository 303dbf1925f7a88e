//! A portal with its own folder and database.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use domain::cost::Prices;
use domain::image::StorageType;
use domain::job::{JobState, JobView};
use domain::lab::MachineSize;
use domain::region::{Region, Regions};
use engine::{Engine, EngineConfig, Hypervisor, RegionStoreConfig};
use services::{Limits, Services, Settings};
use store::Store;
use store::sea_orm::{ConnectionTrait, Database};
use tempfile::TempDir;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::clock::{SeededIds, TestClock};
use crate::hypervisor::FakeHypervisor;

/// A portal in a folder that goes with it.
#[derive(Debug)]
pub struct TestPortal {
    /// The use cases.
    pub services: Services,
    /// The clock that everything reads.
    pub clock: Arc<TestClock>,
    /// What machines run on.
    pub hypervisor: Arc<FakeHypervisor>,
    database: String,
    created: Option<(String, String)>,
    folder: TempDir,
}

/// The workers of a portal, while they run.
#[derive(Debug)]
pub struct Workers {
    task: JoinHandle<()>,
    shutdown: CancellationToken,
}

impl Workers {
    /// Ends them as a restart does: what runs is handed back.
    pub async fn stop(self) {
        self.shutdown.cancel();
        self.task.await.expect("the workers end");
    }

    /// Ends them as kill -9 does: nothing is written, nothing handed back.
    pub async fn kill(self) {
        self.task.abort();
        // Cancelled is what it should be.
        let _ = self.task.await;
    }
}

impl TestPortal {
    /// A portal on a SQLite file of its own.
    pub async fn on_sqlite() -> Self {
        let folder = TempDir::new().expect("a temporary folder");
        let database = format!("sqlite://{}", folder.path().join("vitrine.db").display());
        Self::open(folder, database, None).await
    }

    /// A portal on a database of its own in the harness's PostgreSQL.
    ///
    /// # Panics
    /// When `VITRINE_TEST_POSTGRES` does not name one: `./dev test` starts it.
    pub async fn on_postgres() -> Self {
        #[expect(clippy::disallowed_methods, reason = "the harness has no other way to say where it is")]
        let server = std::env::var("VITRINE_TEST_POSTGRES")
            .expect("VITRINE_TEST_POSTGRES names a PostgreSQL; run the tests by ./dev test, which starts one");
        #[expect(
            clippy::disallowed_methods,
            reason = "tests that run at once need names that differ"
        )]
        let name = format!("test_{}", Uuid::new_v4().simple());
        let admin = Database::connect(&server)
            .await
            .expect("the harness's PostgreSQL answers");
        admin
            .execute_unprepared(&format!("CREATE DATABASE {name}"))
            .await
            .expect("a database of our own");
        let (base, _) = server.rsplit_once('/').expect("an address with a database");
        let database = format!("{base}/{name}");
        Self::open(
            TempDir::new().expect("a temporary folder"),
            database,
            Some((server, name)),
        )
        .await
    }

    async fn open(folder: TempDir, database: String, created: Option<(String, String)>) -> Self {
        let clock = Arc::new(TestClock::default());
        let hypervisor = Arc::new(FakeHypervisor::default());
        let services = compose(
            folder.path(),
            &database,
            &clock,
            &hypervisor,
            Arc::new(SeededIds::default()),
            settings(regions()),
        )
        .await;
        Self {
            services,
            clock,
            hypervisor,
            database,
            created,
            folder,
        }
    }

    /// The same portal as a new process sees it: same files, same rows, nothing in memory.
    pub async fn restart(&mut self) {
        self.reconfigure(|_| {}).await;
    }

    /// As [`TestPortal::restart`], after the operator changed something.
    pub async fn reconfigure(&mut self, change: impl FnOnce(&mut Settings)) {
        let mut settings = self.services.settings().clone();
        change(&mut settings);
        let ids = Arc::new(services::SystemIds);
        self.services = compose(
            self.folder.path(),
            &self.database,
            &self.clock,
            &self.hypervisor,
            ids,
            settings,
        )
        .await;
    }

    /// The use cases over the same database and files, as after the operator changed something.
    pub async fn with_settings(&self, change: impl FnOnce(&mut Settings)) -> Services {
        let mut settings = self.services.settings().clone();
        change(&mut settings);
        compose(
            self.folder.path(),
            &self.database,
            &self.clock,
            &self.hypervisor,
            Arc::new(services::SystemIds),
            settings,
        )
        .await
    }

    /// Runs the workers until they are stopped or killed.
    #[must_use]
    pub fn work(&self) -> Workers {
        let (services, shutdown) = (self.services.clone(), CancellationToken::new());
        let token = shutdown.clone();
        Workers {
            task: tokio::spawn(async move { services.run_workers(token).await }),
            shutdown,
        }
    }

    /// Runs the workers until a job is over, and answers it.
    ///
    /// # Panics
    /// When it is not over within a minute.
    pub async fn finish(&self, job: &JobView, ctx: &domain::OpContext) -> JobView {
        let workers = self.work();
        let ended = self.await_job(job.id, ctx, |job| job.state.is_over()).await;
        workers.stop().await;
        ended
    }

    /// Waits until a job looks as wanted.
    ///
    /// # Panics
    /// When it does not within a minute.
    pub async fn await_job(
        &self,
        id: Uuid,
        ctx: &domain::OpContext,
        wanted: impl Fn(&JobView) -> bool,
    ) -> JobView {
        for _ in 0..6000 {
            let job = self
                .services
                .job_get(ctx, id)
                .await
                .expect("the job is there");
            if wanted(&job) {
                return job;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("the job did not come to where it should within a minute");
    }

    /// Runs a job that must succeed.
    pub async fn succeed(&self, job: &JobView, ctx: &domain::OpContext) -> JobView {
        let ended = self.finish(job, ctx).await;
        assert_eq!(ended.state, JobState::Succeeded, "{:?}", ended.problem);
        ended
    }

    /// The portal's data folder.
    #[must_use]
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Every file below the data folder but the database's and the key's own, sorted: for showing that nothing is left over.
    #[must_use]
    pub fn files(&self) -> Vec<PathBuf> {
        let mut found = Vec::new();
        walk(self.folder.path(), &mut found);
        found.retain(|path| {
            let path = path.to_string_lossy();
            !path.contains("vitrine.db") && !path.ends_with("/secret.key")
        });
        found.sort();
        found
    }

    /// Removes the database that was made for this portal.
    pub async fn close(&self) {
        // Connections of this process keep the database in use; the harness removes the whole cluster.
        if let Some((server, name)) = &self.created {
            let admin = Database::connect(server)
                .await
                .expect("the harness's PostgreSQL answers");
            admin
                .execute_unprepared(&format!("DROP DATABASE {name} WITH (FORCE)"))
                .await
                .expect("our database goes");
        }
    }
}

fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            walk(&path, found)
        } else {
            found.push(path)
        }
    }
}

async fn compose(
    folder: &Path,
    database: &str,
    clock: &Arc<TestClock>,
    hypervisor: &Arc<FakeHypervisor>,
    ids: Arc<dyn services::Ids>,
    settings: Settings,
) -> Services {
    let store = Store::open(database).await.expect("the database opens");
    let kinds = StorageType::ALL;
    let regions = settings.regions.0.iter();
    let names = regions.flat_map(|region| kinds.map(|kind| region.stores(kind)));
    let stores = names.flatten().map(|name| RegionStoreConfig {
        // As the default configuration calls them.
        path: folder.join("stores").join(name.replace(".zone-", "-")),
        region: name,
    });
    let config = EngineConfig::new(folder, stores.collect());
    let hypervisor: Arc<dyn Hypervisor> = hypervisor.clone();
    let engine = Engine::open(config, hypervisor).expect("the engine opens");
    let seal = services::Seal::open(&folder.join("secret.key"), &*ids).expect("a key");
    Services::new(store, engine, settings, clock.clone(), ids, seal)
}

fn regions() -> Regions {
    let region = |name: &str, display_name: &str, geography: &str| Region {
        name: name.to_owned(),
        display_name: display_name.to_owned(),
        geography: geography.to_owned(),
        ..Region::default()
    };
    let zoned = |region: Region| Region {
        zones: ["1", "2", "3"].map(str::to_owned).to_vec(),
        ..region
    };
    Regions(vec![
        region("westeurope", "West Europe", "Europe"),
        region("northeurope", "North Europe", "Europe"),
        zoned(region(
            "southcentralus",
            "South Central US",
            "United States",
        )),
        region("eastus", "East US", "United States"),
    ])
}

fn settings(regions: Regions) -> Settings {
    let size = |name: &str, vcpus, memory_mib| MachineSize {
        name: name.to_owned(),
        display_name: name.to_owned(),
        vcpus,
        memory_mib,
        price_milli_per_hour: 100,
    };
    Settings {
        regions,
        sizes: vec![size("Small", 1, 512), size("Medium", 2, 2048)],
        prices: Prices {
            currency: "EUR".to_owned(),
            storage_milli_per_gib_month: 50,
            egress_milli_per_gib: 20,
        },
        limits: Limits {
            // More than any disk has, so that tests reach what is free.
            upload_bytes: 1 << 60,
            ..Limits::default()
        },
        base_images: Vec::new(),
        stop_grace: Duration::from_secs(1),
        workers: 2,
        retention_days: 7,
        upload_keep: Duration::from_secs(24 * 3600),
        session_idle: Duration::from_secs(3600),
        session_absolute: Duration::from_secs(12 * 3600),
        public_url: "https://localhost:8443/".to_owned(),
        provider_reach: domain::identity::Reach::Loopback,
        shared_issuer: None,
    }
}
