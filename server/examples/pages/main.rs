//! How fast pages and lists come, held against a bare handler that sends the same bytes: for `./dev bench`.
//!
//! The whole server of the product, on SQLite, with a school of fifty labs and an image of a hundred versions; beside
//! it an Axum router whose handlers know their answer. Both listen on loopback without TLS and are asked by the same
//! clients in turn. Prints one line for each: name, bytes, our answers per second, the bare handler's.
#![expect(
    clippy::expect_used,
    reason = "a bench that can't be set up must say so and stop"
)]

mod school;
#[path = "../stand/mod.rs"]
mod stand;

use axum::Router;
use axum::body::Bytes;
use axum::http::header::CONTENT_TYPE;
use axum::routing::get;
use testkit::TestPortal;

use stand::load::Client;
use stand::{product, rates, serve};

#[tokio::main]
async fn main() {
    let portal = TestPortal::on_sqlite().await;
    let school = school::furnish(&portal).await;
    let ours = serve(product(&portal)).await;
    for (name, path) in &school.addresses {
        let client = Client::new(path, &school.cookie);
        let answer = client.fetch(ours).await;
        let bytes = answer.body.len();
        let bare = serve(bare(path, answer.content_type, answer.body)).await;
        let (ours, bare) = rates(&client, bytes, ours, bare).await;
        println!("{name}\t{bytes}\t{ours}\t{bare}");
    }
}

/// One handler that knows its answer.
fn bare(path: &str, content_type: String, body: Vec<u8>) -> Router {
    let (path, body) = (path.split('?').next().unwrap_or(path), Bytes::from(body));
    Router::new().route(
        path,
        get(move || {
            let answer = ([(CONTENT_TYPE, content_type.clone())], body.clone());
            async move { answer }
        }),
    )
}
