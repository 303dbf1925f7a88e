//! The authorization request: what a client sends with the browser.

use serde::Deserialize;
use url::Url;

use crate::auth::clients::{self, Client};

/// The query as it comes.
#[derive(Deserialize, Default)]
pub(super) struct Query {
    client_id: Option<String>,
    redirect_uri: Option<String>,
    response_type: Option<String>,
    response_mode: Option<String>,
    scope: Option<String>,
    state: Option<String>,
    nonce: Option<String>,
    code_challenge: Option<String>,
    code_challenge_method: Option<String>,
    prompt: Option<String>,
    login_hint: Option<String>,
}

/// A request that may be answered.
#[derive(Clone)]
pub(super) struct AuthorizationRequest {
    pub(super) client: Client,
    pub(super) scope: String,
    pub(super) state: Option<String>,
    pub(super) nonce: Option<String>,
    pub(super) code_challenge: String,
    pub(super) login_hint: String,
}

/// A request that is refused.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Refused {
    /// Who asks, or where to answer, is not certain: only the person at the browser is told.
    Here(&'static str),
    /// The client is told, at its own address.
    There(Box<Url>),
}

/// Longest state, nonce or hint that is carried along.
const LONGEST: usize = 1024;

impl Query {
    /// Checks the request, in the order that never redirects to an address that is not the client's.
    pub(super) fn check(
        self,
        base: &str,
        issuer: Option<&str>,
    ) -> Result<AuthorizationRequest, Refused> {
        let id = self.client_id.as_deref().unwrap_or_default();
        let client = clients::find(base, id)
            .ok_or(Refused::Here("An unknown program asked you to sign in."))?;
        if self.redirect_uri.as_deref() != Some(client.redirect_uri.as_str()) {
            return Err(Refused::Here(
                "The program that asked you to sign in wants the answer at an address that is not its own.",
            ));
        }
        let state = self.state;
        let there = |error: &str, description: &str| match answer(
            &client,
            issuer,
            state.as_deref(),
            &[("error", error), ("error_description", description)],
        ) {
            Some(address) => Refused::There(Box::new(address)),
            None => Refused::Here("The program's own address can't be read."),
        };
        if self.response_type.as_deref() != Some("code") {
            return Err(there(
                "unsupported_response_type",
                "Only response_type=code is supported.",
            ));
        }
        if self
            .response_mode
            .as_deref()
            .is_some_and(|mode| mode != "query")
        {
            return Err(there(
                "invalid_request",
                "Only response_mode=query is supported.",
            ));
        }
        let scope = self.scope.unwrap_or_default();
        if !scope.split(' ').any(|word| word == "openid") {
            return Err(there("invalid_scope", "The scope openid is required."));
        }
        let is_challenge = |text: &String| {
            text.len() == 43
                && text
                    .bytes()
                    .all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
        };
        let Some(code_challenge) = self.code_challenge.filter(is_challenge) else {
            return Err(there(
                "invalid_request",
                "A PKCE code_challenge is required.",
            ));
        };
        if self.code_challenge_method.as_deref() != Some("S256") {
            return Err(there(
                "invalid_request",
                "Only code_challenge_method=S256 is supported.",
            ));
        }
        if [&state, &self.nonce, &self.login_hint, &Some(scope.clone())]
            .into_iter()
            .flatten()
            .any(|text| text.len() > LONGEST)
        {
            return Err(Refused::Here("The request to sign in is too long."));
        }
        if self.prompt.as_deref() == Some("none") {
            return Err(there("login_required", "The person has to sign in."));
        }
        Ok(AuthorizationRequest {
            scope,
            nonce: self.nonce,
            code_challenge,
            login_hint: self.login_hint.unwrap_or_default(),
            state,
            client,
        })
    }
}

