use std::collections::BTreeMap;

use axum::Json;
use chrono::{DateTime, Utc};
use domain::resource::{ResourceFilter, ResourceView};
use domain::tenant::ResourceGroupView;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::api::error::ApiResult;
use crate::api::extract::{Asked, Params};
use crate::api::links::Links;
use crate::api::list::{ListQuery, ListResult, answer, equals, unknown_filter};
use crate::api::{GROUP, SUBSCRIPTION, subscriptions};

const FILTERS: &str = "resourceType eq 'kind', name eq 'name', tagName eq 'key' and tagValue eq 'value', joined by and";

/// A resource of any kind.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct GenericResource {
    id: String,
    name: String,
    r#type: String,
    location: String,
    tags: BTreeMap<String, String>,
    /// Only with `$expand=createdTime`.
    #[serde(skip_serializing_if = "Option::is_none")]
    created_time: Option<DateTime<Utc>>,
    /// Only with `$expand=changedTime`.
    #[serde(skip_serializing_if = "Option::is_none")]
    changed_time: Option<DateTime<Utc>>,
    /// Only with `$expand=provisioningState`.
    #[serde(skip_serializing_if = "Option::is_none")]
    provisioning_state: Option<String>,
}

impl From<ResourceView> for GenericResource {
    fn from(view: ResourceView) -> Self {
        Self {
            id: view.meta.resource_id.to_string(),
            name: view.meta.name,
            r#type: view.kind,
            location: view.meta.location,
            tags: view.meta.tags,
            created_time: Some(view.meta.created_at),
            changed_time: Some(view.meta.updated_at),
            provisioning_state: Some(view.state),
        }
    }
}

/// What of each resource is shown besides.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Expansion {
    /// Any of `createdTime`, `changedTime` and `provisioningState`, with commas.
    #[serde(rename = "$expand")]
    expand: Option<String>,
}

impl Expansion {
    fn of(&self, mut resource: GenericResource) -> GenericResource {
        let asks = |word: &str| {
            let words = self.expand.as_deref().unwrap_or_default().split(',');
            words
                .into_iter()
                .any(|found| found.trim().eq_ignore_ascii_case(word))
        };
        resource.created_time = resource.created_time.filter(|_| asks("createdTime"));
        resource.changed_time = resource.changed_time.filter(|_| asks("changedTime"));
        resource.provisioning_state = resource
            .provisioning_state
            .filter(|_| asks("provisioningState"));
        resource
    }
}

/// List the resources of a subscription, of all kinds, oldest first.
///
/// `$filter` takes `resourceType eq 'kind'`, `name eq 'name'`, `tagName eq 'key'` and `tagValue eq 'value'`, joined by
/// `and`.
#[utoipa::path(
    get,
    context_path = SUBSCRIPTION,
    path = "/resources",
    tag = super::TAG,
    params(ListQuery, Expansion),
    responses((status = 200, body = ListResult<GenericResource>))
)]
pub(crate) async fn resource_list(
    asked: Asked,
    query: Params<ListQuery>,
    expansion: Params<Expansion>,
    links: Links,
) -> ApiResult<Json<ListResult<GenericResource>>> {
    subscriptions::visible(&asked.services, &asked.ctx, &asked.id).await?;
    list(asked, query, expansion, &links).await
}

/// List the resources of a resource group, of all kinds, oldest first.
///
/// `$filter` as for a subscription.
#[utoipa::path(
    get,
    context_path = GROUP,
    path = "/resources",
    tag = super::TAG,
    params(ListQuery, Expansion),
    responses((status = 200, body = ListResult<GenericResource>))
)]
pub(crate) async fn resource_list_in_group(
    asked: Asked,
    query: Params<ListQuery>,
    expansion: Params<Expansion>,
    links: Links,
) -> ApiResult<Json<ListResult<GenericResource>>> {
    let _: ResourceGroupView = asked
        .services
        .resource_group_get(&asked.ctx, &asked.id)
        .await?;
    list(asked, query, expansion, &links).await
}

async fn list(
    Asked { ctx, services, id }: Asked,
    Params(query): Params<ListQuery>,
    Params(expansion): Params<Expansion>,
    links: &Links,
) -> ApiResult<Json<ListResult<GenericResource>>> {
    let filter = query.filter().map(read).transpose()?.unwrap_or_default();
    let request = ListQuery {
        filter: None,
        ..query
    }
    .page()?;
    let page = services.resource_list(&ctx, &id, &filter, &request).await?;
    let page = page.map_all(async |rows| {
        let rows = rows.into_iter().map(GenericResource::from);
        Ok::<_, crate::api::error::ApiError>(rows.map(|row| expansion.of(row)).collect())
    });
    Ok(answer(page.await?, links))
}

/// The filter, part by part.
fn read(text: &str) -> ApiResult<ResourceFilter> {
    let unknown = || unknown_filter(text, FILTERS);
    let mut filter = ResourceFilter::default();
    let (mut key, mut value) = (None, None);
    for part in text.split(" and ") {
        if let Some(kind) = equals(part, "resourceType") {
            filter.kind = Some(kind);
        } else if let Some(name) = equals(part, "name") {
            filter.name = Some(name);
        } else if let Some(name) = equals(part, "tagName") {
            key = Some(name);
        } else if let Some(text) = equals(part, "tagValue") {
            value = Some(text);
        } else {
            return Err(unknown().into());
        }
    }
    match (key, value) {
        (Some(key), value) => filter.tag = Some((key, value)),
        (None, Some(_)) => return Err(unknown().into()),
        (None, None) => {}
    }
    Ok(filter)
}
