//! Making a secret of an application: the answer itself shows it, this once. Rule C10.

use app::features::application::IssuedSecret;
use axum::extract::rejection::FormRejection;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Form, Router};
use chrono::TimeDelta;
use domain::{Code, Problem};
use leptos::prelude::*;
use serde::Deserialize;
use uuid::Uuid;

use super::page;
use crate::middleware::Signed;
use crate::middleware::refusal::Refusal;
use crate::state::AppState;

/// Routes of this module.
pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/admin/applications/{application}/secret", post(create))
}

/// What the form sends.
#[derive(Debug, Deserialize)]
struct Wish {
    #[serde(default, rename = "secretName")]
    name: String,
    /// How long it is good.
    days: i64,
}

async fn create(
    State(state): State<AppState>,
    signed: Signed,
    Path(id): Path<Uuid>,
    parts: Parts,
    form: Result<Form<Wish>, FormRejection>,
) -> Response {
    let ctx = signed.context;
    let Ok(Form(wish)) = form else {
        let problem = Problem::new(Code::InvalidRequest, "The form could not be read.");
        return Refusal::of(problem, &parts).into_response();
    };
    // Far beyond what the rule allows, so that the rule refuses it and nothing overflows.
    let life = TimeDelta::days(wish.days.clamp(0, 10_000));
    let made = state
        .services
        .application_secret_create(&ctx, id, &wish.name, Some(ctx.now + life))
        .await;
    let application = match made {
        Ok(made) => state
            .services
            .application_get(&ctx, id)
            .await
            .map(|application| (application, made)),
        Err(error) => Err(error),
    };
    let (application, made) = match application {
        Ok(found) => found,
        Err(error) => {
            return Refusal::of(error.into_problem(&ctx.request_id), &parts).into_response();
        }
    };
    let back = format!("/admin/applications/{id}?tab=credentials");
    page::draw(&state, parts, StatusCode::OK, move || {
        view! {
            <IssuedSecret
                back=back.clone()
                secret=made.secret.clone()
                app_id=application.app_id.to_string()
                tenant=application.tenant.to_string()
                expires_at=made.credential.expires_at
            />
        }
    })
    .await
}
