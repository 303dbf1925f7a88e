//! A virtual machine that belongs to no lab; what runs is the machine of the same key.

use sea_orm::entity::prelude::*;

/// A virtual machine that belongs to no lab; what runs is the machine of the same key.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "virtual_machine")]
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
    pub provisioning_state: String,
    pub deallocated: bool,
    pub generalized: bool,
    pub os_type: String,
    pub os_state: String,
    pub image: Option<String>,
    pub network_interfaces: Json,
}

/// Joins are written where they are used.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
