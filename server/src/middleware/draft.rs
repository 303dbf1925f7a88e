//! What was typed into a form is not lost when the form is refused.
//!
//! A form without script that its server function refuses is sent back to its page, with the refusal in the query
//! (`__path`, `__err`). This layer adds the fields behind them, secrets aside, for the page to fill in again.

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::Request;
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE, LOCATION};
use axum::http::{HeaderMap, HeaderValue};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use domain::{Code, Problem};
use url::{Url, form_urlencoded};

use super::RequestId;
use super::refusal::{Refusal, wants_page};

/// Where server functions are; sign-in and the API lead back in ways of their own.
const SERVER_FUNCTIONS: &str = "/fn/";
/// Larger forms pass unread, and lose what was typed.
const FORM_BYTES: usize = 64 << 10;
/// What an address may hold: fields beyond it are left out, the longest first.
const ADDRESS_BYTES: usize = 16 << 10;
/// Parts of field names whose values are never repeated.
const SECRETS: [&str; 4] = ["passkey", "password", "secret", "token"];

/// Adds the fields to the way back of a refused form.
pub(crate) async fn layer(request: Request, next: Next) -> Response {
    if !request.uri().path().starts_with(SERVER_FUNCTIONS) || !is_small_form(request.headers()) {
        return next.run(request).await;
    }
    let (parts, body) = request.into_parts();
    let Ok(form) = to_bytes(body, FORM_BYTES).await else {
        let problem = Problem::new(Code::InvalidRequest, "The form could not be read.");
        return Refusal::new(problem, &parts.headers, &RequestId::of(&parts.extensions))
            .into_response();
    };
    let mut response = next
        .run(Request::from_parts(parts, Body::from(form.clone())))
        .await;
    if response.status().is_redirection()
        && let Some(back) = response
            .headers()
            .get(LOCATION)
            .and_then(|value| value.to_str().ok())
        && let Some(back) = with_fields(back, &form)
        && let Ok(value) = HeaderValue::from_str(&back)
    {
        response.headers_mut().insert(LOCATION, value);
    }
    response
}

fn is_small_form(headers: &HeaderMap) -> bool {
    let text = |name| {
        headers
            .get(name)
            .and_then(|value: &HeaderValue| value.to_str().ok())
            .unwrap_or_default()
    };
    let is_small = text(CONTENT_LENGTH)
        .parse::<usize>()
        .is_ok_and(|length| length <= FORM_BYTES);
    is_small
        && wants_page(headers)
        && text(CONTENT_TYPE).starts_with("application/x-www-form-urlencoded")
}

/// The address with the last attempt's fields instead of any former one's; none when it bears no refusal.
///
/// Everything behind the first `__path` stems from attempts: what stands before it is the page's own.
pub(crate) fn with_fields(address: &str, form: &Bytes) -> Option<String> {
    let mut url = Url::parse(address).ok()?;
    let pairs: Vec<(String, String)> = url.query_pairs().into_owned().collect();
    let last = |name: &str| pairs.iter().rfind(|(key, _)| key == name).cloned();
    let refusal = [last("__path")?, last("__err")?];
    let own = pairs
        .iter()
        .take_while(|(key, _)| key != "__path" && key != "__err");
    let mut fields: Vec<_> = form_urlencoded::parse(form)
        .filter(|(name, _)| !is_secret(name))
        .collect();
    while encoded(&fields) > ADDRESS_BYTES {
        let longest = fields
            .iter()
            .enumerate()
            .max_by_key(|(_, (_, value))| value.len())
            .map(|(index, _)| index)?;
        fields.remove(longest);
    }
    let query = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(own)
        .extend_pairs(refusal)
        .extend_pairs(fields)
        .finish();
    url.set_query(Some(&query));
    Some(url.into())
}

fn encoded(fields: &[(std::borrow::Cow<'_, str>, std::borrow::Cow<'_, str>)]) -> usize {
    form_urlencoded::Serializer::new(String::new())
        .extend_pairs(fields)
        .finish()
        .len()
}

fn is_secret(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    name.starts_with("__") || SECRETS.iter().any(|secret| name.contains(secret))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn back(address: &str, form: &'static str) -> Option<String> {
        with_fields(address, &Bytes::from_static(form.as_bytes()))
    }

    #[test]
    fn fields_come_back_and_secrets_do_not() {
        let form = "name=a+b&adminPassword=x&client_secret=y&__err=forged";
        let address =
            back("https://h/labs/new?plan=1&__path=%2Ffn%2Flab&__err=E", form).expect("a refusal");
        assert_eq!(
            address,
            "https://h/labs/new?plan=1&__path=%2Ffn%2Flab&__err=E&name=a+b"
        );
    }

    #[test]
    fn a_second_attempt_replaces_the_first() {
        let first =
            back("https://h/n?plan=1&__path=p&__err=1", "name=old&share=on").expect("a refusal");
        let again = back(&format!("{first}&__path=p&__err=2"), "name=new").expect("a refusal");
        assert_eq!(again, "https://h/n?plan=1&__path=p&__err=2&name=new");
    }

    #[test]
    fn where_nothing_was_refused_nothing_is_added() {
        assert_eq!(back("https://h/labs", "name=a"), None);
        assert_eq!(back("/labs", "name=a"), None);
    }

    #[test]
    fn the_longest_field_goes_when_the_address_grows_too_long() {
        let form = format!("name=short&text={}", "x".repeat(ADDRESS_BYTES));
        let address =
            with_fields("https://h/n?__path=p&__err=1", &Bytes::from(form)).expect("a refusal");
        assert_eq!(address, "https://h/n?__path=p&__err=1&name=short");
    }
}
