//! Deployments: the resources of a template, written one after the other. Rule A70.

pub(super) mod cancel;
pub(super) mod delete;
pub(super) mod export_template;
pub(super) mod get;
mod lenient;
pub(super) mod list;
pub(super) mod operations;
pub(super) mod put;
pub(super) mod validate;
pub(super) mod what_if;
mod wire;

pub(super) const TAG: &str = "Deployments";

/// Provider and kind.
const KIND: &str = "Microsoft.Resources/deployments";
