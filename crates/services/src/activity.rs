//! The activity log.

use domain::activity::{ActivityFilter, ActivityResult, ActivityView};
use domain::rbac::Action;
use domain::{OpContext, Origin, Page, PageRequest, ResourceId};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait,
    QueryFilter,
};
use store::entity::activity::{Column, Entity, Model};
use store::{Cursor, Scopes, in_scopes};

use crate::search::contains;
use crate::{Result, Services};

impl Services {
    /// What was done to a resource and below it, or in the whole tenant, newest first. The page's text is looked for
    /// in who did it, the operation's name, the resource and the detail.
    ///
    /// # Errors
    /// `ResourceNotFound` when the caller may not see the scope's activity.
    pub async fn activity_list(
        &self,
        ctx: &OpContext,
        wanted: impl Into<ActivityFilter>,
        page: &PageRequest,
    ) -> Result<Page<ActivityView>> {
        let ActivityFilter { within, result } = wanted.into();
        let key = within.as_ref().map(ResourceId::key);
        if let Some(key) = &key {
            ctx.authorize(Action::ActivityRead, Action::ActivityRead, key)?;
        }
        let scopes = Scopes {
            allowed: ctx.scopes(Action::ActivityRead),
            within: key,
        };
        let mut query = Entity::find()
            .filter(Column::TenantId.eq(ctx.tenant()))
            .filter(in_scopes(Column::ResourceKey, &scopes));
        if let Some(result) = result {
            query = query.filter(Column::Result.eq(result.to_string()));
        }
        let text = page
            .filter
            .as_deref()
            .map(|text| text.trim().to_lowercase())
            .filter(|text| !text.is_empty());
        if let Some(text) = text {
            let places = [
                Column::Caller,
                Column::Operation,
                Column::ResourceKey,
                Column::Detail,
            ];
            query = query.filter(places.into_iter().fold(Condition::any(), |any, place| {
                any.add(contains(place, &text))
            }));
        }
        let page = PageRequest {
            filter: None,
            ..page.clone()
        };
        let cursor = Cursor {
            sort: Column::Id,
            descending: true,
            id: Column::Id,
            name: Column::ResourceKey,
        };
        let rows = store::fetch(self.db(), query, cursor, &page).await?;
        Ok(rows.map(view))
    }

    /// Writes that something was done, in the transaction that does it.
    pub(crate) async fn record_done(
        &self,
        tx: &impl ConnectionTrait,
        ctx: &OpContext,
        operation: &str,
        resource_id: &str,
        detail: impl Into<String>,
    ) -> Result<()> {
        let result = ActivityResult::Succeeded;
        self.record(tx, ctx, operation, resource_id, result, detail)
            .await
    }

    /// Writes that something was begun, in the transaction of its job.
    pub(crate) async fn record_begun(
        &self,
        tx: &impl ConnectionTrait,
        ctx: &OpContext,
        operation: &str,
        resource_id: &str,
        detail: impl Into<String>,
    ) -> Result<()> {
        let result = ActivityResult::Accepted;
        self.record(tx, ctx, operation, resource_id, result, detail)
            .await
    }

    /// Writes a line of the log, in the transaction of what it tells of.
    pub(crate) async fn record(
        &self,
        tx: &impl ConnectionTrait,
        ctx: &OpContext,
        operation: &str,
        resource_id: &str,
        result: ActivityResult,
        detail: impl Into<String>,
    ) -> Result<()> {
        let row = store::entity::activity::ActiveModel {
            id: Set(self.new_id()),
            tenant_id: Set(ctx.tenant()),
            at: Set(self.now()),
            caller: Set(ctx.caller.user_name.clone()),
            principal_id: Set(Some(ctx.caller.principal)),
            operation: Set(operation.to_owned()),
            resource_id: Set(resource_id.to_owned()),
            resource_key: Set(resource_id.to_lowercase()),
            result: Set(result.to_string()),
            detail: Set(detail.into()),
            origin: Set(ctx.origin.to_string()),
            request_id: Set(ctx.request_id.clone()),
        };
        row.insert(tx).await?;
        Ok(())
    }
}

pub(crate) fn view(row: Model) -> ActivityView {
    ActivityView {
        id: row.id,
        at: row.at,
        caller: row.caller,
        operation: row.operation,
        resource_id: row.resource_id,
        result: ActivityResult::parse(&row.result).unwrap_or(ActivityResult::Failed),
        detail: row.detail,
        origin: Origin::parse(&row.origin).unwrap_or(Origin::System),
        request_id: row.request_id,
    }
}
