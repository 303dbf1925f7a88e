//! What a program exchanges for new tokens of the person who signed in with it.

use sea_orm::entity::prelude::*;

/// What a program exchanges for new tokens of the person who signed in with it.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "refresh_token")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// What was given in succession for one sign-in.
    pub family: Uuid,
    pub token_hash: String,
    pub client_id: String,
    pub principal_id: Uuid,
    pub tenant_id: Uuid,
    pub scope: String,
    pub created_at: DateTimeUtc,
    pub expires_at: DateTimeUtc,
    pub used_at: Option<DateTimeUtc>,
    pub revoked_at: Option<DateTimeUtc>,
}

/// Joins are written where they are used.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
