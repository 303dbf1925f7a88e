//! Sharing images with other organisations. Rules A56-A61, C1, C2.
//!
//! A share begins as a link, which an administrator of the other organisation accepts. From then on its people have
//! the share's role at its scope, cut down to reading images, until it ends or either side revokes it.

mod accept;
mod create;
mod grants;
mod list;
mod revoke;
mod shared;
mod switches;
mod way;

use domain::activity::ActivityResult;
use domain::rbac::Action;
use domain::share::{ShareDates, ShareOffer};
use domain::{Code, OpContext, Problem, ResourceId};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ConnectionTrait};
use store::entity::{activity, share};
use uuid::Uuid;

pub use create::NewShare;

use crate::{Result, Services};

/// The dates that decide where a share stands.
fn dates(row: &share::Model) -> ShareDates {
    ShareDates {
        created_at: row.created_at,
        accepted_at: row.accepted_at,
        expires_at: row.expires_at,
        revoked_at: row.revoked_at,
    }
}

/// Refuses everybody who may not speak for their whole organisation.
fn may_speak(ctx: &OpContext) -> std::result::Result<(), Problem> {
    if ctx.may(Action::ShareWrite, "/") {
        return Ok(());
    }
    let message = "Only an administrator of your organisation may accept or revoke what others share with it.";
    Err(Problem::new(Code::AuthorizationFailed, message).at(Action::ShareWrite.as_str()))
}

fn offer(row: &share::Model, from_name: String, role_name: String) -> ShareOffer {
    ShareOffer {
        from_name,
        scope: ResourceId::from_stored(row.scope.clone()),
        role_name,
        note: row.note.clone(),
        created_by: row.created_by.clone(),
        open_until: row.created_at + domain::share::LINK_LIFE,
        expires_at: row.expires_at,
    }
}

impl Services {
    /// Writes the same line into the logs of both organisations; the other one's names who acted, but no principal,
    /// for it has none of that key.
    async fn record_both(
        &self,
        tx: &impl ConnectionTrait,
        ctx: &OpContext,
        operation: &str,
        row: &share::Model,
        detail: &str,
    ) -> Result<()> {
        self.record_done(tx, ctx, operation, &row.scope, detail)
            .await?;
        let other = [Some(row.from_tenant), row.to_tenant]
            .into_iter()
            .flatten()
            .find(|tenant| *tenant != ctx.tenant());
        match other {
            Some(tenant) => {
                self.record_abroad(tx, ctx, tenant, operation, &row.scope, detail)
                    .await
            }
            None => Ok(()),
        }
    }

    /// Writes a line into another organisation's log.
    async fn record_abroad(
        &self,
        tx: &impl ConnectionTrait,
        ctx: &OpContext,
        tenant: Uuid,
        operation: &str,
        scope: &str,
        detail: &str,
    ) -> Result<()> {
        let row = activity::ActiveModel {
            id: Set(self.new_id()),
            tenant_id: Set(tenant),
            at: Set(self.now()),
            caller: Set(ctx.caller.user_name.clone()),
            principal_id: Set(None),
            operation: Set(operation.to_owned()),
            resource_id: Set(scope.to_owned()),
            resource_key: Set(scope.to_lowercase()),
            result: Set(ActivityResult::Succeeded.to_string()),
            detail: Set(detail.to_owned()),
            origin: Set(ctx.origin.to_string()),
            request_id: Set(ctx.request_id.clone()),
        };
        row.insert(tx).await?;
        Ok(())
    }
}
