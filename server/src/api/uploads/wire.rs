use chrono::{DateTime, Utc};
use domain::upload::{UploadInput, UploadView};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// An upload.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Upload {
    /// What an image version names as its disk's source.
    id: String,
    name: Uuid,
    r#type: &'static str,
    properties: UploadProperties,
}

/// How far an upload is.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct UploadProperties {
    /// The gallery that the file goes to.
    gallery_id: String,
    file_name: String,
    /// `qcow2`, `raw`, `vpc`, `vhdx` or `vmdk`.
    format: String,
    size_bytes: u64,
    /// Bytes that arrived: the `Upload-Offset` of the next piece.
    received_bytes: u64,
    /// SHA-256 of the whole file in hex, once it arrived.
    #[serde(skip_serializing_if = "Option::is_none")]
    checksum: Option<String>,
    /// A version is being made of it; the upload goes when that is done.
    in_use: bool,
    created_by: String,
    created_at: DateTime<Utc>,
    /// After this the file is thrown away, unless a version is being made of it.
    expires_at: DateTime<Utc>,
}

impl Upload {
    /// Its ARM id.
    pub(super) fn id(&self) -> &str {
        &self.id
    }
}

impl From<UploadView> for Upload {
    fn from(view: UploadView) -> Self {
        let id = view
            .gallery_resource_id
            .child("uploads", &view.id.to_string());
        Self {
            id: id.to_string(),
            name: view.id,
            r#type: "Microsoft.Compute/galleries/uploads",
            properties: UploadProperties {
                gallery_id: view.gallery_resource_id.to_string(),
                file_name: view.file_name,
                format: view.format,
                size_bytes: view.size_bytes,
                received_bytes: view.received_bytes,
                checksum: view.checksum,
                in_use: view.in_use,
                created_by: view.created_by,
                created_at: view.created_at,
                expires_at: view.expires_at,
            },
        }
    }
}

/// What an upload is announced with.
#[derive(Debug, Default, Deserialize, ToSchema)]
pub(crate) struct UploadBody {
    properties: Option<UploadBodyProperties>,
}

/// The file that will be sent.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct UploadBodyProperties {
    /// Its ending says the format: qcow2, img, raw, vhd, vhdx or vmdk.
    file_name: Option<String>,
    /// The file's length.
    size_bytes: Option<u64>,
    /// SHA-256 in hex that the file must have, when it is known.
    checksum: Option<String>,
}

impl UploadBody {
    /// The announcement of a file for this gallery.
    pub(super) fn input(self, gallery: Uuid) -> UploadInput {
        let file = self.properties.unwrap_or_default();
        UploadInput {
            gallery,
            file_name: file.file_name.unwrap_or_default(),
            size_bytes: file.size_bytes.unwrap_or_default(),
            checksum: file.checksum.unwrap_or_default(),
        }
    }
}
