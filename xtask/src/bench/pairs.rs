//! Ours and the yardstick in turn, so that whatever else the host does meets both.

use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::Result;

use super::table::{Amount, Limit, Row};
use crate::children;

const PAIRS: usize = 5;
/// Verified and durable work may take at most this times what the plain tool takes.
const AT_MOST: f64 = 1.1;

/// Runs both [`PAIRS`] times and tells the pair with the median ratio.
///
/// `settle` comes before each of them and is not timed.
pub(super) fn timed(
    what: &str,
    yardstick_name: &'static str,
    settle: impl Fn() -> Result<()>,
    ours: impl Fn() -> Result<Duration>,
    yardstick: impl Fn() -> Result<Duration>,
) -> Result<Row> {
    let mut pairs = Vec::with_capacity(PAIRS);
    for pair in 0..PAIRS {
        // Who goes first changes, lest one always finds what the other left.
        let (first, second): (&dyn Fn() -> Result<Duration>, &dyn Fn() -> Result<Duration>) =
            if pair % 2 == 0 {
                (&ours, &yardstick)
            } else {
                (&yardstick, &ours)
            };
        settle()?;
        let first = first()?;
        settle()?;
        let second = second()?;
        pairs.push(if pair % 2 == 0 {
            (first, second)
        } else {
            (second, first)
        });
    }
    let ratio = |(ours, yardstick): &(Duration, Duration)| ours.div_duration_f64(*yardstick);
    pairs.sort_by(|one, other| ratio(one).total_cmp(&ratio(other)));
    let (ours, yardstick) = pairs[PAIRS / 2];
    Ok(Row {
        what: what.to_owned(),
        ours: Amount::Time(ours),
        limit: Some(Limit::Ratio {
            yardstick: yardstick_name,
            amount: Amount::Time(yardstick),
            at_most: AT_MOST,
        }),
    })
}

/// How long commands take, one after the other.
pub(super) fn time_of(commands: &mut [Command]) -> Result<Duration> {
    let start = Instant::now();
    for command in commands {
        children::run(command)?;
    }
    Ok(start.elapsed())
}
