//! Keys that the built-in issuer signs with.
//!
//! They are kept in the database, sealed, so that tokens stay good over restarts and all servers of one database sign
//! alike. Every 90 days a new one takes over; the old one stays published until its last token has expired.

use std::sync::{Arc, PoisonError, RwLock};

use chrono::{DateTime, TimeDelta, Utc};
use ring::rand::SystemRandom;
use ring::rsa::KeyPair;
use ring::signature::RSA_PKCS1_SHA256;
use rsa::pkcs8::{DecodePrivateKey, EncodePrivateKey, LineEnding};
use rsa::traits::{PrivateKeyParts, PublicKeyParts};
use rsa::{RsaPrivateKey, rand_core};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, Condition, EntityTrait, QueryFilter,
    QueryOrder,
};
use store::entity::signing_key;
use uuid::Uuid;

use crate::{Error, Ids, Result, Seal, Services};

/// Bits of a key.
const BITS: usize = 2048;

/// How long a key signs.
const ROTATE: TimeDelta = TimeDelta::days(90);

/// How long a key is published after another took over: longer than any token that it signed.
const LINGER: TimeDelta = TimeDelta::days(1);

/// A key to sign with.
#[derive(Clone)]
pub struct SigningKey {
    /// The key's name in token headers.
    pub id: Uuid,
    /// The private key, PKCS#8 in PEM.
    pub private_pem: Arc<str>,
    /// What verifies its signatures.
    pub public: PublicKey,
    /// The private key as what signs wants it: reading one takes longer than signing with it.
    pair: Arc<KeyPair>,
    born: DateTime<Utc>,
    retires: Option<DateTime<Utc>>,
}

impl SigningKey {
    /// The signature that JWTs call RS256. Half a millisecond of computing.
    ///
    /// # Errors
    /// Internal ones alone.
    pub fn sign(&self, message: &[u8]) -> Result<Vec<u8>> {
        let mut signature = vec![0; self.pair.public().modulus_len()];
        self.pair
            .sign(
                &RSA_PKCS1_SHA256,
                &SystemRandom::new(),
                message,
                &mut signature,
            )
            .map_err(|error| Error::internal(error.to_string()))?;
        Ok(signature)
    }

    fn signs(&self, now: DateTime<Utc>) -> bool {
        self.retires.is_none() && self.born + ROTATE > now
    }

