//! From an ARM id to the page of the resource: the log and role assignments know resources by that id alone.

use crate::ssr::Services;
use domain::{OpContext, Problem, ResourceId};
use leptos::prelude::*;

use crate::features::access::access_to;
use crate::refusal::Refusal;
use crate::ssr;

/// Leads on to the page of the resource whose ARM id is in the query; what the caller does not see is not found.
#[component]
pub fn ResourcePage() -> impl IntoView {
    ssr::page(async move {
        let missing = || Problem::not_found("The resource");
        let id = ssr::query()
            .get("id")
            .map(ResourceId::parse)
            .and_then(Result::ok)
            .ok_or_else(missing)?;
        let (services, op) = (ssr::services()?, ssr::op()?);
        leptos_axum::redirect(&page_of(&services, &op, &id).await?);
        Ok(())
    })
}

async fn page_of(services: &Services, op: &OpContext, id: &ResourceId) -> Result<String, Refusal> {
    let parent = || {
        id.parent()
            .ok_or_else(|| Problem::not_found("The resource"))
    };
    let key = id.key();
    let words: Vec<&str> = key.split('/').collect();
    let kind = words
        .len()
        .checked_sub(2)
        .map(|at| words[at])
        .unwrap_or_default();
    let is_of_plan = id.segment("labPlans").is_some();
    Ok(match kind {
        "galleries" => format!("/images/{}", services.gallery_get(op, id).await?.meta.id),
        "images" if is_of_plan => format!(
            "/plans/{}?tab=images",
            services.plan_get(op, parent()?).await?.meta.id
        ),
        "images" => {
            // The gallery itself may be closed to the caller. Rule A59.
            let image = services.image_get(op, id).await?;
            format!("/images/{}/{}", image.gallery, image.meta.id)
        }
        "versions" => {
            let version = services.version_get(op, id).await?;
            let (gallery, image) = (version.gallery, version.image);
            format!("/images/{gallery}/{image}/{}", version.meta.id)
        }
        "labplans" => format!("/plans/{}", services.plan_get(op, id).await?.meta.id),
        "labs" => format!("/labs/{}", services.lab_get(op, id).await?.meta.id),
        "virtualmachines" => format!(
            "/labs/{}?tab=template",
            services.lab_get(op, parent()?).await?.meta.id
        ),
        "resourcegroups" | "subscriptions" => access_to(id),
        _ => return Err(Problem::not_found("The resource").into()),
    })
}
