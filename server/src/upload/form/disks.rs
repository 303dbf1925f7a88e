//! The disks of the form: laid aside as they arrive, made uploads when all are there.
//!
//! A form does not tell its files' lengths, which an upload must begin with: a file is first laid aside without a name, so
//! that nothing of it stays when the browser leaves.

use std::io;

use axum::extract::multipart::{Field, MultipartError};
use domain::rbac::Action;
use domain::upload::UploadInput;
use domain::{Code, ImageVersion, OpContext, Problem, ResourceId};
use services::{Error, Services};
use tokio::fs::File;
use tokio::io::{AsyncSeekExt, AsyncWriteExt};
use tokio_util::io::ReaderStream;
use uuid::Uuid;

use super::Fields;
use crate::state::AppState;

/// A file that arrived whole.
#[derive(Debug)]
struct Disk {
    file_name: String,
    file: File,
    size_bytes: u64,
}

/// The disks that arrived so far, for a definition in which the caller may make versions.
#[derive(Debug)]
pub(super) struct Taken {
    image: ResourceId,
    gallery: Uuid,
    disks: Vec<Disk>,
}

impl Taken {
    /// Asked before a file is taken, so that nobody fills the disk with what would be refused.
    ///
    /// # Errors
    /// As for the definition, `AuthorizationFailed`, and fields that could make no version.
    pub(super) async fn begin(
        state: &AppState,
        caller: &OpContext,
        fields: &Fields,
    ) -> Result<Self, Error> {
        let image = ResourceId::parse(fields.get("image")).map_err(|_| {
            let message = "Choose an image definition before the file.";
            Problem::new(Code::InvalidRequest, message).at("image")
        })?;
        let image = state.services.image_get(caller, image).await?;
        let id = image.meta.resource_id;
        caller.authorize(Action::VersionWrite, Action::ImageRead, id.as_str())?;
        let number = fields.get("version").parse::<ImageVersion>();
        number.map_err(|violation| Problem::from_violations(vec![violation]))?;
        fields.version_input(Vec::new())?;
        Ok(Self {
            image: id,
            gallery: image.gallery,
            disks: Vec::new(),
        })
    }

    /// Disks that arrived, the OS disk included.
    pub(super) fn count(&self) -> usize {
        self.disks.len()
    }

    /// Writes the file's bytes to a file without a name.
    ///
    /// # Errors
    /// `PayloadTooLarge`, `InsufficientStorage`, and `InvalidRequest` when the browser broke off.
    pub(super) async fn add(
        &mut self,
        state: &AppState,
        mut field: Field<'_>,
    ) -> Result<(), Error> {
        let file_name = field.file_name().unwrap_or_default().to_owned();
        let target = field.name().unwrap_or_default().to_owned();
        let folder = state.services.engine().staging_dir();
        let file = tokio::task::spawn_blocking(move || tempfile::tempfile_in(folder))
            .await
            .map_err(io::Error::other)??;
        let mut file = File::from_std(file);
        let most = state.services.settings().limits.upload_bytes;
        let mut size_bytes = 0_u64;
        while let Some(chunk) = field.chunk().await.map_err(|error| broken(&error))? {
            size_bytes += chunk.len() as u64;
            if size_bytes > most {
                let message = format!("“{file_name}” is larger than {most} bytes.");
                return Err(Problem::new(Code::PayloadTooLarge, message)
                    .at(target)
                    .into());
            }
            file.write_all(&chunk).await.map_err(no_space)?;
        }
        file.flush().await.map_err(no_space)?;
        file.rewind().await?;
        self.disks.push(Disk {
            file_name,
            file,
            size_bytes,
        });
        Ok(())
    }

    /// Makes the disks uploads, and the uploads a version.
    ///
    /// # Errors
    /// As for uploads and versions; nothing of the disks stays then.
    pub(super) async fn keep(
        self,
        services: &Services,
        caller: &OpContext,
        fields: &Fields,
    ) -> Result<(), Error> {
        let mut uploads = Vec::new();
        let made = async {
            let mut checksum = fields.get("checksum").to_owned();
            for disk in self.disks {
                let input = UploadInput {
                    gallery: self.gallery,
                    file_name: disk.file_name,
                    size_bytes: disk.size_bytes,
                    // Only the OS disk's is asked for.
                    checksum: std::mem::take(&mut checksum),
                };
                let upload = services.upload_create(caller, input).await?.id;
                uploads.push(upload);
                services
                    .upload_append(caller, upload, 0, ReaderStream::new(disk.file))
                    .await?;
            }
            let version = self.image.child("versions", fields.get("version"));
            let input = fields.version_input(uploads.clone())?;
            services.version_create(caller, &version, input).await
        };
        let Err(error) = made.await else {
            return Ok(());
        };
        // Nobody knows of the uploads: without the version they would only lie about until they expire.
        for upload in uploads {
            if let Err(left) = services.upload_delete(caller, upload).await {
                tracing::warn!(upload.id = %upload, error = %left, "a useless upload was left to expire");
            }
        }
        Err(error)
    }
}

fn broken(error: &MultipartError) -> Problem {
    let message = format!("The file did not arrive whole: {}", error.body_text());
    Problem::new(Code::InvalidRequest, message)
}

fn no_space(error: io::Error) -> Error {
    if error.kind() == io::ErrorKind::StorageFull {
        let message = "The server has no room for this file.";
        return Problem::new(Code::InsufficientStorage, message).into();
    }
    error.into()
}
