//! The whole portal in one process, for tests: real database, real disks, a clock that tests set, ids that repeat,
//! and a hypervisor that only remembers. Nothing of this is part of the product.
#![expect(
    clippy::expect_used,
    reason = "a test that can't be set up must say so and stop"
)]

mod clock;
mod device;
mod disk;
mod hypervisor;
mod issuer;
mod portal;
mod school;
mod stock;

pub use clock::{SeededIds, TestClock};
pub use device::{SecurityKey, app_code};
pub use disk::{blank_disk, disk_bytes, linux_disk};
pub use hypervisor::FakeHypervisor;
pub use issuer::{FakeIssuer, Lie};
pub use portal::{TestPortal, Workers};
pub use school::{Person, School};
pub use stock::refusal;

/// Tests that run twice: on SQLite and on the PostgreSQL of the test harness.
///
/// ```ignore
/// testkit::on_both_databases! {
///     async fn a_sentence_that_says_what_holds(portal: TestPortal) { … }
/// }
/// ```
#[macro_export]
macro_rules! on_both_databases {
    ($($(#[$attribute:meta])* async fn $name:ident($portal:ident: TestPortal) $body:block)+) => {$(
        $(#[$attribute])*
        mod $name {
            #[expect(unused_imports, reason = "a story needs some of its file's names, not all")]
            use super::*;

            async fn story($portal: &$crate::TestPortal) $body

            #[tokio::test(flavor = "multi_thread")]
            async fn on_sqlite() {
                let portal = $crate::TestPortal::on_sqlite().await;
                story(&portal).await;
            }

            #[tokio::test(flavor = "multi_thread")]
            async fn on_postgres() {
                let portal = $crate::TestPortal::on_postgres().await;
                story(&portal).await;
                portal.close().await;
            }
        }
    )+};
}
