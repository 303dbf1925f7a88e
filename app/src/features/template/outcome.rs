//! What an export made, and where to go from there. Rules B14, B15.

use domain::OpContext;
use domain::image::VersionView;
use domain::job::JobView;
use domain::lab::LabView;
use domain::rbac::Action;
use domain::resource_id::ResourceId;
use leptos::prelude::*;

use crate::ui::{Kind, LinkButton};

/// The image by name, with the ways to it and to a lab made from it, as far as the caller's rights reach.
pub(super) fn exported(
    job: &JobView,
    made: Option<&VersionView>,
    lab: &LabView,
    op: &OpContext,
) -> AnyView {
    let id = job.result.clone().map(ResourceId::from_stored);
    let name = id.map_or_else(String::new, |id| {
        format!("{} {}", id.segment("images").unwrap_or_default(), id.name())
    });
    let image = made.map(|version| {
        let href = format!(
            "/images/{}/{}/{}",
            version.gallery, version.image, version.meta.id
        );
        view! { <LinkButton href small=true>"Open the image"</LinkButton> }
    });
    let may_create = op.may(Action::LabCreate, lab.plan_resource_id.as_str());
    let create = lab.plan.filter(|_| may_create).map(|plan| {
        view! { <LinkButton href=format!("/labs/new?plan={plan}") kind=Kind::Primary small=true>"Create a lab from it"</LinkButton> }
    });
    view! {
        <p>"The image "<strong>{name}</strong>" is in the gallery. Labs of this plan can be created from it where a copy is ready."</p>
        <div class="row">{image} {create}</div>
    }
    .into_any()
}
