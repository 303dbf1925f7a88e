//! A role that an organisation defined for itself.

use sea_orm::entity::prelude::*;

/// A role that an organisation defined for itself.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "role_definition")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub tenant_id: Uuid,
    pub name: String,
    /// The name in lower case: unique in the tenant.
    pub name_key: String,
    pub description: String,
    pub actions: Json,
    pub not_actions: Json,
    pub assignable_scopes: Json,
    pub created_at: DateTimeUtc,
    pub created_by: String,
    pub updated_at: DateTimeUtc,
}

/// Joins are written where they are used.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
