//! A sign-in that is under way at an issuer.

use sea_orm::entity::prelude::*;

/// A sign-in that is under way at an issuer.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "login_state")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub state_hash: String,
    /// Hash of the secret that only the browser which began this sign-in holds.
    pub browser_hash: String,
    pub issuer: String,
    pub nonce: String,
    pub pkce_verifier: String,
    pub return_to: String,
    pub expires_at: DateTimeUtc,
    pub used_at: Option<DateTimeUtc>,
    /// The tenant's provider; none for the built-in issuer.
    pub provider_id: Option<Uuid>,
    /// The invitation that the person follows.
    pub invitation_id: Option<Uuid>,
    /// The administrator who tries a provider out; nobody is signed in then.
    pub tester_id: Option<Uuid>,
}

/// Joins are written where they are used.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
