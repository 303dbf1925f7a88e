//! Functions on lists and objects, some of them on texts as well.

use serde_json::{Map, Value};

use super::{Arguments, ITEMS, push};
use crate::deployment::evaluate::pick;
use crate::deployment::fault::{Fault, Outcome, wanted};

pub(super) fn call(arguments: &Arguments<'_>) -> Option<Outcome<Value>> {
    Some(match arguments.name {
        "concat" => concat(arguments),
        "length" => length(arguments),
        "empty" => empty(arguments),
        "contains" => contains(arguments),
        "first" => end(arguments, <[Value]>::first, |text| text.chars().next()),
        "last" => end(arguments, <[Value]>::last, |text| text.chars().next_back()),
        "skip" => part(arguments, |length, count| count.min(length)..length),
        "take" => part(arguments, |length, count| 0..count.min(length)),
        "createarray" => Ok(Value::Array(arguments.values.clone())),
        "createobject" => create_object(arguments),
        "array" => array(arguments),
        "union" => union(arguments),
        "intersection" => intersection(arguments),
        "range" => range(arguments),
        "items" => items(arguments),
        "objectkeys" => keys(arguments),
        _ => return None,
    })
}

fn concat(arguments: &Arguments<'_>) -> Outcome<Value> {
    arguments.count(1, usize::MAX)?;
    if arguments.values.iter().all(Value::is_array) {
        let lists = arguments.values.iter().filter_map(Value::as_array);
        return Ok(Value::Array(lists.flatten().cloned().collect()));
    }
    let mut found = String::new();
    for text in arguments.written()? {
        push(&mut found, &text)?;
    }
    Ok(Value::String(found))
}

fn count(number: usize) -> Value {
    Value::from(i64::try_from(number).unwrap_or(i64::MAX))
}

fn length(arguments: &Arguments<'_>) -> Outcome<Value> {
    arguments.count(1, 1)?;
    match arguments.get(0)? {
        Value::String(text) => Ok(count(text.chars().count())),
        Value::Array(items) => Ok(count(items.len())),
        Value::Object(fields) => Ok(count(fields.len())),
        _ => Err(wanted("length", "a text, a list or an object")),
    }
}

fn empty(arguments: &Arguments<'_>) -> Outcome<Value> {
    arguments.count(1, 1)?;
    match arguments.get(0)? {
        Value::Null => Ok(Value::Bool(true)),
        Value::String(text) => Ok(Value::Bool(text.is_empty())),
        Value::Array(items) => Ok(Value::Bool(items.is_empty())),
        Value::Object(fields) => Ok(Value::Bool(fields.is_empty())),
        _ => Err(wanted("empty", "a text, a list or an object")),
    }
}

fn contains(arguments: &Arguments<'_>) -> Outcome<Value> {
    arguments.count(2, 2)?;
    let part = arguments.get(1)?;
    let found = match arguments.get(0)? {
        Value::String(text) => text.contains(&super::written("contains", part)?),
        Value::Array(items) => items.contains(part),
        Value::Object(fields) => pick(fields, arguments.text(1)?).is_some(),
        _ => return Err(wanted("contains", "a text, a list or an object")),
    };
    Ok(Value::Bool(found))
}

fn end(
    arguments: &Arguments<'_>,
    item: impl Fn(&[Value]) -> Option<&Value>,
    sign: impl Fn(&str) -> Option<char>,
) -> Outcome<Value> {
    arguments.count(1, 1)?;
    match arguments.get(0)? {
        Value::String(text) => Ok(Value::String(
            sign(text).map(String::from).unwrap_or_default(),
        )),
        Value::Array(items) => Ok(item(items).cloned().unwrap_or_default()),
        _ => Err(wanted(arguments.name, "a text or a list")),
    }
}

