//! The secrets of applications. A new one is told in the answer, this once. Rule C10.

use axum::Json;
use axum::extract::rejection::JsonRejection;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::Value;
use services::Services;
use uuid::Uuid;

use super::applications::object_id;
use super::error::{Caller, GraphResult};
use super::wire;

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Wish {
    password_credential: Option<Password>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Password {
    display_name: Option<String>,
    end_date_time: Option<DateTime<Utc>>,
}

/// Makes a secret.
pub(super) async fn add(
    caller: Caller,
    State(services): State<Services>,
    Path(name): Path<String>,
    body: Result<Json<Wish>, JsonRejection>,
) -> GraphResult<Json<Value>> {
    let Json(wish) = body?;
    let wanted = wish.password_credential.unwrap_or_default();
    let made = services
        .application_secret_create(
            &caller.0,
            object_id(&name)?,
            wanted.display_name.as_deref().unwrap_or_default(),
            wanted.end_date_time,
        )
        .await
        .map_err(|error| caller.refuse(error))?;
    Ok(Json(wire::password(&made.credential, Some(&made.secret))))
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Which {
    key_id: Uuid,
}

/// Deletes a secret.
pub(super) async fn remove(
    caller: Caller,
    State(services): State<Services>,
    Path(name): Path<String>,
    body: Result<Json<Which>, JsonRejection>,
) -> GraphResult<StatusCode> {
    let Json(which) = body?;
    services
        .application_credential_delete(&caller.0, object_id(&name)?, which.key_id)
        .await
        .map_err(|error| caller.refuse(error))?;
    Ok(StatusCode::NO_CONTENT)
}
