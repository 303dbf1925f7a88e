//! A domain of the e-mail addresses of a tenant's people.

use sea_orm::entity::prelude::*;

/// A domain of the e-mail addresses of a tenant's people.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "tenant_domain")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub tenant_id: Uuid,
    pub name: String,
    /// Where people of the domain are led to sign in; none for the choice.
    pub provider_id: Option<Uuid>,
    /// What the domain's web server must show; no secret.
    pub proof: String,
    pub verified_at: Option<DateTimeUtc>,
    pub created_at: DateTimeUtc,
}

/// Joins are written where they are used.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
