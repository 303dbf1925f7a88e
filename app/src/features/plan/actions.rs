//! What can be done with lab plans.

use leptos::prelude::*;
use uuid::Uuid;

use super::form::PlanForm;
use crate::refusal::Refusal;

/// Creates a lab plan in a resource group.
#[server(prefix = "/fn", endpoint = "plan/put")]
pub async fn plan_put(
    group: String,
    name: String,
    location: String,
    #[server(flatten)] form: PlanForm,
) -> Result<(), Refusal> {
    use domain::Problem;
    use domain::tenant::Precondition;

    use crate::features::typed;
    use crate::ssr;
    ssr::act(async {
        let services = ssr::services()?;
        let input = form.read(location, None);
        Problem::unless_empty(input.check(&name, &services.settings().regions))?;
        let id = typed::resource_id("group", &group)?.provider(
            "Microsoft.LabServices",
            "labPlans",
            &name,
        );
        let plan = services
            .plan_put(&ssr::op()?, &id, input, Precondition::MustNotExist)
            .await?
            .value;
        let sentence = format!("The lab plan “{name}” was created. Attach a gallery next.");
        ssr::done(&format!("/plans/{}", plan.meta.id), &sentence);
        Ok(())
    })
    .await
}

/// Changes a plan's regions, replication, support and tags.
#[server(prefix = "/fn", endpoint = "plan/update")]
pub async fn plan_update(
    id: Uuid,
    etag: String,
    #[server(flatten)] form: PlanForm,
) -> Result<(), Refusal> {
    use domain::tenant::Precondition;

    use crate::ssr;
    ssr::act(async {
        let (services, op) = (ssr::services()?, ssr::op()?);
        let plan = services.plan_get(&op, id).await?;
        let input = form.read(plan.meta.location.clone(), Some(&plan));
        services
            .plan_put(&op, &plan.meta.resource_id, input, Precondition::Etag(etag))
            .await?;
        ssr::done(
            &format!("/plans/{id}?tab=settings"),
            "The lab plan was changed.",
        );
        Ok(())
    })
    .await
}

/// Deletes a plan; its labs stay.
#[server(prefix = "/fn", endpoint = "plan/delete")]
pub async fn plan_delete(id: Uuid) -> Result<(), Refusal> {
    use domain::tenant::Precondition;

    use crate::ssr;
    ssr::act(async {
        let (services, op) = (ssr::services()?, ssr::op()?);
        services.plan_delete(&op, id, Precondition::None).await?;
        ssr::done("/plans", "The lab plan was deleted.");
        Ok(())
    })
    .await
}

/// Attaches a gallery to a plan. Rules B4, B9.
#[server(prefix = "/fn", endpoint = "plan/gallery/attach")]
pub async fn plan_gallery_attach(id: Uuid, gallery: Uuid) -> Result<(), Refusal> {
    use crate::ssr;
    ssr::act(async {
        ssr::services()?
            .plan_gallery_attach(&ssr::op()?, id, gallery)
            .await?;
        let sentence = "The gallery was attached. Switch on the images that labs may use.";
        ssr::done(&format!("/plans/{id}?tab=images"), sentence);
        Ok(())
    })
    .await
}

/// Detaches the gallery of a plan. Rule B9.
#[server(prefix = "/fn", endpoint = "plan/gallery/detach")]
pub async fn plan_gallery_detach(id: Uuid) -> Result<(), Refusal> {
    use crate::ssr;
    ssr::act(async {
        ssr::services()?
            .plan_gallery_detach(&ssr::op()?, id)
            .await?;
        ssr::done(
            &format!("/plans/{id}"),
            "The gallery was detached. Labs that use its images go on.",
        );
        Ok(())
    })
    .await
}

/// Switches an image of the attached gallery on or off; leads back to the page `from`. Rule B4.
#[server(prefix = "/fn", endpoint = "plan/image/set")]
pub async fn plan_image_set(
    id: Uuid,
    image: Uuid,
    #[server(default)] enabled: bool,
    #[server(default)] from: String,
) -> Result<(), Refusal> {
    use crate::ssr;
    ssr::act(async {
        let image = ssr::services()?
            .plan_image_set(&ssr::op()?, id, image, enabled)
            .await?;
        let on = if image.enabled { "on" } else { "off" };
        ssr::done(
            &from,
            &format!("“{}” was switched {on} for new labs.", image.name),
        );
        Ok(())
    })
    .await
}
