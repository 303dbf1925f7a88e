//! An authorization code that the built-in issuer gave out.

use sea_orm::entity::prelude::*;

/// An authorization code that the built-in issuer gave out.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "auth_code")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub code_hash: String,
    pub client_id: String,
    pub principal_id: Uuid,
    pub tenant_id: Uuid,
    pub redirect_uri: String,
    pub nonce: Option<String>,
    pub code_challenge: String,
    pub scope: String,
    pub expires_at: DateTimeUtc,
    pub used_at: Option<DateTimeUtc>,
    /// Set when the code came a second time: what was given for it counts no more.
    pub revoked_at: Option<DateTimeUtc>,
}

/// Joins are written where they are used.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
