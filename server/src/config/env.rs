//! Environment variables over single keys.

use toml::{Table, Value};

use super::Finding;
use super::merge::{unknown, wrong_kind};

const PREFIX: &str = "VITRINE_";

/// The environment of this process.
pub(super) fn variables() -> impl Iterator<Item = (String, String)> {
    // Names and values that are not Unicode are none of ours.
    std::env::vars_os()
        .filter_map(|(key, value)| Some((key.into_string().ok()?, value.into_string().ok()?)))
}

/// Lays `VITRINE_<SECTION>__<KEY>` and `DATABASE_URL` over the table; other variables are none of ours.
pub(super) fn overlay(
    table: &mut Table,
    variables: impl IntoIterator<Item = (String, String)>,
    known: &Table,
    findings: &mut Vec<Finding>,
) {
    let mut variables: Vec<(String, String)> = variables.into_iter().collect();
    // DATABASE_URL first, so that Vitrine's own name for the key wins.
    variables.sort();
    for (name, text) in variables {
        let place = if name == "DATABASE_URL" {
            Some(("database".to_owned(), "url".to_owned()))
        } else {
            place_of(&name)
        };
        let Some((section, key)) = place else {
            continue;
        };
        let Some(Value::Table(keys)) = known.get(&section) else {
            findings.push(unknown(&name, &section, known));
            continue;
        };
        let Some(pattern) = keys.get(&key) else {
            findings.push(unknown(&name, &key, keys));
            continue;
        };
        let value = value_of(pattern, text);
        match wrong_kind(pattern, &value).filter(|_| !value.is_array()) {
            Some(message) => findings.push(Finding::new(name, message)),
            None => {
                if let Some(Value::Table(section)) = table.get_mut(&section) {
                    section.insert(key, value);
                }
            }
        }
    }
}

fn place_of(name: &str) -> Option<(String, String)> {
    let (section, key) = name.strip_prefix(PREFIX)?.split_once("__")?;
    Some((section.to_ascii_lowercase(), key.to_ascii_lowercase()))
}

/// The text as a value of the documented kind; lists are separated by commas.
fn value_of(pattern: &Value, text: String) -> Value {
    match pattern {
        Value::Integer(_) => text
            .trim()
            .parse()
            .map_or(Value::String(text), Value::Integer),
        Value::Array(_) => {
            let entries = text
                .split(',')
                .map(str::trim)
                .filter(|entry| !entry.is_empty());
            Value::Array(
                entries
                    .map(|entry| Value::String(entry.to_owned()))
                    .collect(),
            )
        }
        _ => Value::String(text),
    }
}
