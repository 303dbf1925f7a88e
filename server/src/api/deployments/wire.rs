use chrono::{DateTime, Utc};
use domain::deployment::{
    Change, DeploymentInput, DeploymentOperationView, DeploymentState, DeploymentView, Difference,
    Forecast,
};
use domain::{Code, OpContext, Problem, ResourceId};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use utoipa::ToSchema;
use uuid::Uuid;

use super::KIND;
use crate::api::error::ErrorDetail;
use crate::api::wire::{Tags, Tracked};

/// A deployment.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Deployment {
    #[serde(flatten)]
    resource: Tracked,
    properties: DeploymentProperties,
}

/// A deployment's own matters.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct DeploymentProperties {
    /// `Accepted`, `Running`, `Succeeded`, `Failed` or `Canceled`.
    provisioning_state: String,
    /// Always `Incremental`.
    mode: &'static str,
    /// The id of the job that does it.
    correlation_id: Uuid,
    /// When it was asked for, or was over.
    timestamp: DateTime<Utc>,
    /// How long it took, such as `PT3.5S`.
    duration: String,
    /// Types and values; secret ones without values.
    #[schema(value_type = Object)]
    parameters: Value,
    /// Types and values, once it succeeded.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    outputs: Option<Value>,
    /// What it writes, in its order.
    output_resources: Vec<Reference>,
    /// Always empty.
    providers: Vec<Reference>,
    /// Always empty.
    dependencies: Vec<Reference>,
    /// Why it failed: the resource that stopped it, with its own code and sentence.
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<ErrorDetail>,
}

/// A resource, by its id.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Reference {
    id: String,
}

impl From<&ResourceId> for Reference {
    fn from(id: &ResourceId) -> Self {
        Self { id: id.to_string() }
    }
}

impl From<DeploymentView> for Deployment {
    fn from(view: DeploymentView) -> Self {
        let properties = DeploymentProperties {
            provisioning_state: view.state.to_string(),
            mode: "Incremental",
            correlation_id: view.job,
            timestamp: view.finished_at.unwrap_or(view.started_at),
            duration: duration(Some(view.started_at), view.finished_at),
            parameters: view.parameters,
            outputs: view.outputs,
            output_resources: view.resources.iter().map(Reference::from).collect(),
            providers: Vec::new(),
            dependencies: Vec::new(),
            error: view.problem.map(ErrorDetail::from),
        };
        Self {
            resource: Tracked::new(view.meta, KIND),
            properties,
        }
    }
}

/// What a deployment is asked for with.
#[derive(Debug, Default, Deserialize, ToSchema)]
pub(crate) struct DeploymentBody {
    /// Free labels.
    tags: Option<Tags>,
    properties: Option<DeploymentBodyProperties>,
}

/// The template and its parameters.
#[derive(Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct DeploymentBodyProperties {
    /// `Incremental`, also when absent.
    mode: Option<String>,
    /// The template itself; one that lies elsewhere is not fetched.
    #[schema(value_type = Option<Object>)]
    template: Option<Value>,
    /// `{"name": {"value": …}}`
    #[schema(value_type = Option<Object>)]
    parameters: Option<Map<String, Value>>,
    /// Not taken: send the template itself.
    #[schema(value_type = Option<Object>)]
    template_link: Option<Value>,
    /// Not taken: send the parameters themselves.
    #[schema(value_type = Option<Object>)]
    parameters_link: Option<Value>,
}

impl std::fmt::Debug for DeploymentBodyProperties {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DeploymentBodyProperties")
            .field("mode", &self.mode)
            .finish_non_exhaustive()
    }
}

impl DeploymentBody {
    /// The wish to deploy.
    ///
    /// # Errors
    /// `InvalidRequest` for what is not offered, by its name.
    pub(super) fn read(self) -> Result<DeploymentInput, Problem> {
        let given = self.properties.unwrap_or_default();
        let refuse = |message: &str, target: &str| {
            Err(Problem::new(Code::InvalidRequest, message).at(target))
        };
        if given
            .mode
            .is_some_and(|mode| !mode.eq_ignore_ascii_case("Incremental"))
        {
            return refuse(
                "The only mode is Incremental: what a template does not name is left as it is. Delete what has to go by \
                 itself.",
                "properties.mode",
            );
        }
        if given.template_link.is_some() {
            return refuse(
                "Templates are not fetched from elsewhere: send the template itself as properties.template.",
                "properties.templateLink",
            );
        }
        if given.parameters_link.is_some() {
            return refuse(
                "Parameters are not fetched from elsewhere: send them as properties.parameters.",
                "properties.parametersLink",
            );
        }
        let Some(template) = given.template else {
            return refuse("The template is missing.", "properties.template");
        };
        let mut parameters = given.parameters.unwrap_or_default();
        // Whole parameter files are sent, too.
        if let Some(Value::Object(inner)) = parameters.get("parameters").cloned()
            && parameters.contains_key("$schema")
        {
            parameters = inner;
        }
        Ok(DeploymentInput {
            template,
            parameters,
            tags: Tags::given(self.tags).unwrap_or_default(),
        })
    }
}

/// What became of one resource of a deployment.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct DeploymentOperation {
    id: String,
    operation_id: Uuid,
    properties: DeploymentOperationProperties,
}

