//! The form that makes a share link. The answer itself shows the link: in an address it would stay in the browser's
//! history, and it is not kept.

use app::features::share::{IssuedShare, NEW_SHARE};
use axum::Router;
use axum::body::Bytes;
use axum::extract::{Form, State};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::post;
use domain::share::ShareInput;
use domain::{Code, Problem, ResourceId, Rule, Violation};
use leptos::prelude::*;
use leptos::server_fn::error::ServerFnUrlError;
use serde::Deserialize;
use services::identity::local_path;
use services::{Error, NewShare};
use url::form_urlencoded;

use crate::auth::{base, page};
use crate::middleware::refusal::Refusal;
use crate::middleware::{Signed, draft};
use crate::state::AppState;

/// The route.
pub(crate) fn routes() -> Router<AppState> {
    Router::new().route(NEW_SHARE, post(create))
}

/// What the form sends.
#[derive(Debug, Deserialize)]
struct Asked {
    scope: String,
    #[serde(rename = "shareRole")]
    role: String,
    #[serde(default)]
    days: String,
    #[serde(default)]
    note: String,
    /// The page that the form stands on.
    #[serde(default)]
    from: String,
}

impl Asked {
    /// The share that the form asks for.
    ///
    /// # Errors
    /// Every field that can't be read.
    fn input(&self) -> Result<ShareInput, Problem> {
        let mut found = Vec::new();
        let scope = ResourceId::parse(&self.scope);
        if scope.is_err() {
            found.push(Violation::new(Rule::Required, "scope"));
        }
        let role = self.role.parse();
        if role.is_err() {
            found.push(Violation::new(Rule::Required, "role"));
        }
        let days = Some(self.days.trim()).filter(|days| !days.is_empty());
        let days = days.map(str::parse::<u32>).transpose();
        if days.is_err() {
            found.push(Violation::new(Rule::NotANumber, "days"));
        }
        Problem::unless_empty(found)?;
        let unread = |_| Problem::new(Code::InvalidRequest, "The form could not be read.");
        Ok(ShareInput {
            scope: scope.unwrap_or_else(ResourceId::from_stored),
            role: role.unwrap_or_default(),
            days: days.map_err(unread)?,
            note: self.note.clone(),
        })
    }
}

/// Makes a link and shows it, or leads back to the form with the refusal.
async fn create(
    State(state): State<AppState>,
    signed: Signed,
    parts: Parts,
    Form(asked): Form<Asked>,
) -> Response {
    let ctx = signed.context;
    let back = local_path(&asked.from).unwrap_or("/images").to_owned();
    let made = match asked.input() {
        Ok(input) => state.services.share_create(&ctx, input).await,
        Err(problem) => Err(problem.into()),
    };
    let NewShare { offer, token } = match made {
        Ok(made) => made,
        Err(Error::Problem(problem)) => return refused(&state, &asked, &back, problem),
        Err(error) => {
            return Refusal::of(error.into_problem(&ctx.request_id), &parts).into_response();
        }
    };
    let link = format!("{}/shares/accept?token={token}", base(&state));
    page::draw(&state, parts, StatusCode::OK, move || {
        view! { <IssuedShare link=link.clone() offer=offer.clone() back=back.clone() /> }
    })
    .await
}

/// Leads back to the page of the form; there the refusal stands above it.
fn refused(state: &AppState, asked: &Asked, back: &str, problem: Problem) -> Response {
    let page = format!("{}{back}", base(state));
    let refusal = app::refusal::Refusal(problem);
    let address = ServerFnUrlError::new(NEW_SHARE, refusal).to_url(&page).ok();
    let typed = form_urlencoded::Serializer::new(String::new())
        .append_pair("shareRole", &asked.role)
        .append_pair("days", &asked.days)
        .append_pair("note", &asked.note)
        .finish();
    let filled = address.and_then(|url| draft::with_fields(url.as_str(), &Bytes::from(typed)));
    Redirect::to(filled.as_deref().unwrap_or(back)).into_response()
}
