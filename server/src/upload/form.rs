//! The upload of a browser without script: one form with the fields and, last, the files.
//!
//! | field | meaning |
//! |---|---|
//! | `image` | the image definition's ARM id |
//! | `version` | the new version, such as `1.0.0` |
//! | `location` | the region in which it is made |
//! | `targets` | a region that gets a copy; may be repeated |
//! | `excludeFromLatest` | ticked or left out |
//! | `endOfLife` | the day from which no machine can be created from the version, or empty |
//! | `checksum` | SHA-256 of the OS disk's file in hex, or empty |
//! | `return` | the page of the portal to go to |
//! | `file` | the OS disk, behind all fields above |
//! | `dataDisks` | a data disk, behind the OS disk; may be repeated, and an empty one counts as none |

mod disks;

use axum::body::Bytes;
use axum::extract::State;
use axum::extract::multipart::{Field, Multipart, MultipartRejection};
use axum::http::HeaderMap;
use axum::http::header::REFERER;
use axum::response::{IntoResponse, Redirect, Response};
use domain::image::{TargetRegion, VersionInput, VersionSourceInput};
use domain::{Code, OpContext, Problem};
use leptos::server_fn::error::ServerFnUrlError;
use services::Error;
use services::identity::local_path;
use url::form_urlencoded;
use uuid::Uuid;

use super::refuse;
use crate::api::Reading;
use crate::middleware::{RequestId, Signed, draft};
use crate::state::AppState;

const PATH: &str = "/uploads/form";
/// Any field but the file.
const FIELD_BYTES: usize = 4 << 10;
const FIELDS: usize = 64;
/// Data disks of one form.
const DATA_DISKS: usize = 16;

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

    /// The version that the fields and these uploads make, the OS disk's first.
    ///
    /// # Errors
    /// An end of life that is no day.
    fn version_input(&self, uploads: Vec<Uuid>) -> Result<VersionInput, Problem> {
        let mut reading = Reading::default();
        let end_of_life = Some(self.get("endOfLife")).filter(|text| !text.is_empty());
        let end_of_life = reading.date("endOfLife", end_of_life);
        let target = |region: &str| TargetRegion::new(region.to_owned(), 1);
        reading.done(VersionInput {
            location: self.get("location").to_owned(),
            source: VersionSourceInput::Uploads { uploads },
            targets: self
                .all("targets")
                .filter(|region| !region.is_empty())
                .map(target)
                .collect(),
            exclude_from_latest: !self.get("excludeFromLatest").is_empty(),
            end_of_life,
            tags: std::collections::BTreeMap::new(),
        })
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
    let mut taken: Option<disks::Taken> = None;
    while let Some(field) = form.next_field().await.map_err(unreadable)? {
        let name = field.name().unwrap_or_default().to_owned();
        match (name.as_str(), &mut taken) {
            ("file", None) => {
                let mut begun = disks::Taken::begin(state, caller, fields).await?;
                begun.add(state, field).await?;
                taken = Some(begun);
            }
            // A browser sends an empty part where no file was chosen.
            ("dataDisks", _) if field.file_name().is_none_or(str::is_empty) => {}
            ("dataDisks", Some(taken)) if taken.count() <= DATA_DISKS => {
                taken.add(state, field).await?;
            }
            ("dataDisks", Some(_)) => {
                let message = format!("Send at most {DATA_DISKS} data disks.");
                return Err(Problem::new(Code::InvalidRequest, message)
                    .at("dataDisks")
                    .into());
            }
            ("file" | "dataDisks", _) => {
                let message = "The OS disk comes once, before the data disks.";
                return Err(Problem::new(Code::InvalidRequest, message)
                    .at("file")
                    .into());
            }
            _ if fields.0.len() == FIELDS => {
                let message = "The form has too many fields.";
                return Err(Problem::new(Code::InvalidRequest, message).into());
            }
            _ => {
                let value = short_text(field).await?;
                fields.0.push((name, value));
            }
        }
    }
    match taken {
        Some(taken) => taken.keep(&state.services, caller, fields).await,
        None => Err(Problem::new(Code::InvalidRequest, "Choose a file.")
            .at("file")
            .into()),
    }
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
