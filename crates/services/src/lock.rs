//! Locks: what keeps a resource, and all that lies in it, from being deleted or changed.

use domain::lock::{LockInput, LockLevel, LockView};
use domain::name::{self, LOCK};
use domain::rbac::Action;
use domain::{Code, OpContext, Problem};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait,
    IntoActiveModel, QueryFilter, QueryOrder,
};
use store::entity::resource_lock::{ActiveModel, Column, Entity, Model};
use store::{Scopes, in_scopes};
use uuid::Uuid;

use crate::role::{ancestry, normalize};
use crate::{Put, Result, Services};

/// What a lock that the caller does not see is called.
const WHAT: &str = "The lock";

impl Services {
    /// The locks at a scope and below it, or with `inherited` those that hold at the scope: at it and above.
    ///
    /// # Errors
    /// `ResourceNotFound` for a scope that the caller may not know of.
    pub async fn lock_list(
        &self,
        ctx: &OpContext,
        scope: &str,
        inherited: bool,
    ) -> Result<Vec<LockView>> {
        let scope = self.lock_scope(ctx, scope, Action::LockRead).await?;
        let place = if inherited {
            Condition::all().add(Column::ScopeKey.is_in(ancestry(&scope)))
        } else {
            at_or_below(&scope)
        };
        let rows = Entity::find()
            .filter(Column::TenantId.eq(ctx.tenant()))
            .filter(place)
            .order_by_asc(Column::Id)
            .all(self.db())
            .await?;
        let seen = rows.into_iter();
        Ok(seen
            .filter(|row| ctx.may(Action::LockRead, &row.scope_key))
            .map(view)
            .collect())
    }

    /// One lock, by its name at a scope.
    ///
    /// # Errors
    /// `ResourceNotFound`.
    pub async fn lock_get(&self, ctx: &OpContext, scope: &str, name: &str) -> Result<LockView> {
        let scope = self.lock_scope(ctx, scope, Action::LockRead).await?;
        Ok(view(self.lock_find(ctx, &scope, name).await?))
    }

    /// Locks a scope, or changes the lock of this name there.
    ///
    /// # Errors
    /// `InvalidRequest`, `AuthorizationFailed`; `ResourceNotFound` for a scope that the caller may not know of.
    pub async fn lock_put(
        &self,
        ctx: &OpContext,
        scope: &str,
        name: &str,
        input: LockInput,
    ) -> Result<Put<LockView>> {
        let key = self.lock_scope(ctx, scope, Action::LockWrite).await?;
        let mut wrong = LOCK.check("name", name);
        wrong.extend(name::text("notes", &input.notes, 0, 512));
        Problem::unless_empty(wrong)?;
        let tx = self.inner.store.begin().await?;
        let found = named(ctx, &key, name).one(&tx).await?;
        let created = found.is_none();
        let row = match found {
            Some(row) => {
                let mut row = row.into_active_model();
                row.level = Set(input.level.to_string());
                row.notes = Set(input.notes);
                row.update(&tx).await?
            }
            None => {
                let row = ActiveModel {
                    id: Set(self.new_id()),
                    tenant_id: Set(ctx.tenant()),
                    scope: Set(shown(scope)),
                    scope_key: Set(key),
                    name: Set(name.to_owned()),
                    name_key: Set(name.to_lowercase()),
                    level: Set(input.level.to_string()),
                    notes: Set(input.notes),
                    created_at: Set(ctx.now),
                    created_by: Set(ctx.caller.user_name.clone()),
                };
                row.insert(&tx).await?
            }
        };
        self.end_put(tx, ctx, "lock_put", &row.scope, created)
            .await?;
        Ok(Put {
            value: view(row),
            created,
        })
    }

