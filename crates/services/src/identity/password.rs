//! Password hashing: Argon2id, off the async threads, and only so much of it at once.

use std::sync::Arc;
use std::time::Duration;

use argon2::{Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version};
use domain::{Code, Problem};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::{Error, Ids, Result};

/// Memory of one hash in KiB, passes and lanes: the smallest that OWASP recommends for Argon2id.
const COST: (u32, u32, u32) = (19_456, 2, 1);

/// How long an attempt waits for its turn.
const PATIENCE: Duration = Duration::from_secs(5);

/// A hash that no password has, of the same cost as real ones: an unknown account must take as long as a known one.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// Hashes passwords, a few at a time.
#[derive(Debug)]
pub(super) struct Hasher {
    turns: Arc<Semaphore>,
}

impl Default for Hasher {
    /// Half of the cores hash at most, so that a flood of sign-ins leaves the portal responsive.
    fn default() -> Self {
        let cores = std::thread::available_parallelism().map_or(2, usize::from);
        Self {
            turns: Arc::new(Semaphore::new((cores / 2).max(1))),
        }
    }
}

fn argon2() -> Result<Argon2<'static>> {
    let (memory, passes, lanes) = COST;
    let params = Params::new(memory, passes, lanes, None)
        .map_err(|error| Error::internal(error.to_string()))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

impl Hasher {
    async fn turn(&self) -> Result<OwnedSemaphorePermit> {
        let busy = || {
            Problem::new(
                Code::TooManyRequests,
                "Too many people sign in at this moment. Try again in a few seconds.",
            )
        };
        match tokio::time::timeout(PATIENCE, Arc::clone(&self.turns).acquire_owned()).await {
            Ok(turn) => turn.map_err(|closed| Error::internal(closed.to_string())),
            Err(_) => Err(busy().into()),
        }
    }

    /// The hash of a new password, with a salt of its own.
    pub(super) async fn hash(&self, password: &str, ids: &dyn Ids) -> Result<String> {
        let turn = self.turn().await?;
        let mut salt = [0; 16];
        ids.fill(&mut salt);
        let password = password.to_owned();
        let hashed = tokio::task::spawn_blocking(move || {
            let _turn = turn;
            let hash = argon2()?.hash_password_with_salt(password.as_bytes(), &salt);
            hash.map(|hash| hash.to_string())
                .map_err(|error| Error::internal(error.to_string()))
        });
        hashed
            .await
            .map_err(|error| Error::internal(error.to_string()))?
    }

    /// Whether the password has this hash; without a hash the same work is done for nothing.
    pub(super) async fn verify(&self, password: &str, hash: Option<&str>) -> Result<bool> {
        let turn = self.turn().await?;
        let is_known = hash.is_some();
        let hash = hash.unwrap_or(NOBODY).to_owned();
        let password = password.to_owned();
        let verified = tokio::task::spawn_blocking(move || {
            let _turn = turn;
            Ok::<_, Error>(
                argon2()?
                    .verify_password(password.as_bytes(), hash.as_str())
                    .is_ok(),
            )
        });
        let matches = verified
            .await
            .map_err(|error| Error::internal(error.to_string()))??;
        Ok(matches && is_known)
    }
}

#[cfg(test)]
mod tests {
    use argon2::password_hash::phc::PasswordHash;

    use super::*;
    use crate::SystemIds;

    #[tokio::test]
    async fn only_the_right_password_has_the_hash() {
        let hasher = Hasher::default();
        let hash = hasher
            .hash("Correct-Horse-9", &SystemIds)
            .await
            .expect("hashed");
        assert!(
            hasher
                .verify("Correct-Horse-9", Some(&hash))
                .await
                .expect("verified")
        );
        assert!(
            !hasher
                .verify("correct-horse-9", Some(&hash))
                .await
                .expect("verified")
        );
        assert!(
            !hasher
                .verify("Correct-Horse-9", None)
                .await
                .expect("verified")
        );
        assert_ne!(
            hash,
            hasher
                .hash("Correct-Horse-9", &SystemIds)
                .await
                .expect("hashed"),
            "the salt is new each time"
        );
    }

    #[tokio::test]
    async fn an_unknown_account_costs_as_much_as_a_known_one() {
        let hash = Hasher::default()
            .hash("Correct-Horse-9", &SystemIds)
            .await
            .expect("hashed");
        let (real, dummy) = (
            PasswordHash::new(&hash).expect("real"),
            PasswordHash::new(NOBODY).expect("dummy"),
        );
        assert_eq!(real.algorithm, dummy.algorithm);
        assert_eq!(real.params, dummy.params);
        let length = |hash: &PasswordHash| hash.hash.as_ref().map(|output| output.as_bytes().len());
        assert_eq!(length(&real), length(&dummy));
    }
}
