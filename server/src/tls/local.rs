//! An authority and a certificate of this installation's own.
//!
//! The authority is made once and kept, so that people who trust it stay trusting; the certificate is made anew when
//! it grows old or when the names of this host change.

use std::fs;
use std::io::Write as _;
use std::net::IpAddr;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use chrono::{DateTime, Datelike, TimeDelta, Utc};
use rcgen::{
    BasicConstraints, CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, IsCa,
    Issuer, KeyPair, KeyUsagePurpose, SanType,
};
use serde::{Deserialize, Serialize};

use super::TlsError;
use crate::config::Config;
use crate::host;

/// Browsers refuse certificates that are valid for longer than 398 days.
const LEAF_DAYS: i64 = 397;
/// Left over when a certificate is made anew: a server that is restarted monthly never shows an old one.
const RENEW_DAYS: i64 = 60;
const AUTHORITY_YEARS: i32 = 10;

/// What lies in the folder.
#[derive(Debug)]
pub(super) struct Files {
    pub(super) authority: PathBuf,
    authority_key: PathBuf,
    pub(super) leaf: PathBuf,
    pub(super) leaf_key: PathBuf,
    made_for: PathBuf,
}

impl Files {
    fn in_folder(folder: &Path) -> Self {
        Self {
            authority: folder.join("authority.pem"),
            authority_key: folder.join("authority.key"),
            leaf: folder.join("server.pem"),
            leaf_key: folder.join("server.key"),
            made_for: folder.join("server.json"),
        }
    }
}

/// Makes what is missing or too old, and says where it all is.
///
/// # Errors
/// When a file can't be read or written.
pub(super) fn make(config: &Config, now: DateTime<Utc>) -> Result<Files, TlsError> {
    let folder = config.in_data(Path::new("tls"));
    let files = Files::in_folder(&folder);
    make_missing(&files, &folder, names(config), now)?;
    Ok(files)
}

/// What the certificate was made for: read instead of the certificate itself.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct MadeFor {
    names: Vec<String>,
    not_after: DateTime<Utc>,
}

/// Every name under which this host is reached.
fn names(config: &Config) -> Vec<String> {
    let mut names = vec![
        "localhost".to_owned(),
        "127.0.0.1".to_owned(),
        "::1".to_owned(),
        host::name(),
    ];
    names.extend(
        config
            .server
            .public_url
            .host_str()
            .map(|h| h.trim_matches(['[', ']']).to_owned()),
    );
    names.extend(config.tls.names.iter().cloned());
    names.retain(|name| !name.is_empty());
    names.sort();
    names.dedup();
    names
}

fn make_missing(
    files: &Files,
    folder: &Path,
    names: Vec<String>,
    now: DateTime<Utc>,
) -> Result<(), TlsError> {
    let file = |source| TlsError::File {
        path: folder.to_owned(),
        source,
    };
    fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)
        .map_err(file)?;
    if !files.authority.exists() || !files.authority_key.exists() {
        make_authority(files, now)?;
    }
    let made_for = fs::read(&files.made_for)
        .ok()
        .and_then(|text| serde_json::from_slice::<MadeFor>(&text).ok());
    let is_fresh = made_for.is_some_and(|made| {
        made.names == names && made.not_after - now > TimeDelta::days(RENEW_DAYS)
    });
    if is_fresh && files.leaf.exists() && files.leaf_key.exists() {
        return Ok(());
    }
    make_leaf(files, names, now)
}

fn authority_params(now: DateTime<Utc>) -> CertificateParams {
    let mut params = CertificateParams::default();
    let mut name = DistinguishedName::new();
    name.push(DnType::CommonName, "Vitrine local authority");
    params.distinguished_name = name;
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    set_validity(
        &mut params,
        day(now - TimeDelta::days(1)),
        (now.year() + AUTHORITY_YEARS, 1, 1),
    );
    params
}

fn make_authority(files: &Files, now: DateTime<Utc>) -> Result<(), TlsError> {
    let key = KeyPair::generate()?;
    let certificate = authority_params(now).self_signed(&key)?;
    write_private(&files.authority_key, key.serialize_pem().as_bytes())?;
    write_private(&files.authority, certificate.pem().as_bytes())?;
    // A certificate of a former authority proves nothing under the new one.
    let _ = fs::remove_file(&files.made_for);
    Ok(())
}

