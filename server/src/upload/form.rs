//! The upload of a browser without script: one form with the fields and, last, the file.
//!
//! | field | meaning |
//! |---|---|
//! | `gallery` | the gallery's key |
//! | `image` | the image definition's ARM id |
//! | `version` | the new version, such as `1.0.0` |
//! | `location` | the region in which it is made |
//! | `targets` | a region that gets a copy; may be repeated |
//! | `excludeFromLatest` | ticked or left out |
//! | `checksum` | SHA-256 of the file in hex, or empty |
//! | `return` | the page of the portal to go to |
//! | `file` | the disk, behind all other fields |
//!
//! A form does not tell its file's length, which an upload must begin with: the file is first laid aside without a name, so
//! that nothing of it stays when the browser leaves.

use std::io;

use axum::body::Bytes;
use axum::extract::State;
use axum::extract::multipart::{Field, Multipart, MultipartRejection};
use axum::http::HeaderMap;
use axum::http::header::REFERER;
use axum::response::{IntoResponse, Redirect, Response};
use domain::image::{TargetRegion, VersionInput, VersionSourceInput};
use domain::rbac::Action;
use domain::upload::UploadInput;
use domain::{Code, OpContext, Problem, ResourceId};
use leptos::server_fn::error::ServerFnUrlError;
use services::identity::local_path;
use services::{Error, Services};
use tokio::fs::File;
use tokio::io::{AsyncSeekExt, AsyncWriteExt};
use tokio_util::io::ReaderStream;
use url::form_urlencoded;

use super::refuse;
use crate::middleware::{RequestId, Signed, draft};
use crate::state::AppState;

const PATH: &str = "/uploads/form";
/// Any field but the file.
const FIELD_BYTES: usize = 4 << 10;
const FIELDS: usize = 64;

/// Everything before the file, in the order in which it came.
#[derive(Debug, Default)]
struct Fields(Vec<(String, String)>);

impl Fields {
    fn get(&self, name: &str) -> &str {
        self.0
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.trim())
            .unwrap_or_default()
    }

    fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0
            .iter()
            .filter(move |(key, _)| key == name)
            .map(|(_, value)| value.trim())
    }

    fn version_input(&self, upload: uuid::Uuid) -> VersionInput {
        let target = |region: &str| TargetRegion {
            region: region.to_owned(),
            replicas: 1,
        };
        VersionInput {
            location: self.get("location").to_owned(),
            source: VersionSourceInput::Uploads {
                uploads: vec![upload],
            },
            targets: self
                .all("targets")
                .filter(|region| !region.is_empty())
                .map(target)
                .collect(),
            exclude_from_latest: !self.get("excludeFromLatest").is_empty(),
            end_of_life: None,
            tags: std::collections::BTreeMap::new(),
        }
    }
}

pub(super) async fn submit(
    State(state): State<AppState>,
    Signed { context, .. }: Signed,
    request_id: RequestId,
    headers: HeaderMap,
    form: Result<Multipart, MultipartRejection>,
) -> Response {
    let mut fields = Fields::default();
    let outcome = match form {
        Ok(form) => take(&state, &context, form, &mut fields).await,
        Err(rejection) => Err(Problem::new(Code::InvalidRequest, rejection.body_text()).into()),
    };
    match outcome {
        Ok(()) => {
            Redirect::to(local_path(fields.get("return")).unwrap_or("/images")).into_response()
        }
        Err(error) => lead_back(error, &fields, &headers, &request_id),
    }
}

/// Back to the form's page with the refusal and the fields; the file has to be chosen again.
fn lead_back(
    error: Error,
    fields: &Fields,
    headers: &HeaderMap,
    request_id: &RequestId,
) -> Response {
    let problem = error.into_problem(&request_id.0);
    let typed = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(&fields.0)
        .finish();
    let page = headers.get(REFERER).and_then(|value| value.to_str().ok());
    let refusal = ServerFnUrlError::new(PATH, app::refusal::Refusal(problem.clone()));
    let address = page.and_then(|page| refusal.to_url(page).ok());
    match address.and_then(|address| draft::with_fields(address.as_str(), &Bytes::from(typed))) {
        Some(address) => Redirect::to(&address).into_response(),
        None => refuse(problem.into(), headers, request_id),
    }
}

