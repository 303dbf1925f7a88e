//! How a program proves that it is an application.

use sea_orm::entity::prelude::*;

/// How a program proves that it is an application.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "app_credential")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub app_registration_id: Uuid,
    pub kind: String,
    pub display_name: String,
    pub hint: String,
    /// Of a secret; the secret itself is kept nowhere.
    pub secret_hash: Option<String>,
    /// In PEM.
    pub certificate: Option<String>,
    /// Of outside tokens, as are the next two.
    pub issuer: Option<String>,
    pub subject: Option<String>,
    pub audience: Option<String>,
    pub created_at: DateTimeUtc,
    pub expires_at: DateTimeUtc,
    pub last_used_at: Option<DateTimeUtc>,
}

/// Joins are written where they are used.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
