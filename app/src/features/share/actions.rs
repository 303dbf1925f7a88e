//! What is done with shares. Links are made elsewhere, because the answer itself shows them.

use leptos::prelude::*;
use uuid::Uuid;

use crate::refusal::Refusal;

/// Accepts what a link offers, for everybody in the organisation or for the one who has the user name.
#[server(prefix = "/fn", endpoint = "share/accept")]
pub async fn share_accept(
    token: String,
    #[server(default)] principal: String,
) -> Result<(), Refusal> {
    use crate::features::access::principal_named;
    use crate::ssr;
    ssr::act(async {
        let (services, op) = (ssr::services()?, ssr::op()?);
        let whom = match principal.trim() {
            "" => None,
            name => Some(principal_named(&services, &op, name).await?.id),
        };
        let got = services.share_accept(&op, &token, whom).await?;
        let sentence = format!("{} now shares with your organisation.", got.from_name);
        ssr::done("/shares", &sentence);
        Ok(())
    })
    .await
}

/// Takes a share back; leads back to the page `from`.
#[server(prefix = "/fn", endpoint = "share/revoke")]
pub async fn share_revoke(id: Uuid, #[server(default)] from: String) -> Result<(), Refusal> {
    use crate::ssr;
    ssr::act(async {
        ssr::services()?.share_revoke(&ssr::op()?, id).await?;
        let sentence = "The share is revoked. Labs that were made from it keep their machines.";
        ssr::done(&from, sentence);
        Ok(())
    })
    .await
}
