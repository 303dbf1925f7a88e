//! A store of image replicas for each region.
//!
//! A store is a folder of the host, which may be a mount of something larger. Keys are listed, checked and
//! deleted through `object_store`; bytes are moved by [`transfer`], because that crate's local copy is a hard
//! link, and a replica that shares its blocks with the original protects from nothing.

mod transfer;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use futures::TryStreamExt as _;
use object_store::local::LocalFileSystem;
use object_store::path::Path as Key;
use object_store::{ObjectStore as _, ObjectStoreExt as _};

use crate::disk::{Checksum, hash_file};
use crate::error::free_bytes;
use crate::tool::blocking;
use crate::{EngineError, Watch};

/// Where one region's replicas are.
#[derive(Clone, Debug)]
pub struct RegionStoreConfig {
    /// The region's name, as in `[regions]` of the configuration.
    pub region: String,
    /// Its folder; made when missing.
    pub path: PathBuf,
}

/// The stores of all regions; clones share them.
#[derive(Clone, Debug)]
pub struct RegionStores {
    stores: Arc<BTreeMap<String, Store>>,
}

#[derive(Debug)]
struct Store {
    root: PathBuf,
    objects: LocalFileSystem,
}

impl RegionStores {
    pub(crate) fn open(configs: Vec<RegionStoreConfig>) -> Result<Self, EngineError> {
        let mut stores = BTreeMap::new();
        for RegionStoreConfig { region, path } in configs {
            crate::private_folder(&path)?;
            let root = path
                .canonicalize()
                .map_err(|source| EngineError::io("open", &path, source))?;
            let objects = LocalFileSystem::new_with_prefix(&root)
                .map_err(|error| {
                    EngineError::unavailable(format!("the store of {region}"), error.to_string())
                })?
                .with_automatic_cleanup(true);
            stores.insert(region, Store { root, objects });
        }
        if stores.is_empty() {
            return Err(EngineError::NotFound {
                what: "a region's store in the configuration".into(),
            });
        }
        Ok(Self {
            stores: Arc::new(stores),
        })
    }

    /// The regions in alphabetical order.
    pub fn regions(&self) -> impl Iterator<Item = &str> {
        self.stores.keys().map(String::as_str)
    }

    /// Copies a file into a region's store, reads it back, and shows it under `key` only then.
    ///
    /// # Errors
    /// `NotFound`, `NoSpace` naming the region, `Cancelled`, `Corrupt`, `Io`.
    pub async fn put(
        &self,
        region: &str,
        key: &str,
        source: &Path,
        watch: &Watch,
    ) -> Result<Checksum, EngineError> {
        self.transfer(source.to_owned(), region, key, None, watch)
            .await
    }

    /// Makes a real copy in another region (or under another key) that has the checksum `expected`.
    ///
    /// # Errors
    /// As [`RegionStores::put`]; `Corrupt` also where the original has rotted.
    pub async fn copy(
        &self,
        from: (&str, &str),
        to: (&str, &str),
        expected: &Checksum,
        watch: &Watch,
    ) -> Result<(), EngineError> {
        let source = self.local_path(from.0, from.1).await?;
        self.transfer(source, to.0, to.1, Some(expected.clone()), watch)
            .await?;
        Ok(())
    }

    async fn transfer(
        &self,
        source: PathBuf,
        region: &str,
        key: &str,
        expected: Option<Checksum>,
        watch: &Watch,
    ) -> Result<Checksum, EngineError> {
        let target = self.path(region, key)?;
        let what = format!("{key} in {region}");
        let watch = watch.clone();
        let result = blocking(move || {
            transfer::transfer(&source, &target, expected.as_ref(), &what, &watch)
        })
        .await;
        result.map_err(|error| in_region(region, error))
    }

    /// Moves a file into a region's store: at once on one file system, else by a verified copy.
    /// Repeated after it succeeded, it does nothing.
    ///
    /// # Errors
    /// As [`RegionStores::put`].
    pub async fn adopt(&self, region: &str, key: &str, source: &Path) -> Result<(), EngineError> {
        let (from, to) = (source.to_owned(), self.path(region, key)?);
        let moved = blocking(move || transfer::rename(&from, &to))
            .await
            .map_err(|error| in_region(region, error))?;
        if !moved {
            self.put(region, key, source, &Watch::silent()).await?;
            std::fs::remove_file(source)
                .map_err(|error| EngineError::io("remove", source, error))?;
        }
        Ok(())
    }

    /// Reads an object to its end.
    ///
    /// # Errors
    /// `Corrupt` where its checksum is not `expected`; `NotFound`, `Cancelled`, `Io`.
    pub async fn verify(
        &self,
        region: &str,
        key: &str,
        expected: &Checksum,
        watch: &Watch,
    ) -> Result<(), EngineError> {
        let found = hash_file(&self.local_path(region, key).await?, watch).await?;
        expected.expect(&found, &format!("{key} in {region}"))
    }

