//! How long a copy was kept, and what was sent to make it; stays when the copy and its version are gone.

use sea_orm::entity::prelude::*;

/// How long a copy was kept, and what was sent to make it.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "replica_usage")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub tenant_id: Uuid,
    pub resource_id: String,
    pub resource_key: String,
    pub version_id: Uuid,
    pub replica_id: Uuid,
    pub region: String,
    pub storage: String,
    pub bytes: i64,
    pub sent_bytes: i64,
    pub from_at: DateTimeUtc,
    pub until_at: Option<DateTimeUtc>,
}

/// Joins are written where they are used.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
