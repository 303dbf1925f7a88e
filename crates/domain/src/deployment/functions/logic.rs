//! Functions that decide and compare.

use std::cmp::Ordering;

use serde_json::Value;

use super::Arguments;
use crate::deployment::evaluate::Scope;
use crate::deployment::expression::Expression;
use crate::deployment::fault::{Outcome, wanted};

/// Functions that do not look at all of their arguments.
pub(super) fn lazy(
    scope: &Scope<'_>,
    name: &str,
    arguments: &[Expression],
) -> Option<Outcome<Value>> {
    Some(match name {
        "if" => choose(scope, arguments),
        "and" => until(scope, name, arguments, false),
        "or" => until(scope, name, arguments, true),
        "coalesce" => coalesce(scope, arguments),
        _ => return None,
    })
}

fn choose(scope: &Scope<'_>, arguments: &[Expression]) -> Outcome<Value> {
    let [condition, then, otherwise] = arguments else {
        return Err(wanted("if", "3 arguments"));
    };
    match scope.value(condition)? {
        Value::Bool(true) => scope.value(then),
        Value::Bool(false) => scope.value(otherwise),
        _ => Err(wanted("if", "true or false as argument 1")),
    }
}

/// Stops at the first argument that decides.
fn until(scope: &Scope<'_>, name: &str, arguments: &[Expression], decides: bool) -> Outcome<Value> {
    if arguments.len() < 2 {
        return Err(wanted(name, "at least 2 arguments"));
    }
    for argument in arguments {
        match scope.value(argument)? {
            Value::Bool(found) if found == decides => return Ok(Value::Bool(decides)),
            Value::Bool(_) => {}
            _ => return Err(wanted(name, "true and false alone")),
        }
    }
    Ok(Value::Bool(!decides))
}

fn coalesce(scope: &Scope<'_>, arguments: &[Expression]) -> Outcome<Value> {
    for argument in arguments {
        let found = scope.value(argument)?;
        if !found.is_null() {
            return Ok(found);
        }
    }
    Ok(Value::Null)
}

pub(super) fn call(arguments: &Arguments<'_>) -> Option<Outcome<Value>> {
    Some(match arguments.name {
        "true" => arguments.count(0, 0).map(|()| Value::Bool(true)),
        "false" => arguments.count(0, 0).map(|()| Value::Bool(false)),
        "null" => arguments.count(0, 0).map(|()| Value::Null),
        "not" => not(arguments),
        "bool" => bool(arguments),
        "equals" => equals(arguments),
        "less" => ordered(arguments, Ordering::is_lt),
        "lessorequals" => ordered(arguments, Ordering::is_le),
        "greater" => ordered(arguments, Ordering::is_gt),
        "greaterorequals" => ordered(arguments, Ordering::is_ge),
        _ => return None,
    })
}

fn not(arguments: &Arguments<'_>) -> Outcome<Value> {
    arguments.count(1, 1)?;
    Ok(Value::Bool(!arguments.truth(0)?))
}

fn bool(arguments: &Arguments<'_>) -> Outcome<Value> {
    arguments.count(1, 1)?;
    let found = match arguments.get(0)? {
        Value::Bool(truth) => Some(*truth),
        Value::Number(number) => number.as_i64().map(|number| number != 0),
        Value::String(text) if text.eq_ignore_ascii_case("true") || text == "1" => Some(true),
        Value::String(text) if text.eq_ignore_ascii_case("false") || text == "0" => Some(false),
        _ => None,
    };
    found
        .map(Value::Bool)
        .ok_or_else(|| wanted("bool", "true, false, 1 or 0"))
}

fn equals(arguments: &Arguments<'_>) -> Outcome<Value> {
    arguments.count(2, 2)?;
    Ok(Value::Bool(arguments.get(0)? == arguments.get(1)?))
}

fn ordered(arguments: &Arguments<'_>, is: fn(Ordering) -> bool) -> Outcome<Value> {
    arguments.count(2, 2)?;
    let order = match (arguments.get(0)?, arguments.get(1)?) {
        (Value::String(one), Value::String(other)) => one.cmp(other),
        _ => arguments.int(0)?.cmp(&arguments.int(1)?),
    };
    Ok(Value::Bool(is(order)))
}