/// The client's address with the answer in its query. The issuer names itself, so that a client of several issuers
/// can't be made to bring a code to the wrong one.
pub(super) fn answer(
    client: &Client,
    issuer: Option<&str>,
    state: Option<&str>,
    fields: &[(&str, &str)],
) -> Option<Url> {
    let mut address = Url::parse(&client.redirect_uri).ok()?;
    {
        let mut query = address.query_pairs_mut();
        query.extend_pairs(fields);
        query.extend_pairs(state.map(|state| ("state", state)));
        query.extend_pairs(issuer.map(|issuer| ("iss", issuer)));
    }
    Some(address)
}

#[cfg(test)]
mod tests {
    use super::*;

    const BASE: &str = "https://labs.example";

    fn query() -> Query {
        let some = |text: &str| Some(text.to_owned());
        Query {
            client_id: some(clients::PORTAL),
            redirect_uri: some("https://labs.example/auth/callback"),
            response_type: some("code"),
            scope: some("openid profile"),
            state: some("s&t"),
            code_challenge: some("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"),
            code_challenge_method: some("S256"),
            ..Query::default()
        }
    }

    fn refusal(query: Query) -> String {
        match query.check(BASE, Some("https://labs.example/t/v2.0")) {
            Ok(_) => "accepted".to_owned(),
            Err(Refused::Here(_)) => "here".to_owned(),
            Err(Refused::There(address)) => address
                .query_pairs()
                .find(|(name, _)| name == "error")
                .map(|(_, v)| v.into_owned())
                .unwrap_or_default(),
        }
    }

    #[test]
    fn the_portals_own_request_is_accepted() {
        assert_eq!(refusal(query()), "accepted");
    }

    #[test]
    fn an_unknown_client_or_address_is_never_redirected_to() {
        for redirect_uri in [
            "https://evil.example/auth/callback",
            "https://labs.example/auth/callback/",
            "https://labs.example/auth/callback?x=1",
        ] {
            assert_eq!(
                refusal(Query {
                    redirect_uri: Some(redirect_uri.to_owned()),
                    ..query()
                }),
                "here",
                "{redirect_uri}"
            );
        }
        assert_eq!(
            refusal(Query {
                redirect_uri: None,
                ..query()
            }),
            "here"
        );
        assert_eq!(
            refusal(Query {
                client_id: Some("other".to_owned()),
                ..query()
            }),
            "here"
        );
    }

    #[test]
    fn codes_without_a_sha_256_challenge_are_not_given() {
        assert_eq!(
            refusal(Query {
                code_challenge: None,
                ..query()
            }),
            "invalid_request"
        );
        assert_eq!(
            refusal(Query {
                code_challenge_method: None,
                ..query()
            }),
            "invalid_request"
        );
        assert_eq!(
            refusal(Query {
                code_challenge_method: Some("plain".to_owned()),
                ..query()
            }),
            "invalid_request"
        );
        assert_eq!(
            refusal(Query {
                code_challenge: Some("short".to_owned()),
                ..query()
            }),
            "invalid_request"
        );
    }

    #[test]
    fn what_is_not_supported_is_told_to_the_client() {
        assert_eq!(
            refusal(Query {
                response_type: Some("token".to_owned()),
                ..query()
            }),
            "unsupported_response_type"
        );
        assert_eq!(
            refusal(Query {
                scope: Some("profile".to_owned()),
                ..query()
            }),
            "invalid_scope"
        );
        assert_eq!(
            refusal(Query {
                prompt: Some("none".to_owned()),
                ..query()
            }),
            "login_required"
        );
    }

    #[test]
    fn an_answer_names_its_issuer_and_brings_the_state_back() {
        let client = clients::find(BASE, clients::PORTAL).expect("the portal");
        let address = answer(
            &client,
            Some("https://labs.example/t/v2.0"),
            Some("s&t"),
            &[("code", "c")],
        )
        .expect("an address");
        assert_eq!(
            address.as_str(),
            "https://labs.example/auth/callback?code=c&state=s%26t&iss=https%3A%2F%2Flabs.example%2Ft%2Fv2.0"
        );
    }
}
