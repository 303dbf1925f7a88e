//! Records of networks: what command lines make before they make a machine.
//!
//! The engine has one network of its own. A record keeps what was asked for and connects nothing.

pub(super) mod delete;
pub(super) mod get;
pub(super) mod list;
pub(super) mod patch;
pub(super) mod put;
mod wire;

use domain::Problem;
use domain::network::NetworkKind;

use super::error::ApiResult;

pub(super) const TAG: &str = "Networks";

/// The kind that a path names.
///
/// # Errors
/// `ResourceNotFound` for any other word.
fn kind(word: &str) -> ApiResult<NetworkKind> {
    let missing = || Problem::not_found(format!("The kind of resource Microsoft.Network/{word}"));
    Ok(NetworkKind::parse(word).ok_or_else(missing)?)
}
