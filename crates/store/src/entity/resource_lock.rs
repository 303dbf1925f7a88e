//! A lock on a scope.

use sea_orm::entity::prelude::*;

/// A lock on a scope.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "resource_lock")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub tenant_id: Uuid,
    pub scope: String,
    pub scope_key: String,
    pub name: String,
    pub name_key: String,
    pub level: String,
    pub notes: String,
    pub created_at: DateTimeUtc,
    pub created_by: String,
}

/// Joins are written where they are used.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
