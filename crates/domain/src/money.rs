//! Amounts of money, exact.

use serde::{Deserialize, Serialize};

/// An amount in thousandths of the currency's main unit, so that small monthly prices stay exact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Money {
    /// Thousandths of the main unit.
    pub milli: i64,
    /// ISO 4217 code, such as `EUR`.
    pub currency: String,
}

impl std::fmt::Display for Money {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let cents = (self.milli + if self.milli >= 0 { 5 } else { -5 }) / 10;
        let sign = if cents < 0 { "-" } else { "" };
        write!(
            f,
            "{sign}{}.{:02} {}",
            cents.abs() / 100,
            cents.abs() % 100,
            self.currency
        )
    }
}
