//! What can be done with labs.
#![expect(
    clippy::too_many_arguments,
    reason = "each argument is a field of a form"
)]

use leptos::prelude::*;
use uuid::Uuid;

use crate::refusal::Refusal;

/// Creates a lab beside its plan and leads to it; the form's fields are those of [`domain::lab::LabInput`].
#[server(prefix = "/fn", endpoint = "lab/put")]
pub async fn lab_put(
    #[server(default)] plan: String,
    #[server(default)] name: String,
    #[server(default)] title: String,
    #[server(default)] description: String,
    #[server(default)] image: String,
    #[server(default)] size: String,
    #[server(default)] region: String,
    #[server(default)]
    #[server(rename = "userName")]
    user_name: String,
    #[server(default)] password: String,
    #[server(default)] template: bool,
) -> Result<(), Refusal> {
    use domain::lab::{CreateOption, LabInput};

    use super::queries::lab_id;
    use crate::ssr;
    ssr::act(async {
        let (services, op) = (ssr::services()?, ssr::op()?);
        let create_option = if template {
            CreateOption::TemplateVM
        } else {
            CreateOption::Image
        };
        let tags = std::collections::BTreeMap::new();
        let input = LabInput {
            plan,
            title,
            description,
            image,
            size,
            region,
            create_option,
            user_name,
            password,
            tags,
        };
        let id = lab_id(&services, &op, &input.plan, &name).await?;
        let lab = services.lab_put(&op, &id, input).await?.value;
        ssr::done(
            &format!("/labs/{}", lab.meta.id),
            "The lab is being created.",
        );
        Ok(())
    })
    .await
}

/// Changes a lab's title and description.
#[server(prefix = "/fn", endpoint = "lab/update")]
pub async fn lab_update(
    id: Uuid,
    #[server(default)] title: String,
    #[server(default)] description: String,
) -> Result<(), Refusal> {
    use domain::lab::LabUpdate;
    use domain::tenant::Precondition;

    use crate::ssr;
    ssr::act(async {
        let (services, op) = (ssr::services()?, ssr::op()?);
        let update = LabUpdate {
            title: Some(title),
            description: Some(description),
            tags: None,
        };
        services
            .lab_update(&op, id, update, Precondition::None)
            .await?;
        ssr::done(
            &format!("/labs/{id}?tab=template"),
            "Title and description were saved.",
        );
        Ok(())
    })
    .await
}

/// Deletes a lab with its machines.
#[server(prefix = "/fn", endpoint = "lab/delete")]
pub async fn lab_delete(id: Uuid) -> Result<(), Refusal> {
    use domain::tenant::Precondition;

    use crate::ssr;
    ssr::act(async {
        let (services, op) = (ssr::services()?, ssr::op()?);
        services.lab_delete(&op, id, Precondition::None).await?;
        ssr::done("/labs", "The lab is being deleted.");
        Ok(())
    })
    .await
}
