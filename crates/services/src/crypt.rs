//! Passwords of machines, as their own account files keep them.

use sha_crypt::{CustomizedPasswordHasher, Params, ShaCrypt};

use crate::{Error, Result};

/// The glibc `$6$` form, which every Linux guest reads. Takes some milliseconds: call it off the async threads.
///
/// # Errors
/// Internal when the library refuses its own parameters.
pub(crate) fn sha512(password: &str, salt: &[u8]) -> Result<String> {
    let params = Params::new(5_000).map_err(Error::internal)?;
    let hash = ShaCrypt::default()
        .hash_password_customized(password.as_bytes(), salt, None, None, params)
        .map_err(|error| Error::internal(error.to_string()))?;
    Ok(hash.as_str().to_owned())
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_password_hash_has_the_form_that_guests_read() {
        let hash = super::sha512("Correct-horse-1", &[7; 12]).expect("a hash");
        let parts: Vec<&str> = hash.split('$').collect();
        assert_eq!(parts[1], "6");
        assert!(!hash.contains("horse"));
        assert_ne!(
            hash,
            super::sha512("Correct-horse-1", &[8; 12]).expect("a hash")
        );
    }
}
