//! Functions on texts.

use serde_json::Value;

use super::{Arguments, TEXT, push};
use crate::deployment::fault::{Fault, Outcome, wanted};

pub(super) fn call(arguments: &Arguments<'_>) -> Option<Outcome<Value>> {
    Some(match arguments.name {
        "tolower" => one(arguments, str::to_lowercase),
        "toupper" => one(arguments, str::to_uppercase),
        "trim" => one(arguments, |text| text.trim().to_owned()),
        "format" => format(arguments),
        "split" => split(arguments),
        "join" => join(arguments),
        "replace" => replace(arguments),
        "substring" => substring(arguments),
        "startswith" => compare(arguments, |text, part| text.starts_with(part)),
        "endswith" => compare(arguments, |text, part| text.ends_with(part)),
        "indexof" => position(arguments, |text, part| text.find(part)),
        "lastindexof" => position(arguments, |text, part| text.rfind(part)),
        "padleft" => pad_left(arguments),
        "string" => string(arguments),
        _ => return None,
    })
}

fn one(arguments: &Arguments<'_>, make: impl Fn(&str) -> String) -> Outcome<Value> {
    arguments.count(1, 1)?;
    Ok(Value::String(make(arguments.text(0)?)))
}

/// `{0}` and the like; `{0:D3}` writes a number with three digits at least.
fn format(arguments: &Arguments<'_>) -> Outcome<Value> {
    arguments.count(1, usize::MAX)?;
    let given = Arguments {
        name: arguments.name,
        values: arguments.values[1..].to_vec(),
    };
    let values = given.written()?;
    let bad = || Fault::new("format takes a pattern with places such as {0}.");
    let mut found = String::new();
    let mut rest = arguments.text(0)?;
    while let Some(at) = rest.find(['{', '}']) {
        push(&mut found, &rest[..at])?;
        let sign = &rest[at..=at];
        rest = &rest[at + 1..];
        if let Some(after) = rest.strip_prefix(sign) {
            push(&mut found, sign)?;
            rest = after;
            continue;
        }
        let end = rest.find('}').filter(|_| sign == "{").ok_or_else(bad)?;
        let (place, style) = rest[..end].split_once(':').unwrap_or((&rest[..end], ""));
        let value = place
            .trim()
            .parse::<usize>()
            .ok()
            .and_then(|at| values.get(at))
            .ok_or_else(bad)?;
        push(&mut found, &styled(value, style)?)?;
        rest = &rest[end + 1..];
    }
    push(&mut found, rest)?;
    Ok(Value::String(found))
}

fn styled(value: &str, style: &str) -> Outcome<String> {
    if style.is_empty() {
        return Ok(value.to_owned());
    }
    let digits = style
        .strip_prefix(['D', 'd'])
        .and_then(|digits| digits.parse::<usize>().ok());
    match (digits.filter(|digits| *digits <= 99), value.parse::<i64>()) {
        (Some(digits), Ok(number)) => {
            let sign = if number < 0 { "-" } else { "" };
            Ok(format!("{sign}{:0>digits$}", number.unsigned_abs()))
        }
        _ => Err(Fault::new(format!(
            "format does not know the style “{style}” for “{value}”."
        ))),
    }
}

fn split(arguments: &Arguments<'_>) -> Outcome<Value> {
    arguments.count(2, 2)?;
    let text = arguments.text(0)?;
    let signs: Vec<&str> = match arguments.get(1)? {
        Value::String(sign) => vec![sign],
        Value::Array(signs) => signs.iter().filter_map(Value::as_str).collect(),
        _ => return Err(wanted("split", "a sign or a list of signs as argument 2")),
    };
    let mut parts = vec![text];
    for sign in signs.into_iter().filter(|sign| !sign.is_empty()) {
        parts = parts
            .into_iter()
            .flat_map(|part| part.split(sign))
            .collect();
    }
    Ok(parts.into_iter().map(Value::from).collect())
}

fn join(arguments: &Arguments<'_>) -> Outcome<Value> {
    arguments.count(2, 2)?;
    let sign = arguments.text(1)?;
    let mut found = String::new();
    for (at, item) in arguments.list(0)?.iter().enumerate() {
        if at > 0 {
            push(&mut found, sign)?;
        }
        push(&mut found, &super::written("join", item)?)?;
    }
    Ok(Value::String(found))
}

fn replace(arguments: &Arguments<'_>) -> Outcome<Value> {
    arguments.count(3, 3)?;
    let (old, new) = (arguments.text(1)?, arguments.text(2)?);
    if old.is_empty() {
        return Err(wanted("replace", "something to be replaced as argument 2"));
    }
    let mut found = String::new();
    for (at, part) in arguments.text(0)?.split(old).enumerate() {
        if at > 0 {
            push(&mut found, new)?;
        }
        push(&mut found, part)?;
    }
    Ok(Value::String(found))
}

fn substring(arguments: &Arguments<'_>) -> Outcome<Value> {
    arguments.count(2, 3)?;
    let signs: Vec<char> = arguments.text(0)?.chars().collect();
    let start = arguments.size(1)?;
    let length = if arguments.values.len() == 3 {
        arguments.size(2)?
    } else {
        signs.len().saturating_sub(start)
    };
    let end = start.checked_add(length).filter(|end| *end <= signs.len());
    let end = end.ok_or_else(|| Fault::new("substring asks for more than the text has."))?;
    let part = signs.get(start..end).unwrap_or_default();
    Ok(Value::String(part.iter().collect()))
}

fn compare(arguments: &Arguments<'_>, is: impl Fn(&str, &str) -> bool) -> Outcome<Value> {
    arguments.count(2, 2)?;
    let text = arguments.text(0)?.to_lowercase();
    Ok(Value::Bool(is(&text, &arguments.text(1)?.to_lowercase())))
}

fn position(
    arguments: &Arguments<'_>,
    find: impl Fn(&str, &str) -> Option<usize>,
) -> Outcome<Value> {
    arguments.count(2, 2)?;
    if let (Value::Array(items), wanted) = (arguments.get(0)?, arguments.get(1)?) {
        let at = items.iter().position(|item| item == wanted);
        return Ok(Value::from(
            at.map_or(-1, |at| i64::try_from(at).unwrap_or(i64::MAX)),
        ));
    }
    let text = arguments.text(0)?.to_lowercase();
    let at = find(&text, &arguments.text(1)?.to_lowercase());
    let signs = at.map_or(-1, |at| {
        i64::try_from(text[..at].chars().count()).unwrap_or(i64::MAX)
    });
    Ok(Value::from(signs))
}

fn pad_left(arguments: &Arguments<'_>) -> Outcome<Value> {
    arguments.count(2, 3)?;
    let text = super::written("padLeft", arguments.get(0)?)?;
    let width = arguments.size(1)?;
    let sign = if arguments.values.len() == 3 {
        arguments.text(2)?
    } else {
        " "
    };
    if width > TEXT / 4 || sign.chars().count() != 1 {
        return Err(wanted("padLeft", "a length in reason and a single sign"));
    }
    let missing = width.saturating_sub(text.chars().count());
    Ok(Value::String(sign.repeat(missing) + &text))
}

fn string(arguments: &Arguments<'_>) -> Outcome<Value> {
    arguments.count(1, 1)?;
    let value = arguments.get(0)?;
    let text = match value {
        Value::Array(_) | Value::Object(_) | Value::Null => value.to_string(),
        plain => super::written("string", plain)?,
    };
    Ok(Value::String(text))
}
