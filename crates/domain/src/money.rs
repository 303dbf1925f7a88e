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

impl Money {
    /// The amount as people read it: what would round to nothing is not called nothing.
    #[must_use]
    pub fn told(&self) -> String {
        if (1..5).contains(&self.milli) {
            format!("less than 0.01 {}", self.currency)
        } else {
            self.to_string()
        }
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_rounds_to_nothing_is_not_called_nothing() {
        for (milli, told) in [
            (0, "0.00 EUR"),
            (1, "less than 0.01 EUR"),
            (4, "less than 0.01 EUR"),
            (5, "0.01 EUR"),
            (1234, "1.23 EUR"),
        ] {
            let money = Money {
                milli,
                currency: "EUR".to_owned(),
            };
            assert_eq!(money.told(), told);
        }
    }
}
