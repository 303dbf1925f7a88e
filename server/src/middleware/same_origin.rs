//! Requests that a foreign page makes a browser send are refused.
//!
//! Server functions have no check of their own, and a cookie alone does not say whose page sent it. Browsers say so in
//! `Sec-Fetch-Site`, older ones in `Origin`; programs with a bearer token say neither and send no cookie.

use axum::extract::{Request, State};
use axum::http::header::{AUTHORIZATION, COOKIE, HOST, ORIGIN, UPGRADE};
use axum::http::{HeaderMap, Method};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use domain::{Code, Problem};
use url::Url;

use super::RequestId;
use super::refusal::Refusal;
use crate::state::AppState;

/// Refuses what changes something, or opens a WebSocket, on behalf of a foreign page.
pub(crate) async fn layer(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let is_safe = matches!(
        *request.method(),
        Method::GET | Method::HEAD | Method::OPTIONS
    );
    let headers = request.headers();
    if (!is_safe || headers.contains_key(UPGRADE))
        && !is_ours(headers, host(&request), &state.config.server.public_url)
    {
        let problem = Problem::new(
            Code::AuthorizationFailed,
            "This request was sent by a page of another site.",
        );
        return Refusal::new(problem, headers, &RequestId::of(request.extensions()))
            .into_response();
    }
    next.run(request).await
}

/// The host that the browser asked for: in the address under HTTP/2, in a header before.
fn host(request: &Request) -> Option<&str> {
    let from_address = request
        .uri()
        .authority()
        .map(axum::http::uri::Authority::as_str);
    from_address.or_else(|| text(request.headers(), HOST.as_str()))
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

fn is_ours(headers: &HeaderMap, host: Option<&str>, public_url: &Url) -> bool {
    if headers.contains_key(AUTHORIZATION) && !headers.contains_key(COOKIE) {
        return true;
    }
    if let Some(site) = text(headers, "sec-fetch-site") {
        return matches!(site, "same-origin" | "none");
    }
    match headers.get(ORIGIN) {
        Some(origin) => origin.to_str().is_ok_and(|origin| {
            let at_host = origin.split_once("://").map(|(_, authority)| authority);
            origin == public_url.origin().ascii_serialization()
                || (at_host.is_some() && at_host == host)
        }),
        None => !headers.contains_key(COOKIE),
    }
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderName, HeaderValue};

    use super::*;

    fn verdict(headers: &[(&'static str, &'static str)]) -> bool {
        let headers: HeaderMap = headers
            .iter()
            .map(|(name, value)| {
                (
                    HeaderName::from_static(name),
                    HeaderValue::from_static(value),
                )
            })
            .collect();
        is_ours(
            &headers,
            Some("127.0.0.1:8443"),
            &Url::parse("https://labs.example/").expect("an address"),
        )
    }

    #[test]
    fn the_browser_says_whose_page_it_was() {
        assert!(verdict(&[
            ("cookie", "a=b"),
            ("sec-fetch-site", "same-origin")
        ]));
        assert!(verdict(&[("cookie", "a=b"), ("sec-fetch-site", "none")]));
        assert!(!verdict(&[
            ("cookie", "a=b"),
            ("sec-fetch-site", "same-site")
        ]));
        assert!(
            !verdict(&[("sec-fetch-site", "cross-site")]),
            "signing somebody in unawares is refused too"
        );
        assert!(!verdict(&[
            ("sec-fetch-site", "cross-site"),
            ("origin", "https://labs.example"),
            ("cookie", "a=b")
        ]));
    }

    #[test]
    fn older_browsers_name_the_origin() {
        assert!(verdict(&[
            ("cookie", "a=b"),
            ("origin", "https://labs.example")
        ]));
        assert!(verdict(&[
            ("cookie", "a=b"),
            ("origin", "https://127.0.0.1:8443")
        ]));
        assert!(!verdict(&[
            ("cookie", "a=b"),
            ("origin", "https://evil.example")
        ]));
        assert!(!verdict(&[("cookie", "a=b"), ("origin", "null")]));
    }

    #[test]
    fn a_cookie_without_any_origin_is_refused_and_a_program_is_not() {
        assert!(!verdict(&[("cookie", "a=b")]));
        assert!(verdict(&[]));
        assert!(verdict(&[
            ("authorization", "Bearer x"),
            ("origin", "https://tool.example")
        ]));
        assert!(!verdict(&[
            ("authorization", "Bearer x"),
            ("cookie", "a=b"),
            ("origin", "https://tool.example")
        ]));
    }
}
