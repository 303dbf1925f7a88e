//! What can be done with one's own sessions.

use leptos::prelude::*;
use uuid::Uuid;

use crate::refusal::Refusal;

/// Ends one of the caller's sessions.
#[server(prefix = "/fn", endpoint = "session/revoke")]
pub async fn session_revoke(id: Uuid) -> Result<(), Refusal> {
    use crate::ssr;
    ssr::act(async {
        ssr::services()?.session_revoke(&ssr::op()?, id).await?;
        ssr::done("/account/sessions", "The session was ended.");
        Ok(())
    })
    .await
}
