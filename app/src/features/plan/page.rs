//! One lab plan.

use domain::PageRequest;
use domain::plan::PlanView;
use domain::rbac::Action;
use leptos::prelude::*;

use super::images::PlanImages;
use super::overview::{Overview, PlanSettings};
use crate::features::parts::{self, Part};
use crate::features::typed::region_name;
use crate::ssr;
use crate::ui::{Badge, Choice, Crumb, Glyph, Kind, LinkButton, Page, Tab};

/// The page of a plan.
#[component]
pub fn PlanPage() -> impl IntoView {
    let id = ssr::id("plan");
    ssr::page(async move {
        let (services, op, query) = (ssr::services()?, ssr::op()?, ssr::query());
        let plan = services.plan_get(&op, id?).await?;
        let regions = services.settings().regions.clone();
        let scope = plan.meta.resource_id.clone();
        let part = Part::of(&query);
        let may_write = op.may(Action::LabPlanWrite, scope.as_str());
        let matter = match part {
            Part::Own("images") => {
                let images = services
                    .plan_image_list(&op, plan.meta.id, &query.page_request())
                    .await?;
                let shared = services.plan_shared_list(&op, plan.meta.id).await?;
                let may_switch = op.may(Action::LabPlanImageWrite, scope.as_str());
                let plan = plan.clone();
                view! { <PlanImages plan images shared query=query.clone() may_switch /> }
                    .into_any()
            }
            Part::Own("settings") => {
                let may_delete = op.may(Action::LabPlanDelete, scope.as_str());
                view! { <PlanSettings plan=plan.clone() regions=regions.clone() may_write may_delete /> }.into_any()
            }
            Part::Own(_) | Part::Overview => {
                let all = PageRequest {
                    limit: 1000,
                    ..PageRequest::default()
                };
                let choose = may_write && plan.gallery.is_none();
                let galleries = if choose {
                    services.gallery_list(&op, None, &all).await?.items
                } else {
                    Vec::new()
                };
                let choices = galleries
                    .into_iter()
                    .map(|gallery| Choice::new(gallery.meta.id.to_string(), gallery.meta.name));
                let galleries = choices.collect::<Vec<_>>();
                view! { <Overview plan=plan.clone() regions=regions.clone() galleries may_write /> }
                    .into_any()
            }
            shared => parts::shared(shared, &scope),
        };
        let may_create_lab = op.may(Action::LabCreate, scope.as_str());
        let region = region_name(&regions, &plan.meta.location);
        Ok(view! { <Plan plan region part may_create_lab>{matter}</Plan> })
    })
}

#[component]
fn Plan(
    plan: PlanView,
    region: String,
    part: Part,
    may_create_lab: bool,
    children: Children,
) -> impl IntoView {
    let base = format!("/plans/{}", plan.meta.id);
    let actions = may_create_lab.then(|| {
        let href = format!("/labs/new?plan={}", plan.meta.id);
        view! { <LinkButton href kind=Kind::Primary icon=Glyph::Plus>"Create lab"</LinkButton> }
    });
    let tabs = vec![
        Tab::new(base.clone(), "Overview"),
        Tab::new(format!("{base}?tab=images"), "Images"),
        Tab::new(format!("{base}?tab=settings"), "Settings"),
    ];
    let mark = view! { <Badge>{region}</Badge> }.into_any();
    view! {
        <Page title=plan.meta.name crumbs=vec![Crumb::new("/plans", "Lab plans")] mark actions=actions.into_any()>
            {parts::tabs(&base, tabs, part)}
            {children()}
        </Page>
    }
}
