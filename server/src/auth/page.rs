//! Pages that are drawn at addresses outside of the portal's own routes.

use std::sync::Arc;

use app::features::signin::{Message, document_around};
use axum::body::Body;
use axum::extract::Request;
use axum::http::header::{CONTENT_SECURITY_POLICY, REFRESH};
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;
use leptos::nonce::use_nonce;
use leptos::prelude::*;
use leptos_axum::ResponseOptions;
use url::Url;

use crate::middleware::{RequestId, headers};
use crate::state::AppState;

/// Draws a view in the document of pages that stand alone.
pub(crate) async fn draw<V>(
    state: &AppState,
    parts: Parts,
    status: StatusCode,
    view: impl Fn() -> V + Send + Sync + 'static,
) -> Response
where
    V: IntoView + 'static,
{
    let options = state.leptos.clone();
    let view = Arc::new(view);
    let found = options.clone();
    let context = move || {
        // Where scripts that a page asks for are.
        provide_context(found.clone());
        if let (Some(nonce), Some(options)) = (use_nonce(), use_context::<ResponseOptions>())
            && let Ok(policy) = HeaderValue::from_str(&headers::page_policy(&nonce))
        {
            options.insert_header(CONTENT_SECURITY_POLICY, policy);
        }
    };
    let page = leptos_axum::render_app_async_with_context(context, move || {
        let view = Arc::clone(&view);
        document_around(options.clone(), move || view().into_any())
    });
    let mut response = page(Request::from_parts(parts, Body::empty())).await;
    *response.status_mut() = status;
    response
}

/// A title, a sentence and the way back to signing in.
pub(super) async fn message(
    state: &AppState,
    parts: Parts,
    status: StatusCode,
    title: &'static str,
    text: String,
    action: &'static str,
) -> Response {
    let link = (action, "/signin".to_owned());
    message_to(state, parts, status, title, text, link).await
}

/// A title, a sentence and a link: its text and where it leads.
pub(super) async fn message_to(
    state: &AppState,
    parts: Parts,
    status: StatusCode,
    title: &'static str,
    text: String,
    (action, href): (&'static str, String),
) -> Response {
    let request_id = RequestId::of(&parts.extensions).0;
    let request_id = (!status.is_success()).then_some(request_id);
    draw(state, parts, status, move || {
        view! { <Message title text=text.clone() request_id=request_id.clone() action href=href.clone() /> }
    })
    .await
}

/// Leads to another site by way of a page. Where a form was sent, a redirect would be stopped: our pages' policy lets
/// forms lead to ourselves alone.
pub(super) async fn lead(state: &AppState, parts: Parts, address: &Url) -> Response {
    let text = format!("You are led to {}.", address.host_str().unwrap_or_default());
    let link = ("Go on", address.to_string());
    let mut response = message_to(state, parts, StatusCode::OK, "One moment", text, link).await;
    if let Ok(value) = HeaderValue::from_str(&format!("0; url={address}")) {
        response.headers_mut().insert(REFRESH, value);
    }
    response
}
