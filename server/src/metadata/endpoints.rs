//! Where everything is: the document that `az cloud register` reads.

use axum::Json;
use axum::extract::{Query, State};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::auth::{DIRECTORY_PATH, base};
use crate::state::AppState;

/// Up to this version the answer is a list of clouds, from the next on it is this one.
const LAST_LIST: &str = "2019-12-31";

/// The name of this cloud, where the client gives it none.
const NAME: &str = "Vitrine";

#[derive(Debug, Deserialize)]
pub(super) struct Asked {
    #[serde(rename = "api-version")]
    api_version: Option<String>,
}

/// The addresses of this server's parts. Nobody has to be signed in.
pub(super) async fn list(State(state): State<AppState>, Query(asked): Query<Asked>) -> Json<Value> {
    let base = base(&state);
    let directory = format!("{base}{DIRECTORY_PATH}");
    let cloud = json!({
        "name": NAME,
        "portal": base,
        "resourceManager": base,
        "microsoftGraphResourceId": directory,
        "graphAudience": directory,
        "authentication": {
            "loginEndpoint": base,
            "audiences": [base, "https://management.azure.com/"],
            "tenant": "common",
            "identityProvider": "AAD",
        },
        "suffixes": {},
    });
    let is_old = asked
        .api_version
        .as_deref()
        .is_some_and(|version| version <= LAST_LIST);
    Json(if is_old { json!([cloud]) } else { cloud })
}
