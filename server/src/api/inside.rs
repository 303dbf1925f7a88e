//! The API's operations for those who work on resources of any kind within the process: a deployment writes each of its
//! resources as a client would, through the same handlers, with the rights of who asked for it.

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::response::Response;
use domain::{Code, OpContext, Problem, ResourceId};
use futures::future::BoxFuture;
use http::{HeaderMap, Method, Request, StatusCode, header};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;
use services::{Error, Operations, Services, Written};
use tower::ServiceExt as _;
use uuid::Uuid;

use super::document::API_VERSION;
use super::error::{REQUEST_ID, Refused};
use super::links::ASYNC_OPERATION;
use super::{canonical, short};
use crate::state::AppState;

/// Bytes of an answer at the most.
const ANSWER: usize = 4 << 20;

/// What may stand in a path as it is.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'/')
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~')
    .remove(b'(')
    .remove(b')');

/// The routes, and what their handlers reach besides the use cases, which the caller brings: so these do not hold
/// themselves.
#[derive(Debug)]
pub(crate) struct Inside {
    routes: Router<AppState>,
    parts: Parts,
}

/// The state without the use cases.
#[derive(Debug)]
struct Parts {
    config: Arc<crate::config::Config>,
    leptos: leptos::config::LeptosOptions,
    providers: crate::auth::Providers,
    metrics: Arc<crate::metrics::Metrics>,
    trust: std::time::Duration,
    shutdown: tokio_util::sync::CancellationToken,
}

impl Inside {
    /// The operations of a server of this state.
    pub(crate) fn new(state: &AppState) -> Self {
        let (routes, _) = short().split_for_parts();
        Self {
            routes,
            parts: Parts {
                config: Arc::clone(&state.config),
                leptos: state.leptos.clone(),
                providers: state.providers.clone(),
                metrics: Arc::clone(&state.metrics),
                trust: state.trust,
                shutdown: state.shutdown.clone(),
            },
        }
    }

    async fn call(
        &self,
        services: &Services,
        ctx: &OpContext,
        method: Method,
        id: &ResourceId,
        body: Option<Value>,
    ) -> services::Result<Response> {
        let path = utf8_percent_encode(id.as_str(), PLAIN);
        let request = Request::builder()
            .method(method)
            .uri(format!("{path}?api-version={API_VERSION}"))
            .header(header::CONTENT_TYPE, "application/json")
            .extension(ctx.clone());
        let body = body.map_or_else(Body::empty, |body| Body::from(body.to_string()));
        let request = request
            .body(body)
            .map_err(|_| Problem::not_found(format!("“{id}”")))?;
        let router = self.routes.clone().with_state(self.parts.with(services));
        let answer = router.oneshot(canonical(request));
        let answer = REQUEST_ID.scope(ctx.request_id.clone(), answer).await;
        let response = answer.unwrap_or_else(|never| match never {});
        if response.status().is_success() {
            return Ok(response);
        }
        Err(refusal(id, &response))
    }
}

impl Parts {
    fn with(&self, services: &Services) -> AppState {
        AppState {
            services: services.clone(),
            config: Arc::clone(&self.config),
            leptos: self.leptos.clone(),
            providers: self.providers.clone(),
            metrics: Arc::clone(&self.metrics),
            trust: self.trust,
            shutdown: self.shutdown.clone(),
        }
    }
}

/// Why an operation refused; a path that no operation has is nothing that is there.
fn refusal(id: &ResourceId, response: &Response) -> Error {
    if let Some(Refused(problem)) = response.extensions().get::<Refused>() {
        return problem.clone().into();
    }
    match response.status() {
        StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED => {
            Problem::not_found(format!("“{id}”")).into()
        }
        status => Error::internal(format!("an operation on {id} answered {status}")),
    }
}

/// The job that an answer points to.
fn job(headers: &HeaderMap) -> Option<Uuid> {
    let address = headers.get(ASYNC_OPERATION)?.to_str().ok()?;
    let path = address.split('?').next()?;
    path.rsplit('/').next()?.parse().ok()
}

async fn json(response: Response) -> services::Result<Value> {
    let bytes = to_bytes(response.into_body(), ANSWER)
        .await
        .map_err(|error| Error::internal(error.to_string()))?;
    if bytes.is_empty() {
        return Ok(Value::Null);
    }
    Ok(serde_json::from_slice(&bytes)?)
}

impl Operations for Inside {
    fn get<'a>(
        &'a self,
        services: &'a Services,
        ctx: &'a OpContext,
        id: &'a ResourceId,
    ) -> BoxFuture<'a, services::Result<Option<Value>>> {
        Box::pin(async move {
            match self.call(services, ctx, Method::GET, id, None).await {
                Ok(response) => Ok(Some(json(response).await?)),
                Err(Error::Problem(problem)) if problem.code == Code::ResourceNotFound => Ok(None),
                Err(error) => Err(error),
            }
        })
    }

    fn put<'a>(
        &'a self,
        services: &'a Services,
        ctx: &'a OpContext,
        id: &'a ResourceId,
        body: Value,
    ) -> BoxFuture<'a, services::Result<Written>> {
        Box::pin(async move {
            let response = self
                .call(services, ctx, Method::PUT, id, Some(body))
                .await?;
            Ok(Written {
                job: job(response.headers()),
                body: json(response).await?,
            })
        })
    }

    fn delete<'a>(
        &'a self,
        services: &'a Services,
        ctx: &'a OpContext,
        id: &'a ResourceId,
    ) -> BoxFuture<'a, services::Result<Option<Uuid>>> {
        Box::pin(async move {
            let response = self.call(services, ctx, Method::DELETE, id, None).await?;
            Ok(job(response.headers()))
        })
    }
}
