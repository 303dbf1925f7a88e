//! The use cases, one file or folder per resource: find, authorise, decide (in `domain`), write, answer.
//!
//! A method is named `<resource>_<verb>`, and everything that speaks of the operation (REST, server function,
//! activity log, tracing span) uses that name.

mod activity;
pub mod application;
pub mod arm;
mod base_image;
mod catalog;
mod clock;
pub mod compute;
mod cost;
mod crypt;
mod deployment;
mod engine_error;
mod error;
mod find;
mod gallery;
mod home;
mod host;
pub mod identity;
mod image;
mod job;
mod jobs;
mod lab;
mod lock;
mod machine;
mod network;
mod plan;
mod resource;
mod resource_group;
mod resource_list;
mod role;
mod seal;
mod search;
mod settings;
mod share;
mod template;
mod upload;
mod usage;
mod version;
mod write;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Instant;

use engine::Engine;
use store::Store;
use tokio::sync::broadcast;
use uuid::Uuid;

pub use clock::{Clock, Ids, SystemClock, SystemIds};
pub use cost::MONTHS_MAX;
pub use deployment::{Operations, Written};
pub use error::{Error, Result};
pub use find::Target;
pub use home::Home;
pub use lab::LabRights;
pub use seal::Seal;
pub use search::SearchHit;
pub use settings::{BaseImage, Limits, Settings};
pub use share::NewShare;
pub use version::Updated;

/// All use cases of Vitrine. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Services {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    store: Store,
    engine: Engine,
    settings: Settings,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
    seal: Seal,
    identity: identity::Held,
    /// The operations of the REST API, once it is composed.
    operations: OnceLock<Arc<dyn Operations>>,
    /// Jobs that wait for others, and until when nobody looks at them.
    parked: Mutex<HashMap<Uuid, Instant>>,
    /// Tells workers that a job waits.
    wake: tokio::sync::Notify,
    /// Tells pages that a job moved.
    moved: broadcast::Sender<Uuid>,
    /// The name under which this process holds leases.
    owner: String,
}

/// What a PUT made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Put<T> {
    /// The resource as it is now.
    pub value: T,
    /// It did not exist before.
    pub created: bool,
}

/// A resource that a job still works on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Started<T> {
    /// The resource as it is now.
    pub value: T,
    /// The job to watch.
    pub job: domain::job::JobView,
}

impl Services {
    /// Puts the parts together; nothing runs before [`Services::run_workers`].
    #[must_use]
    pub fn new(
        store: Store,
        engine: Engine,
        settings: Settings,
        clock: Arc<dyn Clock>,
        ids: Arc<dyn Ids>,
        seal: Seal,
    ) -> Self {
        let owner = format!("{}-{}", std::process::id(), ids.secret_hex(8));
        let inner = Inner {
            store,
            engine,
            settings,
            clock,
            ids,
            seal,
            identity: identity::Held::default(),
            operations: OnceLock::new(),
            parked: Mutex::default(),
            wake: tokio::sync::Notify::new(),
            moved: broadcast::channel(256).0,
            owner,
        };
        Self {
            inner: Arc::new(inner),
        }
    }

    /// What the operator configured.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.inner.settings
    }

    /// The database; for the composition root and for health checks.
    #[must_use]
    pub fn store(&self) -> &Store {
        &self.inner.store
    }

    /// What runs machines and holds disks.
    #[must_use]
    pub fn engine(&self) -> &Engine {
        &self.inner.engine
    }

    /// The time now.
    #[must_use]
    pub fn now(&self) -> chrono::DateTime<chrono::Utc> {
        self.inner.clock.now()
    }

    fn db(&self) -> &sea_orm::DatabaseConnection {
        self.inner.store.db()
    }

    /// A new id; later ids sort higher.
    #[must_use]
    pub fn new_id(&self) -> Uuid {
        self.inner.ids.id()
    }
}
