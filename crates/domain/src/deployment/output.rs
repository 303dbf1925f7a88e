//! What a deployment answers with.

use serde_json::{Map, Value, json};

use super::fault::Fault;
use super::parameter::kind;
use super::{Facts, Found, Parameters, Template};
use crate::problem::Problem;

impl Template {
    /// The outputs with their values; secret ones without.
    ///
    /// # Errors
    /// `InvalidTemplate`, with the output's name.
    pub fn outputs(
        &self,
        facts: &Facts,
        parameters: &Parameters,
        found: &Found,
    ) -> Result<Value, Problem> {
        let scope = self.scope(facts, parameters, Some(found));
        let mut outputs = Map::new();
        for (name, declared) in &self.outputs {
            let at = |fault: Fault| fault.at(&format!("template.outputs.{name}"));
            let is_wanted = match declared.get("condition").filter(|raw| !raw.is_null()) {
                None => true,
                Some(raw) => scope.document(raw).map_err(at)? == Value::Bool(true),
            };
            if !is_wanted {
                continue;
            }
            let kind = kind(declared).ok_or_else(|| at(Fault::new("An output needs a type.")))?;
            let output = if kind.starts_with("Secure") {
                json!({"type": kind})
            } else {
                let value = match (declared.get("copy"), declared.get("value")) {
                    (Some(copy), _) if copy.is_object() => scope.repeat(copy),
                    (_, Some(raw)) => scope.document(raw),
                    _ => Err(Fault::new("An output needs a value.")),
                };
                json!({"type": kind, "value": value.map_err(at)?})
            };
            outputs.insert(name.clone(), output);
        }
        Ok(Value::Object(outputs))
    }
}
