//! What was kept and sent, month by month, from the facts that jobs leave behind. Rules A62-A65.

use std::collections::BTreeMap;

use chrono::{DateTime, Datelike, Months, NaiveDate, NaiveTime, Utc};
use serde::{Deserialize, Serialize};

use super::{GIB, Prices};
use crate::image::StorageType;
use crate::money::Money;

/// A copy that was kept for a while, or still is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptCopy {
    /// The version's ARM id.
    pub resource_id: String,
    /// The region that it was kept in.
    pub region: String,
    /// The kind of store that kept it.
    pub storage: StorageType,
    /// Bytes that it occupied. Rule A64.
    pub bytes: u64,
    /// Bytes that crossed to another region to make it: of the first copy of a further region alone. Rule A65.
    pub sent_bytes: u64,
    /// When it became ready.
    pub from: DateTime<Utc>,
    /// When it was removed.
    pub until: Option<DateTime<Utc>>,
}

/// What a month cost; of the month that runs, what it has cost so far.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MonthCost {
    /// Its first day.
    pub month: NaiveDate,
    /// Bytes, as if they had been kept the whole month.
    pub kept_bytes: u64,
    /// Bytes that crossed between regions.
    pub sent_bytes: u64,
    /// What keeping them cost. Rule A64.
    pub storage: Money,
    /// What sending them cost. Rule A65.
    pub egress: Money,
}

impl MonthCost {
    /// Both together.
    #[must_use]
    pub fn total(&self) -> Money {
        Money {
            milli: self.storage.milli.saturating_add(self.egress.milli),
            currency: self.storage.currency.clone(),
        }
    }
}

/// What a version's copies in one region cost in a month.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CostLine {
    /// The version's ARM id.
    pub resource_id: String,
    /// The region.
    pub region: String,
    /// The kind of store.
    pub storage_type: StorageType,
    /// Month and figures.
    #[serde(flatten)]
    pub cost: MonthCost,
}

/// What a version, a gallery or a resource group cost, the oldest month first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CostReport {
    /// ISO 4217 code of all amounts.
    pub currency: String,
    /// One row a month, also where nothing was kept.
    pub months: Vec<MonthCost>,
    /// The same by version, region and kind of store; months in which nothing was kept are left out.
    pub lines: Vec<CostLine>,
}

impl CostReport {
    /// The report of the last `count` months up to now.
    #[must_use]
    pub fn of(facts: &[KeptCopy], now: DateTime<Utc>, count: u32, prices: &Prices) -> Self {
        let this = now.date_naive().with_day(1).unwrap_or_default();
        let firsts: Vec<NaiveDate> = (0..count)
            .rev()
            .filter_map(|back| this.checked_sub_months(Months::new(back)))
            .collect();
        let mut kinds: BTreeMap<(&str, &str, StorageType), Vec<&KeptCopy>> = BTreeMap::new();
        for fact in facts {
            let kind = (
                fact.resource_id.as_str(),
                fact.region.as_str(),
                fact.storage,
            );
            kinds.entry(kind).or_default().push(fact);
        }
        let all: Vec<&KeptCopy> = facts.iter().collect();
        let mut lines = Vec::new();
        for first in &firsts {
            for ((resource_id, region, storage_type), facts) in &kinds {
                let cost = month(facts, *first, now, prices);
                if cost.kept_bytes > 0 || cost.sent_bytes > 0 {
                    lines.push(CostLine {
                        resource_id: (*resource_id).to_owned(),
                        region: (*region).to_owned(),
                        storage_type: *storage_type,
                        cost,
                    });
                }
            }
        }
        Self {
            currency: prices.currency.clone(),
            months: firsts
                .into_iter()
                .map(|first| month(&all, first, now, prices))
                .collect(),
            lines,
        }
    }

    /// The lines as a table of comma-separated values, with a heading; amounts in the main unit of the currency.
    #[must_use]
    pub fn csv(&self) -> String {
        let mut text = String::from(
            "month,resourceId,region,storageAccountType,keptBytes,sentBytes,storage,egress,currency\n",
        );
        for line in &self.lines {
            let CostLine { cost, .. } = line;
            let fields = [
                cost.month.format("%Y-%m").to_string(),
                quoted(&line.resource_id),
                line.region.clone(),
                line.storage_type.to_string(),
                cost.kept_bytes.to_string(),
                cost.sent_bytes.to_string(),
                units(cost.storage.milli),
                units(cost.egress.milli),
                self.currency.clone(),
            ];
            text.push_str(&fields.join(","));
            text.push('\n');
        }
        text
    }
}

fn units(milli: i64) -> String {
    format!("{}.{:03}", milli / 1000, milli.abs() % 1000)
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\"\""))
}

