//! A password of the built-in issuer.

use sea_orm::entity::prelude::*;

/// A password of the built-in issuer.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "local_account")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub principal_id: Uuid,
    pub user_name_key: String,
    pub password_hash: String,
    pub failed_count: i32,
    pub locked_until: Option<DateTimeUtc>,
    pub changed_at: DateTimeUtc,
    /// Wrong attempts at the second step, counted apart from those at the password.
    pub factor_failed_count: i32,
    pub factor_locked_until: Option<DateTimeUtc>,
}

/// Joins are written where they are used.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
