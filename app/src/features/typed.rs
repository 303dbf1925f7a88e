//! What people type into forms, read into what the use cases take.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use domain::region::Regions;
use domain::{Problem, ResourceId, Rule, Violation};

use crate::ui::select::Choice;

/// Tags as people type them, one `key=value` a line. A line without a sign is a tag without a value.
#[must_use]
pub fn tags(text: &str) -> BTreeMap<String, String> {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let pair = |line: &str| {
        let (key, value) = line.split_once('=').unwrap_or((line, ""));
        (key.trim().to_owned(), value.trim().to_owned())
    };
    lines.map(pair).collect()
}

/// Tags as [`tags`] reads them.
#[must_use]
pub fn tags_text(tags: &BTreeMap<String, String>) -> String {
    let lines = tags.iter().map(|(key, value)| format!("{key}={value}"));
    lines.collect::<Vec<_>>().join("\n")
}

/// The midnight in UTC that a day begins with; none when no day is given.
///
/// # Errors
/// `NotADate` at `target`.
pub fn day(target: &str, text: &str) -> Result<Option<DateTime<Utc>>, Violation> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    let day = NaiveDate::parse_from_str(text.trim(), "%Y-%m-%d").ok();
    let midnight = day.and_then(|day| day.and_hms_opt(0, 0, 0));
    midnight
        .map(|time| Some(time.and_utc()))
        .ok_or_else(|| Violation::new(Rule::NotADate, target))
}

/// A day as [`day`] reads it; nothing without one.
#[must_use]
pub fn day_text(day: Option<DateTime<Utc>>) -> String {
    day.map(|day| day.format("%Y-%m-%d").to_string())
        .unwrap_or_default()
}

/// A day as people write it, such as “31 January 2030”.
#[must_use]
pub fn day_in_words(day: DateTime<Utc>) -> String {
    day.format("%-d %B %Y").to_string()
}

/// A whole number; none when none is given.
///
/// # Errors
/// `NotANumber` at `target`.
pub fn number(target: &str, text: &str) -> Result<Option<u32>, Violation> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    text.trim()
        .parse()
        .map(Some)
        .map_err(|_| Violation::new(Rule::NotANumber, target))
}

/// The ARM id that a form's list offered.
///
/// # Errors
/// `InvalidRequest` at `target` for what is no id.
pub fn resource_id(target: &str, text: &str) -> Result<ResourceId, Problem> {
    ResourceId::parse(text)
        .map_err(|_| Problem::from_violations(vec![Violation::new(Rule::Required, target)]))
}

/// Every region by its name for people.
#[must_use]
pub fn region_choices(regions: &Regions) -> Vec<Choice> {
    regions
        .0
        .iter()
        .map(|region| Choice::new(&region.name, &region.display_name))
        .collect()
}

/// A region's name for people; its short name when the installation has no such region any more.
#[must_use]
pub fn region_name(regions: &Regions, short: &str) -> String {
    regions
        .find(short)
        .map_or_else(|| short.to_owned(), |region| region.display_name.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_read_as_they_are_shown() {
        let read = tags(" course = databases \n\nowner=a=b\nplain");
        assert_eq!(read.get("course").map(String::as_str), Some("databases"));
        assert_eq!(read.get("owner").map(String::as_str), Some("a=b"));
        assert_eq!(read.get("plain").map(String::as_str), Some(""));
        assert_eq!(tags(&tags_text(&read)), read);
    }

    #[test]
    fn a_day_is_a_day_of_the_calendar() {
        let leap = day("endOfLife", "2028-02-29").expect("a day");
        assert_eq!(day_text(leap), "2028-02-29");
        assert_eq!(day("endOfLife", " "), Ok(None));
        assert!(day("endOfLife", "2027-02-29").is_err());
    }
}
