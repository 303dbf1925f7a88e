//! The parts that every resource has: its overview, its own matters, who has access, and what was done.

use domain::ResourceId;
use domain::rbac::Action;
use leptos::prelude::*;
use uuid::Uuid;

use super::access::AccessPanel;
use super::activity::ActivityPanel;
use crate::ssr;
use crate::ui::{Callout, Crumb, Query, Tab, Tabs, Tone};

/// The part of a resource that is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// What stands at the resource's address itself.
    Overview,
    /// A part that this kind of resource alone has.
    Own(&'static str),
    /// Who may do what.
    Access,
    /// Who did what.
    Activity,
}

impl Part {
    const OWN: [&'static str; 7] = [
        "settings",
        "copy",
        "cost",
        "deleted",
        "images",
        "properties",
        "template",
    ];

    /// The part that the query names; an unknown one is the overview.
    #[must_use]
    pub fn of(query: &Query) -> Self {
        match query.get("tab") {
            Some("access") => Self::Access,
            Some("activity") => Self::Activity,
            Some(name) => Self::OWN
                .into_iter()
                .find(|own| *own == name)
                .map_or(Self::Overview, Self::Own),
            None => Self::Overview,
        }
    }

    fn address(self, base: &str) -> String {
        match self {
            Self::Overview => base.to_owned(),
            Self::Own(name) => format!("{base}?tab={name}"),
            Self::Access => format!("{base}?tab=access"),
            Self::Activity => format!("{base}?tab=activity"),
        }
    }
}

/// The tabs of a resource: its own, then those that all have.
#[must_use]
pub fn tabs(base: &str, own: Vec<Tab>, part: Part) -> impl IntoView + use<> {
    let mut tabs = own;
    tabs.push(Tab::new(Part::Access.address(base), "Access"));
    tabs.push(Tab::new(Part::Activity.address(base), "Activity"));
    view! { <Tabs current=part.address(base) tabs /> }
}

fn is_abroad(scope: &ResourceId) -> bool {
    ssr::op().is_ok_and(|op| op.is_abroad(&scope.key()))
}

/// The step to the gallery of an image definition or version; closed where only a part of it is shared. Rule A59.
#[must_use]
pub fn gallery_crumb(gallery: Uuid, name: &str, part: &ResourceId) -> Crumb {
    let mut place = part.parent();
    while place
        .as_ref()
        .is_some_and(|id| id.segment("images").is_some())
    {
        place = place.and_then(|id| id.parent());
    }
    let may_read =
        |id: &ResourceId| ssr::op().is_ok_and(|op| op.may(Action::GalleryRead, id.as_str()));
    if place.as_ref().is_some_and(may_read) {
        Crumb::new(format!("/images/{gallery}"), name)
    } else {
        Crumb::closed(name)
    }
}

/// What stands on the tabs that every resource has; nothing for the others.
#[must_use]
pub fn shared(part: Part, scope: &ResourceId) -> AnyView {
    match part {
        Part::Access => view! { <AccessPanel scope /> }.into_any(),
        Part::Activity if is_abroad(scope) => {
            view! { <Callout tone=Tone::Info title="What is done here is logged in the organisation that it belongs to." /> }.into_any()
        }
        Part::Activity => view! { <ActivityPanel scope=scope.clone() /> }.into_any(),
        Part::Overview | Part::Own(_) => ().into_any(),
    }
}
