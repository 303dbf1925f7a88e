//! Making a link.

use chrono::TimeDelta;
use domain::rbac::{Action, SHARED};
use domain::share::ShareInput;
use domain::{Code, OpContext, Problem};
use sea_orm::{ActiveModelTrait, ActiveValue::Set};
use store::entity::share;

use super::offer;
use crate::identity::secret;
use crate::role::{revealed_by, role_of, within_rights};
use crate::{Result, Services};

/// A link that was just made. Its secret is told this once; what is kept is a hash.
#[derive(Clone, PartialEq, Eq)]
pub struct NewShare {
    /// What the link offers.
    pub offer: domain::share::ShareOffer,
    /// The secret in the link.
    pub token: String,
}

impl std::fmt::Debug for NewShare {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("NewShare")
            .field("offer", &self.offer)
            .finish_non_exhaustive()
    }
}

impl Services {
    /// Makes a link by which another organisation gets a role at a gallery, image definition or version.
    ///
    /// # Errors
    /// `InvalidRequest` with every broken rule, and for a scope of another kind; `ResourceNotFound`;
    /// `AuthorizationFailed` without the right to share there, or for a role that reads more than the caller may.
    pub async fn share_create(&self, ctx: &OpContext, input: ShareInput) -> Result<NewShare> {
        let scope = input.scope.key();
        let visible = revealed_by(&scope);
        if !SHARED.contains(visible) {
            let message = "Galleries, image definitions and versions can be shared with other organisations, nothing else.";
            return Err(Problem::new(Code::InvalidRequest, message)
                .at("scope")
                .into());
        }
        ctx.authorize(Action::ShareWrite, visible, &scope)?;
        let tx = self.inner.store.begin().await?;
        self.scope_find(&tx, ctx, &scope).await?;
        let role = role_of(&tx, ctx.tenant(), input.role).await?;
        Problem::unless_empty(input.check(role.set()))?;
        within_rights(ctx, &role.name, role.set().and(SHARED), &scope)?;
        let token = secret::generate(&*self.inner.ids);
        let now = self.now();
        let row = share::ActiveModel {
            id: Set(self.new_id()),
            from_tenant: Set(ctx.tenant()),
            scope: Set(input.scope.to_string()),
            scope_key: Set(scope),
            role_id: Set(role.id),
            note: Set(input.note.trim().to_owned()),
            token_hash: Set(secret::hash(&token)),
            created_at: Set(now),
            created_by: Set(ctx.caller.user_name.clone()),
            expires_at: Set(input
                .days
                .map(|days| now + TimeDelta::days(i64::from(days)))),
            to_tenant: Set(None),
            to_principal: Set(None),
            accepted_at: Set(None),
            accepted_by: Set(None),
            revoked_at: Set(None),
            revoked_by: Set(None),
            use_count: Set(0),
            last_used_at: Set(None),
        };
        let row = row.insert(&tx).await?;
        let detail = format!("a link offers {} to another organisation", role.name);
        self.record_done(&tx, ctx, "share_create", &row.scope, detail)
            .await?;
        tx.commit().await?;
        let from_name = self.tenant_name(ctx.tenant()).await?;
        Ok(NewShare {
            offer: offer(&row, from_name, role.name),
            token,
        })
    }
}
