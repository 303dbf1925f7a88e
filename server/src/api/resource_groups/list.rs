use axum::Json;

use super::wire::ResourceGroup;
use crate::api::SUBSCRIPTION;
use crate::api::error::ApiResult;
use crate::api::extract::{Asked, Params};
use crate::api::links::Links;
use crate::api::list::{ListQuery, ListResult, equals, unknown_filter};
use crate::api::subscriptions;

const FILTERS: &str = "tagName eq 'key' and tagValue eq 'value'";

/// List the resource groups of a subscription.
///
/// `$filter` takes `tagName eq 'key'`, alone or with `and tagValue eq 'value'`.
#[utoipa::path(
    get,
    context_path = SUBSCRIPTION,
    path = "/resourceGroups",
    tag = super::TAG,
    params(ListQuery),
    responses((status = 200, body = ListResult<ResourceGroup>))
)]
pub(crate) async fn resource_group_list(
    Asked { ctx, services, id }: Asked,
    Params(query): Params<ListQuery>,
    links: Links,
) -> ApiResult<Json<ListResult<ResourceGroup>>> {
    let subscription = subscriptions::visible(&services, &ctx, &id).await?;
    let wanted = query.filter().map(tag).transpose()?;
    let groups = services
        .resource_group_list(&ctx, Some(subscription.key()))
        .await?;
    let groups = groups.into_iter().filter(|group| {
        wanted.as_ref().is_none_or(|(key, value)| {
            let found = group
                .meta
                .tags
                .iter()
                .find(|(name, _)| name.eq_ignore_ascii_case(key));
            found.is_some_and(|(_, found)| value.as_ref().is_none_or(|value| value == found))
        })
    });
    query.cut(groups.map(ResourceGroup::from), &links)
}

/// The tag that a filter asks for, and its value when it asks for one.
fn tag(filter: &str) -> ApiResult<(String, Option<String>)> {
    let unknown = || unknown_filter(filter, FILTERS);
    let (name, value) = match filter.split_once(" and ") {
        Some((name, value)) => (name, Some(equals(value, "tagValue").ok_or_else(unknown)?)),
        None => (filter, None),
    };
    Ok((equals(name, "tagName").ok_or_else(unknown)?, value))
}
