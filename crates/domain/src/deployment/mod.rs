//! Templates of deployments: what they say is to be made, in which order, with which values. Rule A70.
//!
//! A template is a document in which texts may be expressions. Reading one is a pure function: the services ask which
//! resources there are to write ([`Template::plan`]), write them in that order with [`Template::body`], and answer the
//! [`Template::outputs`]. What a resource is like only when it is there (`reference()`) is handed in.
//!
//! Templates come from anybody, so all of it is limited: levels, loops, the size of texts and lists, and the sum of it all.

mod evaluate;
mod expression;
mod fault;
mod functions;
mod order;
mod output;
mod parameter;
mod resource;
#[cfg(test)]
mod tests;
mod view;

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::problem::Problem;
use crate::resource_id::ResourceId;
use evaluate::Scope;
use fault::invalid;

pub use parameter::Parameters;
pub use resource::Planned;
pub use view::{
    Change, DeploymentInput, DeploymentOperationView, DeploymentState, DeploymentView, Difference,
    Forecast, differences,
};

/// Turns of a loop, and resources of a template, at the most. As in the modelled service.
pub const LOOPS: i64 = 800;
/// Parameters, and variables, at the most. As in the modelled service.
const VALUES: usize = 256;
/// Outputs at the most. As in the modelled service.
const OUTPUTS: usize = 64;

/// Resources as they are, each under the lower-case text that `reference()` names it by.
pub type Found = BTreeMap<String, Value>;

/// What a template can ask of the deployment that it belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    /// The resource group that the resources go to.
    pub group: ResourceId,
    /// The group's region.
    pub location: String,
    /// The group's tags.
    pub tags: BTreeMap<String, String>,
    /// The subscription's name for people.
    pub subscription_name: String,
    /// The tenant.
    pub tenant: Uuid,
    /// The deployment's name.
    pub deployment: String,
    /// When it was asked for: what `utcNow()` answers.
    pub now: DateTime<Utc>,
    /// What `newGuid()` answers.
    pub seed: Uuid,
}

impl Facts {
    /// The subscription as its ids write it.
    fn subscription(&self) -> &str {
        self.group.segment("subscriptions").unwrap_or_default()
    }
}

/// A template that was read; its expressions were not looked at yet.
#[derive(Debug, Clone, PartialEq)]
pub struct Template {
    parameters: Map<String, Value>,
    variables: Map<String, Value>,
    resources: Vec<(Option<String>, Value)>,
    outputs: Map<String, Value>,
}

impl Template {
    /// Reads a template.
    ///
    /// # Errors
    /// `InvalidTemplate` for what is no template of a resource group's deployment, is too large, or uses what is not
    /// offered here, by its name.
    pub fn read(document: &Value) -> Result<Self, Problem> {
        let root = document
            .as_object()
            .ok_or_else(|| invalid("The template is not an object.", "template"))?;
        let schema = root
            .get("$schema")
            .and_then(Value::as_str)
            .unwrap_or_default();
        for scope in ["subscription", "managementGroup", "tenant"] {
            if schema.contains(&format!("{scope}DeploymentTemplate")) {
                let message = format!(
                    "This is a template of a whole {scope}; resource groups take “deploymentTemplate” alone."
                );
                return Err(invalid(message, "template.$schema"));
            }
        }
        for absent in ["functions", "imports", "extensions"] {
            if root.get(absent).is_some_and(|found| !is_empty(found)) {
                let place = format!("template.{absent}");
                return Err(invalid(
                    format!("Templates with “{absent}” are not taken here."),
                    &place,
                ));
            }
        }
        let resources = match root.get("resources") {
            None | Some(Value::Null) => Vec::new(),
            Some(Value::Array(resources)) => {
                resources.iter().map(|raw| (None, raw.clone())).collect()
            }
            Some(Value::Object(resources)) => {
                let named = resources.iter();
                named
                    .map(|(symbol, raw)| (Some(symbol.clone()), raw.clone()))
                    .collect()
            }
            Some(_) => {
                return Err(invalid(
                    "The resources are neither a list nor an object.",
                    "template.resources",
                ));
            }
        };
        Ok(Self {
            parameters: section(root, "parameters", VALUES)?,
            variables: section(root, "variables", VALUES)?,
            resources,
            outputs: section(root, "outputs", OUTPUTS)?,
        })
    }

    fn scope<'a>(
        &'a self,
        facts: &'a Facts,
        parameters: &'a Parameters,
        found: Option<&'a Found>,
    ) -> Scope<'a> {
        Scope::new(facts, parameters.values(), &self.variables, found)
    }
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(items) => items.is_empty(),
        Value::Object(fields) => fields.is_empty(),
        _ => false,
    }
}

/// A part of the template that names its entries.
fn section(
    root: &Map<String, Value>,
    name: &str,
    most: usize,
) -> Result<Map<String, Value>, Problem> {
    let place = format!("template.{name}");
    match root.get(name) {
        None | Some(Value::Null) => Ok(Map::new()),
        Some(Value::Object(fields)) if fields.len() <= most => Ok(fields.clone()),
        Some(Value::Object(_)) => Err(invalid(
            format!("A template has at most {most} {name}."),
            &place,
        )),
        Some(_) => Err(invalid(format!("The {name} are not an object."), &place)),
    }
}
