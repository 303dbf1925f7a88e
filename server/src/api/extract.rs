//! What handlers take from a request; every refusal comes in the ARM shape.

use axum::extract::{FromRequest, FromRequestParts, Query, Request};
use bytes::Bytes;
use domain::tenant::Precondition;
use domain::{Code, OpContext, Origin, Problem, ResourceId};
use http::{header, request::Parts};
use percent_encoding::percent_decode_str;
use serde::de::DeserializeOwned;
use services::Services;

use super::error::{ApiError, ApiResult};
use crate::state::AppState;

/// Who asks. Every handler begins with it, so that nothing is read for a stranger.
#[derive(Debug)]
pub(crate) struct Caller(pub(crate) OpContext);

impl FromRequestParts<AppState> for Caller {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, ApiError> {
        match parts.extensions.get::<OpContext>() {
            Some(ctx) => Ok(Self(OpContext {
                origin: Origin::Rest,
                ..ctx.clone()
            })),
            None => Err(ApiError::unauthenticated(super::links::base(state))),
        }
    }
}

/// The resource that the path names; for a collection or an action, the one that it belongs to.
#[derive(Debug)]
pub(crate) struct Resource(pub(crate) ResourceId);

impl<S: Sync> FromRequestParts<S> for Resource {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        resource(parts.uri.path()).map(Self)
    }
}

fn resource(path: &str) -> ApiResult<ResourceId> {
    let bad = || ApiError::from(Problem::not_found("The resource"));
    let segments = path
        .trim_matches('/')
        .split('/')
        .map(|segment| {
            let name = percent_decode_str(segment)
                .decode_utf8()
                .map_err(|_| bad())?;
            if name.contains(['/', '\\']) || name.contains(char::is_control) {
                Err(bad())
            } else {
                Ok(name)
            }
        })
        .collect::<ApiResult<Vec<_>>>()?;
    // Words and names alternate: a word without a name is a collection or an action, and a provider alone is nothing.
    let (pairs, _) = segments.as_chunks::<2>();
    let last = pairs
        .iter()
        .rposition(|[word, _]| !word.eq_ignore_ascii_case("providers"));
    let keep = last.map_or(0, |last| 2 * last + 2);
    ResourceId::parse(&format!("/{}", segments[..keep].join("/"))).map_err(|_| bad())
}

/// Who asks for which resource, and the use cases that answer: what nearly every handler begins with.
#[derive(Debug)]
pub(crate) struct Asked {
    pub(crate) ctx: OpContext,
    pub(crate) services: Services,
    pub(crate) id: ResourceId,
}

impl FromRequestParts<AppState> for Asked {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, ApiError> {
        let Caller(ctx) = Caller::from_request_parts(parts, state).await?;
        let Resource(id) = Resource::from_request_parts(parts, state).await?;
        Ok(Self {
            ctx,
            services: state.services.clone(),
            id,
        })
    }
}

/// What `If-Match` and `If-None-Match` expect to find.
#[derive(Debug)]
pub(crate) struct Expect(pub(crate) Precondition);

impl Expect {
    /// What a write expects that goes on from what was just read: that it is still so.
    ///
    /// # Errors
    /// `PreconditionFailed` when it was changed before it was read, or must not exist.
    pub(crate) fn still(&self, etag: &str) -> ApiResult<Precondition> {
        match &self.0 {
            Precondition::Etag(expected) if expected != etag && expected != "*" => {
                let message = "The resource was changed meanwhile. Read it again, then repeat your change with its new etag.";
                Err(Problem::new(Code::PreconditionFailed, message).into())
            }
            Precondition::MustNotExist => {
                let message = "The resource exists already.";
                Err(Problem::new(Code::PreconditionFailed, message).into())
            }
            Precondition::None | Precondition::Etag(_) => Ok(Precondition::Etag(etag.to_owned())),
        }
    }

    /// Refuses to create what the client expects to be there.
    ///
    /// # Errors
    /// `PreconditionFailed`.
    pub(crate) fn absent(&self) -> ApiResult<()> {
        match &self.0 {
            Precondition::Etag(_) => Err(Problem::new(
                Code::PreconditionFailed,
                "It does not exist, so there is nothing to replace.",
            )
            .into()),
            Precondition::None | Precondition::MustNotExist => Ok(()),
        }
    }

