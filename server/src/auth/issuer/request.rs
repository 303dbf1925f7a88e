//! The authorization request: what a client sends with the browser.

use serde::Deserialize;
use url::Url;

use crate::auth::clients::Client;
use crate::auth::resource::Asked;

/// The query as it comes.
#[derive(Deserialize, Default)]
pub(super) struct Query {
    pub(super) client_id: Option<String>,
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

/// How the client wants its answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    /// In the address that the browser is led to.
    Query,
    /// As a form that the browser posts there.
    FormPost,
}

/// What the client wants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Purpose {
    /// A code, bound to this PKCE challenge.
    Code(String),
    /// To be admitted to the organisation; nothing is sent to it. Rule C12.
    Consent,
}

/// A request that may be answered.
#[derive(Debug, Clone)]
pub(super) struct AuthorizationRequest {
    pub(super) client: Client,
    /// One of the client's own addresses; none where it only wants to be admitted and named none.
    pub(super) redirect_uri: Option<String>,
    pub(super) mode: Mode,
    pub(super) purpose: Purpose,
    pub(super) scope: String,
    pub(super) state: Option<String>,
    pub(super) nonce: Option<String>,
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
    /// Checks the request of this client, in the order that never redirects to an address that is not the client's.
    pub(super) fn check(
        self,
        base: &str,
        issuer: Option<&str>,
        client: Client,
    ) -> Result<AuthorizationRequest, Refused> {
        let is_application = matches!(client, Client::Application(_));
        let is_consent = is_application && self.code_challenge.is_none();
        let foreign = "The program that asked you to sign in wants the answer at an address that is not its own.";
        match &self.redirect_uri {
            Some(asked) if client.redirects_to(base, asked) => {}
            None if is_consent => {}
            _ => return Err(Refused::Here(foreign)),
        }
        let texts = [&self.state, &self.nonce, &self.login_hint, &self.scope];
        if texts.into_iter().flatten().any(|text| text.len() > LONGEST) {
            return Err(Refused::Here("The request to sign in is too long."));
        }
        let mut request = AuthorizationRequest {
            client,
            redirect_uri: self.redirect_uri,
            mode: Mode::Query,
            purpose: Purpose::Consent,
            scope: self.scope.unwrap_or_default(),
            state: self.state,
            nonce: self.nonce,
            login_hint: self.login_hint.unwrap_or_default(),
        };
        if is_consent {
            return Ok(request);
        }
        let there = |error: &str, description: &str| {
            let fields = [("error", error), ("error_description", description)];
            match request.answer(issuer, &fields) {
                Some(address) => Refused::There(Box::new(address)),
                None => Refused::Here("The program's own address can't be read."),
            }
        };
        if self.response_type.as_deref() != Some("code") {
            let description = "Only response_type=code is supported.";
            return Err(there("unsupported_response_type", description));
        }
        let mode = match self.response_mode.as_deref() {
            None | Some("query") => Mode::Query,
            Some("form_post") => Mode::FormPost,
            Some(_) => {
                let description = "Only response_mode=query and form_post are supported.";
                return Err(there("invalid_request", description));
            }
        };
        if !request.scope.split(' ').any(|word| word == "openid") {
            return Err(there("invalid_scope", "The scope openid is required."));
        }
        match Asked::of(base, &request.scope) {
            Asked::Unknown(_) => {
                let description = "There is no such resource here.";
                return Err(there("invalid_resource", description));
            }
            Asked::Audience(_) if is_application => {
                let description = "Applications learn who signs in; they act with roles of their own, not as the person.";
                return Err(there("invalid_scope", description));
            }
            Asked::Audience(_) | Asked::Identity => {}
        }
        let is_challenge = |text: &String| {
            text.len() == 43
                && text
                    .bytes()
                    .all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
        };
        let Some(challenge) = self.code_challenge.filter(is_challenge) else {
            let description = "A PKCE code_challenge is required.";
            return Err(there("invalid_request", description));
        };
        if self.code_challenge_method.as_deref() != Some("S256") {
            let description = "Only code_challenge_method=S256 is supported.";
            return Err(there("invalid_request", description));
        }
        if self.prompt.as_deref() == Some("none") {
            return Err(there("login_required", "The person has to sign in."));
        }
        request.mode = mode;
        request.purpose = Purpose::Code(challenge);
        Ok(request)
    }
}

