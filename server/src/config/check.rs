//! Values that have the right kind and still can't be.

use std::collections::BTreeSet;
use std::net::IpAddr;

use domain::gallery::RETENTION_MAX_DAYS;
use domain::identity::is_issuer;

use super::{Config, Finding, Region, TlsMode};

/// Everything that is wrong, each with what to write instead.
pub(super) fn check(config: &Config) -> Vec<Finding> {
    let mut found = Vec::new();
    server(config, &mut found);
    tls(config, &mut found);
    numbers(config, &mut found);
    regions(config, &mut found);
    sizes(config, &mut found);
    base_images(config, &mut found);
    identity(config, &mut found);
    let url = &config.database.url;
    if !url.is_empty()
        && !["sqlite:", "postgres:", "postgresql:"]
            .iter()
            .any(|scheme| url.starts_with(scheme))
    {
        found.push(Finding::new(
            "database.url",
            "must begin with sqlite:// or postgres://, or be empty",
        ));
    }
    let currency = &config.prices.currency;
    if currency.len() != 3 || !currency.bytes().all(|b| b.is_ascii_uppercase()) {
        found.push(Finding::new(
            "prices.currency",
            "must be three capital letters, such as EUR",
        ));
    }
    if let Err(error) = config
        .log
        .filter
        .parse::<tracing_subscriber::filter::Targets>()
    {
        found.push(Finding::new(
            "log.filter",
            format!("can't be read ({error}); write a level, such as info"),
        ));
    }
    found
}

fn server(config: &Config, found: &mut Vec<Finding>) {
    let url = &config.server.public_url;
    let is_plain = url.path() == "/"
        && url.query().is_none()
        && url.fragment().is_none()
        && url.username().is_empty();
    let is_secure =
        url.scheme() == "https" || (url.scheme() == "http" && is_loopback_host(url.host_str()));
    if !is_secure || !is_plain {
        let message = "must be https:// with a host and nothing behind it (http:// only for localhost), such as https://labs.example";
        found.push(Finding::new("server.public_url", message));
    }
    let token = config.server.metrics_token.len();
    if (1..32).contains(&token) {
        found.push(Finding::new(
            "server.metrics_token",
            "must have 32 characters or more, or none",
        ));
    }
    if config
        .server
        .redirect_listen
        .is_some_and(|address| address == config.server.listen)
    {
        found.push(Finding::new(
            "server.redirect_listen",
            "must differ from server.listen",
        ));
    }
}

fn is_loopback_host(host: Option<&str>) -> bool {
    let host = host
        .unwrap_or_default()
        .trim_start_matches('[')
        .trim_end_matches(']');
    host == "localhost"
        || host
            .parse::<IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}

fn tls(config: &Config, found: &mut Vec<Finding>) {
    match config.tls.mode {
        TlsMode::Files => {
            for (key, file) in [
                ("tls.certificate", &config.tls.certificate),
                ("tls.key", &config.tls.key),
            ] {
                if file.as_os_str().is_empty() {
                    found.push(Finding::new(
                        key,
                        "must name a PEM file when tls.mode is \"files\"",
                    ));
                }
            }
        }
        TlsMode::Off if !config.server.listen.ip().is_loopback() => {
            let message = "\"off\" is only for a loopback address in server.listen: passwords would cross the network in the clear";
            found.push(Finding::new("tls.mode", message));
        }
        TlsMode::Off | TlsMode::Local => {}
    }
}

fn numbers(config: &Config, found: &mut Vec<Finding>) {
    let at_least_one = [
        (
            "engine.stop_grace_seconds",
            config.engine.stop_grace_seconds,
        ),
        ("jobs.workers", config.jobs.workers),
        ("uploads.keep_hours", config.uploads.keep_hours),
        ("galleries.retention_days", config.galleries.retention_days),
        ("sessions.idle_minutes", config.sessions.idle_minutes),
        ("sessions.absolute_hours", config.sessions.absolute_hours),
        ("limits.galleries", config.limits.galleries),
        ("limits.images", config.limits.images),
        ("limits.versions", config.limits.versions),
        ("limits.replicas", config.limits.replicas),
        ("limits.disk_gib", config.limits.disk_gib),
        ("limits.upload_gib", config.limits.upload_gib),
    ];
    let zeroes = at_least_one.into_iter().filter(|(_, value)| *value == 0);
    found.extend(zeroes.map(|(key, _)| Finding::new(key, "must be 1 or more")));
    if config.galleries.retention_days > RETENTION_MAX_DAYS {
        found.push(Finding::new(
            "galleries.retention_days",
            format!("must be {RETENTION_MAX_DAYS} or less"),
        ));
    }
    if config.jobs.workers > 64 {
        found.push(Finding::new("jobs.workers", "must be 64 or less"));
    }
    if config.limits.replicas > 100 {
        found.push(Finding::new("limits.replicas", "must be 100 or less"));
    }
}

