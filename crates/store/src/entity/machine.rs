//! A machine of a lab, or a virtual machine that stands alone.

use sea_orm::entity::prelude::*;

/// A machine of a lab, or a virtual machine that stands alone.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "machine")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub tenant_id: Uuid,
    pub resource_id: String,
    pub resource_key: String,
    pub name: String,
    pub lab_id: Option<Uuid>,
    pub kind: String,
    pub state: String,
    pub state_at: DateTimeUtc,
    pub problem: Option<String>,
    pub region: String,
    pub size: String,
    pub firmware: String,
    pub computer_name: Option<String>,
    pub user_name: Option<String>,
    pub password_hash: Option<String>,
    pub mac: String,
    pub os_disk_bytes: i64,
    pub disk_count: i32,
    pub version_id: Option<Uuid>,
    pub job_id: Option<Uuid>,
    pub ssh_keys: Option<Json>,
    pub replica_id: Option<Uuid>,
}

/// Joins are written where they are used.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
