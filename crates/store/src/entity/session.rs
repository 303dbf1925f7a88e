//! A signed-in browser; the cookie's secret is kept as a hash alone.

use sea_orm::entity::prelude::*;

/// A signed-in browser; the cookie's secret is kept as a hash alone.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "session")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub token_hash: String,
    /// The authorization code that it was opened with, so that a stolen code can end it.
    pub grant_id: Option<Uuid>,
    pub principal_id: Uuid,
    pub tenant_id: Uuid,
    pub user_agent: String,
    pub address: String,
    pub created_at: DateTimeUtc,
    pub seen_at: DateTimeUtc,
    pub expires_at: DateTimeUtc,
    /// The provider at which the person signed in; none for the built-in issuer.
    pub provider_id: Option<Uuid>,
    /// The provider's id token, sealed: signing out there needs it.
    pub id_token: Option<String>,
    /// When the person last gave their password again.
    pub proved_at: Option<DateTimeUtc>,
}

/// Joins are written where they are used.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
