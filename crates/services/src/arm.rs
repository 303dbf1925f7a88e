//! Reading of bodies in the shapes of Azure Resource Manager: what REST and deployments have in common.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use domain::{Problem, Rule, Violation};
use serde::de::IgnoredAny;
use serde::{Deserialize, Deserializer};
use utoipa::ToSchema;

/// Labels in a body. `null` is absent, and so is a list of bare keys, which one client library sends for want of a map.
#[derive(Debug, ToSchema)]
#[schema(value_type = BTreeMap<String, String>)]
pub struct Tags(pub Option<BTreeMap<String, String>>);

impl Tags {
    /// The labels, when the body bears some.
    pub fn given(tags: Option<Self>) -> Option<BTreeMap<String, String>> {
        tags?.0
    }
}

impl<'de> Deserialize<'de> for Tags {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Sent {
            Map(BTreeMap<String, Option<String>>),
            Keys(#[expect(dead_code, reason = "read past")] Vec<IgnoredAny>),
        }
        Ok(Self(match Sent::deserialize(deserializer)? {
            Sent::Map(map) => Some(
                map.into_iter()
                    .filter_map(|(key, value)| Some((key, value?)))
                    .collect(),
            ),
            Sent::Keys(_) => None,
        }))
    }
}

/// Reads the fields of a body and gathers all that is wrong with them.
#[derive(Debug, Default)]
pub struct Reading {
    found: Vec<Violation>,
}

impl Reading {
    /// An enumeration's word, without regard to case. ARM rule 10.
    pub fn word<T>(
        &mut self,
        target: &str,
        text: Option<&str>,
        parse: fn(&str) -> Option<T>,
        allowed: &str,
    ) -> Option<T> {
        let text = text?;
        let value = parse(text);
        if value.is_none() {
            self.found.push(
                Violation::new(Rule::UnknownChoice, target)
                    .with("value", text)
                    .with("allowed", allowed),
            );
        }
        value
    }

    /// A time, or a day that counts from its first instant in UTC.
    pub fn date(&mut self, target: &str, text: Option<&str>) -> Option<DateTime<Utc>> {
        let text = text?;
        let day = |text: &str| {
            Some(
                text.parse::<NaiveDate>()
                    .ok()?
                    .and_time(NaiveTime::MIN)
                    .and_utc(),
            )
        };
        let value = DateTime::parse_from_rfc3339(text)
            .ok()
            .map(|at| at.to_utc())
            .or_else(|| day(text));
        if value.is_none() {
            self.found.push(Violation::new(Rule::NotADate, target));
        }
        value
    }

    /// What must be there.
    pub fn required<T>(&mut self, target: &str, value: Option<T>) -> Option<T> {
        if value.is_none() && !self.found.iter().any(|found| found.target == target) {
            self.found.push(Violation::new(Rule::Required, target));
        }
        value
    }

    /// Adds a fault.
    pub fn refuse(&mut self, violation: Violation) {
        self.found.push(violation);
    }

    /// The value that was read, when nothing was wrong.
    ///
    /// # Errors
    /// All faults together.
    pub fn done<T>(self, value: T) -> Result<T, Problem> {
        Problem::unless_empty(self.found).map(|()| value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_read_from_a_map_and_a_list_of_keys_is_passed_over() {
        let tags = |text: &str| Tags::given(serde_json::from_str(text).expect("tags"));
        assert_eq!(
            tags(r#"{"a":"b","c":null}"#),
            Some(BTreeMap::from([("a".to_owned(), "b".to_owned())]))
        );
        assert_eq!(tags(r#"["a"]"#), None);
        assert_eq!(tags("null"), None);
    }

    #[test]
    fn a_date_may_be_a_day_or_a_time() {
        let date = |text: &str| {
            Reading::default()
                .date("date", Some(text))
                .map(|at| at.to_rfc3339())
        };
        assert_eq!(
            date("2030-01-01").as_deref(),
            Some("2030-01-01T00:00:00+00:00")
        );
        assert_eq!(
            date("2030-01-01T12:59:59.000Z").as_deref(),
            Some("2030-01-01T12:59:59+00:00")
        );
        assert_eq!(date("soon"), None);
    }
}
