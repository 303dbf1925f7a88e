//! The functions of template expressions, by what they work on. What is not here is refused by name.

mod encoding;
mod list;
mod logic;
mod number;
mod place;
mod text;

use serde_json::{Map, Value};

pub(super) use place::below;

use super::evaluate::Scope;
use super::expression::Expression;
use super::fault::{Fault, Outcome, wanted};

/// Bytes of a text that a function makes, at the most.
const TEXT: usize = 1 << 20;
/// Items of a list that a function makes, at the most.
const ITEMS: usize = 10_000;

/// Calls a function; the name is in lower case.
pub(super) fn call(scope: &Scope<'_>, name: &str, arguments: &[Expression]) -> Outcome<Value> {
    // These look at some of their arguments only when they need them.
    if let Some(value) = logic::lazy(scope, name, arguments) {
        return value;
    }
    let values = arguments
        .iter()
        .map(|argument| scope.value(argument))
        .collect::<Outcome<Vec<_>>>()?;
    let arguments = Arguments { name, values };
    let found = place::call(scope, &arguments)
        .or_else(|| text::call(&arguments))
        .or_else(|| encoding::call(&arguments))
        .or_else(|| list::call(&arguments))
        .or_else(|| number::call(&arguments))
        .or_else(|| logic::call(&arguments));
    found.unwrap_or_else(|| {
        Err(Fault::new(format!(
            "The function “{name}” is not one that templates can use here."
        )))
    })
}

/// What a function was called with.
#[derive(Debug)]
struct Arguments<'a> {
    name: &'a str,
    values: Vec<Value>,
}

impl Arguments<'_> {
    /// Refuses another number of arguments.
    fn count(&self, least: usize, most: usize) -> Outcome<()> {
        if (least..=most).contains(&self.values.len()) {
            return Ok(());
        }
        let number = match (least, most) {
            (least, most) if least == most => least.to_string(),
            (least, usize::MAX) => format!("at least {least}"),
            (least, most) => format!("{least} to {most}"),
        };
        Err(wanted(self.name, &format!("{number} arguments")))
    }

    fn get(&self, at: usize) -> Outcome<&Value> {
        self.values
            .get(at)
            .ok_or_else(|| wanted(self.name, &format!("at least {} arguments", at + 1)))
    }

    fn text(&self, at: usize) -> Outcome<&str> {
        let text = self.get(at)?.as_str();
        text.ok_or_else(|| wanted(self.name, &format!("a text as argument {}", at + 1)))
    }

    fn int(&self, at: usize) -> Outcome<i64> {
        let number = self.get(at)?.as_i64();
        number.ok_or_else(|| wanted(self.name, &format!("a whole number as argument {}", at + 1)))
    }

    fn size(&self, at: usize) -> Outcome<usize> {
        usize::try_from(self.int(at)?).map_err(|_| {
            wanted(
                self.name,
                &format!("no number below 0 as argument {}", at + 1),
            )
        })
    }

    fn truth(&self, at: usize) -> Outcome<bool> {
        let truth = self.get(at)?.as_bool();
        truth.ok_or_else(|| wanted(self.name, &format!("true or false as argument {}", at + 1)))
    }

    fn list(&self, at: usize) -> Outcome<&[Value]> {
        let list = self.get(at)?.as_array();
        list.map(Vec::as_slice)
            .ok_or_else(|| wanted(self.name, &format!("a list as argument {}", at + 1)))
    }

    fn object(&self, at: usize) -> Outcome<&Map<String, Value>> {
        let object = self.get(at)?.as_object();
        object.ok_or_else(|| wanted(self.name, &format!("an object as argument {}", at + 1)))
    }

    /// All arguments as texts, numbers and truths written out.
    fn written(&self) -> Outcome<Vec<String>> {
        self.values
            .iter()
            .map(|value| written(self.name, value))
            .collect()
    }
}

/// A plain value as a text.
fn written(name: &str, value: &Value) -> Outcome<String> {
    match value {
        Value::String(text) => Ok(text.clone()),
        Value::Number(number) => Ok(number.to_string()),
        // As the modelled service writes them.
        Value::Bool(true) => Ok("True".to_owned()),
        Value::Bool(false) => Ok("False".to_owned()),
        Value::Null | Value::Array(_) | Value::Object(_) => Err(wanted(name, "plain values")),
    }
}

/// Adds to a text that may not grow for ever.
fn push(text: &mut String, more: &str) -> Outcome<()> {
    if text.len() + more.len() > TEXT {
        return Err(Fault::new(format!(
            "A text in a template has at most {TEXT} characters."
        )));
    }
    text.push_str(more);
    Ok(())
}
