use axum::Json;
use axum::extract::{Path, State};
use chrono::{DateTime, Utc};
use domain::activity::{ActivityResult, ActivityView};
use domain::{Problem, ResourceId};
use serde::Serialize;
use services::Services;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::api::error::ApiResult;
use crate::api::extract::{Caller, Params};
use crate::api::links::Links;
use crate::api::list::{ListQuery, ListResult, answer};

/// One line of the log.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Event {
    event_data_id: Uuid,
    event_timestamp: DateTime<Utc>,
    /// User name of who did it.
    caller: String,
    operation_name: Word,
    resource_id: String,
    /// `Accepted`, `Succeeded`, `Failed`, `Canceled` or `Refused`.
    status: Word,
    /// `Error` for what failed, else `Informational`.
    level: &'static str,
    /// What was changed, or why it failed.
    description: String,
    /// The request's id, to find it in the server's log.
    correlation_id: String,
}

/// A word of the log.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Word {
    value: String,
}

impl From<ActivityView> for Event {
    fn from(view: ActivityView) -> Self {
        let failed = matches!(
            view.result,
            ActivityResult::Failed | ActivityResult::Refused
        );
        Self {
            event_data_id: view.id,
            event_timestamp: view.at,
            caller: view.caller,
            operation_name: Word {
                value: view.operation,
            },
            resource_id: view.resource_id,
            status: Word {
                value: view.result.to_string(),
            },
            level: if failed { "Error" } else { "Informational" },
            description: view.detail,
            correlation_id: view.request_id,
        }
    }
}

/// List what was done at a scope and below it, newest first.
///
/// The scope is a resource's path; it is empty for the whole tenant.
#[utoipa::path(
    get,
    path = "/{scope}/providers/Microsoft.Insights/eventtypes/management/values",
    tag = "Activity",
    params(ListQuery),
    responses((status = 200, body = ListResult<Event>))
)]
pub(crate) async fn activity_list(
    Caller(ctx): Caller,
    State(services): State<Services>,
    Path(scope): Path<String>,
    Params(query): Params<ListQuery>,
    links: Links,
) -> ApiResult<Json<ListResult<Event>>> {
    let scope = match scope.as_str() {
        "/" => None,
        path => Some(ResourceId::parse(path).map_err(|_| Problem::not_found("The resource"))?),
    };
    Ok(answer(
        services
            .activity_list(&ctx, scope.as_ref(), &query.page()?)
            .await?,
        &links,
    ))
}
