//! Secrets that Vitrine gives out, and the hashes by which it knows them again.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

use crate::Ids;

/// Bytes of a secret; 256 bits can't be guessed.
const BYTES: usize = 32;

/// A new secret, in characters that cookies and addresses may hold.
pub(crate) fn generate(ids: &dyn Ids) -> String {
    let mut bytes = [0; BYTES];
    ids.fill(&mut bytes);
    BASE64_URL_SAFE_NO_PAD.encode(bytes)
}

/// What is kept of a secret. A plain hash is enough, since nobody can try all 256-bit secrets; and looking a row up
/// by it tells nothing by its timing, since who asks can't choose the hash.
pub(crate) fn hash(secret: &str) -> String {
    Sha256::digest(secret.as_bytes())
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// The PKCE challenge of a verifier, method S256.
pub(super) fn challenge(verifier: &str) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.as_bytes()))
}

/// Compares without telling by its timing where two texts differ.
pub(crate) fn equal(a: &str, b: &str) -> bool {
    subtle::ConstantTimeEq::ct_eq(a.as_bytes(), b.as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_challenge_is_the_one_of_rfc_7636_appendix_b() {
        let challenge = challenge("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
        assert_eq!(challenge, "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
    }

    #[test]
    fn secrets_are_43_characters_and_never_the_same() {
        let ids = crate::SystemIds;
        let (a, b) = (generate(&ids), generate(&ids));
        assert_eq!((a.len(), b.len()), (43, 43));
        assert!(!equal(&a, &b) && equal(&a, &a.clone()));
    }
}
