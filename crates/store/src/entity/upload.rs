//! A disk file that is arriving or has arrived.

use sea_orm::entity::prelude::*;

/// A disk file that is arriving or has arrived.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "upload")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub tenant_id: Uuid,
    pub gallery_id: Uuid,
    pub file_name: String,
    pub format: String,
    pub size_bytes: i64,
    pub received_bytes: i64,
    pub expected_checksum: String,
    pub checksum: Option<String>,
    pub created_by: String,
    pub created_at: DateTimeUtc,
    pub expires_at: DateTimeUtc,
    pub job_id: Option<Uuid>,
}

/// Joins are written where they are used.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