impl AuthorizationRequest {
    /// The fields of an answer. The issuer names itself, so that a client of several issuers can't be made to bring a
    /// code to the wrong one.
    pub(super) fn fields(
        &self,
        issuer: Option<&str>,
        fields: &[(&str, &str)],
    ) -> Vec<(String, String)> {
        let own = fields.iter().copied();
        let state = self.state.as_deref().map(|state| ("state", state));
        let issuer = issuer.map(|issuer| ("iss", issuer));
        own.chain(state)
            .chain(issuer)
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect()
    }

    /// The client's address with the answer in its query.
    pub(super) fn answer(&self, issuer: Option<&str>, fields: &[(&str, &str)]) -> Option<Url> {
        let mut address = Url::parse(self.redirect_uri.as_deref()?).ok()?;
        address
            .query_pairs_mut()
            .extend_pairs(self.fields(issuer, fields));
        Some(address)
    }

    /// Where the answer goes: scheme, host and port, as a content security policy names them.
    pub(super) fn origin(&self) -> Option<String> {
        let address = Url::parse(self.redirect_uri.as_deref()?).ok()?;
        Some(address.origin().ascii_serialization())
    }
}

#[cfg(test)]
mod tests {
    use services::application::ClientView;
    use uuid::Uuid;

    use super::*;
    use crate::auth::clients::PORTAL;

    const BASE: &str = "https://labs.example";

    fn query() -> Query {
        let some = |text: &str| Some(text.to_owned());
        Query {
            client_id: some(PORTAL),
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
        refusal_of(query, Client::Portal)
    }

    fn refusal_of(query: Query, client: Client) -> String {
        match query.check(BASE, Some("https://labs.example/t/v2.0"), client) {
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
        let request = query().check(BASE, None, Client::Portal).expect("accepted");
        let address = request
            .answer(Some("https://labs.example/t/v2.0"), &[("code", "c")])
            .expect("an address");
        assert_eq!(
            address.as_str(),
            "https://labs.example/auth/callback?code=c&state=s%26t&iss=https%3A%2F%2Flabs.example%2Ft%2Fv2.0"
        );
    }

    fn application() -> Client {
        let input = domain::application::ApplicationInput {
            redirect_uris: vec!["https://www.microsoft.com".to_owned()],
            ..Default::default()
        };
        Client::Application(ClientView {
            registration: Uuid::nil(),
            app_id: Uuid::nil(),
            home: Uuid::nil(),
            input,
        })
    }

    #[test]
    fn rule_c12_an_application_may_ask_to_be_admitted_without_a_challenge() {
        let ask = |redirect_uri: Option<&str>| Query {
            response_type: Some("code".to_owned()),
            redirect_uri: redirect_uri.map(str::to_owned),
            ..Query::default()
        };
        for good in [None, Some("https://www.microsoft.com/")] {
            let request = ask(good)
                .check(BASE, None, application())
                .expect("accepted");
            assert_eq!(request.purpose, Purpose::Consent);
        }
        assert_eq!(
            refusal_of(ask(Some("https://evil.example")), application()),
            "here"
        );
    }

    #[test]
    fn an_application_gets_no_tokens_that_act_as_the_person() {
        let ask = |scope: &str| Query {
            redirect_uri: Some("https://www.microsoft.com".to_owned()),
            scope: Some(scope.to_owned()),
            ..query()
        };
        assert_eq!(refusal_of(ask("openid profile"), application()), "accepted");
        let scope = "openid https://labs.example/.default";
        assert_eq!(refusal_of(ask(scope), application()), "invalid_scope");
    }

    #[test]
    fn the_command_line_is_answered_on_the_persons_own_computer_alone() {
        let ask = |redirect_uri: &str| Query {
            redirect_uri: Some(redirect_uri.to_owned()),
            response_mode: Some("form_post".to_owned()),
            scope: Some("https://labs.example//.default offline_access openid profile".to_owned()),
            ..query()
        };
        assert_eq!(
            refusal_of(ask("http://localhost:8400"), Client::CommandLine),
            "accepted"
        );
        for other in ["https://evil.example", "http://localhost.evil.example"] {
            assert_eq!(
                refusal_of(ask(other), Client::CommandLine),
                "here",
                "{other}"
            );
        }
    }
}
