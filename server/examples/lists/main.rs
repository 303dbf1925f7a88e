//! How lists fare as they grow, and what a request costs against Axum and sqlx alone: for `./dev bench`.
//!
//! The whole server of the product, on SQLite, with an image of 100 versions and one of 10,000; beside it an Axum
//! router that reads the same rows with sqlx and sends the same bytes. Both listen on loopback without TLS and are
//! asked by the same clients in turn. Prints `rate`, name, bytes, our answers per second and the bare handler's; then
//! `flat`, name and our answers per second for the short and the long list; then `create` and versions a second, ours
//! and as bare rows.
#![expect(
    clippy::expect_used,
    reason = "a bench that can't be set up must say so and stop"
)]

mod bare;
mod shelf;
#[path = "../stand/mod.rs"]
mod stand;

use std::time::Instant;

use testkit::TestPortal;

use shelf::Shelf;
use stand::load::Client;
use stand::{product, rates, serve};

/// Versions of the two definitions.
const FEW: usize = 100;
const MANY: usize = 10_000;
/// Versions that are created one after another.
const CREATED: u32 = 1_000;

#[tokio::main]
async fn main() {
    let mut portal = TestPortal::on_sqlite().await;
    // More than the limit of a subscription and region, which is 10,000.
    portal
        .reconfigure(|settings| settings.limits.versions = 20_000)
        .await;
    let shelf = Shelf::furnish(&portal, [("few", FEW), ("many", MANY)]).await;
    let ours = serve(product(&portal)).await;
    for (name, path, rows) in shelf.questions("many") {
        let client = Client::new(&path, &shelf.cookie);
        let answer = client.fetch(ours).await;
        let bytes = answer.body.len();
        let bare = serve(bare::router(&shelf.pool, &path, rows, answer)).await;
        let (product, bare) = rates(&client, bytes, ours, bare).await;
        println!("rate\t{name}\t{bytes}\t{product}\t{bare}");
    }
    for ((name, few, _), (_, many, _)) in shelf
        .questions("few")
        .into_iter()
        .zip(shelf.questions("many"))
    {
        let (short, long) = (
            Client::new(&few, &shelf.cookie),
            Client::new(&many, &shelf.cookie),
        );
        let bytes = (
            short.fetch(ours).await.body.len(),
            long.fetch(ours).await.body.len(),
        );
        let mut pairs = Vec::new();
        for _ in 0..5 {
            pairs.push((
                short.rate(ours, bytes.0).await,
                long.rate(ours, bytes.1).await,
            ));
        }
        pairs.sort_by(|a, b| (a.0 / a.1).total_cmp(&(b.0 / b.1)));
        let (short, long) = pairs[pairs.len() / 2];
        println!("flat\t{name}\t{short}\t{long}");
    }
    let begun = Instant::now();
    shelf.create(&portal, CREATED).await;
    let ours = f64::from(CREATED) / begun.elapsed().as_secs_f64();
    let begun = Instant::now();
    bare::create(&shelf.pool, CREATED).await;
    let bare = f64::from(CREATED) / begun.elapsed().as_secs_f64();
    println!("create\t{CREATED} versions\t{ours}\t{bare}");
}
