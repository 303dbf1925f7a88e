//! ARM resource ids: parsed without regard to case, printed in their own spelling.

use serde::{Deserialize, Serialize};

/// A resource's full path, such as
/// `/subscriptions/{id}/resourceGroups/{group}/providers/Microsoft.Compute/galleries/{name}`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ResourceId(String);

/// Spellings of the words of a path that we answer with, whatever the caller wrote.
const WORDS: &[&str] = &[
    "subscriptions",
    "resourceGroups",
    "providers",
    "Microsoft.Compute",
    "Microsoft.LabServices",
    "galleries",
    "images",
    "versions",
    "labPlans",
    "labs",
    "virtualMachines",
    "disks",
    "snapshots",
    "uploads",
    "users",
    "schedules",
    "Microsoft.Network",
    "Microsoft.Resources",
    "Microsoft.Authorization",
    "deployments",
    "locks",
    "virtualNetworks",
    "subnets",
    "networkSecurityGroups",
    "publicIPAddresses",
    "networkInterfaces",
];

impl ResourceId {
    /// Reads a path; words get their canonical spelling, names keep theirs.
    ///
    /// # Errors
    /// The text itself when it is not a path of non-empty segments starting at `/subscriptions/`.
    pub fn parse(text: &str) -> Result<Self, String> {
        let trimmed = text.trim_end_matches('/');
        let Some(rest) = trimmed.strip_prefix('/') else {
            return Err(text.to_owned());
        };
        let segments: Vec<&str> = rest.split('/').collect();
        if !segments[0].eq_ignore_ascii_case("subscriptions")
            || segments.iter().any(|s| s.is_empty())
        {
            return Err(text.to_owned());
        }
        // Words and names alternate; behind `providers` stands the provider's namespace, itself a word.
        let mut out = String::with_capacity(text.len());
        let mut at_word = true;
        let mut is_namespace = false;
        for segment in segments {
            out.push('/');
            if at_word || is_namespace {
                out.push_str(
                    WORDS
                        .iter()
                        .find(|w| w.eq_ignore_ascii_case(segment))
                        .unwrap_or(&segment),
                );
            } else {
                out.push_str(segment);
            }
            if is_namespace {
                (is_namespace, at_word) = (false, true);
            } else if at_word && segment.eq_ignore_ascii_case("providers") {
                is_namespace = true;
            } else {
                at_word = !at_word;
            }
        }
        Ok(Self(out))
    }

    /// An id that was parsed before it was stored.
    #[must_use]
    pub fn from_stored(text: String) -> Self {
        Self(text)
    }

    /// The id of a resource group.
    #[must_use]
    pub fn resource_group(subscription: &str, group: &str) -> Self {
        Self(format!(
            "/subscriptions/{subscription}/resourceGroups/{group}"
        ))
    }

    /// The id of a resource of a provider in this resource group.
    #[must_use]
    pub fn provider(&self, namespace: &str, kind: &str, name: &str) -> Self {
        Self(format!("{}/providers/{namespace}/{kind}/{name}", self.0))
    }

    /// The id of a child resource.
    #[must_use]
    pub fn child(&self, kind: &str, name: &str) -> Self {
        Self(format!("{}/{kind}/{name}", self.0))
    }

    /// The id in its own spelling.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The key by which ids are compared and stored.
    #[must_use]
    pub fn key(&self) -> String {
        self.0.to_lowercase()
    }

    /// The last segment: the resource's name.
    #[must_use]
    pub fn name(&self) -> &str {
        self.0.rsplit('/').next().unwrap_or_default()
    }

    /// The name that stands behind a word, such as the gallery's behind `galleries`.
    #[must_use]
    pub fn segment(&self, word: &str) -> Option<&str> {
        let mut segments = self.0.split('/').skip(1);
        while let Some(segment) = segments.next() {
            if segment.eq_ignore_ascii_case(word) {
                return segments.next();
            }
        }
        None
    }

    /// Provider and kind, such as `Microsoft.Compute/galleries/images`; none for a group or a subscription.
    #[must_use]
    pub fn kind(&self) -> Option<String> {
        let (_, below) = self.0.rsplit_once("/providers/")?;
        let mut segments = below.split('/');
        let namespace = segments.next()?;
        let words: Vec<&str> = segments.step_by(2).collect();
        (!words.is_empty()).then(|| format!("{namespace}/{}", words.join("/")))
    }

    /// The subscription that the resource lies in.
    #[must_use]
    pub fn subscription(&self) -> Option<uuid::Uuid> {
        self.segment("subscriptions")
            .and_then(|id| uuid::Uuid::parse_str(id).ok())
    }

    /// The id of the resource group that the resource lies in.
    #[must_use]
    pub fn group(&self) -> Option<Self> {
        let (subscription, group) = (
            self.segment("subscriptions")?,
            self.segment("resourceGroups")?,
        );
        Some(Self::resource_group(subscription, group))
    }

    /// The id without its last word and name; the resource group for a top-level resource.
    #[must_use]
    pub fn parent(&self) -> Option<Self> {
        let segments: Vec<&str> = self.0.split('/').skip(1).collect();
        let keep = match segments.len() {
            0..=2 => return None,
            8 => 4,
            n => n - 2,
        };
        Some(Self(format!("/{}", segments[..keep].join("/"))))
    }
}

impl std::fmt::Display for ResourceId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_become_canonical_and_names_keep_their_case() {
        let id = ResourceId::parse(
            "/SUBSCRIPTIONS/abc/resourcegroups/RG-Labs/Providers/microsoft.compute/GALLERIES/Biology/images/versions/",
        )
        .expect("an id");
        assert_eq!(
            id.as_str(),
            "/subscriptions/abc/resourceGroups/RG-Labs/providers/Microsoft.Compute/galleries/Biology/images/versions"
        );
        assert_eq!(id.segment("galleries"), Some("Biology"));
        assert_eq!(id.name(), "versions");
    }

    #[test]
    fn a_parent_is_the_resource_above() {
        let gallery =
            ResourceId::resource_group("s", "g").provider("Microsoft.Compute", "galleries", "x");
        let image = gallery.child("images", "i");
        assert_eq!(image.parent().as_ref(), Some(&gallery));
        assert_eq!(gallery.parent(), Some(ResourceId::resource_group("s", "g")));
    }

    #[test]
    fn what_is_no_path_is_refused() {
        for bad in [
            "",
            "/",
            "subscriptions/a",
            "/subscriptions//x",
            "/tenants/x",
        ] {
            assert!(ResourceId::parse(bad).is_err(), "{bad:?} was taken");
        }
    }
}
