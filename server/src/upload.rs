//! The portal's uploads: resumable for a script, a plain form for a browser without one.
//!
//! A script announces the file (`POST /uploads`), sends it in as many pieces as it likes (`PATCH /uploads/{id}` with
//! `Upload-Offset`) and asks after an interruption where to go on (`HEAD`). Pieces go to the disk as they arrive.

mod form;

use std::io;

use axum::body::Body;
use axum::extract::{DefaultBodyLimit, Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use domain::upload::{UploadInput, UploadView};
use domain::{Code, Problem};
use futures::TryStreamExt;
use services::Error;
use uuid::Uuid;

use crate::middleware::refusal::Refusal;
use crate::middleware::{RequestId, Signed};
use crate::state::AppState;

const UPLOAD_OFFSET: &str = "upload-offset";
const UPLOAD_LENGTH: &str = "upload-length";
/// An announcement in JSON.
const ANNOUNCEMENT_BYTES: usize = 64 << 10;

/// Routes of this module.
pub(crate) fn routes() -> Router<AppState> {
    let announce = post(create).layer(DefaultBodyLimit::max(ANNOUNCEMENT_BYTES));
    let pieces = get(show)
        .patch(append)
        .delete(remove)
        .layer(DefaultBodyLimit::disable());
    let form = post(form::submit).layer(DefaultBodyLimit::disable());
    Router::new()
        .route("/uploads", announce)
        .route("/uploads/{id}", pieces)
        .route("/uploads/form", form)
}

/// Turns a service's error into the answer that this request accepts.
fn refuse(error: Error, headers: &HeaderMap, request_id: &RequestId) -> Response {
    Refusal::new(error.into_problem(&request_id.0), headers, request_id).into_response()
}

/// The upload with the headers that say how far it is.
fn answer(status: StatusCode, upload: UploadView) -> Response {
    let (offset, length) = (
        HeaderValue::from(upload.received_bytes),
        HeaderValue::from(upload.size_bytes),
    );
    (
        status,
        [(UPLOAD_OFFSET, offset), (UPLOAD_LENGTH, length)],
        Json(upload),
    )
        .into_response()
}

async fn create(
    State(state): State<AppState>,
    Signed {
        context: caller, ..
    }: Signed,
    request_id: RequestId,
    headers: HeaderMap,
    Json(input): Json<UploadInput>,
) -> Response {
    match state.services.upload_create(&caller, input).await {
        Ok(upload) => answer(StatusCode::CREATED, upload),
        Err(error) => refuse(error, &headers, &request_id),
    }
}

async fn show(
    State(state): State<AppState>,
    Signed {
        context: caller, ..
    }: Signed,
    request_id: RequestId,
    headers: HeaderMap,
    Path(id): Path<Uuid>,
) -> Response {
    match state.services.upload_get(&caller, id).await {
        Ok(upload) => answer(StatusCode::OK, upload),
        Err(error) => refuse(error, &headers, &request_id),
    }
}

async fn append(
    State(state): State<AppState>,
    Signed {
        context: caller, ..
    }: Signed,
    request_id: RequestId,
    headers: HeaderMap,
    Path(id): Path<Uuid>,
    body: Body,
) -> Response {
    let offset = headers
        .get(UPLOAD_OFFSET)
        .and_then(|value| value.to_str().ok())
        .and_then(|text| text.parse().ok());
    let Some(offset) = offset else {
        let problem = Problem::new(
            Code::InvalidRequest,
            "Say with Upload-Offset where the piece belongs.",
        );
        return refuse(problem.at("Upload-Offset").into(), &headers, &request_id);
    };
    let bytes = body.into_data_stream().map_err(io::Error::other);
    match state
        .services
        .upload_append(&caller, id, offset, bytes)
        .await
    {
        Ok(upload) => answer(StatusCode::OK, upload),
        Err(error) => refuse(error, &headers, &request_id),
    }
}

async fn remove(
    State(state): State<AppState>,
    Signed {
        context: caller, ..
    }: Signed,
    request_id: RequestId,
    headers: HeaderMap,
    Path(id): Path<Uuid>,
) -> Response {
    match state.services.upload_delete(&caller, id).await {
        Ok(()) => StatusCode::NO_CONTENT.into_response(),
        Err(error) => refuse(error, &headers, &request_id),
    }
}
