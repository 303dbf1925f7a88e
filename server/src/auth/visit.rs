//! The circumstances of a request, for those who are not signed in yet.

use std::convert::Infallible;
use std::net::SocketAddr;

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::header::USER_AGENT;
use axum::http::request::Parts;
use services::identity::Visit;

use crate::middleware::RequestId;

/// Address, browser and request id of whoever asks. A request that Vitrine sends to itself has no address.
#[derive(Debug, Clone)]
pub(super) struct Visitor(pub(super) Visit);

impl<S: Sync> FromRequestParts<S> for Visitor {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>();
        let user_agent = parts.headers.get(USER_AGENT).and_then(|value| value.to_str().ok());
        Ok(Self(Visit {
            request_id: RequestId::of(&parts.extensions).0,
            address: peer.map(|ConnectInfo(peer)| peer.ip().to_canonical().to_string()).unwrap_or_default(),
            user_agent: user_agent.unwrap_or_default().to_owned(),
        }))
    }
}
