//! One line of the activity log.

use sea_orm::entity::prelude::*;

/// One line of the activity log.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "activity")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub tenant_id: Uuid,
    pub at: DateTimeUtc,
    pub caller: String,
    pub principal_id: Option<Uuid>,
    pub operation: String,
    pub resource_id: String,
    pub resource_key: String,
    pub result: String,
    pub detail: String,
    pub origin: String,
    pub request_id: String,
}

/// Joins are written where they are used.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
