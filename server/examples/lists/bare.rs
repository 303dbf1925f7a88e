//! The yardstick: Axum and sqlx with nothing between them.

use axum::Router;
use axum::body::Bytes;
use axum::http::header::CONTENT_TYPE;
use axum::routing::get;
use store::sea_orm::sqlx::{self, SqlitePool};

use crate::shelf::Rows;
use crate::stand::load::Answer;

/// A handler that reads the rows and sends bytes that it knows.
pub(crate) fn router(pool: &SqlitePool, path: &str, rows: Rows, answer: Answer) -> Router {
    let path = path.split('?').next().unwrap_or(path).to_owned();
    let (pool, body) = (pool.clone(), Bytes::from(answer.body));
    Router::new().route(
        &path,
        get(move || {
            let (pool, rows) = (pool.clone(), rows.clone());
            let answer = ([(CONTENT_TYPE, answer.content_type.clone())], body.clone());
            async move {
                let query = match &rows {
                    Rows::Of(image) => sqlx::query(
                        "SELECT * FROM image_version WHERE image_id = ? ORDER BY sort_key DESC LIMIT 100",
                    )
                    .bind(*image),
                    Rows::One(key) => {
                        sqlx::query("SELECT * FROM image_version WHERE resource_key = ?").bind(key.as_str())
                    }
                };
                let found = query.fetch_all(&pool).await.expect("rows");
                assert!(!found.is_empty(), "no rows");
                answer
            }
        }),
    )
}

/// Copies a row, once a transaction.
pub(crate) async fn create(pool: &SqlitePool, count: u32) {
    sqlx::query("CREATE TABLE bare_version AS SELECT * FROM image_version LIMIT 0")
        .execute(pool)
        .await
        .expect("a table");
    for _ in 0..count {
        sqlx::query("INSERT INTO bare_version SELECT * FROM image_version LIMIT 1")
            .execute(pool)
            .await
            .expect("a row");
    }
}
