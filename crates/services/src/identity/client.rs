//! Slowing down those who guess a program's secret.

use super::Visit;
use super::throttle::{ACCOUNT, address_key};
use crate::{Result, Services};

/// Failures count by program and address: who guesses from elsewhere locks nobody out.
fn key(client_id: &str, visit: &Visit) -> String {
    let id: String = client_id.chars().take(64).collect();
    format!("client {id} {}", address_key(&visit.address))
}

impl Services {
    /// Lets a program try to prove who it is, or says how long it has to wait.
    ///
    /// # Errors
    /// `TooManyRequests`.
    pub fn client_attempt_check(&self, client_id: &str, visit: &Visit) -> Result<()> {
        let throttle = &self.inner.identity.throttle;
        Ok(throttle.check(&key(client_id, visit), self.now())?)
    }

    /// Counts a failed proof.
    pub fn client_attempt_failed(&self, client_id: &str, visit: &Visit) {
        let throttle = &self.inner.identity.throttle;
        throttle.failed(&key(client_id, visit), ACCOUNT, self.now());
        self.attempt_failed(visit);
    }
}