/// The month that begins on `first`. A copy that is kept the whole month costs the month's price, whatever its length.
fn month(facts: &[&KeptCopy], first: NaiveDate, now: DateTime<Utc>, prices: &Prices) -> MonthCost {
    let begin = first.and_time(NaiveTime::MIN).and_utc();
    let next = first.checked_add_months(Months::new(1)).unwrap_or(first);
    let end = next.and_time(NaiveTime::MIN).and_utc();
    let length = seconds(begin, end).max(1);
    let (mut byte_seconds, mut sent) = (0_u128, 0_u128);
    for fact in facts {
        let until = fact.until.unwrap_or(now).min(now).min(end);
        byte_seconds += u128::from(fact.bytes) * seconds(fact.from.max(begin), until);
        if (begin..end).contains(&fact.from) {
            sent += u128::from(fact.sent_bytes);
        }
    }
    let amount = |exact: u128, per: u128| Money {
        milli: i64::try_from(exact.div_ceil(per)).unwrap_or(i64::MAX),
        currency: prices.currency.clone(),
    };
    let price = |milli: i64| u128::from(milli.unsigned_abs());
    MonthCost {
        month: first,
        kept_bytes: u64::try_from(byte_seconds / length).unwrap_or(u64::MAX),
        sent_bytes: u64::try_from(sent).unwrap_or(u64::MAX),
        storage: amount(
            byte_seconds * price(prices.storage_milli_per_gib_month),
            GIB * length,
        ),
        egress: amount(sent * price(prices.egress_milli_per_gib), GIB),
    }
}

fn seconds(from: DateTime<Utc>, until: DateTime<Utc>) -> u128 {
    u128::try_from((until - from).num_seconds()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEN_GIB: u64 = 10 << 30;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().expect("a time")
    }

    fn prices() -> Prices {
        Prices {
            currency: "EUR".to_owned(),
            storage_milli_per_gib_month: 50,
            egress_milli_per_gib: 20,
        }
    }

    fn copy(region: &str, sent_bytes: u64, from: &str, until: Option<&str>) -> KeptCopy {
        KeptCopy {
            resource_id: "/v".to_owned(),
            region: region.to_owned(),
            storage: StorageType::Standard,
            bytes: TEN_GIB,
            sent_bytes,
            from: at(from),
            until: until.map(at),
        }
    }

    #[test]
    fn rule_a64_and_a65_a_month_of_the_worked_example_is_six_copies_and_two_transfers() {
        let begin = "2027-03-01T00:00:00Z";
        let facts: Vec<KeptCopy> = [
            ("a", 0),
            ("a", 0),
            ("b", TEN_GIB),
            ("b", 0),
            ("c", TEN_GIB),
            ("c", 0),
        ]
        .into_iter()
        .map(|(region, sent)| copy(region, sent, begin, None))
        .collect();
        let report = CostReport::of(&facts, at("2027-04-01T00:00:00Z"), 2, &prices());
        let march = &report.months[0];
        assert_eq!(march.kept_bytes, 6 * TEN_GIB);
        assert_eq!(
            (march.storage.milli, march.egress.milli),
            (6 * 10 * 50, 2 * 10 * 20)
        );
        assert_eq!(march.total().milli, 3400);
        // The new month has cost nothing in its first instant.
        assert_eq!(report.months[1].total().milli, 0);
        assert_eq!(report.lines.len(), 3);
        let sum: i64 = report
            .lines
            .iter()
            .map(|line| line.cost.total().milli)
            .sum();
        assert_eq!(sum, 3400);
    }

    #[test]
    fn rule_a62_a_copy_costs_from_when_it_is_ready_to_when_it_goes() {
        let half = copy("a", 0, "2027-04-16T00:00:00Z", None);
        let gone = copy("a", 0, "2027-03-10T00:00:00Z", Some("2027-04-04T00:00:00Z"));
        let report = CostReport::of(&[half, gone], at("2027-06-01T00:00:00Z"), 4, &prices());
        let milli: Vec<i64> = report
            .months
            .iter()
            .map(|month| month.storage.milli)
            .collect();
        // March: 22 of 31 days. April: 15 and 3 of 30 days. May: all of it. June: nothing yet.
        assert_eq!(milli, [500 * 22_i64 / 31 + 1, 250 + 50, 500, 0]);
    }

    #[test]
    fn the_table_of_values_has_a_line_for_every_version_region_and_month() {
        let facts = [copy(
            "a",
            0,
            "2027-03-01T00:00:00Z",
            Some("2027-04-01T00:00:00Z"),
        )];
        let report = CostReport::of(&facts, at("2027-05-15T00:00:00Z"), 3, &prices());
        let csv = report.csv();
        let lines: Vec<&str> = csv.lines().collect();
        assert_eq!(lines.len(), 2);
        assert_eq!(
            lines[1],
            format!("2027-03,\"/v\",a,Standard_LRS,{TEN_GIB},0,0.500,0.000,EUR")
        );
    }
}