    /// Takes a lock away.
    ///
    /// # Errors
    /// `ResourceNotFound`, `AuthorizationFailed`.
    pub async fn lock_delete(&self, ctx: &OpContext, scope: &str, name: &str) -> Result<()> {
        let key = self.lock_scope(ctx, scope, Action::LockDelete).await?;
        let row = self.lock_find(ctx, &key, name).await?;
        let tx = self.inner.store.begin().await?;
        Entity::delete_by_id(row.id).exec(&tx).await?;
        let detail = format!("took the lock “{}” away", row.name);
        self.record_done(&tx, ctx, "lock_delete", &row.scope, detail)
            .await?;
        Ok(tx.commit().await?)
    }

    async fn lock_find(&self, ctx: &OpContext, key: &str, name: &str) -> Result<Model> {
        let row = named(ctx, key, name).one(self.db()).await?;
        row.ok_or_else(|| Problem::not_found(WHAT).into())
    }

    /// The key of a scope of this tenant at which the caller may do this.
    async fn lock_scope(&self, ctx: &OpContext, scope: &str, action: Action) -> Result<String> {
        let key = normalize(scope)?;
        ctx.authorize(action, Action::LockRead, &key)?;
        self.scope_find(self.db(), ctx, &key).await?;
        Ok(key)
    }
}

/// Refuses what a lock keeps from happening to a resource: one at it or above it, and for a deletion also one within.
///
/// # Errors
/// `ScopeLocked`, which names the lock.
pub(crate) async fn unlocked(
    db: &impl ConnectionTrait,
    ctx: &OpContext,
    action: Action,
    key: &str,
) -> Result<()> {
    if !LockLevel::ReadOnly.refuses(action) {
        return Ok(());
    }
    let mut place = Condition::any().add(Column::ScopeKey.is_in(ancestry(key)));
    if LockLevel::CanNotDelete.refuses(action) {
        place = place.add(at_or_below(key));
    }
    let rows = Entity::find()
        .filter(Column::TenantId.eq(ctx.tenant()))
        .filter(place)
        .order_by_asc(Column::Id)
        .all(db)
        .await?;
    let Some(lock) = rows.into_iter().find(|row| level(row).refuses(action)) else {
        return Ok(());
    };
    let what = match level(&lock) {
        LockLevel::CanNotDelete => "can't be deleted",
        LockLevel::ReadOnly => "can't be changed or deleted",
    };
    let message = format!(
        "“{}” {what}, because “{}” bears the lock “{}”. Take the lock away first.",
        key.rsplit('/').next().unwrap_or(key),
        lock.scope,
        lock.name
    );
    Err(Problem::new(Code::ScopeLocked, message)
        .at(lock.scope)
        .into())
}

/// Forgets the locks of what is deleted.
pub(crate) async fn locks_forget(db: &impl ConnectionTrait, tenant: Uuid, key: &str) -> Result<()> {
    Entity::delete_many()
        .filter(Column::TenantId.eq(tenant))
        .filter(at_or_below(key))
        .exec(db)
        .await?;
    Ok(())
}

fn at_or_below(key: &str) -> Condition {
    let scopes = Scopes {
        allowed: vec![key.to_owned()],
        within: None,
    };
    in_scopes(Column::ScopeKey, &scopes)
}

fn named(ctx: &OpContext, key: &str, name: &str) -> sea_orm::Select<Entity> {
    Entity::find()
        .filter(Column::TenantId.eq(ctx.tenant()))
        .filter(Column::ScopeKey.eq(key))
        .filter(Column::NameKey.eq(name.to_lowercase()))
}

/// The scope in the spelling of ids.
fn shown(scope: &str) -> String {
    domain::ResourceId::parse(scope).map_or_else(|scope| scope, |id| id.to_string())
}

fn level(row: &Model) -> LockLevel {
    // A word that an older server does not know locks as much as there is.
    LockLevel::parse(&row.level).unwrap_or(LockLevel::ReadOnly)
}

fn view(row: Model) -> LockView {
    LockView {
        id: row.id,
        level: level(&row),
        scope: row.scope,
        name: row.name,
        notes: row.notes,
        created_at: row.created_at,
        created_by: row.created_by,
    }
}
