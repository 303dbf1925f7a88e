//! Time and chance, behind seams so that tests can set them.

use chrono::{DateTime, Utc};
use rand::TryRngCore;
use uuid::Uuid;

/// Where the time comes from.
pub trait Clock: Send + Sync + std::fmt::Debug {
    /// The time now.
    fn now(&self) -> DateTime<Utc>;
}

/// The computer's own clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> DateTime<Utc> {
        #[expect(
            clippy::disallowed_methods,
            reason = "this is the one place that reads the clock"
        )]
        let now = std::time::SystemTime::now();
        // Whole microseconds: what PostgreSQL keeps, so that a row reads as it was written.
        let now = DateTime::<Utc>::from(now);
        DateTime::from_timestamp_micros(now.timestamp_micros()).unwrap_or(now)
    }
}

/// Where ids and secrets come from.
pub trait Ids: Send + Sync + std::fmt::Debug {
    /// A new id; later ids sort higher.
    fn id(&self) -> Uuid;

    /// Fills a buffer with unpredictable bytes.
    fn fill(&self, bytes: &mut [u8]);

    /// Unpredictable bytes as hexadecimal digits.
    fn secret_hex(&self, bytes: usize) -> String {
        let mut buffer = vec![0; bytes];
        self.fill(&mut buffer);
        buffer.iter().map(|b| format!("{b:02x}")).collect()
    }
}

/// Ids and secrets of the operating system.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemIds;

impl Ids for SystemIds {
    fn id(&self) -> Uuid {
        #[expect(
            clippy::disallowed_methods,
            reason = "this is the one place that makes ids"
        )]
        Uuid::now_v7()
    }

    fn fill(&self, bytes: &mut [u8]) {
        // Without randomness no secret is safe: stopping is the only honest answer.
        #[expect(
            clippy::expect_used,
            reason = "the operating system's generator does not fail once it has started"
        )]
        rand::rngs::OsRng
            .try_fill_bytes(bytes)
            .expect("the operating system gives random bytes");
    }
}