async fn take(
    state: &AppState,
    caller: &OpContext,
    mut form: Multipart,
    fields: &mut Fields,
) -> Result<(), Error> {
    let unreadable = |error: axum::extract::multipart::MultipartError| {
        Problem::new(Code::InvalidRequest, error.body_text())
    };
    while let Some(field) = form.next_field().await.map_err(unreadable)? {
        let name = field.name().unwrap_or_default().to_owned();
        if name != "file" {
            let value = short_text(field).await?;
            if fields.0.len() == FIELDS {
                return Err(
                    Problem::new(Code::InvalidRequest, "The form has too many fields.").into(),
                );
            }
            fields.0.push((name, value));
            continue;
        }
        let file_name = field.file_name().unwrap_or_default().to_owned();
        let image = may_upload(&state.services, caller, fields).await?;
        let file = lay_aside(state, field).await?;
        return keep(&state.services, caller, fields, &image, file_name, file).await;
    }
    Err(Problem::new(Code::InvalidRequest, "Choose a file.")
        .at("file")
        .into())
}

async fn short_text(mut field: Field<'_>) -> Result<String, Error> {
    let mut bytes = Vec::new();
    let unreadable = |_| Problem::new(Code::InvalidRequest, "The form could not be read.");
    while let Some(chunk) = field.chunk().await.map_err(unreadable)? {
        bytes.extend_from_slice(&chunk);
        if bytes.len() > FIELD_BYTES {
            return Err(
                Problem::new(Code::PayloadTooLarge, "A field of the form is too long.").into(),
            );
        }
    }
    String::from_utf8(bytes)
        .map_err(|_| Problem::new(Code::InvalidRequest, "A field is not UTF-8.").into())
}

/// Asked before the file is taken, so that nobody fills the disk with what would be refused.
async fn may_upload(
    services: &Services,
    caller: &OpContext,
    fields: &Fields,
) -> Result<ResourceId, Error> {
    let image = ResourceId::parse(fields.get("image")).map_err(|_| {
        Problem::new(
            Code::InvalidRequest,
            "Choose an image definition before the file.",
        )
        .at("image")
    })?;
    let image = services.image_get(caller, image).await?.meta.resource_id;
    caller.authorize(Action::VersionWrite, Action::ImageRead, image.as_str())?;
    Ok(image)
}

/// Writes the file's bytes to a file without a name, and gives it back with its length.
async fn lay_aside(state: &AppState, mut field: Field<'_>) -> Result<(File, u64), Error> {
    let folder = state.services.engine().staging_dir();
    let file = tokio::task::spawn_blocking(move || tempfile::tempfile_in(folder))
        .await
        .map_err(io::Error::other)??;
    let mut file = File::from_std(file);
    let most = state.services.settings().limits.upload_bytes;
    let mut length = 0_u64;
    let broken = |error: axum::extract::multipart::MultipartError| {
        Problem::new(
            Code::InvalidRequest,
            format!("The file did not arrive whole: {}", error.body_text()),
        )
    };
    while let Some(chunk) = field.chunk().await.map_err(broken)? {
        length += chunk.len() as u64;
        if length > most {
            return Err(Problem::new(
                Code::PayloadTooLarge,
                format!("The file is larger than {most} bytes."),
            )
            .at("file")
            .into());
        }
        file.write_all(&chunk).await.map_err(no_space)?;
    }
    file.flush().await.map_err(no_space)?;
    file.rewind().await?;
    Ok((file, length))
}

fn no_space(error: io::Error) -> Error {
    if error.kind() == io::ErrorKind::StorageFull {
        return Problem::new(
            Code::InsufficientStorage,
            "The server has no room for this file.",
        )
        .into();
    }
    error.into()
}

/// Makes the laid-aside file an upload, and the upload a version.
async fn keep(
    services: &Services,
    caller: &OpContext,
    fields: &Fields,
    image: &ResourceId,
    file_name: String,
    (file, size_bytes): (File, u64),
) -> Result<(), Error> {
    let gallery = fields.get("gallery").parse();
    let gallery = gallery
        .map_err(|_| Problem::new(Code::InvalidRequest, "The gallery is missing.").at("gallery"))?;
    let checksum = fields.get("checksum").to_owned();
    let upload = services
        .upload_create(
            caller,
            UploadInput {
                gallery,
                file_name,
                size_bytes,
                checksum,
            },
        )
        .await?;
    let made = async {
        services
            .upload_append(caller, upload.id, 0, ReaderStream::new(file))
            .await?;
        let version = image.child("versions", fields.get("version"));
        services
            .version_create(caller, &version, fields.version_input(upload.id))
            .await
    };
    match made.await {
        Ok(_) => Ok(()),
        Err(error) => {
            // Nobody knows of the upload: without the version it would only lie about until it expires.
            if let Err(left) = services.upload_delete(caller, upload.id).await {
                tracing::warn!(upload.id = %upload.id, error = %left, "a useless upload was left to expire");
            }
            Err(error)
        }
    }
}
