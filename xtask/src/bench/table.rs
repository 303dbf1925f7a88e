//! The table that a bench run prints.

use std::fmt;
use std::time::Duration;

/// Something that was measured.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Amount {
    Bytes(u64),
    Time(Duration),
    PerSecond(f64),
}

/// What an amount is held against.
#[derive(Clone, Debug)]
pub(crate) enum Limit {
    /// A fixed limit of its own.
    AtMost(Amount),
    /// `ours / yardstick` may be at most this; for amounts per second, where more is better, `yardstick / ours`.
    Ratio {
        yardstick: &'static str,
        amount: Amount,
        at_most: f64,
    },
    /// None, but a yardstick to tell beside it.
    Told {
        yardstick: &'static str,
        amount: Amount,
    },
}

/// One line of the table.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub(crate) what: String,
    pub(crate) ours: Amount,
    /// `None` for what has nothing beside it.
    pub(crate) limit: Option<Limit>,
}

impl Amount {
    fn number(self) -> f64 {
        match self {
            #[expect(
                clippy::cast_precision_loss,
                reason = "a ratio of sizes needs no more than 52 bits"
            )]
            Self::Bytes(bytes) => bytes as f64,
            Self::Time(time) => time.as_secs_f64(),
            Self::PerSecond(rate) => rate,
        }
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let number = self.number();
        match self {
            Self::Bytes(_) if number >= 1024.0 * 1024.0 => {
                write!(f, "{:.1} MiB", number / 1024.0 / 1024.0)
            }
            Self::Bytes(_) => write!(f, "{:.1} KiB", number / 1024.0),
            Self::Time(_) if number < 1.0 => write!(f, "{:.1} ms", number * 1000.0),
            Self::Time(_) => write!(f, "{number:.2} s"),
            Self::PerSecond(_) => write!(f, "{number:.0} /s"),
        }
    }
}

impl Row {
    /// How much worse than the yardstick, or which part of the limit.
    fn ratio(&self) -> Option<f64> {
        match self.limit.as_ref()? {
            Limit::AtMost(limit) => Some(self.ours.number() / limit.number()),
            Limit::Ratio { amount, .. } | Limit::Told { amount, .. } => Some(match amount {
                Amount::PerSecond(rate) => rate / self.ours.number(),
                amount => self.ours.number() / amount.number(),
            }),
        }
    }

    /// True when the amount is within its limit.
    pub(crate) fn is_held(&self) -> bool {
        let most = match &self.limit {
            Some(Limit::AtMost(_)) => 1.0,
            Some(Limit::Ratio { at_most, .. }) => *at_most,
            Some(Limit::Told { .. }) | None => return true,
        };
        self.ratio().is_some_and(|ratio| ratio <= most)
    }

    fn cells(&self) -> [String; 5] {
        let ratio = self
            .ratio()
            .map_or_else(String::new, |ratio| format!("{ratio:.2}"));
        let verdict = if self.is_held() { "" } else { "  OVER" };
        let (against, limit) = match &self.limit {
            Some(Limit::AtMost(amount)) => (String::new(), format!("≤ {amount}{verdict}")),
            Some(Limit::Ratio {
                yardstick,
                amount,
                at_most,
            }) => (
                format!("{yardstick}: {amount}"),
                format!("≤ {at_most:.2}{verdict}"),
            ),
            Some(Limit::Told { yardstick, amount }) => {
                (format!("{yardstick}: {amount}"), String::new())
            }
            None => (String::new(), String::new()),
        };
        [
            self.what.clone(),
            self.ours.to_string(),
            against,
            ratio,
            limit,
        ]
    }
}

/// The rows as text, columns aligned.
pub(crate) fn print(rows: &[Row]) -> String {
    let head = ["measured", "ours", "against", "ratio", "limit"].map(str::to_owned);
    let lines: Vec<[String; 5]> = std::iter::once(head)
        .chain(rows.iter().map(Row::cells))
        .collect();
    let widths: [usize; 5] = std::array::from_fn(|column| {
        lines
            .iter()
            .map(|line| line[column].chars().count())
            .max()
            .unwrap_or(0)
    });
    let mut text = String::new();
    for line in lines {
        let cells: Vec<String> = line
            .iter()
            .zip(widths)
            .map(|(cell, width)| format!("{cell:width$}"))
            .collect();
        text.push_str(cells.join("  ").trim_end());
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn against_cp(seconds: u64) -> Row {
        Row {
            what: "replication".to_owned(),
            ours: Amount::Time(Duration::from_secs(seconds)),
            limit: Some(Limit::Ratio {
                yardstick: "cp",
                amount: Amount::Time(Duration::from_secs(10)),
                at_most: 1.1,
            }),
        }
    }

    #[test]
    fn a_ratio_at_the_limit_is_held_and_one_above_is_not() {
        assert!(against_cp(11).is_held());
        assert!(!against_cp(12).is_held());
    }

    #[test]
    fn of_rates_the_higher_one_is_better() {
        let limit = Limit::Ratio {
            yardstick: "bare handler",
            amount: Amount::PerSecond(1000.0),
            at_most: 2.0,
        };
        let row = Row {
            what: "page".to_owned(),
            ours: Amount::PerSecond(400.0),
            limit: Some(limit),
        };
        assert!(!row.is_held());
    }

    #[test]
    fn the_table_shows_ours_the_yardstick_the_ratio_and_the_limit() {
        let table = print(&[against_cp(12)]);
        assert!(
            table.contains("replication  12.00 s  cp: 10.00 s  1.20   ≤ 1.10  OVER"),
            "{table}"
        );
    }
}