    /// Where QEMU opens an object, read-only.
    ///
    /// # Errors
    /// `NotFound` for an unknown region or a missing object.
    pub async fn local_path(&self, region: &str, key: &str) -> Result<PathBuf, EngineError> {
        let path = self.path(region, key)?;
        match tokio::fs::metadata(&path).await {
            Ok(metadata) if metadata.is_file() => Ok(path),
            _ => Err(EngineError::NotFound {
                what: format!("{key} in {region}"),
            }),
        }
    }

    /// Removes an object, and what an interrupted copy to its key left. A missing one is removed already.
    ///
    /// # Errors
    /// `NotFound` for an unknown region; `Unavailable`.
    pub async fn delete(&self, region: &str, key: &str) -> Result<(), EngineError> {
        transfer::discard(&transfer::partial(&self.path(region, key)?));
        match self.store(region)?.objects.delete(&parse(key)?).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(EngineError::unavailable(
                format!("{key} in {region}"),
                error.to_string(),
            )),
        }
    }

    /// Removes every object below a prefix, and what interrupted copies left there. Nothing there is removed already.
    ///
    /// # Errors
    /// `NotFound` for an unknown region; `Unavailable`, `Io`.
    pub async fn delete_all(&self, region: &str, prefix: &str) -> Result<(), EngineError> {
        let folder = self.folder(region, prefix)?;
        match tokio::fs::remove_dir_all(&folder).await {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                Err(EngineError::io("remove", &folder, error))
            }
            _ => Ok(()),
        }
    }

    /// The names right below a prefix, sorted; also those under which there is only a half-made object.
    ///
    /// # Errors
    /// `NotFound` for an unknown region; `Unavailable`, `Io`.
    pub async fn children(&self, region: &str, prefix: &str) -> Result<Vec<String>, EngineError> {
        let folder = self.folder(region, prefix)?;
        let failed = |error| EngineError::io("list", &folder, error);
        let mut entries = match tokio::fs::read_dir(&folder).await {
            Ok(entries) => entries,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(failed(error)),
        };
        let mut names = Vec::new();
        while let Some(entry) = entries.next_entry().await.map_err(failed)? {
            names.extend(entry.file_name().into_string().ok());
        }
        names.sort_unstable();
        Ok(names)
    }

    /// The keys below a prefix, sorted; half-made objects are not among them.
    ///
    /// # Errors
    /// `NotFound` for an unknown region; `Unavailable`.
    pub async fn list(&self, region: &str, prefix: &str) -> Result<Vec<String>, EngineError> {
        let prefix = parse(prefix)?;
        let listed = self
            .store(region)?
            .objects
            .list(Some(&prefix))
            .map_ok(|object| object.location.to_string());
        let listed: Result<Vec<String>, _> = listed.try_collect().await;
        let mut keys =
            listed.map_err(|error| EngineError::unavailable(region, error.to_string()))?;
        keys.sort_unstable();
        Ok(keys)
    }

    /// Bytes that are free in a region's store.
    ///
    /// # Errors
    /// `NotFound` for an unknown region; `Io`.
    pub fn free_bytes(&self, region: &str) -> Result<u64, EngineError> {
        free_bytes(&self.store(region)?.root)
    }

    fn store(&self, region: &str) -> Result<&Store, EngineError> {
        self.stores
            .get(region)
            .ok_or_else(|| EngineError::NotFound {
                what: format!("the store of region {region}"),
            })
    }

    /// The folder of a prefix, which is never the whole store.
    fn folder(&self, region: &str, prefix: &str) -> Result<PathBuf, EngineError> {
        if prefix.is_empty() {
            return Err(EngineError::unavailable(region, "a prefix is missing"));
        }
        self.path(region, prefix)
    }

    fn path(&self, region: &str, key: &str) -> Result<PathBuf, EngineError> {
        let key = parse(key)?;
        self.store(region)?
            .objects
            .path_to_filesystem(&key)
            .map_err(|error| EngineError::unavailable(key.to_string(), error.to_string()))
    }
}

/// Keys have no empty, `.` or `..` parts.
fn parse(key: &str) -> Result<Key, EngineError> {
    Key::parse(key)
        .map_err(|error| EngineError::unavailable(format!("key {key:?}"), error.to_string()))
}

fn in_region(region: &str, error: EngineError) -> EngineError {
    match error {
        EngineError::NoSpace { needed, free, .. } => EngineError::NoSpace {
            place: format!("the store of {region}"),
            needed,
            free,
        },
        other => other,
    }
}