    /// What a write answered: that something exists already is 412 for who sent `If-None-Match: *`.
    ///
    /// # Errors
    /// The write's own.
    pub(crate) fn judge<T>(&self, written: services::Result<T>) -> ApiResult<T> {
        match written {
            Err(services::Error::Problem(problem))
                if self.0 == Precondition::MustNotExist
                    && problem.code == Code::AlreadyExists
                    && matches!(problem.target.as_deref(), Some("name" | "version")) =>
            {
                Err(Problem::new(Code::PreconditionFailed, problem.message).into())
            }
            written => Ok(written?),
        }
    }
}

impl<S: Sync> FromRequestParts<S> for Expect {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        let text = |name| {
            parts
                .headers
                .get(name)
                .map(|v| v.to_str().unwrap_or_default().trim())
        };
        let refuse =
            |name: &str, message| Err(Problem::new(Code::InvalidRequest, message).at(name).into());
        match (text(header::IF_MATCH), text(header::IF_NONE_MATCH)) {
            (None, None) => Ok(Self(Precondition::None)),
            (None, Some("*")) => Ok(Self(Precondition::MustNotExist)),
            (None, Some(_)) => refuse("If-None-Match", "Only “If-None-Match: *” is understood."),
            (Some(etag), None) => {
                let etag = etag.strip_prefix("W/").unwrap_or(etag).trim_matches('"');
                Ok(Self(Precondition::Etag(etag.to_owned())))
            }
            (Some(_), Some(_)) => refuse("If-Match", "Send either If-Match or If-None-Match."),
        }
    }
}

/// The query's own parameters; those of the client's that nobody asked for are ignored.
#[derive(Debug, FromRequestParts)]
#[from_request(via(Query), rejection(ApiError))]
pub(crate) struct Params<T>(pub(crate) T);

/// A JSON body. `null` counts as absent, and read-only fields are ignored. ARM rule 9.
#[derive(Debug)]
pub(crate) struct Body<T>(pub(crate) T);

impl<T: DeserializeOwned> FromRequest<AppState> for Body<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &AppState) -> Result<Self, ApiError> {
        parse(&bytes(request, state).await?)
    }
}

/// The body as it came.
///
/// # Errors
/// `PayloadTooLarge`, `InvalidRequest` for a body that breaks off.
pub(super) async fn bytes(request: Request, state: &AppState) -> Result<Bytes, ApiError> {
    let read = Bytes::from_request(request, state).await;
    Ok(read.map_err(|rejection| {
        let code = if rejection.status() == http::StatusCode::PAYLOAD_TOO_LARGE {
            Code::PayloadTooLarge
        } else {
            Code::InvalidRequest
        };
        Problem::new(code, rejection.body_text())
    })?)
}

/// A body's JSON.
///
/// # Errors
/// `InvalidRequest` that says where it is not what the operation takes.
pub(super) fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<Body<T>, ApiError> {
    serde_json::from_slice(bytes).map(Body).map_err(|error| {
        let message =
            format!("The request body is not the JSON that this operation takes: {error}.");
        Problem::new(Code::InvalidRequest, message)
            .at("body")
            .into()
    })
}

#[cfg(test)]
mod tests {
    use super::resource;

    fn named(path: &str) -> Option<String> {
        resource(path).ok().map(|id| id.to_string())
    }

    #[test]
    fn a_path_names_the_resource_before_its_collection_or_action() {
        let gallery = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/galleries/x";
        assert_eq!(named(gallery).as_deref(), Some(gallery));
        assert_eq!(
            named(&format!("{gallery}/images")).as_deref(),
            Some(gallery)
        );
        let group = "/subscriptions/s/resourceGroups/g";
        assert_eq!(
            named(&format!("{group}/providers/Microsoft.Compute/galleries")).as_deref(),
            Some(group)
        );
        assert_eq!(
            named("/subscriptions/s/providers/Microsoft.LabServices/labs").as_deref(),
            Some("/subscriptions/s")
        );
    }

    #[test]
    fn an_encoded_slash_never_makes_another_resource() {
        assert_eq!(named("/subscriptions/s/resourceGroups/g%2Fproviders"), None);
        assert_eq!(named("/subscriptions/s/resourceGroups/g%0Ax"), None);
        assert_eq!(
            named("/subscriptions/s/resourceGroups/my%20group").as_deref(),
            Some("/subscriptions/s/resourceGroups/my group")
        );
    }
}
