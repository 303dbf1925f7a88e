use axum::Json;
use domain::rbac::Action;
use serde::Serialize;
use utoipa::ToSchema;

use crate::api::error::ApiResult;
use crate::api::extract::Caller;
use crate::api::list::{ListResult, whole};

const NAMESPACE: &str = "Microsoft.LabServices";

/// An action that a role can grant.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ActionRow {
    name: &'static str,
    is_data_action: bool,
    display: ActionDisplay,
    /// Always `user`.
    origin: &'static str,
}

/// An action in parts.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ActionDisplay {
    provider: &'static str,
    resource: String,
    operation: String,
}

impl ActionRow {
    fn new(action: Action) -> Option<Self> {
        let path = action.as_str().strip_prefix(NAMESPACE)?.strip_prefix('/')?;
        let (resource, operation) = path.trim_end_matches("/action").rsplit_once('/')?;
        Some(Self {
            name: action.as_str(),
            is_data_action: false,
            display: ActionDisplay {
                provider: NAMESPACE,
                resource: resource.to_owned(),
                operation: operation.to_owned(),
            },
            origin: "user",
        })
    }
}

/// List the actions on labs that roles can grant.
#[utoipa::path(
    get,
    path = "/providers/Microsoft.LabServices/operations",
    tag = super::TAG,
    responses((status = 200, body = ListResult<ActionRow>))
)]
pub(crate) async fn lab_action_list(Caller(_): Caller) -> ApiResult<Json<ListResult<ActionRow>>> {
    Ok(whole(
        Action::ALL.iter().copied().filter_map(ActionRow::new),
    ))
}
