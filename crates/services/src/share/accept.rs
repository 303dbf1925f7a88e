//! Accepting a link in the other organisation.

use domain::share::{ShareOffer, ShareState};
use domain::{Code, OpContext, Problem};
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use store::entity::{share, tenant};
use uuid::Uuid;

use super::{dates, may_speak, offer};
use crate::identity::principal::principal_of;
use crate::identity::secret;
use crate::role::role_of;
use crate::{Result, Services};

impl Services {
    /// What a link offers, for an administrator who looks at it before accepting.
    ///
    /// # Errors
    /// `ResourceNotFound` for a link that is not known; `Conflict` when it can't be accepted any more, or offers what
    /// is the caller's own already; `AuthorizationFailed` for those who don't speak for their organisation.
    pub async fn share_offer(&self, ctx: &OpContext, token: &str) -> Result<ShareOffer> {
        may_speak(ctx)?;
        let row = self.share_open(self.db(), ctx, token).await?;
        self.offer_of(&row).await
    }

    /// Accepts a link for everybody in the caller's organisation, or for one person or group. Its images start switched
    /// off in lab plans.
    ///
    /// # Errors
    /// As [`Services::share_offer`]; `ResourceNotFound` for a person or group of another organisation.
    pub async fn share_accept(
        &self,
        ctx: &OpContext,
        token: &str,
        principal: Option<Uuid>,
    ) -> Result<ShareOffer> {
        may_speak(ctx)?;
        let tx = self.inner.store.begin().await?;
        let row = self.share_open(&tx, ctx, token).await?;
        let whom = match principal {
            Some(id) => principal_of(&tx, ctx.tenant(), id).await?.user_name,
            None => "everybody".to_owned(),
        };
        // One statement decides who comes first, whatever number of servers ask at once.
        let taken = share::Entity::update_many()
            .set(share::ActiveModel {
                to_tenant: Set(Some(ctx.tenant())),
                to_principal: Set(principal),
                accepted_at: Set(Some(self.now())),
                accepted_by: Set(Some(ctx.caller.user_name.clone())),
                ..Default::default()
            })
            .filter(share::Column::Id.eq(row.id))
            .filter(share::Column::AcceptedAt.is_null())
            .filter(share::Column::RevokedAt.is_null())
            .exec(&tx)
            .await?;
        if taken.rows_affected == 0 {
            return Err(used().into());
        }
        let row = share::Model {
            to_tenant: Some(ctx.tenant()),
            ..row
        };
        self.share_switches_forget(&tx, ctx.tenant(), &row).await?;
        let name = self.tenant_name(ctx.tenant()).await?;
        let detail = format!("{name} accepts the share, for {whom}");
        self.record_both(&tx, ctx, "share_accept", &row, &detail)
            .await?;
        tx.commit().await?;
        self.offer_of(&row).await
    }

    /// The share of a link that can still be accepted by the caller's organisation.
    async fn share_open(
        &self,
        db: &impl ConnectionTrait,
        ctx: &OpContext,
        token: &str,
    ) -> Result<share::Model> {
        let query = share::Entity::find().filter(share::Column::TokenHash.eq(secret::hash(token)));
        let row = query
            .one(db)
            .await?
            .ok_or_else(|| Problem::not_found("What this link offers"))?;
        let conflict = |message: &str| Problem::new(Code::Conflict, message);
        let problem = match dates(&row).state(self.now()) {
            _ if row.from_tenant == ctx.tenant() => conflict(
                "This link is meant for another organisation: yours has what it offers already. Send it to an administrator there.",
            ),
            ShareState::Offered => return Ok(row),
            ShareState::Active => used(),
            ShareState::Lapsed => conflict(
                "This link was open for 14 days, which are over. Ask the other organisation for a new one.",
            ),
            ShareState::Ended => conflict(
                "What this link offers has ended. Ask the other organisation for a new one.",
            ),
            ShareState::Revoked => conflict("The other organisation took this link back."),
        };
        Err(problem.into())
    }

    async fn offer_of(&self, row: &share::Model) -> Result<ShareOffer> {
        let role = role_of(self.db(), row.from_tenant, row.role_id).await?;
        Ok(offer(
            row,
            self.tenant_name(row.from_tenant).await?,
            role.name,
        ))
    }

    /// What an organisation is called.
    pub(super) async fn tenant_name(&self, id: Uuid) -> Result<String> {
        let row = tenant::Entity::find_by_id(id).one(self.db()).await?;
        Ok(row.map(|row| row.name).unwrap_or_default())
    }
}

fn used() -> Problem {
    let message = "This link was accepted already. Every link can be accepted once.";
    Problem::new(Code::Conflict, message)
}
