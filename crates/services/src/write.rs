//! How the writes of all resources begin and end: in one transaction that holds the row from the first to the last and
//! compares its etag, so that of two writers at the same moment one is told.

use domain::rbac::Action;
use domain::tenant::Precondition;
use domain::{Code, OpContext, Problem, ResourceId};
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, QuerySelect};
use store::entity::{resource_group, subscription};

use crate::find::{Findable, named};
use crate::lock::unlocked;
use crate::resource::taken;
use crate::{Result, Services, Target};

/// A table whose rows are written under an etag.
pub(crate) trait Tracked: Findable {
    const LOCATION: Self::Column;

    fn name(row: &Self::Model) -> &str;
    fn etag(row: &Self::Model) -> &str;
}

macro_rules! tracked {
    ($($module:ident),+) => {$(
        impl Tracked for store::entity::$module::Entity {
            const LOCATION: Self::Column = store::entity::$module::Column::Location;

            fn name(row: &Self::Model) -> &str {
                &row.name
            }

            fn etag(row: &Self::Model) -> &str {
                &row.etag
            }
        }
    )+};
}
tracked!(
    gallery,
    image,
    image_version,
    lab_plan,
    lab,
    disk,
    virtual_machine,
    network_resource,
    deployment
);

impl Services {
    /// Begins to create or replace a resource.
    ///
    /// # Errors
    /// `ResourceNotFound` for the resource group, `AlreadyExists`, `PreconditionFailed`.
    pub(crate) async fn begin_put<E: Tracked>(
        &self,
        ctx: &OpContext,
        id: &ResourceId,
        precondition: &Precondition,
    ) -> Result<(DatabaseTransaction, Option<E::Model>)> {
        let tx = self.begin_at(ctx, id).await?;
        let query = named::<E>(ctx.tenant(), &id.into()).lock_exclusive();
        let row = query.one(&tx).await?;
        expect::<E>(precondition, row.as_ref())?;
        Ok((tx, row))
    }

    /// Begins to change or delete a resource, once the caller may.
    ///
    /// # Errors
    /// `ResourceNotFound`, `AuthorizationFailed`, `PreconditionFailed`.
    pub(crate) async fn begin_change<E: Tracked>(
        &self,
        ctx: &OpContext,
        target: impl Into<Target>,
        action: Action,
        precondition: &Precondition,
    ) -> Result<(DatabaseTransaction, E::Model)> {
        let seen = self.find_for::<E>(ctx, target, action).await?;
        let tx = self.inner.store.begin().await?;
        let query = E::find().filter(E::live()).filter(E::KEY.eq(E::key(&seen)));
        let held = query.lock_exclusive().one(&tx).await?;
        let row = held.ok_or_else(|| Problem::not_found(E::WHAT))?;
        expect::<E>(precondition, Some(&row))?;
        Ok((tx, row))
    }

    /// Begins to create something in a resource group, which must be there. Creations in one subscription wait for
    /// each other, so that names and limits hold.
    ///
    /// # Errors
    /// `ResourceNotFound` for the resource group.
    pub(crate) async fn begin_at(
        &self,
        ctx: &OpContext,
        id: &ResourceId,
    ) -> Result<DatabaseTransaction> {
        let name = id.segment("resourceGroups").unwrap_or("?");
        let missing = || Problem::not_found(format!("The resource group “{name}”"));
        let (group, subscription_id) = id.group().zip(id.subscription()).ok_or_else(missing)?;
        let tx = self.inner.store.begin().await?;
        let own = subscription::Entity::find_by_id(subscription_id)
            .filter(subscription::Column::TenantId.eq(ctx.tenant()))
            .lock_exclusive();
        own.one(&tx).await?.ok_or_else(missing)?;
        let query = named::<resource_group::Entity>(ctx.tenant(), &group.into());
        query.one(&tx).await?.ok_or_else(missing)?;
        // Whatever is created or replaced: a lock asks only whether it is a change.
        unlocked(&tx, ctx, Action::ResourceGroupWrite, &id.key()).await?;
        Ok(tx)
    }

    /// Ends a creation or a change: writes which it was to the log, and commits.
    pub(crate) async fn end_put(
        &self,
        tx: DatabaseTransaction,
        ctx: &OpContext,
        operation: &str,
        resource_id: &str,
        created: bool,
    ) -> Result<()> {
        let verb = if created { "created" } else { "changed" };
        self.record_done(&tx, ctx, operation, resource_id, verb)
            .await?;
        Ok(tx.commit().await?)
    }

    /// Ends a deletion that nothing speaks against: removes the row and the roles given at it, writes so to the log,
    /// and commits.
    pub(crate) async fn end_delete<E: Findable>(
        &self,
        tx: DatabaseTransaction,
        ctx: &OpContext,
        operation: &str,
        row: &E::Model,
    ) -> Result<()> {
        let key = E::key(row);
        E::delete_many().filter(E::KEY.eq(key)).exec(&tx).await?;
        self.rights_forget(&tx, ctx, key).await?;
        self.record_done(&tx, ctx, operation, E::resource_id(row), "deleted")
            .await?;
        Ok(tx.commit().await?)
    }
}

/// Compares what a write expects with what is there.
///
/// # Errors
/// `AlreadyExists` for a creation of what exists, `PreconditionFailed` for an etag of an older state.
fn expect<E: Tracked>(
    precondition: &Precondition,
    found: Option<&E::Model>,
) -> std::result::Result<(), Problem> {
    let message = match (precondition, found) {
        (Precondition::MustNotExist, Some(row)) => return Err(taken("name", E::name(row))),
        (Precondition::Etag(_), None) => {
            "It does not exist, so there is nothing to replace.".to_owned()
        }
        (Precondition::Etag(etag), Some(row)) if *etag != "*" && etag != E::etag(row) => format!(
            "“{}” was changed by somebody else meanwhile. Read it again, then repeat your change.",
            E::name(row)
        ),
        _ => return Ok(()),
    };
    Err(Problem::new(Code::PreconditionFailed, message))
}
