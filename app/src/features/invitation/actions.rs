//! What is done with invitations. One is made elsewhere, because the answer itself shows its link.

use leptos::prelude::*;
use uuid::Uuid;

use crate::refusal::Refusal;

/// Takes an invitation back.
#[server(prefix = "/fn", endpoint = "invitation/revoke")]
pub async fn invitation_revoke(id: Uuid) -> Result<(), Refusal> {
    use crate::ssr;
    ssr::act(async {
        ssr::services()?.invitation_revoke(&ssr::op()?, id).await?;
        ssr::done("/admin?tab=invitations", "The invitation was taken back.");
        Ok(())
    })
    .await
}
