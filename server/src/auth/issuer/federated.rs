//! Assertions of another issuer: whoever runs there proves an application without a secret of ours.

use jsonwebtoken::Header;
use services::application::ClientView;
use uuid::Uuid;

use super::assertion::AssertionClaims;
use super::error::OAuthError;
use super::token::Exchange;

/// Believes a token of an issuer that the application trusts, or says why not.
pub(super) async fn verify(
    _exchange: &Exchange<'_>,
    client: &ClientView,
    _assertion: &str,
    _header: &Header,
    _said: &AssertionClaims,
) -> Result<Uuid, OAuthError> {
    let description = format!(
        "Application “{}” trusts no issuer and subject as in this assertion.",
        client.app_id
    );
    Err(OAuthError::client(700_213, description))
}
