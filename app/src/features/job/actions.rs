//! What can be done with a job.

use leptos::prelude::*;
use uuid::Uuid;

use crate::refusal::Refusal;

/// Asks a job to stop and to undo what it did; leads back to the page `from`.
#[server(prefix = "/fn", endpoint = "job/cancel")]
pub async fn job_cancel(id: Uuid, #[server(default)] from: String) -> Result<(), Refusal> {
    use crate::ssr;
    ssr::act(async {
        ssr::services()?.job_cancel(&ssr::op()?, id).await?;
        ssr::done(
            &from,
            "The operation is being cancelled; what it made so far is removed.",
        );
        Ok(())
    })
    .await
}