fn part(
    arguments: &Arguments<'_>,
    which: impl Fn(usize, usize) -> std::ops::Range<usize>,
) -> Outcome<Value> {
    arguments.count(2, 2)?;
    let count = usize::try_from(arguments.int(1)?).unwrap_or(0);
    match arguments.get(0)? {
        Value::String(text) => {
            let signs: Vec<char> = text.chars().collect();
            Ok(Value::String(
                signs[which(signs.len(), count)].iter().collect(),
            ))
        }
        Value::Array(items) => Ok(Value::Array(items[which(items.len(), count)].to_vec())),
        _ => Err(wanted(arguments.name, "a text or a list")),
    }
}

fn create_object(arguments: &Arguments<'_>) -> Outcome<Value> {
    let (pairs, rest) = arguments.values.as_chunks::<2>();
    if !rest.is_empty() {
        return Err(wanted("createObject", "names and values in turn"));
    }
    let pair = |[name, value]: &[Value; 2]| match name {
        Value::String(name) => Ok((name.clone(), value.clone())),
        _ => Err(wanted("createObject", "names that are texts")),
    };
    pairs
        .iter()
        .map(pair)
        .collect::<Outcome<Map<_, _>>>()
        .map(Value::Object)
}

fn array(arguments: &Arguments<'_>) -> Outcome<Value> {
    arguments.count(1, 1)?;
    let value = arguments.get(0)?.clone();
    Ok(if value.is_array() {
        value
    } else {
        Value::Array(vec![value])
    })
}

fn union(arguments: &Arguments<'_>) -> Outcome<Value> {
    arguments.count(1, usize::MAX)?;
    if arguments.values.iter().all(Value::is_array) {
        let mut found: Vec<Value> = Vec::new();
        for item in arguments
            .values
            .iter()
            .filter_map(Value::as_array)
            .flatten()
        {
            if found.len() > ITEMS {
                return Err(Fault::new(format!("A union has at most {ITEMS} items.")));
            }
            if !found.contains(item) {
                found.push(item.clone());
            }
        }
        return Ok(Value::Array(found));
    }
    let mut found = Map::new();
    for at in 0..arguments.values.len() {
        merge(&mut found, arguments.object(at)?);
    }
    Ok(Value::Object(found))
}

/// Later values win; objects within are merged in turn.
fn merge(into: &mut Map<String, Value>, from: &Map<String, Value>) {
    for (name, value) in from {
        match (into.get_mut(name), value) {
            (Some(Value::Object(before)), Value::Object(after)) => merge(before, after),
            _ => drop(into.insert(name.clone(), value.clone())),
        }
    }
}

fn intersection(arguments: &Arguments<'_>) -> Outcome<Value> {
    arguments.count(1, usize::MAX)?;
    if arguments.values.iter().all(Value::is_array) {
        let mut found = arguments.list(0)?.to_vec();
        for other in arguments.values.iter().skip(1).filter_map(Value::as_array) {
            found.retain(|item| other.contains(item));
        }
        return Ok(Value::Array(found));
    }
    let mut found = arguments.object(0)?.clone();
    for at in 1..arguments.values.len() {
        let other = arguments.object(at)?;
        found.retain(|name, value| other.get(name) == Some(value));
    }
    Ok(Value::Object(found))
}

fn range(arguments: &Arguments<'_>) -> Outcome<Value> {
    arguments.count(2, 2)?;
    let (start, count) = (arguments.int(0)?, arguments.size(1)?);
    let end = i64::try_from(count)
        .ok()
        .and_then(|count| start.checked_add(count));
    match end.filter(|_| count <= ITEMS) {
        Some(end) => Ok((start..end).map(Value::from).collect()),
        None => Err(wanted("range", &format!("a count up to {ITEMS}"))),
    }
}

fn items(arguments: &Arguments<'_>) -> Outcome<Value> {
    arguments.count(1, 1)?;
    let item = |(key, value): (&String, &Value)| serde_json::json!({"key": key, "value": value});
    Ok(arguments.object(0)?.iter().map(item).collect())
}

fn keys(arguments: &Arguments<'_>) -> Outcome<Value> {
    arguments.count(1, 1)?;
    Ok(arguments
        .object(0)?
        .keys()
        .cloned()
        .map(Value::String)
        .collect())
}
