//! The log of the whole organisation, as far as the caller may read it.

use domain::Problem;
use domain::activity::ActivityFilter;
use domain::problem::Code;
use domain::rbac::Action;
use leptos::prelude::*;

use super::table::{ActivityTable, wanted};
use crate::ssr;
use crate::ui::Page;

/// The place of activity.
#[component]
pub fn ActivityPage() -> impl IntoView {
    ssr::page(async move {
        let (services, op, query) = (ssr::services()?, ssr::op()?, ssr::query());
        if op.scopes(Action::ActivityRead).is_empty() {
            return Err(Problem::new(
                Code::AuthorizationFailed,
                "Your roles don't let you read the activity log.",
            )
            .into());
        }
        let filter = ActivityFilter {
            within: None,
            result: wanted(&query),
        };
        let lines = services
            .activity_list(&op, filter, &query.page_request())
            .await?;
        Ok(view! {
            <Page title="Activity" intro="Who did what, when, and how it ended; newest first.">
                <ActivityTable lines query />
            </Page>
        })
    })
}
