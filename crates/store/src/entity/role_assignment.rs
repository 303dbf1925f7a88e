//! A role given to a principal at a scope.

use sea_orm::entity::prelude::*;

/// A role given to a principal at a scope.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "role_assignment")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub tenant_id: Uuid,
    pub principal_id: Uuid,
    pub role_id: Uuid,
    pub scope: String,
    pub created_at: DateTimeUtc,
    pub created_by: String,
}

/// Joins are written where they are used.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
