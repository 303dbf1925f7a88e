//! Ports, clock, certificate and database.

use std::io::ErrorKind;
use std::net::TcpListener;

use services::{Clock as _, SystemClock};
use store::Store;

use super::Finding;
use crate::config::{Config, TlsMode};
use crate::tls;

/// No clock that is right shows an earlier year: this code was written in it.
const EARLIEST_YEAR: i32 = 2026;

pub(super) fn clock() -> Finding {
    use chrono::Datelike as _;
    let now = SystemClock.now();
    let shown = now.format("%Y-%m-%d %H:%M UTC");
    if now.year() < EARLIEST_YEAR {
        let message = format!(
            "it shows {shown}; set it, or tokens and certificates will be refused (timedatectl set-ntp true)"
        );
        return Finding::fail("clock", message);
    }
    Finding::ok("clock", shown.to_string())
}

pub(super) fn ports(config: &Config) -> Vec<Finding> {
    let listeners = [
        ("server.listen", Some(config.server.listen)),
        ("server.redirect_listen", config.server.redirect_listen),
    ];
    let present = listeners
        .into_iter()
        .filter_map(|(key, address)| Some((key, address?)));
    let look = |(key, address): (&str, std::net::SocketAddr)| {
        let what = format!("port {}", address.port());
        match TcpListener::bind(address) {
            Ok(_) => Finding::ok(what, format!("{address} is free")),
            Err(error) if error.kind() == ErrorKind::AddrInUse => Finding::warn(
                what,
                format!("{address} is in use: by Vitrine itself if it runs now, else change {key}"),
            ),
            Err(error) => Finding::fail(
                what,
                format!("{address} can't be listened on: {error}; change {key}"),
            ),
        }
    };
    present.map(look).collect()
}

pub(super) fn certificate(config: &Config) -> Finding {
    const WHAT: &str = "certificate";
    match config.tls.mode {
        TlsMode::Off => Finding::ok(WHAT, "none: a proxy on this host speaks HTTPS"),
        TlsMode::Local => Finding::ok(
            WHAT,
            "made by Vitrine; browsers trust it once they import tls/authority.pem of the data folder",
        ),
        TlsMode::Files => match tls::load(config, SystemClock.now()) {
            Ok(_) => Finding::ok(WHAT, config.tls.certificate.display().to_string()),
            Err(error) => Finding::fail(
                WHAT,
                format!("{error}; mend tls.certificate and tls.key, or set tls.mode to \"local\""),
            ),
        },
    }
}

pub(super) async fn database(config: &Config) -> Finding {
    const WHAT: &str = "database";
    if let Some(file) = config.database_file().filter(|file| !file.exists()) {
        return Finding::ok(
            WHAT,
            format!("{} will be made at the first start", file.display()),
        );
    }
    match Store::connect(&config.database_url()).await {
        Ok(store) => match store.ping().await {
            Ok(()) if store.is_postgres() => Finding::ok(WHAT, "PostgreSQL answers"),
            Ok(()) => Finding::ok(WHAT, "SQLite answers"),
            Err(error) => Finding::fail(WHAT, format!("it does not answer: {error}")),
        },
        Err(error) => Finding::fail(
            WHAT,
            format!("{error}; check that it runs, and database.url or DATABASE_URL"),
        ),
    }
}
