//! Every step goes back, and forth again.

use migrations::{Migrator, MigratorTrait};
use sea_orm_migration::sea_orm::{ConnectOptions, ConnectionTrait, Database, Statement};

#[tokio::test]
async fn every_step_goes_back_and_forth() {
    let mut options = ConnectOptions::new("sqlite::memory:");
    // Each connection would have a database of its own.
    options.max_connections(1).sqlx_logging(false);
    let db = Database::connect(options).await.expect("a database");
    let steps = u32::try_from(Migrator::migrations().len()).expect("few steps");
    for step in 1..=steps {
        Migrator::up(&db, Some(1)).await.expect("forth");
        Migrator::down(&db, Some(1)).await.expect("back");
        Migrator::up(&db, Some(1)).await.expect("forth again");
        let applied = Migrator::get_applied_migrations(&db).await;
        assert_eq!(applied.expect("looked up").len(), step as usize);
    }
    Migrator::down(&db, None).await.expect("all the way back");
    let left = Statement::from_string(
        db.get_database_backend(),
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'seaql%' AND name NOT LIKE 'sqlite%'",
    );
    assert!(db.query_all_raw(left).await.expect("looked up").is_empty());
}
