//! Programs that may ask the built-in issuer for tokens.

use domain::application::redirect_matches;
use services::application::ClientView;
use uuid::Uuid;

use crate::state::AppState;

/// The portal's own id at the built-in issuer.
pub(super) const PORTAL: &str = "7f3a1c52-54d0-4f0e-9c3b-2f6f0a6d8e11";

/// The id by which the stock command line of the modelled service, and its libraries, introduce themselves. They are
/// public clients: whoever runs them knows all that they know.
pub(super) const COMMAND_LINE: &str = "04b07795-8ddb-461a-bbee-02f9e1bf7b46";

/// Where the command line waits for codes: on the person's own computer, at any port.
const COMMAND_LINE_REDIRECTS: [&str; 2] = ["http://localhost", "http://127.0.0.1"];

/// A program that the issuer knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Client {
    /// The portal itself.
    Portal,
    /// The stock command line.
    CommandLine,
    /// An application that a tenant registered.
    Application(ClientView),
}

impl Client {
    /// The id by which it introduces itself.
    pub(super) fn id(&self) -> String {
        match self {
            Self::Portal => PORTAL.to_owned(),
            Self::CommandLine => COMMAND_LINE.to_owned(),
            Self::Application(view) => view.app_id.to_string(),
        }
    }

    /// Its name for people.
    pub(super) fn name(&self) -> &str {
        match self {
            Self::Portal => "Vitrine",
            Self::CommandLine => "The command line",
            Self::Application(view) => &view.input.display_name,
        }
    }

    /// Whether its codes may be sent to this address.
    pub(super) fn redirects_to(&self, base: &str, asked: &str) -> bool {
        match self {
            Self::Portal => asked == portal_callback(base),
            Self::CommandLine => COMMAND_LINE_REDIRECTS
                .iter()
                .any(|registered| redirect_matches(registered, asked)),
            Self::Application(view) => view.input.redirects_to(asked),
        }
    }
}

/// Where issuers send the portal's codes.
pub(super) fn portal_callback(base: &str) -> String {
    format!("{base}/auth/callback")
}

/// The client of this id.
///
/// # Errors
/// Internal ones alone.
pub(super) async fn find(state: &AppState, id: &str) -> services::Result<Option<Client>> {
    if id.eq_ignore_ascii_case(PORTAL) {
        return Ok(Some(Client::Portal));
    }
    if id.eq_ignore_ascii_case(COMMAND_LINE) {
        return Ok(Some(Client::CommandLine));
    }
    match Uuid::parse_str(id) {
        Ok(id) => Ok(state
            .services
            .client_find(id)
            .await?
            .map(Client::Application)),
        Err(_) => Ok(None),
    }
}
