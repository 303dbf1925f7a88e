//! A sign-in that a program began and that a person finishes in a browser.

use sea_orm::entity::prelude::*;

/// A sign-in that a program began and that a person finishes in a browser.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "device_code")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub device_hash: String,
    pub user_code_hash: String,
    pub client_id: String,
    /// The only tenant in which it may be finished.
    pub tenant_id: Option<Uuid>,
    pub scope: String,
    /// Where the program asked from.
    pub address: String,
    pub status: String,
    /// Who finished it.
    pub principal_id: Option<Uuid>,
    /// Where.
    pub principal_tenant_id: Option<Uuid>,
    pub created_at: DateTimeUtc,
    pub expires_at: DateTimeUtc,
    pub polled_at: Option<DateTimeUtc>,
}

/// Joins are written where they are used.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
