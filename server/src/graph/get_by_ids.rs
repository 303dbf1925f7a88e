//! Names for object ids, as lists of role assignments show them.

use axum::Json;
use axum::extract::State;
use axum::extract::rejection::JsonRejection;
use serde::Deserialize;
use serde_json::Value;
use services::Services;
use services::application::DirectoryQuery;
use uuid::Uuid;

use super::error::{Caller, GraphError, GraphResult};
use super::users::find;
use super::wire;

/// Most ids in one request.
const MOST: usize = 1000;

#[derive(Debug, Deserialize)]
pub(super) struct Asked {
    ids: Vec<String>,
    #[serde(default)]
    types: Vec<String>,
}

/// The objects that have these ids; those that nobody has are left out.
pub(super) async fn ask(
    caller: Caller,
    State(services): State<Services>,
    body: Result<Json<Asked>, JsonRejection>,
) -> GraphResult<Json<Value>> {
    let Json(asked) = body?;
    if asked.ids.len() > MOST {
        return Err(GraphError::bad(format!("Send {MOST} ids at the most.")));
    }
    let wanted = DirectoryQuery {
        ids: Some(
            asked
                .ids
                .iter()
                .filter_map(|id| id.parse::<Uuid>().ok())
                .collect(),
        ),
        ..DirectoryQuery::default()
    };
    let found = find(&caller, &services, wanted).await?;
    let objects = found.iter().map(wire::object).filter(|object| {
        let kind = object["@odata.type"].as_str().unwrap_or_default();
        asked.types.is_empty()
            || asked.types.iter().any(|name| {
                kind.rsplit('.')
                    .next()
                    .is_some_and(|kind| kind.eq_ignore_ascii_case(name))
            })
    });
    Ok(Json(wire::list(objects)))
}
