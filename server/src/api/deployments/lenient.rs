//! Bodies as the stock command line writes them: a JSON object into which it pastes the template's file as it stands,
//! comments and all, behind a key without quotes.

use axum::extract::FromRequest;
use domain::{Code, Problem};
use http::Request;

use super::wire::DeploymentBody;
use crate::api::error::ApiError;
use crate::api::extract::{Body, bytes, parse};
use crate::state::AppState;

/// A deployment, in JSON or in what the command line sends for it.
#[derive(Debug)]
pub(crate) struct Pasted(pub(crate) DeploymentBody);

impl FromRequest<AppState> for Pasted {
    type Rejection = ApiError;

    async fn from_request(
        request: Request<axum::body::Body>,
        state: &AppState,
    ) -> Result<Self, ApiError> {
        let bytes = bytes(request, state).await?;
        if let Ok(Body(body)) = parse(&bytes) {
            return Ok(Self(body));
        }
        let text = std::str::from_utf8(&bytes)
            .map_err(|_| Problem::new(Code::InvalidRequest, "The body is not UTF-8.").at("body"))?;
        parse(strict(text).as_bytes()).map(|Body(body)| Self(body))
    }
}

/// The same as JSON: without comments and commas at the end, with quotes around every key, and with line breaks within
/// strings written as such.
fn strict(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text.chars().peekable();
    while let Some(sign) = rest.next() {
        match sign {
            '"' => string(&mut rest, &mut out),
            '/' if rest.peek() == Some(&'/') => while rest.next_if(|c| *c != '\n').is_some() {},
            '/' if rest.peek() == Some(&'*') => {
                rest.next();
                let mut before = ' ';
                for c in rest.by_ref() {
                    if before == '*' && c == '/' {
                        break;
                    }
                    before = c;
                }
            }
            '}' | ']' => {
                let kept = out.trim_end();
                let kept = kept.strip_suffix(',').unwrap_or(kept).len();
                out.truncate(kept);
                out.push(sign);
            }
            letter if letter.is_ascii_alphabetic() || letter == '_' => {
                let mut word = String::from(letter);
                while let Some(c) = rest.next_if(|c| c.is_ascii_alphanumeric() || *c == '_') {
                    word.push(c);
                }
                while rest.next_if(|c| c.is_whitespace()).is_some() {}
                if rest.peek() == Some(&':') {
                    word = format!("\"{word}\"");
                }
                out.push_str(&word);
            }
            other => out.push(other),
        }
    }
    out
}

/// Copies a string to its end.
fn string(rest: &mut impl Iterator<Item = char>, out: &mut String) {
    out.push('"');
    while let Some(sign) = rest.next() {
        match sign {
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\\' => {
                out.push('\\');
                out.extend(rest.next());
            }
            other => out.push(other),
        }
        if sign == '"' {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::strict;

    #[test]
    fn what_the_command_line_pastes_is_read() {
        let sent = r#"{"properties": {"mode": "Incremental", template:{
            // A comment with "quotes"
            "$schema": "https://example/deploymentTemplate.json#", /* and
            another, */ "resources": [ {"name": "a // b", "on": true,}, ],
            "text": "two
lines", "path": "C:\\"
        }}}"#;
        let read: Value = serde_json::from_str(&strict(sent)).expect("JSON");
        let template = json!({
            "$schema": "https://example/deploymentTemplate.json#",
            "resources": [{"name": "a // b", "on": true}],
            "text": "two\nlines",
            "path": "C:\\",
        });
        assert_eq!(
            read,
            json!({"properties": {"mode": "Incremental", "template": template}})
        );
    }

    proptest! {
        #[test]
        fn json_stays_what_it_is(texts in prop::collection::vec(".{0,12}", 0..6), number in any::<i32>()) {
            let value = json!({"texts": texts, "number": number, "none": null});
            let read: Value = serde_json::from_str(&strict(&value.to_string())).expect("JSON");
            prop_assert_eq!(read, value);
        }

        #[test]
        fn no_text_is_too_much(text in ".{0,200}") {
            strict(&text);
        }
    }
}
