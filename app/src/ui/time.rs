//! Points in time: how long ago, and exactly when.

use chrono::{DateTime, TimeDelta, Utc};
use leptos::prelude::*;

/// The time of this request, given as context, so that everything on a page is told from the same moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RequestTime(pub DateTime<Utc>);

fn count(n: i64, unit: &str) -> String {
    if n == 1 {
        format!("1 {unit}")
    } else {
        format!("{n} {unit}s")
    }
}

/// How far a time is from now, in one unit.
fn distance(delta: TimeDelta) -> String {
    let delta = delta.abs();
    match (delta.num_days(), delta.num_hours(), delta.num_minutes()) {
        (60.., _, _) => count(delta.num_days() / 30, "month"),
        (1.., _, _) => count(delta.num_days(), "day"),
        (_, 1.., _) => count(delta.num_hours(), "hour"),
        (_, _, 1..) => count(delta.num_minutes(), "minute"),
        _ => count(delta.num_seconds(), "second"),
    }
}

/// A time as people say it; beyond a year the date itself.
fn relative(at: DateTime<Utc>, now: DateTime<Utc>) -> String {
    let delta = now - at;
    if delta.abs() > TimeDelta::days(365) {
        at.format("%-d %B %Y").to_string()
    } else if delta.abs() < TimeDelta::seconds(5) {
        "just now".to_owned()
    } else if delta > TimeDelta::zero() {
        format!("{} ago", distance(delta))
    } else {
        format!("in {}", distance(delta))
    }
}

/// A point in time: relative to the request's time, with the exact UTC time on hover.
#[component]
pub fn Time(
    at: DateTime<Utc>,
    /// Show the date and time themselves.
    #[prop(optional)]
    exact: bool,
) -> impl IntoView {
    let full = at.format("%Y-%m-%d %H:%M:%S UTC").to_string();
    let text = match use_context::<RequestTime>() {
        Some(RequestTime(now)) if !exact => relative(at, now),
        _ => at.format("%Y-%m-%d %H:%M UTC").to_string(),
    };
    view! { <time class="nowrap" datetime=at.to_rfc3339() title=full>{text}</time> }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_read_as_people_say_them() {
        let now = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
        let cases = [
            (2, "just now"),
            (59, "59 seconds ago"),
            (60, "1 minute ago"),
            (7200, "2 hours ago"),
            (-90_000, "in 1 day"),
        ];
        for (seconds, text) in cases {
            assert_eq!(relative(now - TimeDelta::seconds(seconds), now), text);
        }
    }
}
