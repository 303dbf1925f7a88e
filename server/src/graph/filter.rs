//! The few filters that command-line clients send.

use std::collections::HashMap;

use serde::Deserialize;

use super::error::{GraphError, GraphResult};

/// What a list is asked with; what is asked besides is ignored, as clients ask for columns that they then do not use.
#[derive(Debug, Default, Deserialize)]
pub(super) struct ListQuery {
    #[serde(rename = "$filter")]
    filter: Option<String>,
}

/// One comparison.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Test {
    /// `field eq 'text'`, also `field/any(x:x eq 'text')`.
    Equals(String, String),
    /// `startswith(field,'text')`.
    StartsWith(String, String),
}

/// Every comparison of a filter by its field, all of which must hold.
#[derive(Debug, Default)]
pub(super) struct Tests {
    text: String,
    by_field: HashMap<String, Test>,
}

impl ListQuery {
    /// Reads the filter.
    ///
    /// # Errors
    /// `Request_UnsupportedQuery` for what is not understood.
    pub(super) fn tests(&self) -> GraphResult<Tests> {
        let text = self.filter.as_deref().map(str::trim).unwrap_or_default();
        let mut tests = Tests {
            text: text.to_owned(),
            ..Tests::default()
        };
        if text.is_empty() {
            return Ok(tests);
        }
        for part in conjuncts(text) {
            let test = parse(part.trim()).ok_or_else(|| GraphError::unknown_filter(text))?;
            let (Test::Equals(field, _) | Test::StartsWith(field, _)) = &test;
            tests.by_field.insert(field.to_lowercase(), test);
        }
        Ok(tests)
    }
}

impl Tests {
    /// Takes the comparison of a field.
    pub(super) fn take(&mut self, field: &str) -> Option<Test> {
        self.by_field.remove(&field.to_lowercase())
    }

    /// Takes the text that a field must be.
    pub(super) fn equal(&mut self, field: &str) -> Option<String> {
        match self.take(field)? {
            Test::Equals(_, text) => Some(text),
            other @ Test::StartsWith(..) => {
                self.by_field.insert(field.to_lowercase(), other);
                None
            }
        }
    }

    /// Refuses what nobody took.
    ///
    /// # Errors
    /// `Request_UnsupportedQuery`.
    pub(super) fn done(self) -> GraphResult<()> {
        if self.by_field.is_empty() {
            Ok(())
        } else {
            Err(GraphError::unknown_filter(&self.text))
        }
    }
}

/// The parts between ` and `, outside of quotes.
fn conjuncts(text: &str) -> Vec<&str> {
    let (mut parts, mut start, mut is_quoted) = (Vec::new(), 0, false);
    for (at, sign) in text.char_indices() {
        if sign == '\'' {
            is_quoted = !is_quoted;
        } else if !is_quoted && at >= start && text[at..].starts_with(" and ") {
            parts.push(&text[start..at]);
            start = at + " and ".len();
        }
    }
    parts.push(&text[start..]);
    parts
}

fn parse(part: &str) -> Option<Test> {
    let part = part
        .strip_prefix('(')
        .and_then(|inner| inner.strip_suffix(')'))
        .unwrap_or(part);
    if let Some(inner) = strip_word(part, "startswith(") {
        let (field, value) = inner.strip_suffix(')')?.split_once(',')?;
        return Some(Test::StartsWith(field.trim().to_owned(), quoted(value)?));
    }
    if let Some((field, rest)) = part.split_once("/any(") {
        let (variable, rest) = rest.strip_suffix(')')?.split_once(':')?;
        let value = rest.strip_prefix(variable)?.trim_start();
        let value = strip_word(value, "eq ")?;
        return Some(Test::Equals(field.to_owned(), quoted(value)?));
    }
    let (field, rest) = part.split_once(' ')?;
    let value = strip_word(rest.trim_start(), "eq ")?;
    Some(Test::Equals(field.to_owned(), quoted(value)?))
}

fn strip_word<'a>(text: &'a str, word: &str) -> Option<&'a str> {
    let head = text.get(..word.len())?;
    head.eq_ignore_ascii_case(word).then(|| &text[word.len()..])
}

fn quoted(value: &str) -> Option<String> {
    let inner = value.trim().strip_prefix('\'')?.strip_suffix('\'')?;
    let plain = inner.replace("''", "\u{0}");
    (!plain.contains('\'')).then(|| plain.replace('\u{0}', "'"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(filter: &str) -> GraphResult<Tests> {
        let query = ListQuery {
            filter: Some(filter.to_owned()),
        };
        query.tests()
    }

    #[test]
    fn what_command_lines_ask_is_understood() {
        for (filter, field, test) in [
            (
                "servicePrincipalNames/any(c:c eq 'x')",
                "servicePrincipalNames",
                Test::Equals("servicePrincipalNames".to_owned(), "x".to_owned()),
            ),
            (
                "displayName eq 'O''Hara and sons'",
                "displayname",
                Test::Equals("displayName".to_owned(), "O'Hara and sons".to_owned()),
            ),
            (
                "startswith(displayName,'my (app)')",
                "displayName",
                Test::StartsWith("displayName".to_owned(), "my (app)".to_owned()),
            ),
            (
                "startsWith(displayName, 'a')",
                "displayName",
                Test::StartsWith("displayName".to_owned(), "a".to_owned()),
            ),
        ] {
            let mut tests = read(filter).expect("understood");
            assert_eq!(tests.take(field), Some(test), "{filter}");
            tests.done().expect("nothing is left");
        }
    }

    #[test]
    fn several_comparisons_must_all_hold() {
        let mut tests = read("displayName eq 'é and b' and appId eq 'y'").expect("understood");
        assert_eq!(tests.equal("displayName").as_deref(), Some("é and b"));
        assert_eq!(tests.equal("appId").as_deref(), Some("y"));
        assert!(read("a eq 'x' and b eq 'y'").expect("read").done().is_err());
    }

    #[test]
    fn what_is_not_understood_is_refused() {
        for filter in [
            "displayName ne 'x'",
            "displayName eq 'a' or displayName eq 'b'",
            "displayName eq x",
            "eq 'x",
            "é",
        ] {
            assert!(read(filter).is_err(), "{filter}");
        }
    }
}
