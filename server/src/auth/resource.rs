//! What access tokens are made for: the REST API or the directory, each known by several names.

/// An interface of this server that tokens open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Resource {
    /// The REST API.
    Management,
    /// The directory of people, groups and programs.
    Directory,
}

/// The path below which the directory answers.
pub(crate) const DIRECTORY_PATH: &str = "/graph";

/// What clients of the modelled service ask for when nobody tells them another address.
const MANAGEMENT: [&str; 2] = [
    "https://management.azure.com",
    "https://management.core.windows.net",
];

/// The same for the directory; the last is its application id.
const DIRECTORY: [&str; 3] = [
    "https://graph.microsoft.com",
    "https://graph.windows.net",
    "00000003-0000-0000-c000-000000000000",
];

/// What a scope ends with when it asks for all that was granted; the other is what people grant to clients.
const SUFFIXES: [&str; 2] = ["/.default", "/user_impersonation"];

impl Resource {
    /// The interface that answers at a path.
    pub(crate) fn of_path(path: &str) -> Self {
        let rest = path.trim_start_matches('/');
        let is_directory = rest
            .get(..5)
            .is_some_and(|word| word.eq_ignore_ascii_case("graph"))
            && matches!(rest.as_bytes().get(5), None | Some(b'/'));
        if is_directory {
            Self::Directory
        } else {
            Self::Management
        }
    }

    /// Whether a token for this audience opens the interface. A slash at the end makes no difference.
    pub(crate) fn is_audience(self, base: &str, audience: &str) -> bool {
        let audience = audience.strip_suffix('/').unwrap_or(audience);
        match self {
            Self::Management => audience == base || MANAGEMENT.contains(&audience),
            Self::Directory => {
                audience.strip_suffix(DIRECTORY_PATH) == Some(base) || DIRECTORY.contains(&audience)
            }
        }
    }
}

/// What a list of scopes asks a token for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Asked {
    /// Only who signs in: the token opens nothing.
    Identity,
    /// A token for this audience, spelled as it was asked for.
    Audience(String),
    /// Something that this server does not have.
    Unknown(String),
}

impl Asked {
    /// Reads the scopes of a request; of several resources the first counts.
    pub(super) fn of(base: &str, scope: &str) -> Self {
        let resource = scope
            .split_ascii_whitespace()
            .find_map(|word| SUFFIXES.iter().find_map(|suffix| word.strip_suffix(suffix)));
        let Some(audience) = resource else {
            let is_known =
                |word: &str| matches!(word, "openid" | "profile" | "email" | "offline_access");
            let strange = scope.split_ascii_whitespace().find(|word| !is_known(word));
            return strange.map_or(Self::Identity, |word| Self::Unknown(word.to_owned()));
        };
        let is_ours = [Resource::Management, Resource::Directory]
            .iter()
            .any(|resource| resource.is_audience(base, audience));
        if is_ours {
            Self::Audience(audience.to_owned())
        } else {
            Self::Unknown(audience.to_owned())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BASE: &str = "https://labs.example";

    #[test]
    fn a_scope_asks_for_the_resource_before_its_last_word() {
        let audience = |text: &str| Asked::Audience(text.to_owned());
        for (scope, asked) in [
            ("https://labs.example/.default", audience(BASE)),
            (
                "https://labs.example//.default",
                audience("https://labs.example/"),
            ),
            (
                "offline_access openid https://management.azure.com//.default profile",
                audience("https://management.azure.com/"),
            ),
            (
                "https://labs.example/graph/.default",
                audience("https://labs.example/graph"),
            ),
            (
                "https://management.core.windows.net//user_impersonation",
                audience("https://management.core.windows.net/"),
            ),
            ("openid profile", Asked::Identity),
            ("", Asked::Identity),
            (
                "https://vault.azure.net/.default",
                Asked::Unknown("https://vault.azure.net".to_owned()),
            ),
            ("User.Read", Asked::Unknown("User.Read".to_owned())),
        ] {
            assert_eq!(Asked::of(BASE, scope), asked, "{scope}");
        }
    }

    #[test]
    fn a_token_for_the_directory_opens_no_api_and_the_reverse() {
        for (path, resource) in [
            ("/graph/v1.0/me", Resource::Directory),
            ("//Graph/v1.0/me", Resource::Directory),
            ("/graph", Resource::Directory),
            ("/graphs", Resource::Management),
            ("/subscriptions", Resource::Management),
            ("/é", Resource::Management),
        ] {
            assert_eq!(Resource::of_path(path), resource, "{path}");
        }
        for audience in ["https://labs.example/graph", "https://graph.microsoft.com/"] {
            assert!(Resource::Directory.is_audience(BASE, audience));
            assert!(!Resource::Management.is_audience(BASE, audience));
        }
        for audience in [
            BASE,
            "https://labs.example/",
            "https://management.azure.com/",
        ] {
            assert!(Resource::Management.is_audience(BASE, audience));
            assert!(!Resource::Directory.is_audience(BASE, audience));
        }
        assert!(!Resource::Management.is_audience(BASE, "https://labs.example//"));
    }
}
