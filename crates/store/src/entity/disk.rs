//! A managed disk, snapshot or managed image.

use sea_orm::entity::prelude::*;

/// A managed disk, snapshot or managed image.
///
/// Its bytes are objects in its region's store; those of an attached disk are layers in the machine's folder.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "disk")]
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
    pub kind: String,
    pub state: String,
    pub disk_type: String,
    pub os_type: Option<String>,
    pub os_state: Option<String>,
    pub generation: Option<String>,
    pub disks: Json,
    pub source: Json,
    pub machine_id: Option<Uuid>,
    /// Which of the machine's disks it is; 0 is the OS disk.
    pub slot: Option<i32>,
    pub lun: Option<i32>,
    pub attached_as: Option<String>,
    pub goes_with_machine: bool,
    pub job_id: Option<Uuid>,
}

/// Joins are written where they are used.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
