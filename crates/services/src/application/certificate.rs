//! Certificates with which applications prove themselves.

use base64::Engine as _;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};
use chrono::{DateTime, Utc};
use domain::{Rule, Violation};
use sha1::Sha1;
use sha2::{Digest, Sha256};
use x509_parser::certificate::X509Certificate;
use x509_parser::prelude::FromDer as _;
use x509_parser::public_key::PublicKey;

/// Longest text that is looked at.
const LONGEST: usize = 32 << 10;

/// Bits of the shortest key that is trusted.
const SHORTEST_KEY: usize = 2048;

/// What is known of a certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CertificateFacts {
    der: Vec<u8>,
    /// Whom it names.
    pub subject: String,
    /// When it stops being good.
    pub not_after: DateTime<Utc>,
    /// The modulus of its key, big-endian.
    pub n: Vec<u8>,
    /// The exponent of its key, big-endian.
    pub e: Vec<u8>,
}

impl CertificateFacts {
    /// Whether a JWT's header names this certificate, in `x5t#S256` or in `x5t`. Padding makes no difference.
    #[must_use]
    pub fn is_named(&self, x5t_s256: Option<&str>, x5t: Option<&str>) -> bool {
        let named = |text: &str, digest: &[u8]| {
            // Clients of the modelled service write standard base64 with padding, the standard base64url without.
            let text = text.trim_end_matches('=');
            let text: String = text
                .chars()
                .map(|c| match c {
                    '+' => '-',
                    '/' => '_',
                    other => other,
                })
                .collect();
            text == BASE64_URL_SAFE_NO_PAD.encode(digest)
        };
        match (x5t_s256, x5t) {
            (Some(text), _) => named(text, &Sha256::digest(&self.der)),
            (None, Some(text)) => named(text, &Sha1::digest(&self.der)),
            (None, None) => false,
        }
    }

    /// The thumbprint by which tools show certificates: SHA-1 in hexadecimal.
    pub(super) fn thumbprint_hex(&self) -> String {
        Sha1::digest(&self.der)
            .iter()
            .map(|byte| format!("{byte:02X}"))
            .collect()
    }

    /// As it is kept.
    pub(super) fn to_text(&self) -> String {
        BASE64_STANDARD.encode(&self.der)
    }
}

/// Reads a certificate in PEM, or its base64 alone.
///
/// # Errors
/// The rule that it breaks, with a sentence for the person who pasted it.
pub(super) fn read(text: &str, now: DateTime<Utc>) -> Result<CertificateFacts, Violation> {
    let refuse =
        |allowed: &str| Violation::new(Rule::BadCharacters, "certificate").with("allowed", allowed);
    if text.trim().is_empty() {
        return Err(Violation::new(Rule::Required, "certificate"));
    }
    if text.len() > LONGEST {
        return Err(Violation::new(Rule::TooLong, "certificate").with("max", LONGEST));
    }
    if text.contains("PRIVATE KEY") {
        return Err(refuse(
            "the certificate itself; this text holds its private key as well, which nobody else should see",
        ));
    }
    let facts = decode(text).and_then(|der| parse(&der));
    let facts = facts.ok_or_else(|| {
        refuse("one certificate in PEM, which begins with -----BEGIN CERTIFICATE-----, with an RSA key of 2048 bits or more")
    })?;
    if facts.not_after <= now {
        return Err(refuse("a certificate that has not expired"));
    }
    Ok(facts)
}

fn decode(text: &str) -> Option<Vec<u8>> {
    let inner = match text.split_once("-----BEGIN CERTIFICATE-----") {
        Some((_, rest)) => rest.split_once("-----END CERTIFICATE-----")?.0,
        None => text,
    };
    let inner: String = inner.chars().filter(|c| !c.is_whitespace()).collect();
    BASE64_STANDARD.decode(inner).ok()
}

/// Reads a certificate as it is kept.
pub(super) fn parse(der: &[u8]) -> Option<CertificateFacts> {
    let (rest, certificate) = X509Certificate::from_der(der).ok()?;
    let PublicKey::RSA(key) = certificate.public_key().parsed().ok()? else {
        return None;
    };
    if !rest.is_empty() || key.key_size() < SHORTEST_KEY {
        return None;
    }
    let plain = |number: &[u8]| number.iter().copied().skip_while(|b| *b == 0).collect();
    Some(CertificateFacts {
        der: der.to_vec(),
        subject: certificate
            .subject()
            .to_string()
            .chars()
            .take(100)
            .collect(),
        not_after: DateTime::from_timestamp(certificate.validity().not_after.timestamp(), 0)?,
        n: plain(key.modulus),
        e: plain(key.exponent),
    })
}

/// The certificate of a row.
pub(super) fn stored(text: &str) -> Option<CertificateFacts> {
    parse(&BASE64_STANDARD.decode(text).ok()?)
}
