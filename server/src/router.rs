//! Every address of the server, and what happens to each request on its way.

use std::sync::Arc;
use std::time::Duration;

use app::ssr::PublicUrl;
use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::http::header::CACHE_CONTROL;
use axum::http::{HeaderValue, StatusCode};
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::Response;
use leptos::nonce::use_nonce;
use leptos::prelude::{provide_context, use_context};
use leptos_axum::{LeptosRoutes, ResponseOptions, generate_route_list};
use tower::Layer;
use tower::util::MapRequestLayer;
use tower_http::compression::CompressionLayer;
use tower_http::limit::RequestBodyLimitLayer;
use tower_http::services::ServeDir;
use tower_http::set_header::SetResponseHeaderLayer;
use tower_http::timeout::TimeoutLayer;

use crate::middleware::{draft, headers, panic, request_id, same_origin, trace};
use crate::state::AppState;
use crate::{api, auth, console, events, graph, health, metadata, metrics, share, upload};

/// What a form, a JSON document or a server function's arguments may hold.
const BODY_BYTES: usize = 1 << 20;
/// How long a page or an operation may take; long work is a job.
const PATIENCE: Duration = Duration::from_secs(60);

/// The whole server as one service.
pub fn router(state: AppState) -> Router {
    // Deployments write resources by the very operations that clients ask for.
    state
        .services
        .operations_use(Arc::new(api::Inside::new(&state)));
    let everything = Router::new()
        .merge(short(&state))
        // Streams: as long as they last, as large as they are.
        .merge(events::routes())
        .merge(console::routes())
        .merge(upload::routes())
        .merge(api::streams())
        .layer(from_fn_with_state(state.clone(), auth::caller_layer))
        .layer(from_fn_with_state(state.clone(), same_origin::layer))
        .layer(CompressionLayer::new())
        .merge(files(&state))
        .merge(health::routes())
        .merge(metrics::routes());
    let routed = everything
        .layer(from_fn(panic::layer))
        .layer(from_fn_with_state(state.clone(), headers::layer))
        .layer(from_fn_with_state(state.clone(), trace::layer))
        .layer(from_fn_with_state(state.clone(), request_id::layer))
        .with_state(state);
    // A path gets its one spelling before it is routed, so this stands around the router, not in it.
    Router::new().fallback_service(MapRequestLayer::new(api::canonical).layer(routed))
}

/// What is small and soon over: pages, server functions, sign-in, the API.
fn short(state: &AppState) -> Router<AppState> {
    let context = page_context(state);
    let options = state.leptos.clone();
    let shell = move || app::shell(options.clone());
    let pages = generate_route_list(app::routes::App);
    Router::new()
        .leptos_routes_with_context(state, pages, context.clone(), shell.clone())
        .merge(auth::routes())
        .merge(graph::routes())
        .merge(share::routes())
        .merge(metadata::routes())
        .fallback(move |request: Request| {
            // The portal's own "not found", in its frame; the API has a shape of its own.
            let page = leptos_axum::render_app_async_with_context(context.clone(), shell.clone());
            async move {
                if api::is_api(request.uri().path()) {
                    api::not_found(request).await
                } else {
                    page(request).await
                }
            }
        })
        // Leptos registers the server functions beside the pages, so this looks at the path by itself.
        .layer(from_fn(draft::layer))
        .layer(RequestBodyLimitLayer::new(BODY_BYTES))
        // The API refuses what is too large in a shape of its own.
        .merge(api::routes(&state.config))
        .layer(TimeoutLayer::with_status_code(
            StatusCode::SERVICE_UNAVAILABLE,
            PATIENCE,
        ))
}

/// What pages and server functions find in their context; for a page it also sets the policy with the page's nonce.
fn page_context(state: &AppState) -> impl Fn() + Clone + Send + Sync + 'static {
    let services = state.services.clone();
    let address = PublicUrl(auth::base(state).to_owned());
    move || {
        provide_context(services.clone());
        provide_context(address.clone());
        if let (Some(nonce), Some(options)) = (use_nonce(), use_context::<ResponseOptions>())
            && let Ok(policy) = HeaderValue::from_str(&headers::page_policy(&nonce))
        {
            options.insert_header(axum::http::header::CONTENT_SECURITY_POLICY, policy);
        }
    }
}

/// What browsers fetch: names in `/pkg` bear the hash of their content, so they may be kept for ever.
fn files(state: &AppState) -> Router<AppState> {
    let site = state.config.site_folder();
    let folder = |path| {
        ServeDir::new(path)
            .append_index_html_on_directories(false)
            .precompressed_br()
            .precompressed_gzip()
    };
    let cached = |text| SetResponseHeaderLayer::overriding(CACHE_CONTROL, kept(text));
    let hashed = Router::new()
        .nest_service("/pkg", folder(site.join("pkg")))
        .layer(cached("public, max-age=31536000, immutable"));
    let named = Router::new()
        .nest_service("/assets", folder(site))
        .layer(cached("public, max-age=3600"));
    hashed.merge(named)
}

/// The cache header of files that were found; what was not found may be there the next time.
fn kept(text: &'static str) -> impl Fn(&Response<Body>) -> Option<HeaderValue> + Clone {
    move |response| {
        let is_there =
            response.status().is_success() || response.status() == StatusCode::NOT_MODIFIED;
        Some(HeaderValue::from_static(if is_there {
            text
        } else {
            "no-store"
        }))
    }
}
