//! One image version.

use crate::ssr::Services;
use domain::image::VersionView;
use domain::job::JobView;
use domain::rbac::Action;
use domain::{OpContext, Problem};
use leptos::prelude::*;

use super::copy::CopyForm;
use super::overview::Overview;
use super::queries;
use super::settings::{Settings, VersionSettings};
use crate::features::cost::CostPanel;
use crate::features::image::table::{barriers, state};
use crate::features::parts::{self, Part};
use crate::features::share::SharedBy;
use crate::refusal::Refusal;
use crate::ssr;
use crate::ui::{Badge, Callout, Crumb, Page, Tab, Tone};

/// The page of a version.
#[component]
pub fn VersionPage() -> impl IntoView {
    let (gallery, image, id) = (ssr::id("gallery"), ssr::id("image"), ssr::id("version"));
    ssr::page(async move {
        let (services, op, query) = (ssr::services()?, ssr::op()?, ssr::query());
        let version = services.version_get(&op, id?).await?;
        if version.gallery != gallery? || version.image != image? {
            return Err(Problem::not_found("The image version").into());
        }
        let settings = services.settings();
        let (regions, prices) = (settings.regions.clone(), settings.prices.clone());
        let scope = version.meta.resource_id.clone();
        let part = Part::of(&query);
        let may_write = op.may(Action::VersionWrite, scope.as_str());
        let matter = match part {
            Part::Own("settings") => {
                let may_delete = op.may(Action::VersionDelete, scope.as_str());
                // Who may delete here may not see the gallery: then it is the usual text.
                let gallery = services.gallery_get(&op, version.gallery).await.ok();
                let settings = Settings {
                    asked: queries::asked(&query, &regions),
                    machines: query.get("machines").and_then(|n| n.parse().ok()),
                    most: settings.limits.replicas,
                    is_kept: gallery.is_some_and(|gallery| gallery.soft_delete.enabled),
                    regions,
                    prices,
                    may_write,
                    may_delete,
                };
                view! { <VersionSettings version=version.clone() settings /> }.into_any()
            }
            Part::Own("cost") => view! { <CostPanel scope=scope.clone() /> }.into_any(),
            Part::Own("copy") => {
                let targets = queries::copy_targets(&services, &op, &version).await?;
                view! { <CopyForm version=version.clone() targets regions /> }.into_any()
            }
            Part::Own(_) | Part::Overview => {
                let job = recent_job(&services, &op, &version).await?;
                view! { <Overview version=version.clone() job regions prices /> }.into_any()
            }
            shared => parts::shared(shared, &scope),
        };
        Ok(view! { <Version version part>{matter}</Version> })
    })
}

/// The job that works on the version now, or the last one when it just ended or did not end well.
async fn recent_job(
    services: &Services,
    op: &OpContext,
    version: &VersionView,
) -> Result<Option<JobView>, Refusal> {
    if let Some(id) = version.job {
        return Ok(Some(services.job_get(op, id).await?));
    }
    let jobs = services
        .job_list(op, Some(&version.meta.resource_id), false)
        .await?;
    let last = jobs.into_iter().max_by_key(|job| job.created_at);
    let is_news = |job: &JobView| {
        let ended = job.finished_at.unwrap_or(op.now);
        job.problem.is_some() || op.now - ended < chrono::TimeDelta::minutes(2)
    };
    Ok(last.filter(is_news))
}

#[component]
fn Version(version: VersionView, part: Part, children: Children) -> impl IntoView {
    let image = queries::image_address(&version);
    let base = queries::address(&version);
    let not_for_labs = barriers(&version);
    let tabs = vec![
        Tab::new(base.clone(), "Overview"),
        Tab::new(format!("{base}?tab=cost"), "Cost"),
        Tab::new(format!("{base}?tab=settings"), "Settings"),
        Tab::new(format!("{base}?tab=copy"), "Copy"),
    ];
    let crumbs = vec![
        Crumb::new("/images", "Images"),
        parts::gallery_crumb(
            version.gallery,
            &version.gallery_name,
            &version.meta.resource_id,
        ),
        Crumb::new(image, version.image_name.clone()),
    ];
    let scope = version.meta.resource_id.clone();
    let mark = view! {
        <SharedBy scope />
        {state(version.state)}
        {version.exclude_from_latest.then(|| view! { <Badge>"Excluded from latest"</Badge> })}
        {(!not_for_labs.is_empty()).then(|| view! { <Badge tone=Tone::Warn>"Not for labs"</Badge> })}
    }
    .into_any();
    let warning = (!not_for_labs.is_empty()).then(|| {
        let reasons = not_for_labs
            .iter()
            .map(|violation| view! { <p>{violation.sentence()}</p> })
            .collect_view();
        view! { <Callout tone=Tone::Warn title="Not for labs">{reasons}</Callout> }
    });
    view! {
        <Page title=format!("{} {}", version.image_name, version.version) crumbs mark>
            {parts::tabs(&base, tabs, part)}
            <div class="stack">{warning} {children()}</div>
        </Page>
    }
}
