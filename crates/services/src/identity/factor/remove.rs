//! Taking all factors from somebody who lost them: by an administrator of their organisation, or by the operator.

use std::collections::HashSet;

use domain::OpContext;
use domain::rbac::Action;
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QuerySelect,
};
use store::entity::{local_account, passkey, second_step, totp};
use uuid::Uuid;

use super::recovery::recovery_forget;
use super::{account_of, place};
use crate::identity::principal::{principal_of, user_name_key};
use crate::{Result, Services};

impl Services {
    /// Who of these people is asked for more than a password; for those who may see them.
    ///
    /// # Errors
    /// `AuthorizationFailed`.
    pub async fn factor_holders(&self, ctx: &OpContext, people: &[Uuid]) -> Result<HashSet<Uuid>> {
        ctx.authorize(Action::PrincipalRead, Action::PrincipalRead, "/")?;
        let apps = totp::Entity::find()
            .select_only()
            .column(totp::Column::PrincipalId)
            .filter(totp::Column::ConfirmedAt.is_not_null())
            .filter(totp::Column::PrincipalId.is_in(people.iter().copied()));
        let keys = passkey::Entity::find()
            .select_only()
            .column(passkey::Column::PrincipalId)
            .filter(passkey::Column::PrincipalId.is_in(people.iter().copied()));
        let mut holders: HashSet<Uuid> = apps
            .into_tuple()
            .all(self.db())
            .await?
            .into_iter()
            .collect();
        holders.extend(keys.into_tuple::<Uuid>().all(self.db()).await?);
        Ok(holders)
    }

    /// Removes all second factors of a person, who signs in with the password alone until they set up new ones.
    ///
    /// # Errors
    /// `ResourceNotFound` for a person without a password here, `AuthorizationFailed`.
    pub async fn factor_reset(&self, ctx: &OpContext, principal: Uuid) -> Result<()> {
        ctx.authorize(Action::PrincipalWrite, Action::PrincipalRead, "/")?;
        let tx = self.inner.store.begin().await?;
        let person = principal_of(&tx, ctx.tenant(), principal).await?;
        let account = account_of(&tx, principal).await?;
        totp::Entity::delete_many()
            .filter(totp::Column::PrincipalId.eq(principal))
            .exec(&tx)
            .await?;
        passkey::Entity::delete_many()
            .filter(passkey::Column::PrincipalId.eq(principal))
            .exec(&tx)
            .await?;
        recovery_forget(&tx, principal).await?;
        second_step::Entity::delete_many()
            .filter(second_step::Column::PrincipalId.eq(principal))
            .exec(&tx)
            .await?;
        let mut change: local_account::ActiveModel = account.into();
        change.factor_failed_count = Set(0);
        change.factor_locked_until = Set(None);
        change.update(&tx).await?;
        let (what, detail) = (place(principal), format!("of {}", person.user_name));
        self.record_done(&tx, ctx, "factor_reset", &what, detail)
            .await?;
        Ok(tx.commit().await?)
    }

    /// The person and the organisation of a local account, by its user name; for the operator.
    ///
    /// # Errors
    /// Internal ones alone.
    pub async fn account_find(&self, user_name: &str) -> Result<Option<(Uuid, Uuid)>> {
        let account = local_account::Entity::find()
            .filter(local_account::Column::UserNameKey.eq(user_name_key(user_name)))
            .one(self.db())
            .await?;
        let Some(account) = account else {
            return Ok(None);
        };
        let person = store::entity::principal::Entity::find_by_id(account.principal_id);
        let person = person.one(self.db()).await?;
        Ok(person.map(|person| (person.id, person.tenant_id)))
    }
}
