//! The activity of one resource, for the tab that every resource has.

use domain::ResourceId;
use domain::activity::ActivityFilter;
use domain::rbac::Action;
use leptos::prelude::*;

use super::table::{ActivityTable, wanted};
use crate::ssr;
use crate::ui::{EmptyState, Glyph};

/// What was done to a resource and below it. Search, filter and page are the address's `q`, `result` and `cursor`.
#[component]
pub fn ActivityPanel(scope: ResourceId) -> impl IntoView {
    ssr::part(async move {
        let (services, op, query) = (ssr::services()?, ssr::op()?, ssr::query());
        if !op.may(Action::ActivityRead, scope.as_str()) {
            return Ok(hidden());
        }
        let filter = ActivityFilter {
            within: Some(scope),
            result: wanted(&query),
        };
        let lines = services
            .activity_list(&op, filter, &query.page_request())
            .await?;
        Ok(view! { <ActivityTable lines query /> }.into_any())
    })
}

fn hidden() -> AnyView {
    view! {
        <EmptyState
            glyph=Glyph::Lock
            title="You don't see what was done here"
            text="The activity is shown to those who may read the log of this resource. Ask an owner for such a role, for example Reader."
        />
    }
    .into_any()
}
