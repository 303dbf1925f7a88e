//! What can be done with uploads.

use leptos::prelude::*;
use uuid::Uuid;

use crate::refusal::Refusal;

/// Throws an upload away, and leads back to the uploads of its gallery.
#[server(prefix = "/fn", endpoint = "upload/delete")]
pub async fn upload_delete(id: Uuid) -> Result<(), Refusal> {
    use crate::ssr;
    ssr::act(async {
        let (services, op) = (ssr::services()?, ssr::op()?);
        let upload = services.upload_get(&op, id).await?;
        services.upload_delete(&op, id).await?;
        ssr::done(
            &format!("/images/{}/upload", upload.gallery),
            &format!("“{}” was thrown away.", upload.file_name),
        );
        Ok(())
    })
    .await
}
