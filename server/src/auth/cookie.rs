//! The two cookies of sign-in.
//!
//! The prefix `__Host-` makes browsers refuse a cookie of this name from a sibling host or over plain HTTP, so nobody
//! can plant one.

use axum::http::header::{COOKIE, SET_COOKIE};
use axum::http::{HeaderMap, HeaderValue};
use axum::response::{IntoResponse, Response};

/// Holds the session's secret.
pub(super) const SESSION: &str = "__Host-vitrine";

/// Binds a sign-in that is under way to the browser that began it.
pub(super) const SIGNIN: &str = "__Host-vitrine-signin";

/// How long a browser keeps the sign-in cookie, in seconds.
const SIGNIN_SECONDS: u32 = 15 * 60;

/// The cookie's value; a second cookie of the name makes both worthless.
pub(super) fn read(headers: &HeaderMap, name: &str) -> Option<String> {
    let texts = headers
        .get_all(COOKIE)
        .into_iter()
        .filter_map(|value| value.to_str().ok());
    let pairs = texts
        .flat_map(|text| text.split(';'))
        .filter_map(|pair| pair.trim().split_once('='));
    let mut values = pairs
        .filter(|(key, _)| *key == name)
        .map(|(_, value)| value);
    match (values.next(), values.next()) {
        (Some(value), None) if !value.is_empty() => Some(value.to_owned()),
        _ => None,
    }
}

/// Adds the session's cookie to a response. It lasts as long as the browser, the session in the database at most as
/// long as its own limits.
pub(super) fn set_session(response: impl IntoResponse, secret: &str) -> Response {
    with(
        response,
        &format!("{SESSION}={secret}; Path=/; Secure; HttpOnly; SameSite=Lax"),
    )
}

/// Adds the sign-in cookie to a response.
pub(super) fn set_signin(response: impl IntoResponse, secret: &str) -> Response {
    with(
        response,
        &format!(
            "{SIGNIN}={secret}; Path=/; Max-Age={SIGNIN_SECONDS}; Secure; HttpOnly; SameSite=Lax"
        ),
    )
}

/// Takes a cookie out of the browser.
pub(super) fn clear(response: impl IntoResponse, name: &str) -> Response {
    with(
        response,
        &format!("{name}=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=Lax"),
    )
}

fn with(response: impl IntoResponse, cookie: &str) -> Response {
    let mut response = response.into_response();
    if let Ok(mut value) = HeaderValue::from_str(cookie) {
        value.set_sensitive(true);
        response.headers_mut().append(SET_COOKIE, value);
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(cookies: &[&'static str]) -> HeaderMap {
        cookies
            .iter()
            .map(|text| (COOKIE, HeaderValue::from_static(text)))
            .collect()
    }

    #[test]
    fn a_cookie_is_found_among_others_by_its_whole_name() {
        let headers = headers(&[
            "theme=dark; __Host-vitrine=abc",
            "__Host-vitrine-signin=def",
        ]);
        assert_eq!(read(&headers, SESSION).as_deref(), Some("abc"));
        assert_eq!(read(&headers, SIGNIN).as_deref(), Some("def"));
        assert_eq!(read(&headers, "vitrine"), None);
    }

    #[test]
    fn a_cookie_that_comes_twice_is_not_believed() {
        assert_eq!(
            read(&headers(&["__Host-vitrine=a; __Host-vitrine=b"]), SESSION),
            None
        );
    }

    #[test]
    fn cookies_are_out_of_reach_of_scripts_and_of_plain_http() {
        let response = set_session((), "secret");
        let text = response.headers()[SET_COOKIE].to_str().expect("text");
        for word in ["Path=/", "Secure", "HttpOnly", "SameSite=Lax"] {
            assert!(text.contains(word), "{text}");
        }
        assert!(!text.contains("Domain"), "__Host- allows no domain");
    }
}
