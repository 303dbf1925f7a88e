//! Where a tenant's people sign in.

use sea_orm::entity::prelude::*;

/// Where a tenant's people sign in.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "identity_provider")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub tenant_id: Uuid,
    pub kind: String,
    pub name: String,
    pub issuer: String,
    /// The organisation's id at an issuer that serves many.
    pub tid: Option<String>,
    pub client_id: String,
    /// Sealed; never in the clear.
    pub client_secret: Option<String>,
    pub scopes: String,
    pub enabled: bool,
    /// When a sign-in last succeeded with what is set now.
    pub tested_at: Option<DateTimeUtc>,
    pub admit_domain: bool,
    pub admit_group: bool,
    pub admit_invitation: bool,
    pub group_claim: Option<String>,
    pub allowed_groups: Json,
    pub created_at: DateTimeUtc,
    pub created_by: String,
    pub updated_at: DateTimeUtc,
}

/// Joins are written where they are used.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
