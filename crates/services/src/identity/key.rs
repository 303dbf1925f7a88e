//! Keys that the built-in issuer signs with.
//!
//! They are kept in the database, so that tokens stay good over restarts and all servers of one database sign alike.

use std::sync::{Arc, PoisonError, RwLock};

use rsa::pkcs8::{DecodePrivateKey, EncodePrivateKey, LineEnding};
use rsa::traits::PublicKeyParts;
use rsa::{RsaPrivateKey, rand_core};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder,
};
use store::entity::signing_key;
use uuid::Uuid;

use crate::{Error, Ids, Result, Services};

/// Bits of a key.
const BITS: usize = 2048;

/// A key to sign with.
#[derive(Clone)]
pub struct SigningKey {
    /// The key's name in token headers.
    pub id: Uuid,
    /// The private key, PKCS#8 in PEM.
    pub private_pem: Arc<str>,
    /// What verifies its signatures.
    pub public: PublicKey,
}

impl std::fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SigningKey")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

/// The public half of a key: big-endian numbers, as JWKS has them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicKey {
    /// The key's name in token headers.
    pub id: Uuid,
    /// The modulus.
    pub n: Vec<u8>,
    /// The exponent.
    pub e: Vec<u8>,
}

/// Keys once read, newest first.
#[derive(Debug, Default)]
pub(super) struct Keys {
    read: RwLock<Vec<SigningKey>>,
    making: tokio::sync::Mutex<()>,
}

/// The source of randomness as the key generator wants it.
struct Chance(Arc<dyn Ids>);

impl rand_core::RngCore for Chance {
    fn next_u32(&mut self) -> u32 {
        let mut bytes = [0; 4];
        self.0.fill(&mut bytes);
        u32::from_le_bytes(bytes)
    }

    fn next_u64(&mut self) -> u64 {
        let mut bytes = [0; 8];
        self.0.fill(&mut bytes);
        u64::from_le_bytes(bytes)
    }

    fn fill_bytes(&mut self, dest: &mut [u8]) {
        self.0.fill(dest);
    }

    fn try_fill_bytes(&mut self, dest: &mut [u8]) -> std::result::Result<(), rand_core::Error> {
        self.0.fill(dest);
        Ok(())
    }
}

impl rand_core::CryptoRng for Chance {}

fn parse(row: signing_key::Model) -> Result<SigningKey> {
    let key = RsaPrivateKey::from_pkcs8_pem(&row.private_pem).map_err(|error| {
        Error::internal(format!("signing key {} can't be read: {error}", row.id))
    })?;
    let public = PublicKey {
        id: row.id,
        n: key.n().to_bytes_be(),
        e: key.e().to_bytes_be(),
    };
    Ok(SigningKey {
        id: row.id,
        private_pem: row.private_pem.into(),
        public,
    })
}

impl Services {
    /// The key to sign with now; the first call makes it.
    ///
    /// # Errors
    /// Internal ones alone.
    pub async fn signing_key_current(&self) -> Result<SigningKey> {
        let held = || self.signing_keys_held().into_iter().next();
        if let Some(key) = held() {
            return Ok(key);
        }
        let _one_maker = self.inner.identity.keys.making.lock().await;
        if let Some(key) = held() {
            return Ok(key);
        }
        let keys = self.signing_keys_read().await?;
        match keys.into_iter().next() {
            Some(key) => Ok(key),
            None => self.signing_key_create().await,
        }
    }

    /// Every key whose signatures are good, newest first; the first call makes one.
    ///
    /// # Errors
    /// Internal ones alone.
    pub async fn signing_key_list(&self) -> Result<Vec<PublicKey>> {
        self.signing_key_current().await?;
        // Another server of this database may have made keys since.
        Ok(self
            .signing_keys_read()
            .await?
            .into_iter()
            .map(|key| key.public)
            .collect())
    }

    /// The key of this name, if its signatures are good.
    ///
    /// # Errors
    /// Internal ones alone.
    pub async fn signing_key_find(&self, id: Uuid) -> Result<Option<PublicKey>> {
        let find = |keys: Vec<SigningKey>| {
            keys.into_iter()
                .find(|key| key.id == id)
                .map(|key| key.public)
        };
        match find(self.signing_keys_held()) {
            Some(key) => Ok(Some(key)),
            None => Ok(find(self.signing_keys_read().await?)),
        }
    }

    fn signing_keys_held(&self) -> Vec<SigningKey> {
        self.inner
            .identity
            .keys
            .read
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    async fn signing_keys_read(&self) -> Result<Vec<SigningKey>> {
        let rows = signing_key::Entity::find()
            .filter(signing_key::Column::RetiredAt.is_null())
            .order_by_desc(signing_key::Column::CreatedAt)
            .order_by_desc(signing_key::Column::Id)
            .all(self.db())
            .await?;
        let keys = rows.into_iter().map(parse).collect::<Result<Vec<_>>>()?;
        self.inner
            .identity
            .keys
            .read
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .clone_from(&keys);
        Ok(keys)
    }

    async fn signing_key_create(&self) -> Result<SigningKey> {
        let ids = Arc::clone(&self.inner.ids);
        let made = tokio::task::spawn_blocking(move || {
            let key = RsaPrivateKey::new(&mut Chance(ids), BITS)
                .map_err(|error| Error::internal(error.to_string()))?;
            let pem = key
                .to_pkcs8_pem(LineEnding::LF)
                .map_err(|error| Error::internal(error.to_string()))?;
            Ok::<_, Error>(pem.to_string())
        });
        let private_pem = made
            .await
            .map_err(|error| Error::internal(error.to_string()))??;
        let row = signing_key::ActiveModel {
            id: Set(self.new_id()),
            private_pem: Set(private_pem),
            created_at: Set(self.now()),
            retired_at: Set(None),
        };
        let row = row.insert(self.db()).await?;
        tracing::info!(key.id = %row.id, "a signing key was made");
        self.signing_keys_read().await?;
        parse(row)
    }
}
