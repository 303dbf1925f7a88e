//! From the operator's words to what each layer is started with.

use std::path::{Path, PathBuf};
use std::time::Duration;

use domain::lab::MachineSize;
use domain::region::{Region, Regions};
use engine::{EngineConfig, QemuHypervisor, RegionStoreConfig};
use services::Settings;
use services::identity::SharedIssuer;

use super::Config;

const GIB: u64 = 1 << 30;

impl Config {
    /// A path, taken as in the data folder unless it is absolute.
    #[must_use]
    pub fn in_data(&self, path: &Path) -> PathBuf {
        self.data.folder.join(path)
    }

    /// The database to open.
    #[must_use]
    pub fn database_url(&self) -> String {
        if self.database.url.is_empty() {
            format!(
                "sqlite://{}",
                self.in_data(Path::new("vitrine.db")).display()
            )
        } else {
            self.database.url.clone()
        }
    }

    /// The SQLite file, when the database is one.
    #[must_use]
    pub fn database_file(&self) -> Option<PathBuf> {
        let url = self.database_url();
        let path = url
            .strip_prefix("sqlite://")
            .or_else(|| url.strip_prefix("sqlite:"))?;
        Some(PathBuf::from(path.split('?').next().unwrap_or(path)))
    }

    /// The folder of what browsers fetch.
    #[must_use]
    pub fn site_folder(&self) -> PathBuf {
        if !self.server.site.as_os_str().is_empty() {
            return self.server.site.clone();
        }
        let program = std::env::current_exe().unwrap_or_default();
        program.parent().unwrap_or(Path::new(".")).join("site")
    }

    /// The configuration as a file, secrets aside.
    ///
    /// # Errors
    /// When a value can't be written as TOML, which none of ours is.
    pub fn printed(&self) -> Result<String, toml::ser::Error> {
        const HIDDEN: &str = "(hidden)";
        let mut shown = self.clone();
        if !shown.server.metrics_token.is_empty() {
            HIDDEN.clone_into(&mut shown.server.metrics_token);
        }
        if let Ok(mut url) = url::Url::parse(&shown.database.url)
            && url.password().is_some()
        {
            // Only an address that can't bear a password refuses this one.
            let _ = url.set_password(Some("hidden"));
            shown.database.url = url.into();
        }
        toml::to_string(&shown)
    }

    /// What the use cases are started with.
    #[must_use]
    pub fn settings(&self) -> Settings {
        Settings {
            regions: Regions(self.regions.iter().map(region).collect()),
            sizes: self.sizes.iter().map(size).collect(),
            prices: domain::cost::Prices {
                currency: self.prices.currency.clone(),
                storage_milli_per_gib_month: self.prices.storage_milli_per_gib_month.into(),
                egress_milli_per_gib: self.prices.egress_milli_per_gib.into(),
            },
            limits: services::Limits {
                galleries: self.limits.galleries,
                images: self.limits.images,
                versions: self.limits.versions,
                replicas: self.limits.replicas,
                disk_bytes: u64::from(self.limits.disk_gib) * GIB,
                upload_bytes: u64::from(self.limits.upload_gib) * GIB,
            },
            base_images: self
                .base_images
                .iter()
                .map(|image| self.base_image(image))
                .collect(),
            stop_grace: Duration::from_secs(self.engine.stop_grace_seconds.into()),
            workers: self.jobs.workers as usize,
            retention_days: self.galleries.retention_days,
            upload_keep: Duration::from_secs(u64::from(self.uploads.keep_hours) * 3600),
            session_idle: Duration::from_secs(u64::from(self.sessions.idle_minutes) * 60),
            session_absolute: Duration::from_secs(u64::from(self.sessions.absolute_hours) * 3600),
            public_url: self.server.public_url.to_string(),
            provider_reach: self.identity.provider_reach,
            shared_issuer: self.shared_issuer(),
        }
    }

    fn shared_issuer(&self) -> Option<SharedIssuer> {
        let issuer = self.identity.multi_tenant.issuer.clone();
        (!issuer.is_empty()).then_some(SharedIssuer { issuer })
    }

    fn base_image(&self, image: &super::BaseImage) -> services::BaseImage {
        services::BaseImage {
            name: image.name.clone(),
            file: self.in_data(&image.file),
            description: image.description.clone(),
        }
    }

    /// What runs machines on this host.
    #[must_use]
    pub fn hypervisor(&self) -> QemuHypervisor {
        let engine = &self.engine;
        QemuHypervisor::new(
            &self.data.folder,
            &engine.qemu_system,
            engine.accelerator,
            engine.network,
        )
    }

    /// What the engine is started with.
    #[must_use]
    pub fn engine(&self) -> EngineConfig {
        let stores = self.stores();
        let mut engine = EngineConfig::new(self.data.folder.clone(), stores);
        engine.accelerator = self.engine.accelerator;
        engine.network = self.engine.network;
        engine.qemu_system.clone_from(&self.engine.qemu_system);
        engine.qemu_img.clone_from(&self.engine.qemu_img);
        engine
    }

    /// All stores of all regions.
    #[must_use]
    pub fn stores(&self) -> Vec<RegionStoreConfig> {
        let regions = self.regions.iter();
        regions.flat_map(|region| self.stores_of(region)).collect()
    }

    /// All stores of a region: the usual one, the fast one, and those of its zones.
    fn stores_of(&self, configured: &super::Region) -> Vec<RegionStoreConfig> {
        let named = region(configured);
        let mut stores = vec![(named.name.clone(), &configured.store)];
        if named.has_premium {
            stores.push((named.premium_store(), &configured.premium_store));
        }
        for zone in &configured.zones {
            stores.push((named.zone_store(&zone.name), &zone.store));
        }
        let stores = stores.into_iter();
        stores
            .map(|(region, folder)| RegionStoreConfig {
                region,
                path: self.in_data(folder),
            })
            .collect()
    }
}

fn region(region: &super::Region) -> Region {
    Region {
        name: region.name.clone(),
        display_name: region.display_name.clone(),
        geography: region.geography.clone(),
        zones: region.zones.iter().map(|zone| zone.name.clone()).collect(),
        has_premium: !region.premium_store.as_os_str().is_empty(),
        only_for: region.only_for.clone(),
    }
}

fn size(size: &super::Size) -> MachineSize {
    MachineSize {
        name: size.name.clone(),
        display_name: size.display_name.clone(),
        vcpus: size.vcpus,
        memory_mib: size.memory_mib.into(),
        price_milli_per_hour: size.price_milli_per_hour.into(),
    }
}