fn regions(config: &Config, found: &mut Vec<Finding>) {
    if config.regions.is_empty() {
        found.push(Finding::new("regions", "must list one region at least"));
    }
    let (mut names, mut stores) = (BTreeSet::new(), BTreeSet::new());
    for (index, region) in config.regions.iter().enumerate() {
        let at = |key: &str| format!("regions[{index}].{key}");
        let is_short = !region.name.is_empty()
            && region.name.len() <= 40
            && region
                .name
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
        if !is_short {
            let message = "must be 1 to 40 lower-case letters and digits, such as westeurope";
            found.push(Finding::new(at("name"), message));
        } else if !names.insert(&region.name) {
            found.push(Finding::new(
                at("name"),
                format!("{} is listed twice", region.name),
            ));
        }
        for (key, text) in [
            ("display_name", &region.display_name),
            ("geography", &region.geography),
        ] {
            if text.trim().is_empty() {
                found.push(Finding::new(at(key), "must not be empty"));
            }
        }
        let mut folders = vec![(at("store"), &region.store)];
        if !region.premium_store.as_os_str().is_empty() {
            folders.push((at("premium_store"), &region.premium_store));
        }
        zones(region, &at, found);
        for (index, zone) in region.zones.iter().enumerate() {
            folders.push((at(&format!("zones[{index}].store")), &zone.store));
        }
        for (key, folder) in folders {
            if folder.as_os_str().is_empty() {
                found.push(Finding::new(key, "must name a folder"));
            } else if !stores.insert(config.in_data(folder)) {
                let message = "is another store's folder; every region, zone and fast store needs one of its own";
                found.push(Finding::new(key, message));
            }
        }
    }
}

fn zones(region: &Region, at: &impl Fn(&str) -> String, found: &mut Vec<Finding>) {
    let mut names = BTreeSet::new();
    for (index, zone) in region.zones.iter().enumerate() {
        let key = at(&format!("zones[{index}].name"));
        let is_short = (1..=20).contains(&zone.name.len())
            && zone
                .name
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
        if !is_short {
            let message = "must be 1 to 20 lower-case letters and digits, such as 1";
            found.push(Finding::new(key, message));
        } else if !names.insert(&zone.name) {
            found.push(Finding::new(key, format!("{} is listed twice", zone.name)));
        }
    }
    if region.zones.len() == 1 {
        let message = "must list two zones at least, or none: copies in one zone are not spread";
        found.push(Finding::new(at("zones"), message));
    }
}

fn identity(config: &Config, found: &mut Vec<Finding>) {
    let shared = &config.identity.multi_tenant;
    if shared.issuer.is_empty() {
        return;
    }
    let sample = shared.issuer.replacen("{tenantid}", "t", 1);
    if sample == shared.issuer || !is_issuer(&sample, config.identity.provider_reach) {
        let message = "must be https:// with {tenantid} where the organisation's id stands, such as https://login.example/{tenantid}/v2.0";
        found.push(Finding::new("identity.multi_tenant.issuer", message));
    }
    for (key, text) in [("name", &shared.name), ("client_id", &shared.client_id)] {
        if text.trim().is_empty() {
            found.push(Finding::new(
                format!("identity.multi_tenant.{key}"),
                "must not be empty when an issuer is set",
            ));
        }
    }
}

fn is_name(text: &str) -> bool {
    (1..=80).contains(&text.len())
        && text
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b))
        && text.starts_with(|c: char| c.is_ascii_alphanumeric())
}

const NAME: &str =
    "must be 1 to 80 letters, digits, dots, hyphens or underscores, the first a letter or digit";

fn sizes(config: &Config, found: &mut Vec<Finding>) {
    if config.sizes.is_empty() {
        found.push(Finding::new("sizes", "must list one size at least"));
    }
    let mut names = BTreeSet::new();
    for (index, size) in config.sizes.iter().enumerate() {
        let at = |key: &str| format!("sizes[{index}].{key}");
        if !is_name(&size.name) {
            found.push(Finding::new(at("name"), NAME));
        } else if !names.insert(size.name.to_ascii_lowercase()) {
            found.push(Finding::new(
                at("name"),
                format!("{} is listed twice", size.name),
            ));
        }
        if size.display_name.trim().is_empty() {
            found.push(Finding::new(at("display_name"), "must not be empty"));
        }
        if !(1..=256).contains(&size.vcpus) {
            found.push(Finding::new(at("vcpus"), "must be 1 to 256"));
        }
        if !(128..=4 << 20).contains(&size.memory_mib) {
            found.push(Finding::new(
                at("memory_mib"),
                "must be 128 to 4194304 (4 TiB)",
            ));
        }
    }
}

fn base_images(config: &Config, found: &mut Vec<Finding>) {
    let mut names = BTreeSet::new();
    for (index, image) in config.base_images.iter().enumerate() {
        let at = |key: &str| format!("base_images[{index}].{key}");
        if !is_name(&image.name) {
            found.push(Finding::new(at("name"), NAME));
        } else if !names.insert(image.name.to_ascii_lowercase()) {
            found.push(Finding::new(
                at("name"),
                format!("{} is listed twice", image.name),
            ));
        }
        if image.file.as_os_str().is_empty() {
            found.push(Finding::new(at("file"), "must name a qcow2 file"));
        }
    }
}
