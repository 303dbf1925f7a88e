//! The directory in the shapes of Microsoft Graph: people, groups, applications and service principals, as far as
//! command-line clients ask for them before they give roles.
//!
//! Handlers read the request, call the service method and write the answer; rights are the services' matter. Tokens
//! for the REST API open nothing here, and the reverse: see `auth::resource`.

mod add_password;
mod applications;
mod error;
mod filter;
mod get_by_ids;
mod service_principals;
mod users;
mod wire;

use axum::Router;
use axum::extract::Request;
use axum::routing::{get, post};

use crate::state::AppState;
use error::{GraphError, GraphResult};

/// Routes of this module.
pub(crate) fn routes() -> Router<AppState> {
    let version = Router::new()
        .route("/me", get(users::me))
        .route("/users", get(users::list))
        .route("/users/{id}", get(users::get))
        .route("/groups", get(users::list_groups))
        .route("/groups/{id}", get(users::get_group))
        .route("/directoryObjects/getByIds", post(get_by_ids::ask))
        .route(
            "/applications",
            get(applications::list).post(applications::create),
        )
        .route(
            "/applications/{id}",
            get(applications::get)
                .patch(applications::update)
                .delete(applications::delete),
        )
        .route("/applications/{id}/addPassword", post(add_password::add))
        .route(
            "/applications/{id}/removePassword",
            post(add_password::remove),
        )
        .route(
            "/servicePrincipals",
            get(service_principals::list).post(service_principals::create),
        )
        .route(
            "/servicePrincipals/{id}",
            get(service_principals::get).delete(service_principals::delete),
        )
        .fallback(not_found);
    Router::new()
        .nest("/graph/v1.0", version.clone())
        .nest("/graph/beta", version)
}

/// The answer to what the directory does not have.
async fn not_found(request: Request) -> GraphResult<()> {
    let path = request.uri().path().to_owned();
    Err(GraphError::unknown_path(&path))
}
