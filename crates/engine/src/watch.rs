use std::fmt;
use std::sync::Arc;

use tokio_util::sync::CancellationToken;

use crate::EngineError;

/// How far a long step is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Bytes dealt with.
    pub done_bytes: u64,
    /// Bytes in all; 0 while unknown.
    pub total_bytes: u64,
}

impl Progress {
    /// Whole percent, rounded down, so that 100 means done.
    pub fn percent(self) -> u8 {
        if self.total_bytes == 0 {
            return 0;
        }
        let percent = u128::from(self.done_bytes) * 100 / u128::from(self.total_bytes);
        u8::try_from(percent.min(100)).unwrap_or(100)
    }
}

/// The caller's eye on long work: hears progress, and can ask for a stop.
#[derive(Clone)]
pub struct Watch {
    cancel: CancellationToken,
    report: Arc<dyn Fn(Progress) + Send + Sync>,
}

impl Watch {
    /// `report` is called from worker threads, many times a second at most: it must not block.
    pub fn new(cancel: CancellationToken, report: Arc<dyn Fn(Progress) + Send + Sync>) -> Self {
        Self { cancel, report }
    }

    /// Hears nothing and never cancels.
    pub fn silent() -> Self {
        Self::new(CancellationToken::new(), Arc::new(|_| {}))
    }

    /// Whether a stop was asked for.
    pub fn cancelled(&self) -> bool {
        self.cancel.is_cancelled()
    }

    /// Waits until a stop is asked for.
    pub async fn until_cancelled(&self) {
        self.cancel.cancelled().await;
    }

    /// Tells the caller how far the work is.
    pub fn report(&self, progress: Progress) {
        (self.report)(progress);
    }

    /// Ends a loop over blocks.
    ///
    /// # Errors
    /// `Cancelled` once a stop was asked for.
    pub fn proceed(&self) -> Result<(), EngineError> {
        if self.cancelled() {
            Err(EngineError::Cancelled)
        } else {
            Ok(())
        }
    }
}

impl fmt::Debug for Watch {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Watch")
            .field("cancelled", &self.cancelled())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::Progress;

    #[test]
    fn percent_reaches_a_hundred_only_when_all_is_done() {
        let percent = |done_bytes, total_bytes| {
            Progress {
                done_bytes,
                total_bytes,
            }
            .percent()
        };
        assert_eq!(percent(0, 0), 0);
        assert_eq!(percent(999, 1000), 99);
        assert_eq!(percent(1000, 1000), 100);
        assert_eq!(percent(u64::MAX, u64::MAX), 100);
    }
}
