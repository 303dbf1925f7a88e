//! What can be done with galleries.

use leptos::prelude::*;
use uuid::Uuid;

use crate::refusal::Refusal;

/// Creates a gallery in a resource group. Rules A38, A66.
#[server(prefix = "/fn", endpoint = "gallery/put")]
pub async fn gallery_put(
    group: String,
    name: String,
    location: String,
    description: String,
    tags: String,
) -> Result<(), Refusal> {
    use domain::Problem;
    use domain::gallery::GalleryInput;
    use domain::tenant::Precondition;

    use crate::features::typed;
    use crate::ssr;
    ssr::act(async {
        let services = ssr::services()?;
        let tags = typed::tags(&tags);
        let input = GalleryInput {
            location,
            description,
            tags,
            soft_delete: None,
        };
        Problem::unless_empty(input.check(&name, &services.settings().regions))?;
        let id =
            typed::resource_id("group", &group)?.provider("Microsoft.Compute", "galleries", &name);
        let made = services
            .gallery_put(&ssr::op()?, &id, input, Precondition::MustNotExist)
            .await?;
        ssr::done(
            &format!("/images/{}", made.value.meta.id),
            &format!("The gallery “{name}” was created."),
        );
        Ok(())
    })
    .await
}

/// Changes a gallery's description, tags, and what becomes of deleted versions. Rule A66.
#[server(prefix = "/fn", endpoint = "gallery/update")]
pub async fn gallery_update(
    id: Uuid,
    description: String,
    tags: String,
    #[server(default)] soft_delete: bool,
    /// Days that deleted versions are kept; nothing for the operator's number.
    #[server(default)]
    retention_days: String,
) -> Result<(), Refusal> {
    use domain::Problem;
    use domain::gallery::{GalleryUpdate, SoftDelete};
    use domain::tenant::Precondition;

    use crate::features::typed;
    use crate::ssr;
    ssr::act(async {
        let (services, op) = (ssr::services()?, ssr::op()?);
        let days = typed::number("retentionPeriodInDays", &retention_days)
            .map_err(|violation| Problem::from_violations(vec![violation]))?;
        let update = GalleryUpdate {
            description: Some(description),
            tags: Some(typed::tags(&tags)),
            soft_delete: Some(SoftDelete {
                enabled: soft_delete,
                retention_days: days,
            }),
            location: None,
        };
        services
            .gallery_update(&op, id, update, Precondition::None)
            .await?;
        ssr::done(
            &format!("/images/{id}?tab=settings"),
            "The gallery was changed.",
        );
        Ok(())
    })
    .await
}

/// Deletes an empty gallery.
#[server(prefix = "/fn", endpoint = "gallery/delete")]
pub async fn gallery_delete(id: Uuid) -> Result<(), Refusal> {
    use domain::tenant::Precondition;

    use crate::ssr;
    ssr::act(async {
        let (services, op) = (ssr::services()?, ssr::op()?);
        services.gallery_delete(&op, id, Precondition::None).await?;
        ssr::done("/images", "The gallery was deleted.");
        Ok(())
    })
    .await
}