/// How far one resource of a deployment is.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct DeploymentOperationProperties {
    /// Always `Create`, also for what was there.
    provisioning_operation: &'static str,
    /// `Accepted`, `Running`, `Succeeded`, `Failed` or `Canceled`.
    provisioning_state: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    timestamp: Option<DateTime<Utc>>,
    /// How long it took, such as `PT3.5S`.
    duration: String,
    target_resource: TargetResource,
    /// Why it failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    status_message: Option<StatusMessage>,
}

/// The resource that an operation is about.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct TargetResource {
    id: String,
    resource_type: String,
    resource_name: String,
}

/// Why an operation failed.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct StatusMessage {
    error: ErrorDetail,
}

impl From<DeploymentOperationView> for DeploymentOperation {
    fn from(view: DeploymentOperationView) -> Self {
        Self {
            id: format!("{}/operations/{}", view.deployment, view.id),
            operation_id: view.id,
            properties: DeploymentOperationProperties {
                provisioning_operation: "Create",
                provisioning_state: view.state.to_string(),
                timestamp: view.finished_at.or(view.started_at),
                duration: duration(view.started_at, view.finished_at),
                target_resource: TargetResource {
                    id: view.target.to_string(),
                    resource_name: view.target.name().to_owned(),
                    resource_type: view.kind,
                },
                status_message: view.problem.map(|problem| StatusMessage {
                    error: problem.into(),
                }),
            },
        }
    }
}

/// What a deployment looks like before it is asked for.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Validation {
    id: String,
    name: String,
    r#type: &'static str,
    properties: ValidationProperties,
}

/// A deployment that was judged.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ValidationProperties {
    /// Always `Succeeded`: what is wrong is refused.
    provisioning_state: String,
    mode: &'static str,
    timestamp: DateTime<Utc>,
    duration: String,
    correlation_id: String,
    #[schema(value_type = Object)]
    parameters: Value,
    /// What would be written, in its order.
    validated_resources: Vec<Reference>,
    /// Always empty.
    providers: Vec<Reference>,
}

impl Validation {
    pub(super) fn new(ctx: &OpContext, id: &ResourceId, forecast: Forecast) -> Self {
        let changes = forecast.changes.iter();
        Self {
            id: id.to_string(),
            name: id.name().to_owned(),
            r#type: KIND,
            properties: ValidationProperties {
                provisioning_state: DeploymentState::Succeeded.to_string(),
                mode: "Incremental",
                timestamp: ctx.now,
                duration: duration(None, None),
                correlation_id: ctx.request_id.clone(),
                parameters: forecast.parameters,
                validated_resources: changes.map(|change| Reference::from(&change.id)).collect(),
                providers: Vec::new(),
            },
        }
    }
}

/// What a deployment would do.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct WhatIf {
    /// Always `Succeeded`: what is wrong is refused.
    status: &'static str,
    properties: WhatIfProperties,
}

/// Each resource with what would become of it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct WhatIfProperties {
    changes: Vec<WhatIfChange>,
}

/// What would become of a resource.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct WhatIfChange {
    resource_id: String,
    /// `Create`, `Modify` or `NoChange`.
    change_type: &'static str,
    /// The resource as it is.
    #[schema(value_type = Option<Object>)]
    before: Option<Value>,
    /// The resource as the template has it; what can't be known yet is still an expression.
    #[schema(value_type = Object)]
    after: Value,
    /// What differs.
    delta: Vec<WhatIfDelta>,
}

/// One value that would change.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct WhatIfDelta {
    path: String,
    /// `Create` or `Modify`.
    property_change_type: &'static str,
    #[schema(value_type = Option<Object>)]
    before: Option<Value>,
    #[schema(value_type = Object)]
    after: Value,
    /// Always absent: every value has an entry of its own.
    #[schema(value_type = Option<Object>)]
    children: Option<Value>,
}

impl From<Forecast> for WhatIf {
    fn from(forecast: Forecast) -> Self {
        Self {
            status: "Succeeded",
            properties: WhatIfProperties {
                changes: forecast
                    .changes
                    .into_iter()
                    .map(WhatIfChange::from)
                    .collect(),
            },
        }
    }
}

impl From<Change> for WhatIfChange {
    fn from(change: Change) -> Self {
        let change_type = match (&change.before, change.delta.is_empty()) {
            (None, _) => "Create",
            (Some(_), true) => "NoChange",
            (Some(_), false) => "Modify",
        };
        let mut after = json!({
            "id": change.id.as_str(), "name": change.id.name(), "type": change.kind,
        });
        if let (Value::Object(after), Value::Object(body)) = (&mut after, change.after) {
            after.extend(body);
        }
        Self {
            resource_id: change.id.to_string(),
            change_type,
            before: change.before,
            after,
            delta: change.delta.into_iter().map(WhatIfDelta::from).collect(),
        }
    }
}

impl From<Difference> for WhatIfDelta {
    fn from(difference: Difference) -> Self {
        Self {
            property_change_type: if difference.before.is_some() {
                "Modify"
            } else {
                "Create"
            },
            path: difference.path,
            before: difference.before,
            after: difference.after,
            children: None,
        }
    }
}

/// A span of time in the words of ISO 8601.
fn duration(from: Option<DateTime<Utc>>, until: Option<DateTime<Utc>>) -> String {
    let span = from.zip(until).map(|(from, until)| until - from);
    let milliseconds = span.map_or(0, |span| span.num_milliseconds().max(0));
    format!("PT{}.{:03}S", milliseconds / 1000, milliseconds % 1000)
}

/// A deployment's template.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ExportedTemplate {
    #[schema(value_type = Object)]
    pub(super) template: Value,
}
