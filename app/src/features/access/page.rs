//! Who has access to a subscription or a resource group, which have no page of their own.

use domain::ResourceId;
use domain::{Problem, rbac};
use leptos::prelude::*;

use super::{AccessPanel, Scope};
use crate::features::activity::ActivityPanel;
use crate::features::search::Named;
use crate::ssr;
use crate::ui::{Crumb, Page, Tab, Tabs};

/// The address of the page of a scope.
#[must_use]
pub fn access_to(scope: &ResourceId) -> String {
    let id: String = url::form_urlencoded::byte_serialize(scope.as_str().as_bytes()).collect();
    format!("/access?scope={id}")
}

/// Roles at the scope that the query names, and what was done there.
#[component]
pub fn AccessPage() -> impl IntoView {
    ssr::page(async move {
        let (services, op, query) = (ssr::services()?, ssr::op()?, ssr::query());
        let missing = || Problem::not_found("The subscription or resource group");
        let scope = query.get("scope").map(ResourceId::parse);
        let scope = scope.and_then(Result::ok).ok_or_else(missing)?;
        let title = match (scope.subscription(), scope.group()) {
            (Some(_), Some(group)) if group == scope => {
                services.resource_group_get(&op, &scope).await?.meta.name
            }
            (Some(id), None) if rbac::subscription_scope(&scope.key()) == Some(&scope.key()) => {
                let all = services.subscription_list(&op).await?;
                let found = all.into_iter().find(|known| known.id == id);
                found.ok_or_else(missing)?.display_name
            }
            _ => return Err(missing().into()),
        };
        let kind = Named::of(scope.as_str()).kind;
        let base = access_to(&scope);
        let activity = format!("{base}&tab=activity");
        let shows_activity = query.get("tab") == Some("activity");
        let current = if shows_activity {
            activity.clone()
        } else {
            base.clone()
        };
        let tabs = vec![Tab::new(base, "Access"), Tab::new(activity, "Activity")];
        let matter = if shows_activity {
            view! { <ActivityPanel scope=scope.clone() /> }.into_any()
        } else {
            let scope = Scope::from(scope.clone());
            view! { <AccessPanel scope /> }.into_any()
        };
        let crumbs = vec![Crumb::new("/admin?tab=groups", "Administration")];
        Ok(view! {
            <Page title crumbs intro=kind>
                <Tabs current tabs />
                {matter}
            </Page>
        })
    })
}
