//! What can be done with a machine.

use leptos::prelude::*;
use uuid::Uuid;

use crate::refusal::Refusal;

/// Starts a machine; leads back to the page `from`.
#[server(prefix = "/fn", endpoint = "machine/start")]
pub async fn machine_start(id: Uuid, #[server(default)] from: String) -> Result<(), Refusal> {
    use crate::ssr;
    ssr::act(async {
        ssr::services()?.machine_start(&ssr::op()?, id).await?;
        ssr::done(&from, "The machine is being started.");
        Ok(())
    })
    .await
}

/// Shuts a machine down; leads back to the page `from`.
#[server(prefix = "/fn", endpoint = "machine/stop")]
pub async fn machine_stop(id: Uuid, #[server(default)] from: String) -> Result<(), Refusal> {
    use crate::ssr;
    ssr::act(async {
        ssr::services()?.machine_stop(&ssr::op()?, id).await?;
        ssr::done(&from, "The machine is being shut down.");
        Ok(())
    })
    .await
}
