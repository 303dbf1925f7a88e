//! Slowing down those who guess: counters of failures with growing waits.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};
use domain::{Code, Problem};

/// How many failures are free, and how the waits behind them grow.
#[derive(Debug, Clone, Copy)]
pub(super) struct Policy {
    free: u32,
    first: TimeDelta,
    longest: TimeDelta,
}

/// For one account: few failures are a person's, more are a guesser's.
pub(super) const ACCOUNT: Policy = Policy {
    free: 5,
    first: TimeDelta::seconds(30),
    longest: TimeDelta::minutes(15),
};

/// For one address: a classroom shares one, so more failures are free and the waits are shorter.
pub(super) const ADDRESS: Policy = Policy {
    free: 60,
    first: TimeDelta::seconds(10),
    longest: TimeDelta::minutes(5),
};

/// After this long without a failure the count begins anew.
const FORGET: TimeDelta = TimeDelta::minutes(30);

/// Most counters in memory.
const MOST: usize = 50_000;

impl Policy {
    /// The wait after this many failures in a row: none, then doubling up to the longest.
    pub(super) fn wait(self, failures: u32) -> TimeDelta {
        if failures < self.free {
            return TimeDelta::zero();
        }
        let doublings = (failures - self.free).min(16);
        (self.first * (1 << doublings)).min(self.longest)
    }

    /// The count before a new failure, given when the last wait ended.
    pub(super) fn standing(failures: u32, until: Option<DateTime<Utc>>, now: DateTime<Utc>) -> u32 {
        if until.is_some_and(|until| until + FORGET < now) {
            0
        } else {
            failures
        }
    }
}

/// The refusal of an attempt that has to wait.
pub(super) fn too_many(until: DateTime<Utc>, now: DateTime<Utc>) -> Problem {
    let seconds = (until - now).num_seconds().max(1);
    let wait = if seconds < 90 {
        format!("{seconds} seconds")
    } else {
        format!("{} minutes", (seconds + 59) / 60)
    };
    Problem::new(
        Code::TooManyRequests,
        format!("Too many failed attempts. Try again in {wait}."),
    )
}

#[derive(Debug, Clone, Copy)]
struct Counter {
    failures: u32,
    until: DateTime<Utc>,
}

/// Counters of failures by key, in this process alone; accounts that exist are counted in the database as well.
#[derive(Debug, Default)]
pub(super) struct Throttle {
    counters: Mutex<HashMap<String, Counter>>,
}

impl Throttle {
    /// Lets an attempt pass, or says until when to wait.
    pub(super) fn check(&self, key: &str, now: DateTime<Utc>) -> Result<(), Problem> {
        let counters = self.counters.lock().unwrap_or_else(PoisonError::into_inner);
        match counters.get(key) {
            Some(counter) if counter.until > now => Err(too_many(counter.until, now)),
            _ => Ok(()),
        }
    }

    /// Counts a failure.
    pub(super) fn failed(&self, key: &str, policy: Policy, now: DateTime<Utc>) {
        let mut counters = self.counters.lock().unwrap_or_else(PoisonError::into_inner);
        if counters.len() >= MOST {
            counters.retain(|_, counter| counter.until + FORGET >= now);
        }
        if counters.len() >= MOST {
            // Somebody fills the table on purpose; forgetting it all is better than growing without bound.
            counters.clear();
        }
        let counter = counters.entry(key.to_owned()).or_insert(Counter {
            failures: 0,
            until: now,
        });
        counter.failures = Policy::standing(counter.failures, Some(counter.until), now) + 1;
        counter.until = now + policy.wait(counter.failures);
    }
}

/// The key of an address: an IPv6 customer owns a whole /64, so that is what counts.
pub(super) fn address_key(address: &str) -> String {
    match address.parse::<IpAddr>().map(|ip| ip.to_canonical()) {
        Ok(IpAddr::V6(ip)) => {
            let network = Ipv6Addr::from_bits(ip.to_bits() & (u128::MAX << 64));
            format!("address {network}/64")
        }
        _ => format!("address {address}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_800_000_000 + second, 0).expect("a time")
    }

    #[test]
    fn waits_begin_after_the_free_failures_double_and_are_capped() {
        let waits: Vec<i64> = [1, 4, 5, 6, 7, 10, 60]
            .map(|n| ACCOUNT.wait(n).num_seconds())
            .to_vec();
        assert_eq!(waits, [0, 0, 30, 60, 120, 900, 900]);
    }

    #[test]
    fn a_key_that_failed_too_often_waits_and_is_forgotten_later() {
        let throttle = Throttle::default();
        for _ in 0..5 {
            throttle.check("a", at(0)).expect("still free");
            throttle.failed("a", ACCOUNT, at(0));
        }
        assert_eq!(
            throttle.check("a", at(1)).expect_err("must wait").code,
            Code::TooManyRequests
        );
        throttle.check("b", at(1)).expect("another key is free");
        throttle.check("a", at(31)).expect("the wait is over");
        throttle.failed("a", ACCOUNT, at(31));
        assert!(
            throttle.check("a", at(90)).is_err(),
            "the second wait is longer"
        );
        throttle.failed("a", ACCOUNT, at(4000));
        throttle.check("a", at(4000)).expect("forgotten");
    }

    #[test]
    fn addresses_of_one_ipv6_network_count_together() {
        assert_eq!(address_key("2001:db8::1"), address_key("2001:db8::ffff:2"));
        assert_ne!(address_key("2001:db8::1"), address_key("2001:db8:0:1::1"));
        assert_eq!(
            address_key("::ffff:192.0.2.1"),
            address_key("::ffff:192.0.2.1")
        );
        assert_ne!(address_key("192.0.2.1"), address_key("192.0.2.2"));
    }
}
