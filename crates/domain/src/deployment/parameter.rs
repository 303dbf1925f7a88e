//! A template's parameters: their kinds, their limits, and which of them are secret.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::evaluate::{Names, Scope};
use super::fault::{Fault, Outcome, invalid};
use super::{Facts, Template};
use crate::problem::Problem;

/// The kinds of values, as answers spell them.
const KINDS: [&str; 7] = [
    "String",
    "SecureString",
    "Int",
    "Bool",
    "Object",
    "SecureObject",
    "Array",
];

/// The values of a template's parameters, given or by default, under their lower-case names.
#[derive(Clone, PartialEq, Default)]
pub struct Parameters {
    values: Names,
    secret: BTreeSet<String>,
}

impl std::fmt::Debug for Parameters {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Parameters")
            .field("names", &self.values.keys())
            .finish_non_exhaustive()
    }
}

impl Parameters {
    pub(super) fn values(&self) -> &Names {
        &self.values
    }

    /// The values in two halves: what anybody who sees the deployment may see, and what nobody is shown.
    #[must_use]
    pub fn parted(&self) -> (Value, Value) {
        let (secret, plain): (Map<_, _>, Map<_, _>) = {
            let mut secret = Map::new();
            let mut plain = Map::new();
            for (name, value) in &self.values {
                let half = if self.secret.contains(name) {
                    &mut secret
                } else {
                    &mut plain
                };
                half.insert(name.clone(), value.clone());
            }
            (secret, plain)
        };
        (Value::Object(plain), Value::Object(secret))
    }

    /// The same parameters with secret texts made unreadable, for showing what they are put into.
    #[must_use]
    pub fn masked(&self) -> Self {
        let mask = |(name, value): (&String, &Value)| {
            let value = match value {
                Value::String(_) if self.secret.contains(name) => Value::from("*******"),
                Value::Object(fields) if self.secret.contains(name) => {
                    let mask = |name: &String| (name.clone(), Value::from("*******"));
                    Value::Object(fields.keys().map(mask).collect())
                }
                value => value.clone(),
            };
            (name.clone(), value)
        };
        Self {
            values: self.values.iter().map(mask).collect(),
            secret: self.secret.clone(),
        }
    }

    /// Puts both halves together again.
    #[must_use]
    pub fn joined(plain: &Value, secret: &Value) -> Self {
        let fields = |half: &Value| half.as_object().cloned().unwrap_or_default();
        let secret = fields(secret);
        Self {
            secret: secret.keys().cloned().collect(),
            values: fields(plain).into_iter().chain(secret).collect(),
        }
    }
}

impl Template {
    /// The parameters with the values that a deployment gives, as `{"name": {"value": …}}`, and the defaults of the rest.
    ///
    /// # Errors
    /// `InvalidTemplate` with everything that is wrong with them.
    pub fn parameters(
        &self,
        facts: &Facts,
        given: &Map<String, Value>,
    ) -> Result<Parameters, Problem> {
        let mut wrong = Vec::new();
        let mut parameters = Parameters::default();
        for name in given.keys() {
            if self.declared(name).is_none() {
                wrong.push(format!("The template has no parameter “{name}”."));
            }
        }
        let mut defaults = Vec::new();
        for (name, declared) in &self.parameters {
            let key = name.to_lowercase();
            if kind(declared).is_some_and(|kind| kind.starts_with("Secure")) {
                parameters.secret.insert(key.clone());
            }
            let entry = given
                .iter()
                .find(|(given, _)| given.to_lowercase() == key)
                .map(|(_, entry)| entry);
            match entry.map(|entry| (entry.get("value"), entry.get("reference"))) {
                Some((Some(value), _)) if !value.is_null() => {
                    parameters.values.insert(key, value.clone());
                }
                Some((_, Some(_))) => wrong.push(format!(
                    "“{name}” is to be read from a vault; give its value instead."
                )),
                _ => match declared.get("defaultValue") {
                    Some(default) => defaults.push((name, default)),
                    None if declared.get("nullable") == Some(&Value::Bool(true)) => {
                        parameters.values.insert(key, Value::Null);
                    }
                    None => wrong.push(format!("“{name}” has neither a value nor a default.")),
                },
            }
        }
        if let Err(message) = fill(facts, &mut parameters.values, defaults) {
            wrong.push(message);
        }
        for (name, declared) in &self.parameters {
            if let Some(value) = parameters.values.get(&name.to_lowercase()) {
                wrong.extend(check(name, declared, value));
            }
        }
        if wrong.is_empty() {
            Ok(parameters)
        } else {
            Err(invalid(wrong.join(" "), "parameters"))
        }
    }

