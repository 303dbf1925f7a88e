//! What can go wrong below the services.

use sea_orm::{DbErr, RuntimeErr, SqlErr};

/// A failure of the database.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A uniqueness or reference rule of the schema refused the write.
    #[error("{0:?}: {1}")]
    Conflict(Conflict, String),
    /// Anything else.
    #[error(transparent)]
    Database(DbErr),
}

/// Which rule of the schema refused a write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Conflict {
    /// The same key exists already.
    Unique,
    /// A row refers to what was to be deleted, or refers to nothing.
    Reference,
}

/// The result of a store call.
pub type Result<T> = std::result::Result<T, Error>;

impl From<DbErr> for Error {
    fn from(error: DbErr) -> Self {
        match error.sql_err() {
            Some(SqlErr::UniqueConstraintViolation(text)) => Self::Conflict(Conflict::Unique, text),
            Some(SqlErr::ForeignKeyConstraintViolation(text)) => {
                Self::Conflict(Conflict::Reference, text)
            }
            _ => Self::Database(error),
        }
    }
}

impl Error {
    /// Whether the database was merely busy, so that the same transaction may be tried again.
    #[must_use]
    pub fn is_busy(&self) -> bool {
        let Self::Database(
            DbErr::Exec(RuntimeErr::SqlxError(e)) | DbErr::Query(RuntimeErr::SqlxError(e)),
        ) = self
        else {
            return false;
        };
        let text = e.to_string();
        text.contains("database is locked")
            || text.contains("could not serialize")
            || text.contains("deadlock detected")
    }
}
