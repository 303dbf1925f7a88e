//! Clearing away what has expired.

use chrono::TimeDelta;
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter};
use store::entity::{
    auth_code, device_code, login_state, passkey_ceremony, refresh_token, second_step, session,
};

use super::session::delta;
use crate::{Result, Services};

/// Used codes and states are kept this long, to recognise a second use and to refuse tokens that were taken back.
const KEEP: TimeDelta = TimeDelta::hours(2);

impl Services {
    /// Deletes expired sessions, sign-ins, second steps and codes.
    ///
    /// # Errors
    /// Internal ones alone.
    pub async fn identity_sweep(&self) -> Result<()> {
        let now = self.now();
        let idle_since = now - delta(self.settings().session_idle)?;
        let ended = Condition::any()
            .add(session::Column::ExpiresAt.lte(now))
            .add(session::Column::SeenAt.lte(idle_since));
        session::Entity::delete_many()
            .filter(ended)
            .exec(self.db())
            .await?;
        login_state::Entity::delete_many()
            .filter(login_state::Column::ExpiresAt.lt(now - KEEP))
            .exec(self.db())
            .await?;
        auth_code::Entity::delete_many()
            .filter(auth_code::Column::ExpiresAt.lt(now - KEEP))
            .exec(self.db())
            .await?;
        device_code::Entity::delete_many()
            .filter(device_code::Column::ExpiresAt.lt(now - KEEP))
            .exec(self.db())
            .await?;
        second_step::Entity::delete_many()
            .filter(second_step::Column::ExpiresAt.lt(now))
            .exec(self.db())
            .await?;
        passkey_ceremony::Entity::delete_many()
            .filter(passkey_ceremony::Column::ExpiresAt.lt(now))
            .exec(self.db())
            .await?;
        refresh_token::Entity::delete_many()
            .filter(refresh_token::Column::ExpiresAt.lt(now - KEEP))
            .exec(self.db())
            .await?;
        Ok(())
    }
}
