//! Numbers of image versions.

use serde::{Deserialize, Serialize};

use crate::violation::{Rule, Violation};

/// `Major.Minor.Patch`, three unsigned 32-bit numbers that compare as numbers. Rules A26, A27.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ImageVersion {
    /// Compared first.
    pub major: u32,
    /// Compared second.
    pub minor: u32,
    /// Compared last.
    pub patch: u32,
}

impl ImageVersion {
    /// The version that a definition's first export gets.
    pub const FIRST: Self = Self {
        major: 1,
        minor: 0,
        patch: 0,
    };

    /// The next free patch number, or the next minor when the patches are used up.
    #[must_use]
    pub fn next_patch(self) -> Self {
        match self.patch.checked_add(1) {
            Some(patch) => Self { patch, ..self },
            None => Self {
                minor: self.minor.saturating_add(1),
                patch: 0,
                ..self
            },
        }
    }
}

impl std::fmt::Display for ImageVersion {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}.{}", self.major, self.minor, self.patch)
    }
}

impl std::str::FromStr for ImageVersion {
    type Err = Violation;

    fn from_str(text: &str) -> Result<Self, Violation> {
        let bad = || Violation::new(Rule::NotAVersion, "version");
        let mut parts = text.split('.').map(|part| {
            let digits = !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
            let canonical = part == "0" || !part.starts_with('0');
            (digits && canonical)
                .then(|| part.parse::<u32>().ok())
                .flatten()
                .ok_or_else(bad)
        });
        let mut next = || parts.next().ok_or_else(bad)?;
        let version = Self {
            major: next()?,
            minor: next()?,
            patch: next()?,
        };
        if parts.next().is_some() {
            Err(bad())
        } else {
            Ok(version)
        }
    }
}

impl TryFrom<String> for ImageVersion {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        text.parse().map_err(|v: Violation| v.sentence())
    }
}

impl From<ImageVersion> for String {
    fn from(version: ImageVersion) -> Self {
        version.to_string()
    }
}

/// The version that `latest` means: the highest number that is not excluded. Rules A27, A28.
#[must_use]
pub fn latest(versions: impl IntoIterator<Item = (ImageVersion, bool)>) -> Option<ImageVersion> {
    versions
        .into_iter()
        .filter(|(_, excluded)| !excluded)
        .map(|(version, _)| version)
        .max()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rule_a26_only_three_plain_numbers_are_a_version() {
        for bad in [
            "",
            "1",
            "1.0",
            "1.0.0.0",
            "1.0.x",
            "1..0",
            "-1.0.0",
            "+1.0.0",
            "01.0.0",
            "1.0.4294967296",
            "1.0.0 ",
        ] {
            assert!(bad.parse::<ImageVersion>().is_err(), "{bad:?} was taken");
        }
        assert_eq!(
            "0.0.4294967295"
                .parse::<ImageVersion>()
                .map(|v| v.to_string()),
            Ok("0.0.4294967295".to_owned())
        );
    }

    #[test]
    fn rule_a27_latest_is_the_highest_number() {
        let v = |text: &str| text.parse::<ImageVersion>().expect("a version");
        assert_eq!(
            latest([
                (v("1.9.0"), false),
                (v("1.10.0"), false),
                (v("1.2.99"), false)
            ]),
            Some(v("1.10.0"))
        );
    }

    #[test]
    fn rule_a28_an_excluded_version_is_never_latest() {
        let v = |text: &str| text.parse::<ImageVersion>().expect("a version");
        assert_eq!(
            latest([(v("2.0.0"), true), (v("1.0.0"), false)]),
            Some(v("1.0.0"))
        );
        assert_eq!(latest([(v("2.0.0"), true)]), None);
    }
}
