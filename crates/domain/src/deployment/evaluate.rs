//! Evaluating expressions, and documents that hold expressions.
//!
//! Everything is paid for from one purse, so that no template takes more time or memory than its share, however it is
//! written.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::expression::{Expression, inner, parse, plain};
use super::fault::{Fault, Outcome};
use super::functions;
use super::{Facts, LOOPS};

/// Values that an evaluation may make: far more than any honest template does.
const FUEL: u32 = 1_000_000;
/// Documents and expressions within each other at the most.
const DEPTH: u32 = 96;

/// Values by names that are compared without regard to case.
pub(super) type Names = BTreeMap<String, Value>;

/// What expressions can ask for.
#[derive(Debug)]
pub(super) struct Scope<'a> {
    pub(super) facts: &'a Facts,
    pub(super) parameters: &'a Names,
    variables: &'a Map<String, Value>,
    known: RefCell<Names>,
    open: RefCell<BTreeSet<String>>,
    /// The loops that the evaluation is in, innermost last; a variable is outside of all.
    loops: RefCell<Vec<(String, i64)>>,
    /// Resources as they are, by their keys; none while planning.
    pub(super) found: Option<&'a Names>,
    fuel: Cell<u32>,
    depth: Cell<u32>,
}

impl<'a> Scope<'a> {
    pub(super) fn new(
        facts: &'a Facts,
        parameters: &'a Names,
        variables: &'a Map<String, Value>,
        found: Option<&'a Names>,
    ) -> Self {
        Self {
            facts,
            parameters,
            variables,
            known: RefCell::default(),
            open: RefCell::default(),
            loops: RefCell::default(),
            found,
            fuel: Cell::new(FUEL),
            depth: Cell::new(0),
        }
    }

    /// Evaluates in one turn of a loop.
    pub(super) fn within<T>(
        &self,
        name: &str,
        index: i64,
        evaluate: impl FnOnce(&Self) -> Outcome<T>,
    ) -> Outcome<T> {
        self.loops.borrow_mut().push((name.to_owned(), index));
        let found = evaluate(self);
        self.loops.borrow_mut().pop();
        found
    }

    /// The turn of a loop: of the named one, or of the innermost.
    pub(super) fn turn(&self, name: Option<&str>) -> Option<i64> {
        let loops = self.loops.borrow();
        loops
            .iter()
            .rev()
            .find(|(found, _)| name.is_none_or(|name| name.eq_ignore_ascii_case(found)))
            .map(|(_, index)| *index)
    }

    /// A variable's value, worked out when it is first asked for.
    pub(super) fn variable(&self, name: &str) -> Outcome<Value> {
        let key = name.to_lowercase();
        if let Some(value) = self.known.borrow().get(&key) {
            return Ok(value.clone());
        }
        let raw = self
            .variables
            .iter()
            .find(|(found, _)| found.to_lowercase() == key)
            .map(|(_, raw)| raw)
            .or_else(|| repeated(self.variables, &key))
            .ok_or_else(|| Fault::new(format!("The template has no variable “{name}”.")))?;
        if !self.open.borrow_mut().insert(key.clone()) {
            return Err(Fault::new(format!(
                "The variable “{name}” is made of itself."
            )));
        }
        let outside = self.loops.take();
        let value = match repeated(self.variables, &key) {
            Some(copy) => self.repeat(copy),
            None => self.document(raw),
        };
        *self.loops.borrow_mut() = outside;
        self.open.borrow_mut().remove(&key);
        let value = value?;
        self.known.borrow_mut().insert(key, value.clone());
        Ok(value)
    }

    /// A document with all its expressions evaluated, and its `copy` lists written out.
    pub(super) fn document(&self, raw: &Value) -> Outcome<Value> {
        self.deeper(|scope| match raw {
            Value::String(text) => scope.text(text),
            Value::Array(items) => items.iter().map(|item| scope.document(item)).collect(),
            Value::Object(fields) => scope.object(fields).map(Value::Object),
            plain => {
                scope.pay(1)?;
                Ok(plain.clone())
            }
        })
    }

    fn object(&self, fields: &Map<String, Value>) -> Outcome<Map<String, Value>> {
        let mut found = Map::new();
        for (name, raw) in fields {
            if let (true, Value::Array(copies)) = (name.eq_ignore_ascii_case("copy"), raw) {
                for copy in copies {
                    let name = copy.get("name").and_then(Value::as_str);
                    let name = name.ok_or_else(|| Fault::new("A “copy” needs a name."))?;
                    found.insert(name.to_owned(), self.repeat(copy)?);
                }
                continue;
            }
            let name = match self.text(name)? {
                Value::String(name) => name,
                other => {
                    return Err(Fault::new(format!(
                        "A field is called “{other}”; names are texts."
                    )));
                }
            };
            found.insert(name, self.document(raw)?);
        }
        Ok(found)
    }

