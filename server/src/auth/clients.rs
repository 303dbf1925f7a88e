//! Programs that may ask the built-in issuer for tokens.

/// A program that sends people to the issuer to sign in, and is told who they are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Client {
    /// The id by which it introduces itself.
    pub(super) id: &'static str,
    /// The only address that its codes are sent to.
    pub(super) redirect_uri: String,
}

/// The portal's own id at the built-in issuer.
pub(super) const PORTAL: &str = "7f3a1c52-54d0-4f0e-9c3b-2f6f0a6d8e11";

/// Where issuers send the portal's codes.
pub(super) fn portal_callback(base: &str) -> String {
    format!("{base}/auth/callback")
}

/// The client of this id.
pub(super) fn find(base: &str, id: &str) -> Option<Client> {
    (id == PORTAL).then(|| Client {
        id: PORTAL,
        redirect_uri: portal_callback(base),
    })
}
