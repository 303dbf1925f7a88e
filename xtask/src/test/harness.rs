//! What tests need around them, made when the first one asks and gone when the run ends.

use std::path::PathBuf;

use anyhow::Result;

use super::postgres::Postgres;
use crate::base_image;
use crate::build::Mode;
use crate::workspace::Workspace;

#[derive(Debug)]
pub(super) struct Harness<'a> {
    pub(super) workspace: &'a Workspace,
    postgres: Option<Postgres>,
}

impl<'a> Harness<'a> {
    pub(super) fn new(workspace: &'a Workspace) -> Self {
        Self {
            workspace,
            postgres: None,
        }
    }

    /// A PostgreSQL of our own, which runs until the end of the tests.
    pub(super) fn postgres(&mut self) -> Result<&Postgres> {
        let running = match self.postgres.take() {
            Some(running) => running,
            None => Postgres::start()?,
        };
        Ok(self.postgres.insert(running))
    }

    /// The disk that test machines start from.
    pub(super) fn base_image(&self) -> Result<PathBuf> {
        base_image::ensure(self.workspace)
    }

    /// The server that the part `build` made.
    pub(super) fn server(&self) -> PathBuf {
        Mode::Dev.server_folder(self.workspace).join("vitrine")
    }
}
