//! What replicas cost. Rules A62-A65, E.

mod report;

pub use report::{CostLine, CostReport, KeptCopy, MonthCost};

use serde::{Deserialize, Serialize};

use crate::image::TargetRegion;
use crate::money::Money;

const GIB: u128 = 1 << 30;

/// The operator's prices, in thousandths of the currency's main unit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Prices {
    /// ISO 4217 code.
    pub currency: String,
    /// A GiB kept for a month.
    pub storage_milli_per_gib_month: i64,
    /// A GiB sent from one region to another.
    pub egress_milli_per_gib: i64,
}

fn price(bytes: u128, milli_per_gib: i64, currency: &str) -> Money {
    let exact = bytes * u128::from(milli_per_gib.unsigned_abs());
    let milli = i64::try_from(exact.div_ceil(GIB)).unwrap_or(i64::MAX);
    Money {
        milli,
        currency: currency.to_owned(),
    }
}

/// A month of all replicas: occupied size × replicas × regions. Rule A64.
#[must_use]
pub fn monthly(occupied_bytes: u64, targets: &[TargetRegion], prices: &Prices) -> Money {
    let replicas: u128 = targets.iter().map(|t| u128::from(t.replicas)).sum();
    price(
        u128::from(occupied_bytes) * replicas,
        prices.storage_milli_per_gib_month,
        &prices.currency,
    )
}

/// The first copy to each region but the source; further copies inside a region cost no transfer. Rule A65.
#[must_use]
pub fn egress(
    occupied_bytes: u64,
    source: &str,
    targets: &[TargetRegion],
    prices: &Prices,
) -> Money {
    let sent = targets.iter().filter(|t| t.region != source).count() as u128;
    price(
        u128::from(occupied_bytes) * sent,
        prices.egress_milli_per_gib,
        &prices.currency,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn target(region: &str, replicas: u32) -> TargetRegion {
        TargetRegion::new(region, replicas)
    }

    #[test]
    fn rule_a64_and_a65_the_worked_example_pays_for_six_copies_and_two_transfers() {
        let prices = Prices {
            currency: "EUR".to_owned(),
            storage_milli_per_gib_month: 50,
            egress_milli_per_gib: 20,
        };
        let targets = [target("a", 2), target("b", 2), target("c", 2)];
        let occupied = 10 * GIB as u64;
        assert_eq!(monthly(occupied, &targets, &prices).milli, 6 * 10 * 50);
        assert_eq!(egress(occupied, "a", &targets, &prices).milli, 2 * 10 * 20);
    }
}
