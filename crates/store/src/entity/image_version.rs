//! A version of an image definition.

use sea_orm::entity::prelude::*;

/// A version of an image definition.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "image_version")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub tenant_id: Uuid,
    pub resource_id: String,
    pub resource_key: String,
    pub name: String,
    pub location: String,
    pub tags: Json,
    pub etag: String,
    pub created_at: DateTimeUtc,
    pub created_by: String,
    pub updated_at: DateTimeUtc,
    pub image_id: Uuid,
    pub gallery_id: Uuid,
    pub major: i64,
    pub minor: i64,
    pub patch: i64,
    pub sort_key: String,
    pub state: String,
    pub exclude_from_latest: bool,
    pub end_of_life: Option<DateTimeUtc>,
    pub os_disk_bytes: i64,
    pub occupied_bytes: i64,
    pub disk_count: i32,
    pub disks: Json,
    pub source: Json,
    pub job_id: Option<Uuid>,
    pub deleted_at: Option<DateTimeUtc>,
    pub purge_at: Option<DateTimeUtc>,
}

/// Joins are written where they are used.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
