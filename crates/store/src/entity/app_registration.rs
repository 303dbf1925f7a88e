//! An application that a tenant registered.

use sea_orm::entity::prelude::*;

/// An application that a tenant registered.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "app_registration")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub tenant_id: Uuid,
    /// The id by which the application introduces itself.
    pub app_id: Uuid,
    pub display_name: String,
    pub multi_tenant: bool,
    pub public_client: bool,
    /// A list of addresses.
    pub redirect_uris: Json,
    pub created_at: DateTimeUtc,
    pub created_by: String,
}

/// Joins are written where they are used.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
