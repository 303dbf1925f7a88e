//! A resource by its id alone: what it is, what it is called, and where its page is.

use domain::ResourceId;
use leptos::prelude::*;
use url::form_urlencoded;

/// What an ARM id, a scope or a principal's path tells to a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// What it is, such as `Gallery`.
    pub kind: &'static str,
    /// What it is called; an image's versions with the image's name before theirs.
    pub name: String,
    /// Where its page is, for what has one.
    pub href: Option<String>,
}

impl Named {
    /// Reads an id. One that is not understood is its own name, without a page.
    #[must_use]
    pub fn of(id: &str) -> Self {
        let words: Vec<&str> = id.split('/').skip(1).collect();
        let lower: Vec<String> = words.iter().map(|word| word.to_lowercase()).collect();
        let lower: Vec<&str> = lower.iter().map(String::as_str).collect();
        let name = words.last().copied().unwrap_or_default().to_owned();
        let found = |kind, name: String, href: String| Self {
            kind,
            name,
            href: Some(href),
        };
        let page = || {
            let id: String = form_urlencoded::byte_serialize(id.as_bytes()).collect();
            format!("/resource?id={id}")
        };
        let access = || crate::features::access::access_to(&ResourceId::from_stored(id.to_owned()));
        match lower.as_slice() {
            [""] => found(
                "Everything",
                "Organisation".to_owned(),
                "/admin?tab=roles".to_owned(),
            ),
            ["principals", _] => found(
                "Person, group or program",
                short(&name),
                "/admin".to_owned(),
            ),
            ["sessions", _] => Self {
                kind: "Session",
                name: short(&name),
                href: None,
            },
            ["subscriptions", _] => found("Subscription", short(&name), access()),
            ["subscriptions", _, "resourcegroups", _] => found("Resource group", name, access()),
            [.., "images", _, "versions", _] => found(
                "Image version",
                format!("{} {name}", words[words.len() - 3]),
                page(),
            ),
            [.., "galleries", _, "images", _] => found("Image definition", name, page()),
            [.., "galleries", _] => found("Gallery", name, page()),
            [.., "labplans", _, "images", _] => found("Image of a lab plan", name, page()),
            [.., "labplans", _] => found("Lab plan", name, page()),
            [.., "labs", lab, "virtualmachines", _] => {
                found("Machine", format!("{lab} · {name}"), page())
            }
            [.., "labs", _] => found("Lab", name, page()),
            _ => Self {
                kind: "",
                name: id.to_owned(),
                href: None,
            },
        }
    }

    /// The name, as a link where there is a page.
    #[must_use]
    pub fn link(&self) -> AnyView {
        let name = self.name.clone();
        match self.href.clone() {
            Some(href) => view! { <a href=href>{name}</a> }.into_any(),
            None => view! { <span class="mono">{name}</span> }.into_any(),
        }
    }
}

/// The first part of an id that says nothing to a person.
fn short(id: &str) -> String {
    id.split('-').next().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::Named;

    const GROUP: &str = "/subscriptions/0b6a7f1c-0000-4000-8000-000000000001/resourceGroups/rg";

    #[test]
    fn every_kind_of_id_is_told_in_words() {
        let compute = format!("{GROUP}/providers/Microsoft.Compute/galleries");
        let labs = format!("{GROUP}/providers/Microsoft.LabServices");
        let cases = [
            ("/".to_owned(), "Everything", "Organisation"),
            (
                "/principals/1f-2".to_owned(),
                "Person, group or program",
                "1f",
            ),
            ("/subscriptions/ab-1".to_owned(), "Subscription", "ab"),
            (GROUP.to_lowercase(), "Resource group", "rg"),
            (format!("{compute}/g"), "Gallery", "g"),
            (format!("{compute}/g/images/i"), "Image definition", "i"),
            (
                format!("{compute}/g/images/i/versions/1.0.0"),
                "Image version",
                "i 1.0.0",
            ),
            (format!("{labs}/labPlans/p"), "Lab plan", "p"),
            (
                format!("{labs}/labPlans/p/images/i"),
                "Image of a lab plan",
                "i",
            ),
            (format!("{labs}/labs/l"), "Lab", "l"),
            (
                format!("{labs}/labs/l/virtualMachines/0"),
                "Machine",
                "l · 0",
            ),
        ];
        for (id, kind, name) in cases {
            let named = Named::of(&id);
            assert_eq!((named.kind, named.name.as_str()), (kind, name), "{id}");
            assert!(named.href.is_some(), "{id}");
        }
    }

    #[test]
    fn what_is_not_understood_has_no_page() {
        assert_eq!(Named::of("").href, None);
        assert_eq!(Named::of("/uploads/1").href, None);
    }
}