    /// The list that a `copy` of a property, variable or output stands for.
    pub(super) fn repeat(&self, copy: &Value) -> Outcome<Value> {
        let name = copy.get("name").and_then(Value::as_str).unwrap_or_default();
        let count = copy
            .get("count")
            .ok_or_else(|| Fault::new("A “copy” needs a count."))?;
        let count = turns(&self.document(count)?)?;
        let input = copy
            .get("input")
            .ok_or_else(|| Fault::new("A “copy” of values needs an input."))?;
        (0..count)
            .map(|index| self.within(name, index, |scope| scope.document(input)))
            .collect()
    }

    fn text(&self, text: &str) -> Outcome<Value> {
        match inner(text) {
            Some(expression) => self.value(&parse(expression)?),
            None => {
                self.pay(1 + weight_of_text(text))?;
                Ok(Value::String(plain(text).to_owned()))
            }
        }
    }

    /// The value of an expression.
    pub(super) fn value(&self, expression: &Expression) -> Outcome<Value> {
        self.deeper(|scope| {
            let value = match expression {
                Expression::Text(text) => Value::String(text.clone()),
                Expression::Number(number) => Value::from(*number),
                Expression::Call(name, arguments) => functions::call(scope, name, arguments)?,
                Expression::Field(of, name) => field(&scope.value(of)?, name)?,
                Expression::Index(of, index) => item(&scope.value(of)?, &scope.value(index)?)?,
            };
            scope.pay(weight(&value))?;
            Ok(value)
        })
    }

    fn deeper<T>(&self, evaluate: impl FnOnce(&Self) -> Outcome<T>) -> Outcome<T> {
        let depth = self.depth.get();
        if depth >= DEPTH {
            return Err(Fault::new(format!(
                "The template nests more than {DEPTH} levels."
            )));
        }
        self.depth.set(depth + 1);
        let found = evaluate(self);
        self.depth.set(depth);
        found
    }

    /// Pays for what was made.
    pub(super) fn pay(&self, price: u32) -> Outcome<()> {
        match self.fuel.get().checked_sub(price) {
            Some(rest) => {
                self.fuel.set(rest);
                Ok(())
            }
            None => Err(Fault::new("The template's values are too large.")),
        }
    }
}

/// The `copy` among the variables that bears this name.
fn repeated<'a>(variables: &'a Map<String, Value>, key: &str) -> Option<&'a Value> {
    let copies = variables.get("copy")?.as_array()?;
    let named = |copy: &&Value| {
        copy.get("name")
            .and_then(Value::as_str)
            .is_some_and(|name| name.to_lowercase() == key)
    };
    copies.iter().find(named)
}

/// How often a loop turns.
pub(super) fn turns(count: &Value) -> Outcome<i64> {
    count
        .as_i64()
        .filter(|count| (0..=LOOPS).contains(count))
        .ok_or_else(|| {
            Fault::new(format!(
                "A copy's count is a whole number from 0 to {LOOPS}."
            ))
        })
}

/// How much a value counts for: its parts, and its texts by their length.
fn weight(value: &Value) -> u32 {
    match value {
        Value::String(text) => 1 + weight_of_text(text),
        Value::Array(items) => items
            .iter()
            .fold(1, |sum, item| sum.saturating_add(weight(item))),
        Value::Object(fields) => fields.iter().fold(1, |sum, (name, value)| {
            sum.saturating_add(weight_of_text(name))
                .saturating_add(weight(value))
        }),
        Value::Null | Value::Bool(_) | Value::Number(_) => 1,
    }
}

fn weight_of_text(text: &str) -> u32 {
    u32::try_from(text.len() / 32).unwrap_or(u32::MAX)
}

/// A field of an object, in its spelling or any other.
pub(super) fn field(value: &Value, name: &str) -> Outcome<Value> {
    let Value::Object(fields) = value else {
        return Err(Fault::new(format!(
            "“.{name}” is asked of something that has no fields."
        )));
    };
    pick(fields, name)
        .cloned()
        .ok_or_else(|| Fault::new(format!("There is no field “{name}”.")))
}

/// The field of a name, whatever its case.
pub(super) fn pick<'a>(fields: &'a Map<String, Value>, name: &str) -> Option<&'a Value> {
    fields.get(name).or_else(|| {
        let found = fields
            .iter()
            .find(|(found, _)| found.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value)
    })
}

fn item(value: &Value, index: &Value) -> Outcome<Value> {
    match (value, index) {
        (_, Value::String(name)) => field(value, name),
        (Value::Array(items), Value::Number(number)) => {
            let at = number.as_u64().and_then(|at| usize::try_from(at).ok());
            at.and_then(|at| items.get(at)).cloned().ok_or_else(|| {
                Fault::new(format!(
                    "There is no item {number} in a list of {}.",
                    items.len()
                ))
            })
        }
        _ => Err(Fault::new(
            "Only lists are indexed by numbers, and objects by names.",
        )),
    }
}
