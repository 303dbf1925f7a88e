//! Secrets that must be read back, sealed in the database: who steals a copy of it still lacks the key's file.
//!
//! What only has to be recognised (tokens, codes, passwords) is hashed instead and can't be read back at all.

use std::fs;
use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;
use std::sync::Arc;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};

use crate::{Error, Ids, Result};

/// Bytes of the key.
const KEY: usize = 32;

/// Marks sealed text, and how it was sealed.
const MARK: &str = "sealed:1:";

/// Seals and opens texts with the key of this installation. Cheap to clone.
#[derive(Clone)]
pub struct Seal {
    key: Arc<LessSafeKey>,
}

impl std::fmt::Debug for Seal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Seal").finish_non_exhaustive()
    }
}

impl Seal {
    /// Reads the key from its file, and makes both at the first start; the file is for its owner alone.
    ///
    /// # Errors
    /// When the file can't be read or written, or holds no key.
    pub fn open(file: &Path, ids: &dyn Ids) -> io::Result<Self> {
        let mut bytes = [0; KEY];
        ids.fill(&mut bytes);
        let made = fs::OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(file);
        match made {
            Ok(mut handle) => {
                handle.write_all(&bytes)?;
                handle.sync_all()?;
            }
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                let mut held = Vec::with_capacity(KEY + 1);
                fs::File::open(file)?
                    .take(KEY as u64 + 1)
                    .read_to_end(&mut held)?;
                bytes = held.try_into().map_err(|_| {
                    io::Error::new(
                        io::ErrorKind::InvalidData,
                        "it must hold 32 bytes; restore it from the backup",
                    )
                })?;
            }
            Err(error) => return Err(error),
        }
        Self::with_key(&bytes)
    }

    fn with_key(bytes: &[u8; KEY]) -> io::Result<Self> {
        let key = UnboundKey::new(&CHACHA20_POLY1305, bytes)
            .map_err(|_| io::Error::new(io::ErrorKind::InvalidData, "the key can't be used"))?;
        Ok(Self {
            key: Arc::new(LessSafeKey::new(key)),
        })
    }

    /// Seals a text for one place, such as `provider <id>`: what is moved to another row does not open there.
    ///
    /// # Errors
    /// Internal ones alone.
    pub fn close(&self, place: &str, text: &str, ids: &dyn Ids) -> Result<String> {
        let mut nonce = [0; NONCE_LEN];
        ids.fill(&mut nonce);
        let mut sealed = text.as_bytes().to_vec();
        self.key
            .seal_in_place_append_tag(
                Nonce::assume_unique_for_key(nonce),
                Aad::from(place.as_bytes()),
                &mut sealed,
            )
            .map_err(|_| Error::internal(format!("the secret of {place} can't be sealed")))?;
        let whole = [nonce.as_slice(), &sealed].concat();
        Ok(format!("{MARK}{}", BASE64_STANDARD.encode(whole)))
    }

    /// Opens what was sealed for this place.
    ///
    /// # Errors
    /// Internal when it was sealed for another place, with another key, or was changed.
    pub fn reveal(&self, place: &str, sealed: &str) -> Result<String> {
        self.revealed(place, sealed).ok_or_else(|| {
            Error::internal(format!(
                "the secret of {place} does not open: secret.key is not the one that it was sealed with"
            ))
        })
    }

    fn revealed(&self, place: &str, sealed: &str) -> Option<String> {
        let whole = BASE64_STANDARD.decode(sealed.strip_prefix(MARK)?).ok()?;
        let (nonce, sealed) = whole.split_at_checked(NONCE_LEN)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
        let mut sealed = sealed.to_vec();
        let opened = self
            .key
            .open_in_place(nonce, Aad::from(place.as_bytes()), &mut sealed)
            .ok()?;
        String::from_utf8(opened.to_vec()).ok()
    }

    /// Whether a text is sealed; keys of earlier releases are not yet.
    #[must_use]
    pub fn is_sealed(text: &str) -> bool {
        text.starts_with(MARK)
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;
    use crate::SystemIds;

    #[test]
    fn what_is_sealed_opens_in_its_place_alone() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("secret.key");
        let seal = Seal::open(&file, &SystemIds).expect("a key");
        let (one, two) = (
            seal.close("provider 1", "s3cret", &SystemIds)
                .expect("sealed"),
            seal.close("provider 1", "s3cret", &SystemIds)
                .expect("sealed"),
        );
        assert!(Seal::is_sealed(&one) && !one.contains("s3cret"));
        assert_ne!(one, two, "each seal has a nonce of its own");
        assert_eq!(seal.reveal("provider 1", &one).expect("opened"), "s3cret");
        assert!(seal.reveal("provider 2", &one).is_err());
        assert!(seal.reveal("provider 1", "s3cret").is_err());
        let again = Seal::open(&file, &SystemIds).expect("the same key");
        assert_eq!(again.reveal("provider 1", &two).expect("opened"), "s3cret");
    }

    #[test]
    fn a_changed_text_and_another_key_do_not_open() {
        let seal = Seal::with_key(&[1; KEY]).expect("a key");
        let sealed = seal.close("p", "text", &SystemIds).expect("sealed");
        let mut bytes = BASE64_STANDARD
            .decode(&sealed[MARK.len()..])
            .expect("base64");
        bytes[NONCE_LEN] ^= 1;
        assert!(
            seal.reveal("p", &format!("{MARK}{}", BASE64_STANDARD.encode(bytes)))
                .is_err()
        );
        let other = Seal::with_key(&[2; KEY]).expect("a key");
        assert!(other.reveal("p", &sealed).is_err());
        assert!(seal.reveal("p", MARK).is_err());
    }

    #[test]
    fn the_file_is_for_its_owner_alone_and_a_broken_one_is_refused() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("secret.key");
        Seal::open(&file, &SystemIds).expect("a key");
        let mode = fs::metadata(&file).expect("a file").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        fs::write(&file, b"short").expect("written");
        assert!(Seal::open(&file, &SystemIds).is_err());
    }
}
