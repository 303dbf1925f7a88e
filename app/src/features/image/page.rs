//! One image definition with its versions.

use domain::image::{ImageView, VersionView};
use domain::rbac::Action;
use domain::region::Regions;
use domain::{Page as Rows, Problem};
use leptos::prelude::*;

use super::deleted::DeletedVersions;
use super::facts::{DefinitionFacts, ended};
use super::properties::ImageProperties;
use super::table::VersionTable;
use crate::features::cost::CostPanel;
use crate::features::parts::{self, Part};
use crate::features::share::SharedBy;
use crate::features::typed::region_name;
use crate::ssr;
use crate::ui::{Badge, Callout, Card, Crumb, Glyph, Kind, LinkButton, Page, Query, Tab, Tone};

/// The page of a definition.
#[component]
pub fn ImagePage() -> impl IntoView {
    let (gallery, id) = (ssr::id("gallery"), ssr::id("image"));
    ssr::page(async move {
        let (services, op, query) = (ssr::services()?, ssr::op()?, ssr::query());
        let image = services.image_get(&op, id?).await?;
        if image.gallery != gallery? {
            return Err(Problem::not_found("The image definition").into());
        }
        let regions = services.settings().regions.clone();
        let region = region_name(&regions, &image.meta.location);
        let scope = image.meta.resource_id.clone();
        let part = Part::of(&query);
        let matter = match part {
            Part::Own("properties") => {
                let may_write = op.may(Action::ImageWrite, scope.as_str());
                let may_delete = op.may(Action::ImageDelete, scope.as_str());
                view! { <ImageProperties image=image.clone() region may_write may_delete /> }
                    .into_any()
            }
            Part::Own("deleted") => {
                let versions = services
                    .version_list_deleted(&op, image.meta.id, &query.page_request())
                    .await?;
                let may_write = op.may(Action::VersionWrite, scope.as_str());
                let may_delete = op.may(Action::VersionDelete, scope.as_str());
                let (image, query) = (image.clone(), query.clone());
                view! { <DeletedVersions image versions query may_write may_delete /> }.into_any()
            }
            Part::Own("cost") => view! { <CostPanel scope=scope.clone() /> }.into_any(),
            Part::Own(_) | Part::Overview => {
                let may_delete = op.may(Action::VersionDelete, scope.as_str());
                let versions = services
                    .version_list(&op, image.meta.id, &query.page_request())
                    .await?;
                view! { <Overview image=image.clone() versions regions region query=query.clone() may_delete /> }.into_any()
            }
            shared => parts::shared(shared, &scope),
        };
        let may_upload = op.may(Action::VersionWrite, scope.as_str());
        Ok(view! { <Image image part may_upload>{matter}</Image> })
    })
}

#[component]
fn Image(image: ImageView, part: Part, may_upload: bool, children: Children) -> impl IntoView {
    let gallery = format!("/images/{}", image.gallery);
    let base = format!("{gallery}/{}", image.meta.id);
    let actions = may_upload.then(|| {
        let href = format!("{gallery}/upload?image={}", image.meta.id);
        view! { <LinkButton href kind=Kind::Primary icon=Glyph::Upload>"Upload a version"</LinkButton> }
    });
    let tabs = vec![
        Tab::new(base.clone(), "Overview").count(image.version_count),
        Tab::new(format!("{base}?tab=deleted"), "Deleted").count(image.deleted_count),
        Tab::new(format!("{base}?tab=cost"), "Cost"),
        Tab::new(format!("{base}?tab=properties"), "Properties"),
    ];
    let crumbs = vec![
        Crumb::new("/images", "Images"),
        parts::gallery_crumb(image.gallery, &image.gallery_name, &image.meta.resource_id),
    ];
    let ended = ended(&image.properties).map(|violation| violation.sentence());
    let scope = image.meta.resource_id.clone();
    let mark = view! {
        <SharedBy scope />
        <Badge>{image.properties.os_type.to_string()}</Badge>
        <Badge>{image.properties.os_state.to_string()}</Badge>
        {ended.is_some().then(|| view! { <Badge tone=Tone::Warn>"End of life"</Badge> })}
    }
    .into_any();
    let warning = ended.map(|sentence| {
        view! {
            <Callout tone=Tone::Warn title=sentence>
                <p>"It is not offered for new labs. Labs that use it go on. A later date in its properties offers it again."</p>
            </Callout>
        }
    });
    let intro = Some(image.properties.description).filter(|text| !text.is_empty());
    view! {
        <Page title=image.meta.name crumbs mark actions=actions.into_any() intro>
            {parts::tabs(&base, tabs, part)}
            <div class="stack">{warning} {children()}</div>
        </Page>
    }
}

#[component]
fn Overview(
    image: ImageView,
    versions: Rows<VersionView>,
    regions: Regions,
    region: String,
    query: Query,
    may_delete: bool,
) -> impl IntoView {
    let base = format!("/images/{}/{}", image.gallery, image.meta.id);
    let upload = format!("/images/{}/upload?image={}", image.gallery, image.meta.id);
    view! {
        <div class="stack">
            <VersionTable versions latest=image.latest base upload regions query may_delete image=image.meta.id />
            <Card title="About this definition">
                <DefinitionFacts image region />
            </Card>
        </div>
    }
    .into_any()
}
