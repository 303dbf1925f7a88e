//! One full copy of a version in one region.

use sea_orm::entity::prelude::*;

/// One full copy of a version in one region.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "replica")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub version_id: Uuid,
    pub region: String,
    pub ordinal: i32,
    pub state: String,
    pub percent: i32,
    pub detail: Option<String>,
    pub storage: String,
    pub store: Option<String>,
    pub retiring: bool,
}

/// Joins are written where they are used.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
