//! A lab.

use sea_orm::entity::prelude::*;

/// A lab.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "lab")]
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
    pub title: String,
    pub description: String,
    pub plan_id: Option<Uuid>,
    pub plan_resource_id: String,
    pub state: String,
    pub provisioning_state: String,
    pub problem: Option<String>,
    pub size: String,
    pub create_option: String,
    pub image: Json,
    pub job_id: Option<Uuid>,
}

/// Joins are written where they are used.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
