//! An authenticator app of a local account.

use sea_orm::entity::prelude::*;

/// An authenticator app of a local account.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "totp")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub principal_id: Uuid,
    /// The shared secret in base 32, sealed.
    pub secret: String,
    /// The time step of the last code that was taken: none of an earlier step, nor of this one, is taken again.
    pub last_step: i64,
    pub created_at: DateTimeUtc,
    /// When the first code proved that the app works; none while it is being set up.
    pub confirmed_at: Option<DateTimeUtc>,
}

/// Joins are written where they are used.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
