//! Taking a share back, from either side.

use domain::rbac::Action;
use domain::{OpContext, Problem};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel,
    QueryFilter,
};
use store::entity::share;
use store::{Scopes, in_scopes};
use uuid::Uuid;

use super::may_speak;
use crate::{Result, Services};

impl Services {
    /// Takes a share back at once. What was made from it stays: labs keep their machines. The plans' switches for its
    /// images are forgotten, so that a later share starts switched off. Doing it twice changes
    /// nothing.
    ///
    /// # Errors
    /// `ResourceNotFound` for what neither belongs to the caller's organisation nor was accepted by it;
    /// `AuthorizationFailed`.
    pub async fn share_revoke(&self, ctx: &OpContext, id: Uuid) -> Result<()> {
        let missing = || Problem::not_found("The share");
        let tx = self.inner.store.begin().await?;
        let row = share::Entity::find_by_id(id).one(&tx).await?;
        let row = row.ok_or_else(missing)?;
        if row.from_tenant == ctx.tenant() {
            ctx.authorize(Action::ShareWrite, Action::ShareRead, &row.scope_key)?;
        } else if row.to_tenant == Some(ctx.tenant()) {
            may_speak(ctx)?;
        } else {
            return Err(missing().into());
        }
        if row.revoked_at.is_some() {
            return Ok(());
        }
        let mut change = row.into_active_model();
        change.revoked_at = Set(Some(self.now()));
        change.revoked_by = Set(Some(ctx.caller.user_name.clone()));
        let row = change.update(&tx).await?;
        if let Some(tenant) = row.to_tenant {
            self.share_switches_forget(&tx, tenant, &row).await?;
        }
        self.record_both(&tx, ctx, "share_revoke", &row, "the share is revoked")
            .await?;
        Ok(tx.commit().await?)
    }

    /// Revokes what was shared at a deleted resource and below it, so that a later one of the same name is not shared.
    pub(crate) async fn shares_forget(
        &self,
        tx: &impl ConnectionTrait,
        ctx: &OpContext,
        key: &str,
    ) -> Result<()> {
        let below = Scopes {
            allowed: vec![key.to_owned()],
            within: None,
        };
        share::Entity::update_many()
            .set(share::ActiveModel {
                revoked_at: Set(Some(self.now())),
                revoked_by: Set(Some(ctx.caller.user_name.clone())),
                ..Default::default()
            })
            .filter(share::Column::FromTenant.eq(ctx.tenant()))
            .filter(share::Column::RevokedAt.is_null())
            .filter(in_scopes(share::Column::ScopeKey, &below))
            .exec(tx)
            .await?;
        Ok(())
    }
}
