//! What holds for every request of the API, before its handler.

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use chrono::NaiveDate;
use domain::{Code, OpContext, Problem};

use super::error::{ApiError, REQUEST_ID};

/// Asks for the api-version and names the request for its errors.
pub(super) async fn admit(request: Request, next: Next) -> Response {
    let Some(ctx) = request.extensions().get::<OpContext>() else {
        // The handler's `Caller` refuses, with the challenge: nobody signed in is told more.
        return next.run(request).await;
    };
    let request_id = ctx.request_id.clone();
    match api_version(request.uri().query().unwrap_or_default()) {
        Ok(()) => REQUEST_ID.scope(request_id, next.run(request)).await,
        Err(problem) => ApiError::from(problem).into_response(),
    }
}

/// Any date will do, because clients send dozens of them for one type; none will not. ARM rule 2.
fn api_version(query: &str) -> Result<(), Problem> {
    let version = url::form_urlencoded::parse(query.as_bytes())
        .find(|(key, _)| key.eq_ignore_ascii_case("api-version"))
        .map(|(_, value)| value.into_owned())
        .filter(|value| !value.is_empty());
    let Some(version) = version else {
        let message = "The api-version query parameter (?api-version=2022-08-01) is required for all requests.";
        return Err(Problem::new(Code::MissingApiVersionParameter, message));
    };
    let date = version.get(..10).unwrap_or(&version);
    if date.parse::<NaiveDate>().is_ok() {
        Ok(())
    } else {
        let message = format!("The api-version “{version}” is not a date such as 2022-08-01.");
        Err(Problem::new(Code::InvalidRequest, message).at("api-version"))
    }
}

/// The answer to a path of the API that no operation has.
pub async fn not_found(request: Request) -> Response {
    let path = request.uri().path();
    ApiError::from(Problem::new(
        Code::ResourceNotFound,
        format!("There is no operation at “{path}”."),
    ))
    .into_response()
}

/// The answer to a method that the path does not have.
pub(super) async fn method_not_allowed(request: Request) -> Response {
    let message = format!(
        "There is no {} at “{}”.",
        request.method(),
        request.uri().path()
    );
    let refusal = ApiError::from(Problem::new(Code::InvalidRequest, message).at("method"));
    (http::StatusCode::METHOD_NOT_ALLOWED, refusal).into_response()
}

#[cfg(test)]
mod tests {
    use super::api_version;

    #[test]
    fn any_date_is_an_api_version() {
        for good in [
            "api-version=2022-08-01",
            "a=b&API-Version=2025-05-31-preview",
        ] {
            assert!(api_version(good).is_ok(), "{good}");
        }
        for bad in [
            "",
            "api-version=",
            "api-version=latest",
            "api-version=2022-13-01",
        ] {
            assert!(api_version(bad).is_err(), "{bad}");
        }
    }
}
