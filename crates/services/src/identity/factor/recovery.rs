//! Recovery codes: ten, each good for one sign-in, kept as hashes.

use domain::factor::{RECOVERY_CODES, recovery_code as spell};
use domain::{Code, OpContext, Problem};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait,
    QueryFilter,
};
use store::entity::recovery_code;
use uuid::Uuid;

use super::{is_asked, place};
use crate::identity::secret;
use crate::{Result, Services};

/// What is kept of a code. It has 80 random bits, so that a plain hash is enough; the owner's id keeps a row from
/// serving somebody else.
fn hash(principal: Uuid, code: &str) -> String {
    secret::hash(&format!("{principal} {code}"))
}

impl Services {
    /// Makes new recovery codes, told this once; those of before count no more.
    ///
    /// # Errors
    /// `AuthorizationFailed` when the password was not given again, `Conflict` while there is no other factor.
    pub async fn recovery_codes_create(
        &self,
        ctx: &OpContext,
        session: Option<Uuid>,
    ) -> Result<Vec<String>> {
        let tx = self.inner.store.begin().await?;
        self.factor_opened(&tx, ctx, session).await?;
        let principal = ctx.caller.principal;
        if !is_asked(&tx, principal).await? {
            let message =
                "Recovery codes stand in for an app or a passkey. Set up one of them first.";
            return Err(Problem::new(Code::Conflict, message).into());
        }
        recovery_forget(&tx, principal).await?;
        let mut codes = Vec::with_capacity(RECOVERY_CODES);
        for _ in 0..RECOVERY_CODES {
            let mut random = [0; 10];
            self.inner.ids.fill(&mut random);
            let code = spell(random);
            let row = recovery_code::ActiveModel {
                id: Set(self.new_id()),
                principal_id: Set(principal),
                code_hash: Set(hash(principal, &code)),
                created_at: Set(self.now()),
                used_at: Set(None),
            };
            row.insert(&tx).await?;
            codes.push(code);
        }
        let (what, detail) = (place(principal), format!("{RECOVERY_CODES} new ones"));
        self.record_done(&tx, ctx, "recovery_codes_create", &what, detail)
            .await?;
        tx.commit().await?;
        Ok(codes)
    }

    /// Takes a code at the sign-in, once; answers how many are left.
    pub(super) async fn recovery_take(
        &self,
        tx: &impl ConnectionTrait,
        principal: Uuid,
        code: &str,
    ) -> Result<Option<u64>> {
        let taken = recovery_code::Entity::update_many()
            .set(recovery_code::ActiveModel {
                used_at: Set(Some(self.now())),
                ..Default::default()
            })
            .filter(recovery_code::Column::PrincipalId.eq(principal))
            .filter(recovery_code::Column::CodeHash.eq(hash(principal, code)))
            .filter(recovery_code::Column::UsedAt.is_null())
            .exec(tx)
            .await?;
        if taken.rows_affected == 0 {
            return Ok(None);
        }
        Ok(Some(recovery_left(tx, principal).await?))
    }

    /// Forgets the codes of somebody who has no factor left that they could stand in for.
    pub(super) async fn recovery_forget_alone(
        &self,
        tx: &impl ConnectionTrait,
        principal: Uuid,
    ) -> Result<()> {
        if !is_asked(tx, principal).await? {
            recovery_forget(tx, principal).await?;
        }
        Ok(())
    }
}

/// How many codes are still good.
pub(super) async fn recovery_left(tx: &impl ConnectionTrait, principal: Uuid) -> Result<u64> {
    let left = recovery_code::Entity::find()
        .filter(recovery_code::Column::PrincipalId.eq(principal))
        .filter(recovery_code::Column::UsedAt.is_null());
    Ok(left.count(tx).await?)
}

pub(super) async fn recovery_forget(tx: &impl ConnectionTrait, principal: Uuid) -> Result<()> {
    recovery_code::Entity::delete_many()
        .filter(recovery_code::Column::PrincipalId.eq(principal))
        .exec(tx)
        .await?;
    Ok(())
}
