//! Applications that the caller's tenant registered.

use axum::Json;
use axum::extract::rejection::JsonRejection;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use domain::application::{ApplicationInput, ApplicationView};
use domain::{OpContext, PageRequest};
use serde::Deserialize;
use serde_json::Value;
use services::Services;
use uuid::Uuid;

use super::error::{Caller, GraphError, GraphResult};
use super::filter::{ListQuery, Test};
use super::wire;

/// Most applications in one answer.
const MOST: u32 = 999;

/// What an application is made from or changed to; what is absent stays.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Body {
    display_name: Option<String>,
    sign_in_audience: Option<String>,
    is_fallback_public_client: Option<bool>,
    web: Option<Redirects>,
    public_client: Option<Redirects>,
    key_credentials: Option<Vec<Key>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Redirects {
    redirect_uris: Option<Vec<String>>,
}

/// A certificate; one without a key is already there.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Key {
    display_name: Option<String>,
    key: Option<String>,
}

impl Body {
    /// The registration with these changes.
    fn over(&self, before: ApplicationInput) -> GraphResult<ApplicationInput> {
        let multi_tenant = match self.sign_in_audience.as_deref() {
            None => before.multi_tenant,
            Some("AzureADMyOrg") => false,
            Some("AzureADMultipleOrgs" | "AzureADandPersonalMicrosoftAccount") => true,
            Some(other) => {
                let message = format!("There is no signInAudience “{other}” here.");
                return Err(GraphError::bad(message));
            }
        };
        let addresses = |of: &Option<Redirects>| {
            let addresses = of.as_ref().and_then(|of| of.redirect_uris.clone());
            addresses.filter(|addresses| !addresses.is_empty())
        };
        let (web, public) = (addresses(&self.web), addresses(&self.public_client));
        let is_public = self.is_fallback_public_client;
        Ok(ApplicationInput {
            display_name: self.display_name.clone().unwrap_or(before.display_name),
            multi_tenant,
            public_client: is_public.unwrap_or(before.public_client || public.is_some()),
            redirect_uris: web.or(public).unwrap_or(before.redirect_uris),
        })
    }
}

/// All of them, by application id or by display name.
pub(super) async fn list(
    caller: Caller,
    State(services): State<Services>,
    Query(query): Query<ListQuery>,
) -> GraphResult<Json<Value>> {
    let mut tests = query.tests()?;
    let app_id = tests.equal("appId");
    let name = tests.take("displayName");
    // Nothing here has such addresses, so whoever asks for one finds nothing.
    let none = tests.equal("identifierUris").is_some();
    tests.done()?;
    let all = all(&services, &caller.0)
        .await
        .map_err(|error| caller.refuse(error))?;
    let fits = |of: &&ApplicationView| {
        let given = of.input.display_name.to_lowercase();
        let by_name = match &name {
            None => true,
            Some(Test::Equals(_, name)) => given == name.to_lowercase(),
            Some(Test::StartsWith(_, start)) => given.starts_with(&start.to_lowercase()),
        };
        let by_id = app_id
            .as_ref()
            .is_none_or(|id| id.eq_ignore_ascii_case(&of.app_id.to_string()));
        by_name && by_id && !none
    };
    Ok(Json(wire::list(
        all.iter().filter(fits).map(wire::application),
    )))
}

async fn all(services: &Services, ctx: &OpContext) -> services::Result<Vec<ApplicationView>> {
    let page = PageRequest {
        limit: MOST,
        ..PageRequest::default()
    };
    Ok(services.application_list(ctx, &page).await?.items)
}

/// One, by object id.
pub(super) async fn get(
    caller: Caller,
    State(services): State<Services>,
    Path(name): Path<String>,
) -> GraphResult<Json<Value>> {
    let id = object_id(&name)?;
    let found = services.application_get(&caller.0, id).await;
    let found = found.map_err(|error| caller.refuse(error))?;
    Ok(Json(wire::application(&found)))
}

/// Registers one. Its service principal is made by a call of its own.
pub(super) async fn create(
    caller: Caller,
    State(services): State<Services>,
    body: Result<Json<Body>, JsonRejection>,
) -> GraphResult<(StatusCode, Json<Value>)> {
    let Json(body) = body?;
    let input = body.over(ApplicationInput::default())?;
    let made = services
        .application_create(&caller.0, input, false)
        .await
        .map_err(|error| caller.refuse(error))?;
    let made = with_keys(&caller, &services, made, &body).await?;
    Ok((StatusCode::CREATED, Json(wire::application(&made))))
}

/// Changes one.
pub(super) async fn update(
    caller: Caller,
    State(services): State<Services>,
    Path(name): Path<String>,
    body: Result<Json<Body>, JsonRejection>,
) -> GraphResult<StatusCode> {
    let id = object_id(&name)?;
    let Json(body) = body?;
    let before = services
        .application_get(&caller.0, id)
        .await
        .map_err(|error| caller.refuse(error))?;
    let input = body.over(before.input.clone())?;
    if input != before.input {
        services
            .application_update(&caller.0, id, input)
            .await
            .map_err(|error| caller.refuse(error))?;
    }
    with_keys(&caller, &services, before, &body).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Deletes one.
pub(super) async fn delete(
    caller: Caller,
    State(services): State<Services>,
    Path(name): Path<String>,
) -> GraphResult<StatusCode> {
    services
        .application_delete(&caller.0, object_id(&name)?)
        .await
        .map_err(|error| caller.refuse(error))?;
    Ok(StatusCode::NO_CONTENT)
}

/// Adds the certificates that the body brings.
async fn with_keys(
    caller: &Caller,
    services: &Services,
    of: ApplicationView,
    body: &Body,
) -> GraphResult<ApplicationView> {
    for key in body.key_credentials.iter().flatten() {
        let Some(certificate) = &key.key else {
            continue;
        };
        let name = key.display_name.as_deref().unwrap_or_default();
        services
            .application_certificate_add(&caller.0, of.id, name, certificate)
            .await
            .map_err(|error| caller.refuse(error))?;
    }
    let found = services.application_get(&caller.0, of.id).await;
    found.map_err(|error| caller.refuse(error))
}

/// The key of a registration.
///
/// # Errors
/// `Request_ResourceNotFound` for what is no id.
pub(super) fn object_id(name: &str) -> GraphResult<Uuid> {
    name.parse().map_err(|_| GraphError::unknown_path(name))
}
