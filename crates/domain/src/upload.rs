//! Uploads of disk files: resumable, checked, and gone when nobody finishes them.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::name;
use crate::resource_id::ResourceId;
use crate::violation::{Rule, Violation};

/// Formats that are accepted, by file ending.
pub const FORMATS: &[(&str, &str)] = &[
    ("qcow2", "qcow2"),
    ("img", "raw"),
    ("raw", "raw"),
    ("vhd", "vpc"),
    ("vhdx", "vhdx"),
    ("vmdk", "vmdk"),
];

/// The format that a file's ending promises; the server checks the promise.
#[must_use]
pub fn format_of(file_name: &str) -> Option<&'static str> {
    let ending = file_name.rsplit_once('.')?.1.to_ascii_lowercase();
    FORMATS
        .iter()
        .find(|(e, _)| *e == ending)
        .map(|(_, format)| *format)
}

/// What an upload is announced with.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct UploadInput {
    /// The gallery that the upload is for, by key: who may write there may upload.
    pub gallery: Uuid,
    /// The file's name on the uploader's machine.
    pub file_name: String,
    /// The file's length in bytes.
    pub size_bytes: u64,
    /// SHA-256 in hex that the file must have; empty when the uploader doesn't know it.
    pub checksum: String,
}

impl UploadInput {
    /// All rules that the announcement breaks.
    #[must_use]
    pub fn check(&self, max_bytes: u64) -> Vec<Violation> {
        let mut found = name::text("fileName", &self.file_name, 1, 255);
        if found.is_empty() && format_of(&self.file_name).is_none() {
            let allowed = FORMATS
                .iter()
                .map(|(e, _)| format!(".{e}"))
                .collect::<Vec<_>>()
                .join(", ");
            found.push(Violation::new(Rule::FormatUnknown, "fileName").with("allowed", allowed));
        }
        if self.size_bytes == 0 || self.size_bytes > max_bytes {
            found.push(
                Violation::new(Rule::OutOfRange, "sizeBytes")
                    .with("min", 1)
                    .with("max", max_bytes),
            );
        }
        if !self.checksum.is_empty()
            && (self.checksum.len() != 64 || !self.checksum.bytes().all(|b| b.is_ascii_hexdigit()))
        {
            found.push(
                Violation::new(Rule::BadCharacters, "checksum")
                    .with("allowed", "64 hexadecimal digits"),
            );
        }
        found
    }
}

/// An upload as pages and REST show it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct UploadView {
    /// The upload's key.
    pub id: Uuid,
    /// The gallery that the file goes to.
    pub gallery: Uuid,
    /// That gallery's ARM id, whose last part is its name.
    pub gallery_resource_id: ResourceId,
    /// The file's name.
    pub file_name: String,
    /// `qcow2`, `raw`, `vpc`, `vhdx` or `vmdk`.
    pub format: String,
    /// The file's length in bytes.
    pub size_bytes: u64,
    /// Bytes that arrived: where to go on after an interruption.
    pub received_bytes: u64,
    /// SHA-256 of the whole file in hex, once it arrived.
    pub checksum: Option<String>,
    /// Who announced it.
    pub created_by: String,
    /// When it was announced.
    pub created_at: DateTime<Utc>,
    /// After this the file is thrown away, unless a version is being made of it.
    pub expires_at: DateTime<Utc>,
    /// A version is being made of it; it goes when that is done.
    pub in_use: bool,
}
