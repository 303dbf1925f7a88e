//! The NoCloud seed: what cloud-init, and the demo image's own reader, give a machine at its first start.
//!
//! Values are checked against narrow alphabets, so that none of them can end its line or its quotes.

use std::fmt::Write as _;
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use super::iso;
use crate::{EngineError, Seed};

/// Writes `seed.iso` in the machine's folder; its password hash is for the machine alone.
pub(super) fn write(seed: &Seed, folder: &Path) -> Result<PathBuf, EngineError> {
    let files = [
        ("meta-data", meta_data(seed)?),
        ("user-data", user_data(seed)?),
    ];
    let image = iso::image(
        "cidata",
        &files
            .each_ref()
            .map(|(name, text)| (*name, text.as_bytes())),
    );
    let path = folder.join("seed.iso");
    let failed = |error| EngineError::io("write", &path, error);
    let opened = std::fs::OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(&path);
    opened
        .and_then(|mut file| file.write_all(&image))
        .map_err(failed)?;
    Ok(path)
}

fn meta_data(seed: &Seed) -> Result<String, EngineError> {
    let mut text = format!(
        "instance-id: {}\n",
        checked("instance id", &seed.instance_id, "-_.")?
    );
    if let Some(name) = &seed.local_hostname {
        let _ = writeln!(
            text,
            "local-hostname: {}",
            checked("host name", name, "-.")?
        );
    }
    Ok(text)
}

fn user_data(seed: &Seed) -> Result<String, EngineError> {
    let mut text = String::from("#cloud-config\n");
    if seed.local_hostname.is_none() {
        text.push_str("preserve_hostname: true\n");
    }
    let Some(user) = &seed.user else {
        text.push_str("users: []\n");
        return Ok(text);
    };
    let user = checked("user name", user, "-_.")?;
    if user == "root" {
        return Err(invalid("user name"));
    }
    let _ = writeln!(
        text,
        "ssh_pwauth: {}\nusers:\n  - name: {user}",
        seed.password_hash.is_some()
    );
    text.push_str("    groups: [sudo]\n    shell: /bin/bash\n");
    match &seed.password_hash {
        Some(hash) => {
            let hash = checked("password hash", hash, "$./=,-_")?;
            let _ = writeln!(
                text,
                "    lock_passwd: false\n    hashed_passwd: \"{hash}\"\n    sudo: \"ALL=(ALL) ALL\""
            );
        }
        // Without a password there is none to ask for.
        None => text.push_str("    lock_passwd: true\n    sudo: \"ALL=(ALL) NOPASSWD:ALL\"\n"),
    }
    if !seed.ssh_keys.is_empty() {
        text.push_str("    ssh_authorized_keys:\n");
    }
    for key in &seed.ssh_keys {
        let _ = writeln!(
            text,
            "      - \"{}\"",
            checked("ssh key", key.trim(), " +/=@-_.:,")?
        );
    }
    Ok(text)
}

/// A value of ASCII letters, digits and some marks, which does not start like an option.
fn checked<'a>(what: &str, value: &'a str, marks: &str) -> Result<&'a str, EngineError> {
    let allowed = value
        .chars()
        .all(|letter| letter.is_ascii_alphanumeric() || marks.contains(letter));
    if allowed && !value.is_empty() && !value.starts_with('-') {
        Ok(value)
    } else {
        Err(invalid(what))
    }
}

fn invalid(what: &str) -> EngineError {
    EngineError::refused(
        "InvalidSeed",
        format!("The {what} has characters that a machine can't be given."),
    )
}

#[cfg(test)]
mod tests {
    use super::{meta_data, user_data};
    use crate::Seed;

    fn seed() -> Seed {
        Seed {
            instance_id: "i-1".into(),
            local_hostname: Some("lab-1".into()),
            user: Some("alice".into()),
            password_hash: Some("$6$salt$abc/.".into()),
            ssh_keys: vec!["ssh-ed25519 AAAA+/= alice@home".into()],
        }
    }

    #[test]
    fn the_seed_is_cloud_config() {
        assert_eq!(
            meta_data(&seed()).unwrap(),
            "instance-id: i-1\nlocal-hostname: lab-1\n"
        );
        let expected = "#cloud-config\nssh_pwauth: true\nusers:\n  - name: alice\n    groups: [sudo]\n    shell: /bin/bash\n    \
                        lock_passwd: false\n    hashed_passwd: \"$6$salt$abc/.\"\n    sudo: \"ALL=(ALL) ALL\"\n    \
                        ssh_authorized_keys:\n      - \"ssh-ed25519 AAAA+/= alice@home\"\n";
        assert_eq!(user_data(&seed()).unwrap(), expected);
    }

    #[test]
    fn a_specialized_machine_keeps_its_name_and_accounts() {
        let keeper = Seed {
            local_hostname: None,
            user: None,
            password_hash: None,
            ssh_keys: Vec::new(),
            ..seed()
        };
        assert_eq!(meta_data(&keeper).unwrap(), "instance-id: i-1\n");
        assert_eq!(
            user_data(&keeper).unwrap(),
            "#cloud-config\npreserve_hostname: true\nusers: []\n"
        );
    }

    #[test]
    fn no_value_can_end_its_line_or_its_quotes() {
        let hostile = ["a\nroot: x", "a\"b", "", "-a", "a: b", "root"];
        for value in hostile {
            assert!(
                user_data(&Seed {
                    user: Some(value.into()),
                    ..seed()
                })
                .is_err(),
                "user {value:?}"
            );
        }
        assert!(
            user_data(&Seed {
                password_hash: Some("$6$\"\nruncmd: [x]".into()),
                ..seed()
            })
            .is_err()
        );
        assert!(
            user_data(&Seed {
                ssh_keys: vec!["ssh-rsa AAA\"\nb".into()],
                ..seed()
            })
            .is_err()
        );
        assert!(
            meta_data(&Seed {
                local_hostname: Some("a b".into()),
                ..seed()
            })
            .is_err()
        );
    }

    #[test]
    fn a_seed_hides_its_password_hash_from_logs() {
        assert!(!format!("{:?}", seed()).contains("salt"));
    }
}
