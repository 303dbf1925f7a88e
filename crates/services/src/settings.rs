//! What the operator configured, as the use cases need it.

use std::path::PathBuf;
use std::time::Duration;

use domain::cost::Prices;
use domain::identity::Reach;
use domain::lab::MachineSize;
use domain::region::Regions;

use crate::identity::SharedIssuer;

/// Limits per subscription and region, and of single things. Rules A38-A42.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Rule A38.
    pub galleries: u32,
    /// Rule A39.
    pub images: u32,
    /// Rule A40.
    pub versions: u32,
    /// Per version and region. Rule A41.
    pub replicas: u32,
    /// Any disk of an image. Rule A42.
    pub disk_bytes: u64,
    /// An uploaded file.
    pub upload_bytes: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            galleries: 100,
            images: 1000,
            versions: 10_000,
            replicas: 10,
            disk_bytes: 1 << 40,
            upload_bytes: 1 << 40,
        }
    }
}

/// A base image that the operator offers to every tenant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BaseImage {
    /// The definition's name.
    pub name: String,
    /// A qcow2 file on this host.
    pub file: PathBuf,
    /// Text for the list.
    pub description: String,
}

/// Everything that the operator can set for the use cases.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// All regions with their geographies.
    pub regions: Regions,
    /// Machine sizes.
    pub sizes: Vec<MachineSize>,
    /// Prices.
    pub prices: Prices,
    /// Limits.
    pub limits: Limits,
    /// Base images.
    pub base_images: Vec<BaseImage>,
    /// How long a machine may take to shut down before it is switched off.
    pub stop_grace: Duration,
    /// Jobs that run at once in this process.
    pub workers: usize,
    /// Days that a deleted version is kept, in galleries that keep them and name no other number.
    pub retention_days: u32,
    /// How long a half upload is kept.
    pub upload_keep: Duration,
    /// A session ends after this long without a request.
    pub session_idle: Duration,
    /// A session ends after this long in any case.
    pub session_absolute: Duration,
    /// The portal's own address: passkeys are bound to its host.
    pub public_url: String,
    /// How far requests to identity providers may go.
    pub provider_reach: Reach,
    /// The issuer that serves many organisations, if there is one.
    pub shared_issuer: Option<SharedIssuer>,
}
