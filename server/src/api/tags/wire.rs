use std::collections::BTreeMap;

use domain::{Problem, ResourceId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::api::wire::{Reading, Tags};

/// The tags of a resource.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TagSet {
    id: String,
    /// Always `default`.
    name: &'static str,
    r#type: &'static str,
    properties: TagSetProperties,
}

/// Free labels.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TagSetProperties {
    tags: BTreeMap<String, String>,
}

impl TagSet {
    /// The tags of this resource.
    pub(super) fn new(resource: &ResourceId, tags: BTreeMap<String, String>) -> Self {
        Self {
            id: format!("{resource}/providers/Microsoft.Resources/tags/default"),
            name: "default",
            r#type: "Microsoft.Resources/tags",
            properties: TagSetProperties { tags },
        }
    }
}

/// What tags are written with.
#[derive(Debug, Default, Deserialize, ToSchema)]
pub(crate) struct TagBody {
    /// For PATCH: `Merge`, `Replace` or `Delete`; `Merge` when absent.
    operation: Option<String>,
    properties: Option<TagBodyProperties>,
}

/// Free labels, as they are written.
#[derive(Debug, Default, Deserialize, ToSchema)]
pub(crate) struct TagBodyProperties {
    tags: Option<Tags>,
}

/// What becomes of the tags that are there.
#[derive(Debug, Clone, Copy)]
enum TagOperation {
    Merge,
    Replace,
    Delete,
}

impl TagOperation {
    fn parse(text: &str) -> Option<Self> {
        match text.to_ascii_lowercase().as_str() {
            "merge" => Some(Self::Merge),
            "replace" => Some(Self::Replace),
            "delete" => Some(Self::Delete),
            _ => None,
        }
    }
}

impl TagBody {
    /// The tags of the body.
    pub(super) fn tags(self) -> BTreeMap<String, String> {
        let given = self.properties.unwrap_or_default();
        Tags::given(given.tags).unwrap_or_default()
    }

    /// The tags that come of those that are there.
    ///
    /// # Errors
    /// `InvalidRequest` for another operation.
    pub(super) fn over(
        self,
        mut before: BTreeMap<String, String>,
    ) -> Result<BTreeMap<String, String>, Problem> {
        let mut reading = Reading::default();
        let word = self.operation.as_deref();
        let operation = reading.word(
            "operation",
            word,
            TagOperation::parse,
            "Merge, Replace, Delete",
        );
        let given = self.tags();
        let tags = match operation.unwrap_or(TagOperation::Merge) {
            TagOperation::Merge => {
                before.extend(given);
                before
            }
            TagOperation::Replace => given,
            TagOperation::Delete => {
                before.retain(|name, value| given.get(name) != Some(value));
                before
            }
        };
        reading.done(tags)
    }
}
