//! The steps of the database schema, for SQLite and PostgreSQL alike.
//!
//! Steps only expand; a column is taken away in a later release than the code that stopped using it.

pub use sea_orm_migration::{MigratorTrait, prelude};

use sea_orm_migration::prelude::*;

mod columns;
mod m0001_identity;
mod m0002_resources;
mod m0003_jobs;
mod m0004_upload_list;
mod m0010_providers;
mod m0011_applications;
mod m0012_access;
mod m0013_second_factor;
mod m0014_compute;
mod m0015_gallery;
mod m0016_deployments;

/// All steps in order.
#[derive(Debug)]
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m0001_identity::Migration),
            Box::new(m0002_resources::Migration),
            Box::new(m0003_jobs::Migration),
            Box::new(m0004_upload_list::Migration),
            Box::new(m0010_providers::Migration),
            Box::new(m0011_applications::Migration),
            Box::new(m0012_access::Migration),
            Box::new(m0013_second_factor::Migration),
            Box::new(m0014_compute::Migration),
            Box::new(m0015_gallery::Migration),
            Box::new(m0016_deployments::Migration),
        ]
    }
}
