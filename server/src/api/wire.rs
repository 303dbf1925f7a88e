//! What all resources look like on the wire.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use domain::tenant::Meta;
use domain::{Problem, Rule, Violation};
use serde::de::IgnoredAny;
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;

/// What every resource with a place has.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Tracked {
    /// The resource's full path.
    id: String,
    /// The last segment of the id.
    name: String,
    /// Provider and kind.
    r#type: &'static str,
    /// The region that the resource is registered in.
    location: String,
    /// Free labels.
    tags: BTreeMap<String, String>,
    /// For `If-Match`: changes with every write.
    etag: String,
    /// Who created it and when it was written.
    system_data: SystemData,
}

/// Who created a resource and when it was written.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SystemData {
    created_by: String,
    created_at: DateTime<Utc>,
    last_modified_at: DateTime<Utc>,
}

impl Tracked {
    /// The common part of a resource of this kind.
    pub(crate) fn new(meta: Meta, kind: &'static str) -> Self {
        Self {
            id: meta.resource_id.to_string(),
            name: meta.name,
            r#type: kind,
            location: meta.location,
            tags: meta.tags,
            etag: meta.etag,
            system_data: SystemData {
                created_by: meta.created_by,
                created_at: meta.created_at,
                last_modified_at: meta.updated_at,
            },
        }
    }
}

/// Labels in a body. `null` is absent, and so is a list of bare keys, which one client library sends for want of a map.
#[derive(Debug, ToSchema)]
#[schema(value_type = BTreeMap<String, String>)]
pub(crate) struct Tags(pub(crate) Option<BTreeMap<String, String>>);

impl Tags {
    /// The labels, when the body bears some.
    pub(crate) fn given(tags: Option<Self>) -> Option<BTreeMap<String, String>> {
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
pub(crate) struct Reading {
    found: Vec<Violation>,
}

impl Reading {
    /// An enumeration's word, without regard to case. ARM rule 10.
    pub(crate) fn word<T>(
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
    pub(crate) fn date(&mut self, target: &str, text: Option<&str>) -> Option<DateTime<Utc>> {
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
    pub(crate) fn required<T>(&mut self, target: &str, value: Option<T>) -> Option<T> {
        if value.is_none() && !self.found.iter().any(|found| found.target == target) {
            self.found.push(Violation::new(Rule::Required, target));
        }
        value
    }

    /// Adds a fault.
    pub(crate) fn refuse(&mut self, violation: Violation) {
        self.found.push(violation);
    }

    /// The value that was read, when nothing was wrong.
    ///
    /// # Errors
    /// All faults together.
    pub(crate) fn done<T>(self, value: T) -> Result<T, Problem> {
        Problem::unless_empty(self.found).map(|()| value)
    }
}

/// Leaves empty texts out of an answer.
pub(crate) fn filled(text: String) -> Option<String> {
    Some(text).filter(|text| !text.is_empty())
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
