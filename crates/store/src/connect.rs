//! Opening the database.

use std::time::Duration;

use migrations::{Migrator, MigratorTrait};
use sea_orm::{ConnectOptions, Database, DatabaseConnection, DbBackend, TransactionTrait};

use crate::error::Result;

/// The database of this installation.
#[derive(Debug, Clone)]
pub struct Store {
    db: DatabaseConnection,
}

impl Store {
    /// Connects and brings the schema up to date.
    ///
    /// # Errors
    /// When the database can't be reached or a migration fails.
    pub async fn open(url: &str) -> Result<Self> {
        let store = Self::connect(url).await?;
        Migrator::up(&store.db, None).await?;
        Ok(store)
    }

    /// Connects, and leaves the schema as it is.
    ///
    /// `url` is `sqlite://path/to/file` or `postgres://…`. SQLite runs with a write-ahead log, foreign keys on and
    /// a patience of ten seconds for the one writer before it.
    ///
    /// # Errors
    /// When the database can't be reached.
    pub async fn connect(url: &str) -> Result<Self> {
        let is_sqlite = url.starts_with("sqlite:");
        let url = if is_sqlite && !url.contains('?') {
            format!("{url}?mode=rwc")
        } else {
            url.to_owned()
        };
        let mut options = ConnectOptions::new(url);
        options
            .max_connections(if is_sqlite { 8 } else { 16 })
            .connect_timeout(Duration::from_secs(10))
            .acquire_timeout(Duration::from_secs(20))
            .sqlx_logging(false)
            .map_sqlx_sqlite_opts(|options| {
                options
                    .pragma("journal_mode", "WAL")
                    .pragma("synchronous", "NORMAL")
                    .foreign_keys(true)
                    .busy_timeout(Duration::from_secs(10))
            });
        let db = Database::connect(options).await?;
        Ok(Self { db })
    }

    /// The connection, for reading.
    #[must_use]
    pub fn db(&self) -> &DatabaseConnection {
        &self.db
    }

    /// Whether this is PostgreSQL.
    #[must_use]
    pub fn is_postgres(&self) -> bool {
        self.db.get_database_backend() == DbBackend::Postgres
    }

    /// Begins a transaction that writes.
    ///
    /// On SQLite it takes the write lock at once: a transaction that reads first and writes later could be refused
    /// in the middle, which no patience cures.
    ///
    /// # Errors
    /// When the database can't be reached or stays busy.
    pub async fn begin(&self) -> Result<sea_orm::DatabaseTransaction> {
        let options = sea_orm::TransactionOptions {
            sqlite_transaction_mode: Some(sea_orm::SqliteTransactionMode::Immediate),
            ..Default::default()
        };
        Ok(self.db.begin_with_options(options).await?)
    }

    /// Says whether the database answers.
    ///
    /// # Errors
    /// When it does not.
    pub async fn ping(&self) -> Result<()> {
        Ok(self.db.ping().await?)
    }

    /// Closes all connections.
    ///
    /// # Errors
    /// When closing fails.
    pub async fn close(self) -> Result<()> {
        Ok(self.db.close().await?)
    }
}
