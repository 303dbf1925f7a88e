//! The sections and keys, as Rust sees them; vitrine.toml says what each is for.

use std::net::SocketAddr;
use std::path::PathBuf;

use domain::identity::Reach;
use engine::{AcceleratorChoice, NetworkMode};
use serde::{Deserialize, Serialize};
use url::Url;
use uuid::Uuid;

/// Everything that an operator can set.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Listeners and addresses.
    pub server: Server,
    /// HTTPS.
    pub tls: Tls,
    /// Where everything is kept.
    pub data: Data,
    /// The database.
    pub database: Database,
    /// What runs machines.
    pub engine: EngineSection,
    /// Long work.
    pub jobs: Jobs,
    /// Uploads.
    pub uploads: Uploads,
    /// Galleries.
    pub galleries: Galleries,
    /// Sign-in sessions.
    pub sessions: Sessions,
    /// External identity providers.
    pub identity: Identity,
    /// Limits.
    pub limits: Limits,
    /// How much one caller may ask.
    pub requests: Requests,
    /// Prices.
    pub prices: Prices,
    /// The log.
    pub log: Log,
    /// Regions with their stores.
    pub regions: Vec<Region>,
    /// Machine sizes.
    pub sizes: Vec<Size>,
    /// Images for every tenant.
    pub base_images: Vec<BaseImage>,
}

/// Listeners and addresses.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Server {
    /// Address and port of the portal.
    pub listen: SocketAddr,
    /// The address that browsers use.
    pub public_url: Url,
    /// Address and port of the listener that only redirects; empty for none.
    #[serde(with = "optional")]
    pub redirect_listen: Option<SocketAddr>,
    /// Folder of what browsers fetch; empty for the one beside the program.
    pub site: PathBuf,
    /// Opens /metrics to other hosts; empty for none.
    pub metrics_token: String,
}

impl std::fmt::Debug for Server {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Server")
            .field("listen", &self.listen)
            .field("public_url", &self.public_url.as_str())
            .field("redirect_listen", &self.redirect_listen)
            .field("site", &self.site)
            .finish_non_exhaustive()
    }
}

/// Where the certificate comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TlsMode {
    /// A certification authority of this installation.
    Local,
    /// The operator's files.
    Files,
    /// A proxy on this host speaks HTTPS.
    Off,
}

/// HTTPS.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tls {
    /// Where the certificate comes from.
    pub mode: TlsMode,
    /// PEM chain, for [`TlsMode::Files`].
    pub certificate: PathBuf,
    /// PEM key, for [`TlsMode::Files`].
    pub key: PathBuf,
    /// Further names, for [`TlsMode::Local`].
    pub names: Vec<String>,
}

/// Where everything is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Data {
    /// The data folder.
    pub folder: PathBuf,
}

/// The database.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Database {
    /// Empty for the SQLite file in the data folder. May hold a password: never printed.
    pub url: String,
}

impl std::fmt::Debug for Database {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Database").finish_non_exhaustive()
    }
}

/// What runs machines.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EngineSection {
    /// Hardware or software.
    pub accelerator: AcceleratorChoice,
    /// What machines can reach.
    pub network: NetworkMode,
    /// The emulator.
    pub qemu_system: PathBuf,
    /// The disk tool.
    pub qemu_img: PathBuf,
    /// Seconds before the power is cut.
    pub stop_grace_seconds: u32,
}

/// Long work.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Jobs {
    /// At once in this process.
    pub workers: u32,
}

/// Uploads.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Uploads {
    /// Hours that a half upload is kept.
    pub keep_hours: u32,
}

/// Galleries.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Galleries {
    /// Days that a deleted version is kept, in galleries that keep them and name no other number.
    pub retention_days: u32,
}

/// Sign-in sessions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sessions {
    /// Minutes without a request.
    pub idle_minutes: u32,
    /// Hours in any case.
    pub absolute_hours: u32,
}

/// External identity providers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Identity {
    /// How far requests to providers may go.
    pub provider_reach: Reach,
    /// The issuer for many organisations.
    pub multi_tenant: MultiTenant,
}

/// The issuer for many organisations; without an issuer there is none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MultiTenant {
    /// Name on the button of the sign-in page.
    pub name: String,
    /// The issuer with `{tenantid}` in it.
    pub issuer: String,
    /// Our id there.
    pub client_id: String,
    /// File of our secret there; empty for none.
    pub client_secret_file: PathBuf,
}

/// Limits, of a subscription and region or of single things.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    /// Rule A38.
    pub galleries: u32,
    /// Rule A39.
    pub images: u32,
    /// Rule A40.
    pub versions: u32,
    /// Rule A41.
    pub replicas: u32,
    /// GiB; rule A42.
    pub disk_gib: u32,
    /// GiB.
    pub upload_gib: u32,
}

/// Requests of the REST API from one caller; 0 is no limit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Requests {
    /// GET and HEAD.
    pub reads_per_minute: u32,
    /// Everything else.
    pub writes_per_minute: u32,
}

/// Prices in thousandths of the currency's unit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Prices {
    /// ISO 4217 code.
    pub currency: String,
    /// A GiB for a month.
    pub storage_milli_per_gib_month: u32,
    /// A GiB between regions.
    pub egress_milli_per_gib: u32,
}

/// How the log is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people.
    Text,
    /// For machines: an object a line.
    Json,
}

/// The log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Log {
    /// How it is written.
    pub format: LogFormat,
    /// What is written.
    pub filter: String,
}

/// A region with its store.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Region {
    /// Short name.
    pub name: String,
    /// Name for people.
    pub display_name: String,
    /// The geography that it lies in.
    pub geography: String,
    /// Folder of its copies of images.
    pub store: PathBuf,
    /// Folder of the copies that are wanted on a fast disk; empty for none. Rule A50.
    #[serde(default)]
    pub premium_store: PathBuf,
    /// The organisations and subscriptions that may use it; all when there is none. Rule A37.
    #[serde(default)]
    pub only_for: Vec<Uuid>,
    /// Its zones; none for a region in one place. Rule A50.
    #[serde(default)]
    pub zones: Vec<Zone>,
}

/// A zone of a region with its store.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Zone {
    /// Short name, such as 1.
    pub name: String,
    /// Folder of its copies of images.
    pub store: PathBuf,
}

/// A machine size.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Size {
    /// Name in scripts.
    pub name: String,
    /// Name for people.
    pub display_name: String,
    /// Virtual processors.
    pub vcpus: u32,
    /// MiB.
    pub memory_mib: u32,
    /// Thousandths of the currency's unit.
    pub price_milli_per_hour: u32,
}

/// An image for every tenant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BaseImage {
    /// The definition's name.
    pub name: String,
    /// A qcow2 file.
    pub file: PathBuf,
    /// Text for lists.
    pub description: String,
}

/// An empty text means none.
mod optional {
    use std::net::SocketAddr;

    use serde::de::Error as _;
    use serde::{Deserialize, Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(
        value: &Option<SocketAddr>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&value.map(|address| address.to_string()).unwrap_or_default())
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<SocketAddr>, D::Error> {
        let text = String::deserialize(deserializer)?;
        if text.is_empty() {
            return Ok(None);
        }
        text.parse()
            .map(Some)
            .map_err(|_| D::Error::custom("must be an address with a port, such as 127.0.0.1:8080"))
    }
}
