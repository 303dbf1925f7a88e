//! Whom an issuer's address speaks for: one tenant, or all of them.

use axum::extract::{FromRequestParts, Path};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use services::identity::TenantRef;
use uuid::Uuid;

use super::error::OAuthError;
use crate::middleware::RequestId;
use crate::state::AppState;

/// The first segment of an issuer's path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Authority {
    /// One tenant, named by its id or its domain.
    Tenant(TenantRef),
    /// Whichever tenant the account belongs to: `organizations`, `common`, or `adfs`, which clients without instance
    /// discovery use.
    Any(&'static str),
}

/// The alias under which paths bear no version.
const WITHOUT_VERSION: &str = "adfs";

impl Authority {
    /// The only tenant that accounts may be of.
    pub(super) fn tenant(&self) -> Option<Uuid> {
        match self {
            Self::Tenant(tenant) => Some(tenant.id),
            Self::Any(_) => None,
        }
    }

    /// The segment in addresses that clients are told.
    pub(super) fn segment(&self) -> String {
        match self {
            Self::Tenant(tenant) => tenant.id.to_string(),
            Self::Any(alias) => (*alias).to_owned(),
        }
    }

    /// Whether the first segment of an address names this authority, in one of its spellings.
    pub(super) fn is_named(&self, segment: &str) -> bool {
        match self {
            Self::Tenant(tenant) => {
                segment.eq_ignore_ascii_case(&tenant.id.to_string())
                    || segment.eq_ignore_ascii_case(&tenant.domain)
            }
            Self::Any(alias) => segment.eq_ignore_ascii_case(alias),
        }
    }

    /// Where an endpoint of this authority is, such as `token`.
    pub(super) fn endpoint(&self, base: &str, name: &str) -> String {
        let version = match self {
            Self::Any(WITHOUT_VERSION) => "",
            _ => "/v2.0",
        };
        format!("{base}/{}/oauth2{version}/{name}", self.segment())
    }
}

impl FromRequestParts<AppState> for Authority {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Response> {
        let Path(segment) = Path::<String>::from_request_parts(parts, state)
            .await
            .map_err(IntoResponse::into_response)?;
        for alias in ["organizations", "common", WITHOUT_VERSION] {
            if segment.eq_ignore_ascii_case(alias) {
                return Ok(Self::Any(alias));
            }
        }
        let request_id = RequestId::of(&parts.extensions).0;
        match state.services.tenant_find(&segment).await {
            Ok(Some(tenant)) => Ok(Self::Tenant(tenant)),
            Ok(None) => {
                let error = OAuthError::new(
                    StatusCode::BAD_REQUEST,
                    "invalid_tenant",
                    90002,
                    "There is no such organisation here.",
                );
                Err(error.respond(state, &request_id))
            }
            Err(error) => Err(OAuthError::internal(error, &request_id).respond(state, &request_id)),
        }
    }
}