    fn is_good(&self, now: DateTime<Utc>) -> bool {
        self.retires.is_none_or(|retires| retires > now)
    }
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

/// Keys once read, newest first, and when that was.
#[derive(Debug, Default)]
pub(super) struct Keys {
    read: RwLock<(Option<DateTime<Utc>>, Vec<SigningKey>)>,
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

/// How long keys that were read are believed: another server of this database may have made a new one.
const FRESH: TimeDelta = TimeDelta::minutes(10);

/// Where a key is sealed for.
fn place(id: Uuid) -> String {
    format!("signing_key {id}")
}

/// The key for signing in constant time, which wants the larger prime first.
fn pair(
    key: &RsaPrivateKey,
) -> std::result::Result<KeyPair, Box<dyn std::error::Error + Send + Sync>> {
    let mut primes = key.primes().to_vec();
    primes.sort_by(|a, b| b.cmp(a));
    let (n, e, d) = (key.n().clone(), key.e().clone(), key.d().clone());
    let sorted = RsaPrivateKey::from_components(n, e, d, primes)?;
    let der = sorted.to_pkcs8_der()?;
    KeyPair::from_pkcs8(der.as_bytes()).map_err(|error| error.to_string().into())
}

fn parse(row: &signing_key::Model, private_pem: String) -> Result<SigningKey> {
    let key = RsaPrivateKey::from_pkcs8_pem(&private_pem).map_err(|error| {
        Error::internal(format!("signing key {} can't be read: {error}", row.id))
    })?;
    let public = PublicKey {
        id: row.id,
        n: key.n().to_bytes_be(),
        e: key.e().to_bytes_be(),
    };
    let pair = pair(&key)
        .map_err(|error| Error::internal(format!("signing key {} can't sign: {error}", row.id)))?;
    Ok(SigningKey {
        id: row.id,
        private_pem: private_pem.into(),
        public,
        pair: Arc::new(pair),
        born: row.created_at,
        retires: row.retired_at,
    })
}

impl Services {
    /// The key to sign with now; the first call makes it, and so does the first call after its 90 days.
    ///
    /// # Errors
    /// Internal ones alone.
    pub async fn signing_key_current(&self) -> Result<SigningKey> {
        let now = self.now();
        let held = || {
            self.signing_keys_held()
                .into_iter()
                .find(|key| key.signs(now))
        };
        if let Some(key) = held() {
            return Ok(key);
        }
        let _one_maker = self.inner.identity.keys.making.lock().await;
        if let Some(key) = held() {
            return Ok(key);
        }
        let keys = self.signing_keys_read().await?;
        match keys.into_iter().find(|key| key.signs(now)) {
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
        let now = self.now();
        let find = |keys: Vec<SigningKey>| {
            keys.into_iter()
                .find(|key| key.id == id && key.is_good(now))
                .map(|key| key.public)
        };
        match find(self.signing_keys_held()) {
            Some(key) => Ok(Some(key)),
            None => Ok(find(self.signing_keys_read().await?)),
        }
    }

    fn signing_keys_held(&self) -> Vec<SigningKey> {
        let held = self
            .inner
            .identity
            .keys
            .read
            .read()
            .unwrap_or_else(PoisonError::into_inner);
        match held.0 {
            Some(at) if at + FRESH > self.now() => held.1.clone(),
            _ => Vec::new(),
        }
    }

    async fn signing_keys_read(&self) -> Result<Vec<SigningKey>> {
        let is_good = Condition::any()
            .add(signing_key::Column::RetiredAt.is_null())
            .add(signing_key::Column::RetiredAt.gt(self.now()));
        let rows = signing_key::Entity::find()
            .filter(is_good)
            .order_by_desc(signing_key::Column::CreatedAt)
            .order_by_desc(signing_key::Column::Id)
            .all(self.db())
            .await?;
        let mut keys = Vec::with_capacity(rows.len());
        for row in rows {
            keys.push(self.signing_key_opened(row).await?);
        }
        *self
            .inner
            .identity
            .keys
            .read
            .write()
            .unwrap_or_else(PoisonError::into_inner) = (Some(self.now()), keys.clone());
        Ok(keys)
    }

    /// The key of a row. A row of a release that did not seal yet is sealed now.
    async fn signing_key_opened(&self, row: signing_key::Model) -> Result<SigningKey> {
        let place = place(row.id);
        if Seal::is_sealed(&row.private_pem) {
            let pem = self.inner.seal.reveal(&place, &row.private_pem)?;
            return parse(&row, pem);
        }
        let pem = row.private_pem.clone();
        let mut change: signing_key::ActiveModel = row.into();
        change.private_pem = Set(self.inner.seal.close(&place, &pem, &*self.inner.ids)?);
        parse(&change.update(self.db()).await?, pem)
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
        let (id, now) = (self.new_id(), self.now());
        let sealed = self
            .inner
            .seal
            .close(&place(id), &private_pem, &*self.inner.ids)?;
        let tx = self.inner.store.begin().await?;
        signing_key::Entity::update_many()
            .set(signing_key::ActiveModel {
                retired_at: Set(Some(now + LINGER)),
                ..Default::default()
            })
            .filter(signing_key::Column::RetiredAt.is_null())
            .exec(&tx)
            .await?;
        let row = signing_key::ActiveModel {
            id: Set(id),
            private_pem: Set(sealed),
            created_at: Set(now),
            retired_at: Set(None),
        };
        let row = row.insert(&tx).await?;
        tx.commit().await?;
        tracing::info!(key.id = %id, "a signing key was made");
        self.signing_keys_read().await?;
        parse(&row, private_pem)
    }
}
