//! What all resources have in common: their columns, and what is refused for each of them alike.

use std::collections::HashMap;

use domain::{Code, OpContext, Problem, ResourceId, Rule, Violation};
use sea_orm::{
    ActiveValue::Set, ColumnAsExpr, ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult,
    PaginatorTrait, QueryFilter, QuerySelect, Select,
};
use store::entity::role_assignment;
use store::{Scopes, in_scopes};
use uuid::Uuid;

use crate::find::{Findable, find_optional};
use crate::write::Tracked;
use crate::{Error, Result, Services};

/// Builds the head of a view from a row.
macro_rules! meta {
    ($row:expr) => {
        domain::tenant::Meta {
            id: $row.id,
            resource_id: domain::ResourceId::from_stored($row.resource_id.clone()),
            name: $row.name.clone(),
            location: $row.location.clone(),
            tags: serde_json::from_value($row.tags.clone())?,
            etag: $row.etag.clone(),
            created_at: $row.created_at,
            created_by: $row.created_by.clone(),
            updated_at: $row.updated_at,
        }
    };
}
pub(crate) use meta;

/// Fills the columns that every resource row has.
macro_rules! resource_row {
    ($services:expr, $ctx:expr, $id:expr, $location:expr, $tags:expr, $module:ident { $($field:ident : $value:expr),* $(,)? }) => {
        store::entity::$module::ActiveModel {
            id: sea_orm::ActiveValue::Set($services.new_id()),
            tenant_id: sea_orm::ActiveValue::Set($ctx.tenant()),
            resource_id: sea_orm::ActiveValue::Set($id.to_string()),
            resource_key: sea_orm::ActiveValue::Set($id.key()),
            name: sea_orm::ActiveValue::Set($id.name().to_owned()),
            location: sea_orm::ActiveValue::Set($location.to_owned()),
            tags: sea_orm::ActiveValue::Set(serde_json::to_value($tags)?),
            etag: sea_orm::ActiveValue::Set($services.new_etag()),
            created_at: sea_orm::ActiveValue::Set($ctx.now),
            created_by: sea_orm::ActiveValue::Set($ctx.caller.user_name.clone()),
            updated_at: sea_orm::ActiveValue::Set($ctx.now),
            $($field: sea_orm::ActiveValue::Set($value)),*
        }
    };
}
pub(crate) use resource_row;

impl Services {
    /// Removes the roles that were given, and the locks, at a deleted resource and below it, so that a later one of the same name
    /// does not inherit them.
    pub(crate) async fn rights_forget(
        &self,
        tx: &impl ConnectionTrait,
        ctx: &OpContext,
        key: &str,
    ) -> Result<()> {
        let below = store::Scopes {
            allowed: vec!["/".to_owned()],
            within: Some(key.to_owned()),
        };
        role_assignment::Entity::delete_many()
            .filter(role_assignment::Column::TenantId.eq(ctx.tenant()))
            .filter(store::in_scopes(role_assignment::Column::Scope, &below))
            .exec(tx)
            .await?;
        crate::lock::locks_forget(tx, ctx.tenant(), key).await?;
        self.shares_forget(tx, ctx, key).await
    }

    pub(crate) fn new_etag(&self) -> String {
        self.inner.ids.secret_hex(8)
    }
}

/// The refusal of a name that something else bears.
pub(crate) fn taken(target: &str, name: &str) -> Problem {
    let violation = Violation::new(Rule::AlreadyExists, target).with("value", name);
    Problem::from_violations(vec![violation])
}

/// Refuses an id that is taken; creations in the subscription wait, so it stays free until the transaction ends.
pub(crate) async fn vacant<E: Findable>(
    tx: &impl ConnectionTrait,
    ctx: &OpContext,
    id: &ResourceId,
    target: &str,
) -> Result<()> {
    match find_optional::<E>(tx, ctx.tenant(), &id.into()).await? {
        Some(_) => Err(taken(target, id.name()).into()),
        None => Ok(()),
    }
}

/// Refuses another value for what is fixed when a resource is created.
pub(crate) fn fixed(target: &str, before: &str, after: &str) -> std::result::Result<(), Problem> {
    if before == after {
        return Ok(());
    }
    let violation = Violation::new(Rule::NotUpdatable, target);
    Err(Problem::from_violations(vec![violation]))
}

/// The first names of a list, and how many more there are.
pub(crate) fn some(names: &[&str]) -> String {
    const NAMED: usize = 5;
    let (named, more) = names.split_at(names.len().min(NAMED));
    let mut told = named.join(", ");
    if !more.is_empty() {
        told += &format!(" and {} more", more.len());
    }
    told
}

/// The refusal to delete what something else needs.
pub(crate) fn in_use(resource_id: &str, message: String) -> Error {
    Problem::new(Code::ResourceInUse, message)
        .at(resource_id)
        .into()
}

/// Refuses one more of a kind in the id's subscription and region than the operator allows. Rules A38-A41.
pub(crate) async fn quota<E: Tracked>(
    tx: &impl ConnectionTrait,
    id: &ResourceId,
    location: &str,
    max: u32,
    what: &str,
) -> Result<()> {
    let scopes = Scopes {
        allowed: vec!["/".to_owned()],
        within: id.subscription().map(|s| format!("/subscriptions/{s}")),
    };
    let count = E::find()
        .filter(in_scopes(E::KEY, &scopes))
        .filter(E::LOCATION.eq(location))
        .count(tx)
        .await?;
    if count < u64::from(max) {
        return Ok(());
    }
    let violation = Violation::new(Rule::LimitReached, "name")
        .with("max", max)
        .with("what", format!("{what} in this subscription and region"));
    Err(Problem::from_violations(vec![violation]).into())
}

/// A figure for each of some keys.
#[derive(FromQueryResult)]
struct Figure {
    key: Uuid,
    figure: i64,
}

/// The figures of a query that groups by `key` and counts or sums as `figure`; what is not found has none.
pub(crate) async fn figures<E: EntityTrait>(
    db: &impl ConnectionTrait,
    key: impl ColumnTrait,
    figure: impl ColumnAsExpr,
    query: Select<E>,
) -> Result<HashMap<Uuid, u64>> {
    let rows = query
        .select_only()
        .column_as(key, "key")
        .column_as(figure, "figure")
        .group_by(key)
        .into_model::<Figure>()
        .all(db)
        .await?;
    let figures = rows.into_iter();
    Ok(figures
        .map(|row| (row.key, row.figure.unsigned_abs()))
        .collect())
}

/// Sets tags, etag and time of a row that is about to be saved.
macro_rules! touch {
    ($services:expr, $ctx:expr, $row:expr) => {
        $row.etag = sea_orm::ActiveValue::Set($services.new_etag());
        $row.updated_at = sea_orm::ActiveValue::Set($ctx.now);
    };
}
pub(crate) use touch;

/// A tag set as the column holds it.
pub(crate) fn tags_column(
    tags: &std::collections::BTreeMap<String, String>,
) -> Result<sea_orm::ActiveValue<serde_json::Value>> {
    Ok(Set(serde_json::to_value(tags)?))
}
