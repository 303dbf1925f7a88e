//! What can be done with image definitions.

use leptos::prelude::*;
use uuid::Uuid;

use super::form::{ChangeableForm, ImageForm};
use crate::refusal::Refusal;

/// Creates a definition, and leads to the upload when that is what it was created for. Rules A10-A24.
#[server(prefix = "/fn", endpoint = "image/put")]
pub async fn image_put(
    gallery: Uuid,
    name: String,
    /// `upload` to go on with an upload.
    #[server(default)]
    then: String,
    #[server(flatten)] form: ImageForm,
) -> Result<(), Refusal> {
    use domain::Problem;
    use domain::tenant::Precondition;

    use crate::ssr;
    ssr::act(async {
        let (services, op) = (ssr::services()?, ssr::op()?);
        let gallery = services.gallery_get(&op, gallery).await?.meta;
        let (input, mut found) = form.read(&gallery.location);
        found.extend(input.check(&name, &services.settings().regions));
        Problem::unless_empty(found)?;
        let id = gallery.resource_id.child("images", &name);
        let image = services
            .image_put(&op, &id, input, Precondition::MustNotExist)
            .await?
            .value
            .meta
            .id;
        let next = match then.as_str() {
            "upload" => format!("/images/{}/upload?image={image}", gallery.id),
            _ => format!("/images/{}/{image}", gallery.id),
        };
        ssr::done(
            &next,
            &format!("The image definition “{name}” was created."),
        );
        Ok(())
    })
    .await
}

/// Changes what of a definition can be changed. Rule A67.
#[server(prefix = "/fn", endpoint = "image/update")]
pub async fn image_update(
    id: Uuid,
    etag: String,
    #[server(flatten)] form: ChangeableForm,
) -> Result<(), Refusal> {
    use domain::Problem;
    use domain::tenant::Precondition;

    use crate::ssr;
    ssr::act(async {
        let (services, op) = (ssr::services()?, ssr::op()?);
        let image = services.image_get(&op, id).await?;
        let (input, found) = form.over(image.properties);
        Problem::unless_empty(found)?;
        services
            .image_put(
                &op,
                &image.meta.resource_id,
                input,
                Precondition::Etag(etag),
            )
            .await?;
        ssr::done(
            &format!("/images/{}/{id}?tab=properties", image.gallery),
            "The image definition was changed.",
        );
        Ok(())
    })
    .await
}

/// Deletes a definition without versions.
#[server(prefix = "/fn", endpoint = "image/delete")]
pub async fn image_delete(id: Uuid) -> Result<(), Refusal> {
    use domain::tenant::Precondition;

    use crate::ssr;
    ssr::act(async {
        let (services, op) = (ssr::services()?, ssr::op()?);
        let gallery = services.image_get(&op, id).await?.gallery;
        services.image_delete(&op, id, Precondition::None).await?;
        ssr::done(
            &format!("/images/{gallery}"),
            "The image definition was deleted.",
        );
        Ok(())
    })
    .await
}
