//! What one organisation shares with another; the link's secret is kept as a hash alone.

use sea_orm::entity::prelude::*;

/// What one organisation shares with another; the link's secret is kept as a hash alone.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "share")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub from_tenant: Uuid,
    /// The ARM id of what is shared.
    pub scope: String,
    /// The same in lower case.
    pub scope_key: String,
    pub role_id: Uuid,
    pub note: String,
    pub token_hash: String,
    pub created_at: DateTimeUtc,
    pub created_by: String,
    pub expires_at: Option<DateTimeUtc>,
    /// Who accepted; none while the link waits.
    pub to_tenant: Option<Uuid>,
    /// A person or group there; none for everybody.
    pub to_principal: Option<Uuid>,
    pub accepted_at: Option<DateTimeUtc>,
    pub accepted_by: Option<String>,
    pub revoked_at: Option<DateTimeUtc>,
    pub revoked_by: Option<String>,
    pub use_count: i64,
    pub last_used_at: Option<DateTimeUtc>,
}

/// Joins are written where they are used.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
