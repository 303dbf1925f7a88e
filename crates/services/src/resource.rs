//! What all resources have in common: their head, where they lie, and what a write expects of them.

use domain::tenant::{Meta, Precondition};
use domain::{Code, OpContext, Problem, ResourceId};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect,
};
use store::entity::{resource_group, role_assignment, subscription};

use crate::{Result, Services};

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

/// Compares what a write expects with what is there.
///
/// # Errors
/// `AlreadyExists` for a creation of what exists, `PreconditionFailed` for an etag of an older state.
pub(crate) fn expect(
    precondition: &Precondition,
    found: Option<&Meta>,
) -> std::result::Result<(), Problem> {
    match (precondition, found) {
        (Precondition::MustNotExist, Some(meta)) => {
            let violation = domain::Violation::new(domain::Rule::AlreadyExists, "name")
                .with("value", &meta.name);
            Err(Problem::from_violations(vec![violation]))
        }
        (Precondition::Etag(etag), Some(meta))
            if *etag != "*" && etag.trim_matches('"') != meta.etag =>
        {
            Err(Problem::new(
                Code::PreconditionFailed,
                format!(
                    "“{}” was changed by somebody else meanwhile. Read it again, then repeat your change.",
                    meta.name
                ),
            ))
        }
        (Precondition::Etag(_), None) => Err(Problem::new(
            Code::PreconditionFailed,
            "It does not exist, so there is nothing to replace.",
        )),
        _ => Ok(()),
    }
}

impl Services {
    /// Removes the roles that were given at a deleted resource and below it, so that a later one of the same name
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
        Ok(())
    }

    pub(crate) fn new_etag(&self) -> String {
        self.inner.ids.secret_hex(8)
    }

    /// Finds the resource group that a new resource is to lie in, and serialises creations in its subscription,
    /// so that limits hold under concurrency.
    pub(crate) async fn place(
        &self,
        tx: &impl ConnectionTrait,
        ctx: &OpContext,
        id: &ResourceId,
    ) -> Result<resource_group::Model> {
        let missing = || {
            Problem::not_found(format!(
                "The resource group “{}”",
                id.segment("resourceGroups").unwrap_or("?")
            ))
        };
        let (group, subscription_id) = id.group().zip(id.subscription()).ok_or_else(missing)?;
        let mut lock = subscription::Entity::find_by_id(subscription_id)
            .filter(subscription::Column::TenantId.eq(ctx.tenant()));
        if self.inner.store.is_postgres() {
            lock = lock.lock_exclusive();
        }
        lock.one(tx).await?.ok_or_else(missing)?;
        let found = resource_group::Entity::find()
            .filter(resource_group::Column::TenantId.eq(ctx.tenant()))
            .filter(resource_group::Column::ResourceKey.eq(group.key()))
            .one(tx)
            .await?;
        Ok(found.ok_or_else(missing)?)
    }
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
