use std::fmt::{self, Write as _};
use std::fs::File;
use std::io::Read as _;
use std::path::Path;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::{EngineError, Progress, Watch};

/// SHA-256 of a file, in lower-case hexadecimal.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Checksum(String);

impl Checksum {
    pub(crate) fn of(digest: Sha256) -> Self {
        let mut text = String::with_capacity(64);
        for byte in digest.finalize() {
            let _ = write!(text, "{byte:02x}");
        }
        Self(text)
    }

    /// The 64 digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// # Errors
    /// `Corrupt` where `found` differs.
    pub(crate) fn expect(&self, found: &Self, what: &str) -> Result<(), EngineError> {
        if self == found {
            return Ok(());
        }
        Err(EngineError::Corrupt {
            what: what.to_owned(),
            expected: self.to_string(),
            found: found.to_string(),
        })
    }
}

impl fmt::Display for Checksum {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl FromStr for Checksum {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let digits = text.len() == 64
            && text
                .bytes()
                .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        if digits {
            Ok(Self(text.to_owned()))
        } else {
            Err("a checksum is 64 lower-case hexadecimal digits".into())
        }
    }
}

impl TryFrom<String> for Checksum {
    type Error = String;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<Checksum> for String {
    fn from(checksum: Checksum) -> Self {
        checksum.0
    }
}

const BLOCK_BYTES: usize = 1 << 20;

/// Sums a whole file on a thread of its own.
pub(crate) async fn hash_file(path: &Path, watch: &Watch) -> Result<Checksum, EngineError> {
    let (path, watch) = (path.to_owned(), watch.clone());
    crate::tool::blocking(move || {
        let failed = |source| EngineError::io("read", &path, source);
        let mut file = File::open(&path).map_err(failed)?;
        let total_bytes = file.metadata().map_err(failed)?.len();
        let mut digest = Sha256::new();
        let mut block = vec![0; BLOCK_BYTES];
        let mut done_bytes = 0;
        loop {
            watch.proceed()?;
            let count = file.read(&mut block).map_err(failed)?;
            if count == 0 {
                return Ok(Checksum::of(digest));
            }
            digest.update(&block[..count]);
            done_bytes += count as u64;
            watch.report(Progress {
                done_bytes,
                total_bytes,
            });
        }
    })
    .await
}

#[cfg(test)]
mod tests {
    use super::Checksum;

    #[test]
    fn checksums_parse_only_lower_case_digits() {
        assert!("a".repeat(64).parse::<Checksum>().is_ok());
        assert!("A".repeat(64).parse::<Checksum>().is_err());
        assert!("a".repeat(63).parse::<Checksum>().is_err());
        assert!("../etc/passwd".parse::<Checksum>().is_err());
    }
}
