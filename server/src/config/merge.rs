//! Laying a file's keys over the documented ones, and refusing what is not documented.

use toml::{Table, Value};

use super::{DEFAULT, Finding};

/// Every key with its default: the documented file itself.
pub(super) fn known() -> Table {
    #[expect(
        clippy::expect_used,
        reason = "the file is compiled in and a test reads it"
    )]
    DEFAULT.parse().expect("the default file is TOML")
}

/// Lays `given` over `table`. `known` tells which keys there are and of which kind their values must be.
pub(super) fn overlay(
    table: &mut Table,
    given: Table,
    known: &Table,
    path: &str,
    findings: &mut Vec<Finding>,
) {
    for (key, value) in given {
        let at = if path.is_empty() {
            key.clone()
        } else {
            format!("{path}.{key}")
        };
        let Some(pattern) = known.get(&key) else {
            findings.push(unknown(&at, &key, known));
            continue;
        };
        match (pattern, value) {
            (Value::Table(known), Value::Table(given)) => {
                if let Some(Value::Table(table)) = table.get_mut(&key) {
                    overlay(table, given, known, &at, findings);
                }
            }
            (Value::Array(patterns), Value::Array(entries)) => {
                check_entries(&at, patterns, &entries, findings);
                table.insert(key, Value::Array(entries));
            }
            (pattern, value) => match wrong_kind(pattern, &value) {
                Some(message) => findings.push(Finding::new(at, message)),
                None => {
                    table.insert(key, value);
                }
            },
        }
    }
}

/// The keys that documented entries of a list have, and whether all of them do; none of a list of texts.
fn documented(patterns: &[Value]) -> Option<Vec<(&String, &Value, bool)>> {
    let tables: Vec<&Table> = patterns.iter().filter_map(Value::as_table).collect();
    let mut found: Vec<(&String, &Value, bool)> = Vec::new();
    for (key, value) in tables.iter().flat_map(|table| table.iter()) {
        if !found.iter().any(|(known, ..)| *known == key) {
            found.push((
                key,
                value,
                tables.iter().all(|table| table.contains_key(key)),
            ));
        }
    }
    (!tables.is_empty()).then_some(found)
}

/// Entries of a list have all keys that every documented entry has, and none that no documented entry has.
fn check_entries(at: &str, patterns: &[Value], entries: &[Value], findings: &mut Vec<Finding>) {
    let keys = documented(patterns);
    let pattern = keys.as_ref().map(|keys| {
        let known = keys.iter();
        known
            .map(|(key, value, _)| ((*key).clone(), (*value).clone()))
            .collect::<Table>()
    });
    for (index, entry) in entries.iter().enumerate() {
        let at = format!("{at}[{index}]");
        match (&pattern, entry) {
            (Some(known), Value::Table(given)) => {
                overlay(&mut known.clone(), given.clone(), known, &at, findings);
                let keys = keys.iter().flatten();
                let needed =
                    keys.filter(|(key, _, is_needed)| *is_needed && !given.contains_key(*key));
                findings.extend(needed.map(|(key, ..)| {
                    Finding::new(format!("{at}.{key}"), "is missing; every entry needs it")
                }));
            }
            (Some(_), _) => findings.push(Finding::new(at, "must be a table")),
            (_, Value::String(_)) => {}
            _ => findings.push(Finding::new(at, "must be a text in quotes")),
        }
    }
}

/// What is wrong with a value, when its kind differs from the documented one.
pub(super) fn wrong_kind(pattern: &Value, value: &Value) -> Option<String> {
    match (pattern, value) {
        (Value::Integer(_), Value::Integer(0..)) | (Value::String(_), Value::String(_)) => None,
        (Value::Integer(example), _) => Some(format!(
            "must be a whole number from 0 on, such as {example}"
        )),
        (Value::String(example), _) => {
            Some(format!("must be a text in quotes, such as \"{example}\""))
        }
        (Value::Table(_), _) => Some("must be a table of keys".to_owned()),
        _ => Some("must be a list".to_owned()),
    }
}

/// The refusal of a key that does not exist, with the ones that do.
pub(super) fn unknown(at: &str, key: &str, known: &Table) -> Finding {
    let near = known
        .keys()
        .map(|k| (distance(k, key), k))
        .min()
        .filter(|(edits, _)| *edits <= 2);
    let hint = near
        .map(|(_, near)| format!("did you mean {near}? "))
        .unwrap_or_default();
    let all = known
        .keys()
        .map(String::as_str)
        .collect::<Vec<_>>()
        .join(", ");
    Finding::new(at, format!("no such key; {hint}Known here: {all}"))
}

/// How many characters must be added, removed or changed to make one word of the other.
fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (i, a) in one.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, b) in other.iter().enumerate() {
            let replaced = diagonal + usize::from(a != *b);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(row[j] + 1).min(row[j + 1] + 1);
        }
    }
    row[other.len()]
}

#[cfg(test)]
mod tests {
    use super::distance;

    #[test]
    fn distance_counts_edits() {
        assert_eq!(distance("listen", "lissten"), 1);
        assert_eq!(distance("server", "sever"), 1);
        assert_eq!(distance("", "abc"), 3);
        assert_eq!(distance("abc", "abc"), 0);
    }
}
