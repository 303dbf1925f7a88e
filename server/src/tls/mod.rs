//! HTTPS out of the box: an authority and a certificate of this installation, or the operator's files.
//!
//! The authority is made once and kept, so that people who trust it stay trusting; the certificate is made anew when
//! it grows old or when the names of this host change.

mod local;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::{DateTime, Utc};
use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};

use crate::config::{Config, TlsMode};

/// Why HTTPS can't be offered.
#[derive(Debug, thiserror::Error)]
pub(crate) enum TlsError {
    /// A file can't be read or written.
    #[error("{path}: {source}", path = path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// The system's reason.
        source: std::io::Error,
    },
    /// A file does not hold what it should.
    #[error("{path} does not hold {what}: {reason}", path = path.display())]
    Content {
        /// The file.
        path: PathBuf,
        /// A certificate or a key.
        what: &'static str,
        /// Why.
        reason: String,
    },
    /// A certificate could not be made.
    #[error("cannot make a certificate: {0}")]
    Make(#[from] rcgen::Error),
    /// Certificate and key do not fit together.
    #[error("certificate and key cannot be used: {0}")]
    Unusable(#[from] rustls::Error),
}

/// The certificate that listeners use, and where the authority is that browsers can be told to trust.
#[derive(Debug, Clone)]
pub(crate) struct Loaded {
    /// For the listener.
    pub(crate) server: Arc<ServerConfig>,
    /// The authority's certificate, when it is our own.
    pub(crate) authority: Option<PathBuf>,
}

/// Loads the certificate that the configuration asks for, and makes it where it is ours; nothing for "off".
///
/// # Errors
/// When a file can't be read, or does not hold what it should.
pub(crate) fn load(config: &Config, now: DateTime<Utc>) -> Result<Option<Loaded>, TlsError> {
    match config.tls.mode {
        TlsMode::Off => Ok(None),
        TlsMode::Files => {
            let server = server_config(&config.tls.certificate, &config.tls.key)?;
            Ok(Some(Loaded {
                server,
                authority: None,
            }))
        }
        TlsMode::Local => {
            let files = local::make(config, now)?;
            let server = server_config(&files.leaf, &files.leaf_key)?;
            Ok(Some(Loaded {
                server,
                authority: Some(files.authority),
            }))
        }
    }
}

fn server_config(certificate: &Path, key: &Path) -> Result<Arc<ServerConfig>, TlsError> {
    let content = |path: &Path, what, reason: String| TlsError::Content {
        path: path.to_owned(),
        what,
        reason,
    };
    let chain = CertificateDer::pem_file_iter(certificate)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .map_err(|error| content(certificate, "certificates in PEM", error.to_string()))?;
    if chain.is_empty() {
        return Err(content(
            certificate,
            "certificates in PEM",
            "there is none".to_owned(),
        ));
    }
    let private = PrivateKeyDer::from_pem_file(key)
        .map_err(|error| content(key, "a private key in PEM", error.to_string()))?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut server = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(chain, private)?;
    server.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(Arc::new(server))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_operators_file_that_is_no_certificate_is_named() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("chain.pem");
        std::fs::write(&file, "nothing").expect("written");
        let error = server_config(&file, &file).expect_err("refused");
        assert!(
            error
                .to_string()
                .contains("chain.pem does not hold certificates"),
            "{error}"
        );
    }
}
