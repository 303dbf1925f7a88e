use chrono::{DateTime, Utc};
use domain::job::{JobView, StepView};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::api::error::ErrorDetail;

/// How far long work is.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Operation {
    /// The path at which it was asked for.
    id: String,
    name: Uuid,
    /// `NotStarted`, `InProgress`, `Succeeded`, `Failed` or `Canceled`.
    status: &'static str,
    start_time: DateTime<Utc>,
    #[serde(skip_serializing_if = "Option::is_none")]
    end_time: Option<DateTime<Utc>>,
    /// 0 to 100 over all steps.
    percent_complete: f32,
    /// Why it failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<ErrorDetail>,
    properties: OperationProperties,
}

/// What Vitrine tells of the work besides.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct OperationProperties {
    /// What it works on.
    resource_id: String,
    /// What it made.
    #[serde(skip_serializing_if = "Option::is_none")]
    result: Option<String>,
    /// Whether it can still be canceled.
    can_cancel: bool,
    steps: Vec<Step>,
}

/// One step of the work.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Step {
    name: String,
    /// The step in words.
    title: String,
    status: &'static str,
    percent_complete: u8,
}

impl Operation {
    /// A job, as it is found at this path.
    pub(super) fn new(path: &str, job: JobView) -> Self {
        Self {
            id: path.to_owned(),
            name: job.id,
            status: job.state.arm(),
            start_time: job.created_at,
            end_time: job.finished_at,
            percent_complete: job.percent.into(),
            error: job.problem.map(ErrorDetail::from),
            properties: OperationProperties {
                resource_id: job.resource_id,
                result: job.result,
                can_cancel: job.can_cancel,
                steps: job.steps.into_iter().map(Step::from).collect(),
            },
        }
    }
}

impl From<StepView> for Step {
    fn from(view: StepView) -> Self {
        Self {
            name: view.name,
            title: view.title,
            status: view.state.arm(),
            percent_complete: view.percent,
        }
    }
}
