//! Absolute addresses: the next page of a list, and where to watch a job.

use axum::extract::FromRequestParts;
use axum::response::{IntoResponse, Response};
use domain::job::JobView;
use domain::{Problem, ResourceId};
use http::{HeaderName, HeaderValue, StatusCode, header, request::Parts};

use super::canonical::CanonicalPath;
use super::error::{ApiError, ApiResult};
use crate::state::AppState;

pub(super) const ASYNC_OPERATION: HeaderName = HeaderName::from_static("azure-asyncoperation");

/// The address at which clients know this server, without a slash at the end.
pub(super) fn base(state: &AppState) -> &str {
    state
        .config
        .server
        .public_url
        .as_str()
        .trim_end_matches('/')
}

/// Where this request came in, for answers that point somewhere.
#[derive(Debug)]
pub(crate) struct Links {
    base: String,
    path: String,
    query: Vec<(String, String)>,
}

impl FromRequestParts<AppState> for Links {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, ApiError> {
        let path = parts
            .extensions
            .get::<CanonicalPath>()
            .map_or(parts.uri.path(), |path| &path.0);
        let query = url::form_urlencoded::parse(parts.uri.query().unwrap_or_default().as_bytes());
        Ok(Self {
            base: base(state).to_owned(),
            path: path.to_owned(),
            query: query.into_owned().collect(),
        })
    }
}

impl Links {
    /// The same list, from where this page ends.
    pub(crate) fn next(&self, token: &str) -> String {
        let kept = self
            .query
            .iter()
            .filter(|(key, _)| !key.eq_ignore_ascii_case("$skiptoken"));
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        let query = query
            .extend_pairs(kept)
            .append_pair("$skiptoken", token)
            .finish();
        format!("{}{}?{query}", self.base, self.path)
    }

    /// Where a child or the resource itself is found.
    pub(crate) fn resource(&self, id: &str) -> String {
        format!("{}{id}?api-version={}", self.base, self.api_version())
    }

    /// A resource that a job goes on with: the client watches the job, then reads the resource.
    ///
    /// # Errors
    /// None but for a job that belongs to no resource, which does not exist.
    pub(crate) fn started(
        &self,
        status: StatusCode,
        job: &JobView,
        location: &str,
        body: impl IntoResponse,
    ) -> ApiResult<Response> {
        let mut response = (status, body).into_response();
        response
            .headers_mut()
            .insert(ASYNC_OPERATION, self.job(job, location, "operations")?);
        response
            .headers_mut()
            .insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
        Ok(response)
    }

    /// Accepted work whose end the client finds at `Location`.
    ///
    /// # Errors
    /// As [`Links::started`].
    pub(crate) fn accepted(&self, job: &JobView, location: &str) -> ApiResult<Response> {
        let mut response = self.started(StatusCode::ACCEPTED, job, location, ())?;
        response.headers_mut().insert(
            header::LOCATION,
            self.job(job, location, "operationResults")?,
        );
        Ok(response)
    }

    fn job(&self, job: &JobView, location: &str, word: &str) -> ApiResult<HeaderValue> {
        let id =
            ResourceId::parse(&job.resource_id).map_err(|_| Problem::not_found("The operation"))?;
        let Some(subscription) = id.segment("subscriptions") else {
            return Err(Problem::not_found("The operation").into());
        };
        // A resource group has no provider of its own.
        let namespace = id.segment("providers").unwrap_or("Microsoft.Resources");
        let address = format!(
            "{}/subscriptions/{subscription}/providers/{namespace}/locations/{location}/{word}/{}?api-version={}",
            self.base,
            job.id,
            self.api_version()
        );
        HeaderValue::try_from(address).map_err(|_| Problem::not_found("The operation").into())
    }

    fn api_version(&self) -> &str {
        self.query
            .iter()
            .find(|(key, _)| key.eq_ignore_ascii_case("api-version"))
            .map_or("", |(_, value)| value)
    }
}
