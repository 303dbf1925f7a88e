//! A deployment of a template to a resource group.

use sea_orm::entity::prelude::*;

/// A deployment of a template to a resource group.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "deployment")]
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
    pub state: String,
    pub template: Json,
    pub parameters: Json,
    /// Sealed; gone when the deployment is over.
    pub secrets: Option<String>,
    pub outputs: Option<Json>,
    pub problem: Option<Json>,
    pub job_id: Uuid,
    pub started_at: DateTimeUtc,
    pub finished_at: Option<DateTimeUtc>,
}

/// Joins are written where they are used.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
