//! A record of a network: what clients ask for before they make a machine.

use sea_orm::entity::prelude::*;

/// A record of a network: what clients ask for before they make a machine.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "network_resource")]
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
    pub properties: Json,
}

/// Joins are written where they are used.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
