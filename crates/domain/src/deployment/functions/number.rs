//! Functions on whole numbers.

use serde_json::Value;

use super::Arguments;
use crate::deployment::fault::{Fault, Outcome, wanted};

pub(super) fn call(arguments: &Arguments<'_>) -> Option<Outcome<Value>> {
    Some(match arguments.name {
        "add" => two(arguments, i64::checked_add),
        "sub" => two(arguments, i64::checked_sub),
        "mul" => two(arguments, i64::checked_mul),
        "div" => two(arguments, i64::checked_div),
        "mod" => two(arguments, i64::checked_rem),
        "min" => best(arguments, Ord::min),
        "max" => best(arguments, Ord::max),
        "int" => int(arguments),
        _ => return None,
    })
}

fn two(arguments: &Arguments<'_>, work: fn(i64, i64) -> Option<i64>) -> Outcome<Value> {
    arguments.count(2, 2)?;
    work(arguments.int(0)?, arguments.int(1)?)
        .map(Value::from)
        .ok_or_else(|| {
            Fault::new(format!(
                "{} of these numbers has no result.",
                arguments.name
            ))
        })
}

fn best(arguments: &Arguments<'_>, choose: fn(i64, i64) -> i64) -> Outcome<Value> {
    arguments.count(1, usize::MAX)?;
    let values = match arguments.values.as_slice() {
        [Value::Array(items)] => items.as_slice(),
        values => values,
    };
    let numbers = values
        .iter()
        .map(|value| {
            value
                .as_i64()
                .ok_or_else(|| wanted(arguments.name, "whole numbers"))
        })
        .collect::<Outcome<Vec<_>>>()?;
    let found = numbers.into_iter().reduce(choose);
    found
        .map(Value::from)
        .ok_or_else(|| wanted(arguments.name, "at least one number"))
}

fn int(arguments: &Arguments<'_>) -> Outcome<Value> {
    arguments.count(1, 1)?;
    let value = arguments.get(0)?;
    let number = match value {
        Value::String(text) => text.trim().parse().ok(),
        other => other.as_i64(),
    };
    number
        .map(Value::from)
        .ok_or_else(|| wanted("int", "a whole number, or a text of one"))
}
