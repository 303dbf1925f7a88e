//! One spelling for every path: the router never sees another.
//!
//! Clients write `resourcegroups` as well as `resourceGroups`, double slashes and slashes at the end (ARM rules 3 and
//! 4). The words of a path get the spelling of our routes, names keep theirs. What stands before an extension
//! resource, such as a role assignment, becomes one segment, so that one route serves every scope.

use std::collections::HashMap;
use std::sync::LazyLock;

use http::Request;
use http::uri::{PathAndQuery, Uri};
use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

/// The path as answers show it, where it differs from the one that is routed.
#[derive(Debug, Clone)]
pub(super) struct CanonicalPath(pub(super) String);

/// The words of all routes, by their lower-case spelling.
static WORDS: LazyLock<HashMap<String, String>> = LazyLock::new(|| {
    let document = super::openapi();
    let literals = document.paths.paths.keys().flat_map(|path| path.split('/'));
    literals
        .filter(|segment| !segment.is_empty() && !segment.starts_with('{'))
        .map(|word| (word.to_lowercase(), word.to_owned()))
        .collect()
});

/// Providers whose resources extend any other resource.
const EXTENSIONS: [&str; 2] = ["Microsoft.Authorization", "Microsoft.Insights"];

/// Whether a path is the API's: its unknown paths are refused in the ARM shape.
#[must_use]
pub fn is_api(path: &str) -> bool {
    let first = path
        .split('/')
        .find(|segment| !segment.is_empty())
        .unwrap_or_default();
    // The third is how `canonical` writes the scope of an extension resource.
    ["subscriptions", "providers", "tenants"]
        .iter()
        .any(|word| first.eq_ignore_ascii_case(word))
        || first.starts_with("%2F")
}

/// Gives the path of an API request its canonical spelling; other requests pass as they are.
///
/// It belongs before the router: `tower::util::MapRequestLayer::new(api::canonical)`.
#[must_use]
pub fn canonical<B>(mut request: Request<B>) -> Request<B> {
    if !is_api(request.uri().path()) {
        return request;
    }
    let Some((routed, shown)) = rewrite(request.uri().path()) else {
        return request;
    };
    let path_and_query = match request.uri().query() {
        Some(query) => format!("{routed}?{query}"),
        None => routed,
    };
    let mut parts = request.uri().clone().into_parts();
    parts.path_and_query = PathAndQuery::try_from(path_and_query).ok();
    if let Ok(uri) = Uri::from_parts(parts) {
        *request.uri_mut() = uri;
        request.extensions_mut().insert(CanonicalPath(shown));
    }
    request
}

/// The path to route and the path to show, or nothing when a name holds what no name can.
fn rewrite(path: &str) -> Option<(String, String)> {
    let mut shown = Vec::new();
    // Where the last extension resource begins: at its `providers`.
    let mut extension = None;
    let (mut at_word, mut is_namespace) = (true, false);
    for segment in path.split('/').filter(|segment| !segment.is_empty()) {
        let known = WORDS
            .get(&segment.to_lowercase())
            .map_or(segment, String::as_str);
        if is_namespace {
            shown.push(known);
            (is_namespace, at_word) = (false, true);
        } else if at_word {
            let extends = shown.last().is_some_and(|namespace| {
                EXTENSIONS.contains(namespace) && known != "register"
                    || *namespace == "Microsoft.Resources" && known == "tags"
            });
            if extends && shown.len() >= 2 && shown[shown.len() - 2] == "providers" {
                extension = Some(shown.len() - 2);
            }
            shown.push(known);
            (is_namespace, at_word) = (known == "providers", false);
        } else {
            shown.push(segment);
            at_word = true;
        }
    }
    let readable = format!("/{}", shown.join("/"));
    let Some(at) = extension else {
        return Some((readable.clone(), readable));
    };
    let names = shown[..at]
        .iter()
        .map(|segment| {
            percent_decode_str(segment)
                .decode_utf8()
                .ok()
                .filter(|name| !name.contains('/'))
        })
        .collect::<Option<Vec<_>>>()?;
    let scope = format!("/{}", names.join("/"));
    let routed = format!(
        "/{}/{}",
        utf8_percent_encode(&scope, NON_ALPHANUMERIC),
        shown[at..].join("/")
    );
    Some((routed, readable))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(path: &str) -> String {
        let request = Request::builder().uri(path).body(()).expect("a request");
        canonical(request).uri().to_string()
    }

    #[test]
    fn words_become_canonical_and_names_keep_their_case() {
        assert_eq!(
            path(
                "//SUBSCRIPTIONS/abc/resourcegroups/Images/PROVIDERS/microsoft.compute/Galleries/Versions/images/?api-version=1"
            ),
            "/subscriptions/abc/resourceGroups/Images/providers/Microsoft.Compute/galleries/Versions/images?api-version=1"
        );
        assert_eq!(
            path("/Subscriptions/abc/providers/microsoft.labservices/LOCATIONS/WestEurope/usages"),
            "/subscriptions/abc/providers/Microsoft.LabServices/locations/WestEurope/usages"
        );
    }

    #[test]
    fn an_extension_is_routed_by_its_scope_as_one_segment() {
        assert_eq!(
            path("/subscriptions/abc/providers/microsoft.authorization/roleassignments/1"),
            "/%2Fsubscriptions%2Fabc/providers/Microsoft.Authorization/roleAssignments/1"
        );
        assert_eq!(
            path("/providers/Microsoft.Authorization/roleDefinitions"),
            "/%2F/providers/Microsoft.Authorization/roleDefinitions"
        );
        assert_eq!(
            path("/subscriptions/abc/resourcegroups/g/providers/microsoft.resources/TAGS/default"),
            "/%2Fsubscriptions%2Fabc%2FresourceGroups%2Fg/providers/Microsoft.Resources/tags/default"
        );
        assert_eq!(
            path("/subscriptions/abc/providers/Microsoft.Authorization/register"),
            "/subscriptions/abc/providers/Microsoft.Authorization/register"
        );
    }

    #[test]
    fn pages_of_the_portal_keep_their_path() {
        assert_eq!(path("/labs//Subscriptions/"), "/labs//Subscriptions/");
    }
}
