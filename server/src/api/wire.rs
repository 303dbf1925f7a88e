//! What all resources look like on the wire.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use domain::tenant::Meta;
use serde::Serialize;
pub(crate) use services::arm::{Reading, Tags};
use utoipa::ToSchema;

/// What every resource with a place has.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Tracked {
    /// The resource's full path.
    id: String,
    /// The last segment of the id.
    name: String,
    /// Provider and kind.
    r#type: &'static str,
    /// The region that the resource is registered in.
    location: String,
    /// Free labels.
    tags: BTreeMap<String, String>,
    /// For `If-Match`: changes with every write.
    etag: String,
    /// Who created it and when it was written.
    system_data: SystemData,
}

/// Who created a resource and when it was written.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SystemData {
    created_by: String,
    created_at: DateTime<Utc>,
    last_modified_at: DateTime<Utc>,
}

impl Tracked {
    /// The common part of a resource of this kind.
    pub(crate) fn new(meta: Meta, kind: &'static str) -> Self {
        Self {
            id: meta.resource_id.to_string(),
            name: meta.name,
            r#type: kind,
            location: meta.location,
            tags: meta.tags,
            etag: meta.etag,
            system_data: SystemData {
                created_by: meta.created_by,
                created_at: meta.created_at,
                last_modified_at: meta.updated_at,
            },
        }
    }
}

/// Leaves empty texts out of an answer.
pub(crate) fn filled(text: String) -> Option<String> {
    Some(text).filter(|text| !text.is_empty())
}