fn make_leaf(files: &Files, names: Vec<String>, now: DateTime<Utc>) -> Result<(), TlsError> {
    let text = fs::read_to_string(&files.authority_key).map_err(|source| TlsError::File {
        path: files.authority_key.clone(),
        source,
    })?;
    let authority_key = KeyPair::from_pem(&text).map_err(|error| TlsError::Content {
        path: files.authority_key.clone(),
        what: "a private key",
        reason: error.to_string(),
    })?;
    let issuer = Issuer::new(authority_params(now), authority_key);

    let not_after = now + TimeDelta::days(LEAF_DAYS);
    let mut params = CertificateParams::default();
    params.distinguished_name = DistinguishedName::new();
    params
        .distinguished_name
        .push(DnType::CommonName, "Vitrine");
    params.subject_alt_names = names
        .iter()
        .map(|name| subject(name))
        .collect::<Result<_, _>>()?;
    params.is_ca = IsCa::ExplicitNoCa;
    params.use_authority_key_identifier_extension = true;
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    set_validity(&mut params, day(now - TimeDelta::days(1)), day(not_after));
    let key = KeyPair::generate()?;
    let certificate = params.signed_by(&key, &issuer)?;

    write_private(&files.leaf_key, key.serialize_pem().as_bytes())?;
    write_private(&files.leaf, certificate.pem().as_bytes())?;
    let made_for = serde_json::to_vec_pretty(&MadeFor { names, not_after }).unwrap_or_default();
    write_private(&files.made_for, &made_for)
}

fn subject(name: &str) -> Result<SanType, rcgen::Error> {
    match name.parse::<IpAddr>() {
        Ok(address) => Ok(SanType::IpAddress(address)),
        Err(_) => Ok(SanType::DnsName(name.try_into()?)),
    }
}

/// Year, month and day, as `rcgen` takes them.
fn day(at: DateTime<Utc>) -> (i32, u8, u8) {
    (
        at.year(),
        u8::try_from(at.month()).unwrap_or(1),
        u8::try_from(at.day()).unwrap_or(1),
    )
}

/// Sets from which day to which a certificate is valid.
fn set_validity(params: &mut CertificateParams, from: (i32, u8, u8), until: (i32, u8, u8)) {
    params.not_before = rcgen::date_time_ymd(from.0, from.1, from.2);
    params.not_after = rcgen::date_time_ymd(until.0, until.1, until.2);
}

/// Writes a file that only this user can read, whole or not at all.
fn write_private(path: &Path, content: &[u8]) -> Result<(), TlsError> {
    let fresh = path.with_extension("new");
    let write = || {
        let mut file = fs::OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(true)
            .mode(0o600)
            .open(&fresh)?;
        file.write_all(content)?;
        file.sync_all()?;
        fs::rename(&fresh, path)
    };
    write().map_err(|source| TlsError::File {
        path: path.to_owned(),
        source,
    })
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;
    use crate::tls;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().expect("a time")
    }

    fn config(folder: &Path, names: &[&str]) -> Config {
        let mut config = Config::default();
        config.data.folder = folder.to_owned();
        config.tls.names = names.iter().map(|name| (*name).to_owned()).collect();
        config
    }

    fn leaf(folder: &Path) -> String {
        fs::read_to_string(folder.join("tls/server.pem")).expect("a certificate")
    }

    #[test]
    fn the_certificate_is_kept_until_it_is_old_or_the_names_change() {
        let folder = tempfile::tempdir().expect("a folder");
        let start = at("2026-11-22T10:00:00Z");
        tls::load(&config(folder.path(), &[]), start)
            .expect("made")
            .expect("TLS");
        let (first, authority) = (
            leaf(folder.path()),
            fs::read(folder.path().join("tls/authority.pem")).expect("CA"),
        );
        tls::load(&config(folder.path(), &[]), start + TimeDelta::days(300)).expect("kept");
        assert_eq!(leaf(folder.path()), first);
        tls::load(&config(folder.path(), &["labs.example"]), start).expect("renewed");
        let second = leaf(folder.path());
        assert_ne!(second, first);
        tls::load(
            &config(folder.path(), &["labs.example"]),
            start + TimeDelta::days(340),
        )
        .expect("renewed");
        assert_ne!(leaf(folder.path()), second);
        assert_eq!(
            fs::read(folder.path().join("tls/authority.pem")).expect("CA"),
            authority
        );
    }

    #[test]
    fn keys_are_for_this_user_alone() {
        let folder = tempfile::tempdir().expect("a folder");
        tls::load(&config(folder.path(), &[]), at("2026-11-22T10:00:00Z")).expect("made");
        for name in ["tls/authority.key", "tls/server.key"] {
            let mode = fs::metadata(folder.path().join(name))
                .expect("a key")
                .permissions()
                .mode();
            assert_eq!(mode & 0o777, 0o600, "{name}");
        }
    }
}
