//! Second factors of local accounts: codes of an authenticator app, passkeys, and recovery codes for those who lost both.
//!
//! An account that has one is asked for it after the right password, before there is a code, a session or a token:
//! [`super::Services::account_verify`] answers [`Verified::Half`] then, and there is no other way on. People of an
//! organisation's own provider are asked there. Whoever changes their factors gives the password again before.

mod app;
mod assertion;
mod open;
mod passkey;
mod proof;
mod recovery;
mod remove;
mod step;

pub use proof::{SecondStep, StepProof, StepRefusal, Verified};

use domain::Problem;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter};
use store::entity::{self, local_account, totp};
use uuid::Uuid;

use crate::Result;

/// How the log names what belongs to a person.
fn place(principal: Uuid) -> String {
    format!("/principals/{principal}")
}

/// The account of a principal at the built-in issuer.
///
/// # Errors
/// `ResourceNotFound` for those who sign in elsewhere.
async fn account_of(db: &impl ConnectionTrait, principal: Uuid) -> Result<local_account::Model> {
    let query =
        local_account::Entity::find().filter(local_account::Column::PrincipalId.eq(principal));
    let account = query.one(db).await?;
    Ok(account.ok_or_else(|| Problem::not_found("The local account"))?)
}

/// The app that a principal has set up to the end.
async fn app_of(db: &impl ConnectionTrait, principal: Uuid) -> Result<Option<totp::Model>> {
    let query = totp::Entity::find()
        .filter(totp::Column::PrincipalId.eq(principal))
        .filter(totp::Column::ConfirmedAt.is_not_null());
    Ok(query.one(db).await?)
}

/// Whether anything besides the password is asked for.
async fn is_asked(db: &impl ConnectionTrait, principal: Uuid) -> Result<bool> {
    if app_of(db, principal).await?.is_some() {
        return Ok(true);
    }
    let passkeys =
        entity::passkey::Entity::find().filter(entity::passkey::Column::PrincipalId.eq(principal));
    Ok(passkeys.count(db).await? > 0)
}
