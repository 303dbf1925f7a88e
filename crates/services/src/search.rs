use domain::{OpContext, ResourceId};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{Result, Services};

/// Something that the search found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SearchHit {
    /// `gallery`, `image`, `version`, `plan` or `lab`.
    pub kind: String,
    /// The resource's name.
    pub name: String,
    /// What tells it from others of the name.
    pub detail: String,
    /// Its key.
    pub id: Uuid,
    /// Its ARM id.
    pub resource_id: ResourceId,
}

impl Services {
    pub async fn search(&self, ctx: &OpContext, text: &str) -> Result<Vec<SearchHit>> { todo!() }
}
