//! Time and chance as a test wants them.

use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use chrono::{DateTime, TimeDelta, Utc};
use services::{Clock, Ids};
use uuid::Uuid;

/// A clock that stands still until it is moved. It begins on 1 September 2026, 08:00 UTC.
#[derive(Debug)]
pub struct TestClock(AtomicI64);

impl Default for TestClock {
    fn default() -> Self {
        Self(AtomicI64::new(1_788_249_600_000_000))
    }
}

impl TestClock {
    /// Moves the clock forward.
    pub fn advance(&self, by: TimeDelta) {
        self.0
            .fetch_add(by.num_microseconds().unwrap_or_default(), Ordering::SeqCst);
    }
}

impl Clock for TestClock {
    fn now(&self) -> DateTime<Utc> {
        DateTime::from_timestamp_micros(self.0.load(Ordering::SeqCst))
            .expect("a time within the calendar")
    }
}

/// Ids and secrets that are the same in every run of a test, and different from each other.
#[derive(Debug, Default)]
pub struct SeededIds(AtomicU64);

impl Ids for SeededIds {
    fn id(&self) -> Uuid {
        Uuid::from_u128(
            (0x7000_8000_0000_0000_u128 << 64)
                | u128::from(self.0.fetch_add(1, Ordering::SeqCst) + 1),
        )
    }

    fn fill(&self, bytes: &mut [u8]) {
        // A multiplicative walk over the counter: no secret, only different every time.
        for chunk in bytes.chunks_mut(8) {
            let next =
                (self.0.fetch_add(1, Ordering::SeqCst) + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
            chunk.copy_from_slice(&next.to_le_bytes()[..chunk.len()]);
        }
    }
}
