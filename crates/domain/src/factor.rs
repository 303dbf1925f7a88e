//! Second factors of local accounts: what a person shows besides the password.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::name;
use crate::violation::Violation;

/// Recovery codes that are given out at once; each is good for one sign-in.
pub const RECOVERY_CODES: usize = 10;

/// Most passkeys of one account.
pub const PASSKEYS: usize = 10;

/// How long a password that was given again opens the factors for changes.
pub const PROVED: TimeDelta = TimeDelta::minutes(10);

/// Letters of recovery codes: none is mistaken for another on paper (Crockford's base 32).
const LETTERS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// The second factors of an account, as its owner sees them.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FactorsView {
    /// Since when codes of an app are asked for.
    pub app_since: Option<DateTime<Utc>>,
    /// Passkeys, oldest first.
    pub passkeys: Vec<PasskeyView>,
    /// Recovery codes that are still good.
    pub recovery_left: usize,
    /// Until when the factors may be changed without giving the password again.
    pub open_until: Option<DateTime<Utc>>,
    /// Whether passkeys can be made at all: browsers make none for addresses of numbers.
    pub passkeys_possible: bool,
}

impl FactorsView {
    /// Whether anything besides the password is asked for.
    #[must_use]
    pub fn is_asked(&self) -> bool {
        self.app_since.is_some() || !self.passkeys.is_empty()
    }
}

/// One passkey of an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PasskeyView {
    /// Key of the row.
    pub id: Uuid,
    /// What its owner calls it.
    pub name: String,
    /// When it was added.
    pub created_at: DateTime<Utc>,
    /// When somebody last signed in with it.
    pub used_at: Option<DateTime<Utc>>,
}

/// What an authenticator app is set up with; shown until its first code was given.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AppSetup {
    /// The secret in base 32, to be typed.
    pub secret: String,
    /// The same as an `otpauth://` address, to be scanned.
    pub address: String,
}

impl std::fmt::Debug for AppSetup {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AppSetup").finish_non_exhaustive()
    }
}

/// What the name of a passkey breaks.
#[must_use]
pub fn passkey_name(target: &str, value: &str) -> Vec<Violation> {
    name::text(target, value, 1, 60)
}

/// A recovery code of 80 random bits, in four groups of four letters.
#[must_use]
pub fn recovery_code(random: [u8; 10]) -> String {
    let mut bits = random
        .iter()
        .fold(0_u128, |bits, byte| (bits << 8) | u128::from(*byte));
    let mut letters = [0_u8; 16];
    for letter in letters.iter_mut().rev() {
        *letter = LETTERS[usize::try_from(bits & 31).unwrap_or_default()];
        bits >>= 5;
    }
    let groups = letters
        .chunks(4)
        .map(|group| String::from_utf8_lossy(group).into_owned());
    groups.collect::<Vec<_>>().join("-")
}

/// What somebody typed, as the code that they mean.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TypedCode {
    /// The six digits that an app shows.
    App(String),
    /// A recovery code as it was given out.
    Recovery(String),
}

/// Reads a code as people copy it: in capitals, with spaces or without dashes, with an O for a zero.
#[must_use]
pub fn read_code(text: &str) -> Option<TypedCode> {
    let signs: String = text
        .chars()
        .filter(|c| !c.is_whitespace() && *c != '-')
        .map(|c| c.to_ascii_lowercase())
        .take(17)
        .collect();
    if signs.len() == 6 && signs.bytes().all(|b| b.is_ascii_digit()) {
        return Some(TypedCode::App(signs));
    }
    let letters: Vec<u8> = signs
        .bytes()
        .map(|b| match b {
            b'o' => b'0',
            b'i' | b'l' => b'1',
            other => other,
        })
        .collect();
    let is_code = letters.len() == 16 && letters.iter().all(|b| LETTERS.contains(b));
    is_code.then(|| {
        let groups = letters
            .chunks(4)
            .map(|group| String::from_utf8_lossy(group).into_owned());
        TypedCode::Recovery(groups.collect::<Vec<_>>().join("-"))
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn codes_are_read_as_people_copy_them() {
        let app = |text: &str| Some(TypedCode::App(text.to_owned()));
        let recovery = |text: &str| Some(TypedCode::Recovery(text.to_owned()));
        assert_eq!(read_code("123456"), app("123456"));
        assert_eq!(read_code(" 123 456 "), app("123456"));
        assert_eq!(
            read_code("0O1I-LABC-DEFG-HJKM"),
            recovery("0011-1abc-defg-hjkm")
        );
        assert_eq!(
            read_code("00111abc defg hjkm"),
            recovery("0011-1abc-defg-hjkm")
        );
        for wrong in [
            "",
            "12345",
            "1234567",
            "12345a",
            "0011-1abc-defg-hjk",
            "0011-1abc-defg-hjkmm",
            "0011-1abc-defg-hjku",
            "٣٣٣٣٣٣",
        ] {
            assert_eq!(read_code(wrong), None, "{wrong:?}");
        }
    }

    #[test]
    fn a_passkey_has_a_name_that_fits_a_line() {
        assert!(passkey_name("name", "Laptop").is_empty());
        assert!(!passkey_name("name", "   ").is_empty());
        assert!(!passkey_name("name", &"x".repeat(61)).is_empty());
    }

    proptest! {
        #[test]
        fn every_recovery_code_is_read_back(random: [u8; 10]) {
            let code = recovery_code(random);
            prop_assert_eq!(read_code(&code.to_uppercase().replace('-', " ")), Some(TypedCode::Recovery(code)));
        }
    }
}
