//! What a person holds besides a password: an authenticator app, and a security key. Both are written from the standards
//! (RFC 6238, WebAuthn level 2), not with the libraries of the product.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair as _};
use ring::{digest, hmac};
use serde_json::{Value, json};

/// The code that an app shows at a moment, for the secret as it was typed.
///
/// # Panics
/// When the secret is no base 32.
#[must_use]
pub fn app_code(secret: &str, at: DateTime<Utc>) -> String {
    const LETTERS: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let (mut bytes, mut bits, mut held) = (Vec::new(), 0_u32, 0_u32);
    for letter in secret.chars() {
        let value = LETTERS.find(letter).expect("base 32");
        bits = (bits << 5) | u32::try_from(value).expect("five bits");
        held += 5;
        if held >= 8 {
            held -= 8;
            bytes.push(u8::try_from((bits >> held) & 0xff).expect("a byte"));
        }
    }
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, &bytes);
    let step = at.timestamp() / 30;
    let tag = hmac::sign(&key, &step.to_be_bytes());
    let tag = tag.as_ref();
    let start = usize::from(tag[19] & 15);
    let cut: [u8; 4] = tag[start..start + 4].try_into().expect("four bytes");
    let number = (u32::from_be_bytes(cut) & 0x7fff_ffff) % 1_000_000;
    format!("{number:06}")
}

/// A security key with room for one passkey, in a browser at one address.
#[derive(Debug)]
pub struct SecurityKey {
    origin: String,
    host: String,
    pair: EcdsaKeyPair,
    counter: u32,
}

impl SecurityKey {
    /// A new key in a browser that stands at the portal of tests.
    ///
    /// # Panics
    /// When the system has no random numbers.
    #[must_use]
    pub fn new() -> Self {
        Self::at("https://localhost:8443", "localhost")
    }

    /// A new key in a browser that stands at this address.
    ///
    /// # Panics
    /// When the system has no random numbers.
    #[must_use]
    pub fn at(origin: &str, host: &str) -> Self {
        let random = SystemRandom::new();
        let made = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &random);
        let document = made.expect("a key pair");
        let pair =
            EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, document.as_ref(), &random);
        Self {
            origin: origin.to_owned(),
            host: host.to_owned(),
            pair: pair.expect("a key pair"),
            counter: 0,
        }
    }

    /// Answers `navigator.credentials.create` with the options that a page holds.
    ///
    /// # Panics
    /// When the options are not those of a registration.
    pub fn create(&mut self, options: &str) -> String {
        let options: Value = serde_json::from_str(options).expect("options");
        let client = self.client("webauthn.create", &options);
        // A map of three: no statement of the maker, and the data with the public key.
        let data = self.data(0x45, &self.described());
        let mut object = vec![0xa3, 0x63];
        object.extend(b"fmt");
        object.push(0x64);
        object.extend(b"none");
        object.push(0x67);
        object.extend(b"attStmt");
        object.push(0xa0);
        object.push(0x68);
        object.extend(b"authData");
        object.push(0x58);
        object.push(u8::try_from(data.len()).expect("short data"));
        object.extend(data);
        self.answer(&json!({
            "attestationObject": text(&object),
            "clientDataJSON": text(client.as_bytes()),
        }))
    }

    /// Answers `navigator.credentials.get` with the options that a page holds; counts itself up.
    ///
    /// # Panics
    /// When the options are not those of a sign-in.
    pub fn get(&mut self, options: &str) -> String {
        let options: Value = serde_json::from_str(options).expect("options");
        let client = self.client("webauthn.get", &options);
        self.counter += 1;
        let data = self.data(0x05, &[]);
        let hashed = digest::digest(&digest::SHA256, client.as_bytes());
        let signed = [data.as_slice(), hashed.as_ref()].concat();
        let signature = self.pair.sign(&SystemRandom::new(), &signed);
        self.answer(&json!({
            "authenticatorData": text(&data),
            "clientDataJSON": text(client.as_bytes()),
            "signature": text(signature.expect("a signature").as_ref()),
            "userHandle": null,
        }))
    }

    /// A copy of the key as it was before it counted up: what a thief of its memory would have.
    pub fn set_back(&mut self) {
        self.counter = 0;
    }

    fn id(&self) -> Vec<u8> {
        let point = self.pair.public_key().as_ref();
        digest::digest(&digest::SHA256, point).as_ref()[..16].to_vec()
    }

    fn client(&self, kind: &str, options: &Value) -> String {
        let challenge = options["challenge"].as_str().expect("a challenge");
        json!({ "type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": false })
            .to_string()
    }

    /// The authenticator's data: the host, what was done (present and verified, with a key or without), the counter.
    fn data(&self, flags: u8, key: &[u8]) -> Vec<u8> {
        let mut data = digest::digest(&digest::SHA256, self.host.as_bytes())
            .as_ref()
            .to_vec();
        data.push(flags);
        data.extend(self.counter.to_be_bytes());
        data.extend(key);
        data
    }

    /// The id and the public key, as COSE writes one of P-256.
    fn described(&self) -> Vec<u8> {
        let (id, point) = (self.id(), self.pair.public_key().as_ref());
        let mut described = vec![0; 16];
        described.extend(u16::try_from(id.len()).expect("a short id").to_be_bytes());
        described.extend(id);
        described.extend([0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20]);
        described.extend(&point[1..33]);
        described.extend([0x22, 0x58, 0x20]);
        described.extend(&point[33..65]);
        described
    }

    fn answer(&self, response: &Value) -> String {
        let id = text(&self.id());
        json!({ "id": id, "rawId": id, "type": "public-key", "response": response }).to_string()
    }
}

impl Default for SecurityKey {
    fn default() -> Self {
        Self::new()
    }
}

fn text(bytes: &[u8]) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_those_of_rfc_6238_appendix_b() {
        // The standard's secret "12345678901234567890" in base 32; its codes have eight digits, of which apps show six.
        let secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
        for (second, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (20_000_000_000, "353130"),
        ] {
            let at = DateTime::from_timestamp(second, 0).expect("a time");
            assert_eq!(app_code(secret, at), code);
        }
    }
}
