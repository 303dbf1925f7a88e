//! Uploads, or the operator's base images, become an image version. Rules A7, B4, B16, B18.

use std::path::PathBuf;

use domain::{Problem, Rule};
use engine::{DiskFormat, EngineError};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use store::entity::upload;
use uuid::Uuid;

use super::build::{self, BuildInput};
use super::run::answer;
use super::{Run, Step, Stop, step as named};
use crate::{Error, Result};

/// What an import was asked for.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct ImportInput {
    /// The version that it makes.
    pub(crate) build: BuildInput,
    /// The files, the OS disk first.
    pub(crate) files: Vec<SourceFile>,
}

/// One file to import.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct SourceFile {
    /// Where it lies.
    pub(crate) path: PathBuf,
    /// What it claims to be.
    pub(crate) format: String,
    /// The upload that it came by; none for a base image.
    pub(crate) upload: Option<Uuid>,
}

impl ImportInput {
    /// The steps of this import.
    pub(crate) fn steps(&self) -> Vec<Step> {
        build::steps(
            vec![named("convert", "Check the file and convert it")],
            &self.build,
        )
    }
}

pub(crate) async fn step(run: &Run, name: &str) -> std::result::Result<Value, Stop> {
    let input: ImportInput = run.input()?;
    match name {
        "reserve" => {
            let mut needed = 0;
            for file in &input.files {
                let probed = run
                    .services
                    .engine()
                    .disks()
                    .probe(&file.path, format(file)?)
                    .await;
                needed += probed.map_err(|error| refused(file, error))?.actual_bytes;
            }
            build::reserve(run, &input.build, needed)
        }
        "convert" => {
            tokio::fs::create_dir_all(build::staging(run)).await?;
            for (disk, file) in (0..).zip(&input.files) {
                let target = build::staged(run, disk);
                run.services
                    .engine()
                    .disks()
                    .import(&file.path, format(file)?, &target, &run.watch())
                    .await
                    .map_err(|error| refused(file, error))?;
            }
            answer(input.files.len())
        }
        "publish" => {
            let published = build::finish(run, &input.build, name).await?;
            remove_uploads(run, &input).await?;
            Ok(published)
        }
        name => build::finish(run, &input.build, name).await,
    }
}

/// Takes the version back and gives the uploads free, so that another try needs no second upload. A file that was
/// refused for what it holds would be refused again: it goes.
pub(crate) async fn undo(run: &Run) -> Result<()> {
    let input: ImportInput = run.input()?;
    build::undo(run, &input.build).await?;
    free_uploads(run, &input.files).await
}

/// Gives a job's uploads free, but for the one that was refused for what it holds.
pub(super) async fn free_uploads(run: &Run, files: &[SourceFile]) -> Result<()> {
    let refused = refused_upload(run.problem().await?.as_ref());
    for file in files {
        if file.upload.is_some() && file.upload == refused {
            remove_upload(run, file).await?;
        }
    }
    upload::Entity::update_many()
        .col_expr(
            upload::Column::JobId,
            sea_orm::sea_query::Expr::value(Option::<Uuid>::None),
        )
        .filter(upload::Column::JobId.eq(run.job.id))
        .exec(run.services.db())
        .await?;
    Ok(())
}

/// Never opens an upload again once it was converted.
async fn remove_uploads(run: &Run, input: &ImportInput) -> Result<()> {
    for file in &input.files {
        remove_upload(run, file).await?;
    }
    Ok(())
}

/// Removes an upload, the file first; a base image is the operator's and stays.
pub(super) async fn remove_upload(run: &Run, file: &SourceFile) -> Result<()> {
    let Some(id) = file.upload else { return Ok(()) };
    match tokio::fs::remove_file(&file.path).await {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error.into()),
        _ => {}
    }
    upload::Entity::delete_by_id(id)
        .exec(run.services.db())
        .await?;
    Ok(())
}

/// The figure of a refusal that names the upload.
const UPLOAD: &str = "upload";

/// Says of which upload a refusal speaks.
pub(super) fn refused(file: &SourceFile, error: EngineError) -> Error {
    match (Error::from(error), file.upload) {
        (Error::Problem(mut problem), Some(upload)) => {
            for violation in &mut problem.details {
                violation
                    .params
                    .insert(UPLOAD.to_owned(), upload.to_string());
            }
            Error::Problem(problem)
        }
        (error, _) => error,
    }
}

/// The upload that a problem refuses for what it holds.
fn refused_upload(problem: Option<&Problem>) -> Option<Uuid> {
    let violation = problem?
        .details
        .iter()
        .find(|violation| violation.code == Rule::HostileDisk)?;
    violation.params.get(UPLOAD)?.parse().ok()
}

pub(super) fn format(file: &SourceFile) -> Result<DiskFormat> {
    file.format
        .parse()
        .map_err(|_| Error::internal(format!("{} is no disk format", file.format)))
}
