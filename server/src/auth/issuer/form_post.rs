//! Answers that the browser posts to the client: the page that does it.

use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};

/// The text as the value of an attribute.
fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

/// A page whose form goes to the client's address by itself, or by its button where there is no script.
pub(super) fn page(
    address: &str,
    origin: &str,
    fields: &[(String, String)],
    nonce: &str,
) -> Response {
    let inputs: String = fields
        .iter()
        .map(|(name, value)| {
            format!(
                "<input type=\"hidden\" name=\"{}\" value=\"{}\">",
                escape(name),
                escape(value)
            )
        })
        .collect();
    let body = format!(
        "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>Signing in</title></head><body>\
         <form method=\"post\" action=\"{}\">{inputs}\
         <p>You are signed in. <button type=\"submit\">Go back to your program</button></p></form>\
         <script nonce=\"{nonce}\">document.forms[0].submit()</script></body></html>",
        escape(address)
    );
    // The page may run this one script and post to this one place.
    let policy = format!(
        "default-src 'none'; script-src 'nonce-{nonce}'; form-action {origin}; base-uri 'none'; frame-ancestors 'none'"
    );
    let Ok(policy) = HeaderValue::from_str(&policy) else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    let headers = [
        (
            CONTENT_TYPE,
            HeaderValue::from_static("text/html; charset=utf-8"),
        ),
        (CONTENT_SECURITY_POLICY, policy),
        (CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ];
    (headers, body).into_response()
}

#[cfg(test)]
mod tests {
    use super::escape;

    #[test]
    fn what_a_client_sends_never_becomes_markup() {
        assert_eq!(escape("\"><script>a&b"), "&quot;&gt;&lt;script&gt;a&amp;b");
    }
}