    /// The parameters as answers show them: secret ones without their values.
    #[must_use]
    pub fn shown(&self, parameters: &Parameters) -> Value {
        let entry = |(name, declared): (&String, &Value)| {
            let key = name.to_lowercase();
            let kind = kind(declared).unwrap_or("Object");
            let entry = if kind.starts_with("Secure") || parameters.secret.contains(&key) {
                json!({"type": kind})
            } else {
                json!({"type": kind, "value": parameters.values.get(&key)})
            };
            (name.clone(), entry)
        };
        Value::Object(self.parameters.iter().map(entry).collect())
    }

    fn declared(&self, name: &str) -> Option<&Value> {
        let key = name.to_lowercase();
        let found = self
            .parameters
            .iter()
            .find(|(declared, _)| declared.to_lowercase() == key);
        found.map(|(_, declared)| declared)
    }
}

/// Works out defaults, which may be made of other parameters: as often around as one more gets a value.
fn fill(facts: &Facts, values: &mut Names, mut open: Vec<(&String, &Value)>) -> Result<(), String> {
    let none = Map::new();
    while !open.is_empty() {
        let mut left = Vec::new();
        let mut last = String::new();
        let before = open.len();
        for (name, default) in open {
            let found: Outcome<Value> = Scope::new(facts, values, &none, None).document(default);
            match found {
                Ok(value) => {
                    values.insert(name.to_lowercase(), value);
                }
                Err(fault) => {
                    let reason = match fault {
                        Fault::Wrong(reason) => reason,
                        Fault::Later => "reference() can't be used in it.".to_owned(),
                    };
                    last = format!("The default of “{name}” has no value: {reason}");
                    left.push((name, default));
                }
            }
        }
        if left.len() == before {
            return Err(last);
        }
        open = left;
    }
    Ok(())
}

/// The kind of a declaration, in its own spelling.
pub(super) fn kind(declared: &Value) -> Option<&'static str> {
    let text = declared.get("type").and_then(Value::as_str)?;
    KINDS
        .into_iter()
        .find(|kind| kind.eq_ignore_ascii_case(text))
}

/// Everything that is wrong with a value.
fn check(name: &str, declared: &Value, value: &Value) -> Vec<String> {
    let Some(kind) = kind(declared) else {
        return vec![format!(
            "“{name}” needs a type, one of: {}.",
            KINDS.join(", ")
        )];
    };
    if value.is_null() && declared.get("nullable") == Some(&Value::Bool(true)) {
        return Vec::new();
    }
    let fits = match kind {
        "String" | "SecureString" => value.is_string(),
        "Int" => value.is_i64(),
        "Bool" => value.is_boolean(),
        "Array" => value.is_array(),
        _ => value.is_object(),
    };
    if !fits {
        return vec![format!("“{name}” takes a value of the type {kind}.")];
    }
    let mut wrong = Vec::new();
    if let Some(allowed) = declared.get("allowedValues").and_then(Value::as_array)
        && !allowed.contains(value)
    {
        let listed: Vec<String> = allowed.iter().map(Value::to_string).collect();
        wrong.push(format!("“{name}” takes one of: {}.", listed.join(", ")));
    }
    let size = match value {
        Value::String(text) => i64::try_from(text.chars().count()).ok(),
        Value::Array(items) => i64::try_from(items.len()).ok(),
        _ => None,
    };
    for (limit, actual, is_least) in [
        ("minValue", value.as_i64(), true),
        ("maxValue", value.as_i64(), false),
        ("minLength", size, true),
        ("maxLength", size, false),
    ] {
        let limit = (limit, declared.get(limit).and_then(Value::as_i64));
        if let ((name_of, Some(limit)), Some(actual)) = (limit, actual)
            && (if is_least {
                actual < limit
            } else {
                actual > limit
            })
        {
            wrong.push(format!("“{name}” breaks its {name_of} of {limit}."));
        }
    }
    wrong
}
