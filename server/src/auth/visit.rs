//! The circumstances of a request, for those who are not signed in yet.

use std::convert::Infallible;
use std::net::{IpAddr, SocketAddr};

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::HeaderMap;
use axum::http::header::USER_AGENT;
use axum::http::request::Parts;
use services::identity::Visit;

use crate::config::TlsMode;
use crate::middleware::RequestId;
use crate::state::AppState;

/// Address, browser and request id of whoever asks. A request that Vitrine sends to itself has no address.
#[derive(Debug, Clone)]
pub(super) struct Visitor(pub(super) Visit);

impl FromRequestParts<AppState> for Visitor {
    type Rejection = Infallible;

    async fn from_request_parts(
        parts: &mut Parts,
        state: &AppState,
    ) -> Result<Self, Self::Rejection> {
        let peer = parts
            .extensions
            .get::<ConnectInfo<SocketAddr>>()
            .map(|ConnectInfo(peer)| peer.ip().to_canonical());
        let is_behind_proxy = state.config.tls.mode == TlsMode::Off;
        let address = peer.map(|peer| {
            if is_behind_proxy {
                forwarded(peer, &parts.headers)
            } else {
                peer
            }
        });
        let user_agent = parts
            .headers
            .get(USER_AGENT)
            .and_then(|value| value.to_str().ok());
        Ok(Self(Visit {
            request_id: RequestId::of(&parts.extensions).0,
            address: address
                .map(|address| address.to_string())
                .unwrap_or_default(),
            user_agent: user_agent.unwrap_or_default().to_owned(),
        }))
    }
}

/// The client of a proxy on this host. Only the last entry is the proxy's own; those before it are what clients claim.
fn forwarded(peer: IpAddr, headers: &HeaderMap) -> IpAddr {
    let last = headers
        .get_all("x-forwarded-for")
        .iter()
        .next_back()
        .and_then(|value| value.to_str().ok());
    let client = last
        .and_then(|text| text.rsplit(',').next())
        .and_then(|text| text.trim().parse::<IpAddr>().ok());
    client
        .filter(|_| peer.is_loopback())
        .map_or(peer, |client| client.to_canonical())
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn only_a_proxy_on_this_host_is_believed_and_only_its_own_entry() {
        let mut headers = HeaderMap::new();
        headers.insert(
            "x-forwarded-for",
            HeaderValue::from_static("203.0.113.1, 198.51.100.7"),
        );
        let ip = |text: &str| text.parse::<IpAddr>().expect("an address");
        assert_eq!(forwarded(ip("127.0.0.1"), &headers), ip("198.51.100.7"));
        assert_eq!(forwarded(ip("192.0.2.1"), &headers), ip("192.0.2.1"));
        assert_eq!(
            forwarded(ip("127.0.0.1"), &HeaderMap::new()),
            ip("127.0.0.1")
        );
    }
}
