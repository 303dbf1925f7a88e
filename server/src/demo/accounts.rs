//! The demo's people and their passwords, kept in a file for whoever may read the data folder.

use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use services::Ids;

/// The domain of the demo organisation.
pub(super) const DOMAIN: &str = "contoso.example";

/// Where a person of the demo has a role.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scope {
    Tenant,
    Group,
}

/// A person of the demo.
#[derive(Debug)]
pub(super) struct Person {
    pub(super) name: &'static str,
    pub(super) title: &'static str,
    pub(super) role: Option<(&'static str, Scope)>,
    about: &'static str,
}

pub(super) const PEOPLE: [Person; 4] = [
    Person {
        name: "admin",
        title: "Ada Admin",
        role: Some(("Owner", Scope::Tenant)),
        about: "owns everything",
    },
    Person {
        name: "teacher1",
        title: "Tom Teacher",
        role: Some(("Lab Creator", Scope::Group)),
        about: "creates labs",
    },
    Person {
        name: "teacher2",
        title: "Tess Teacher",
        role: Some(("Lab Creator", Scope::Group)),
        about: "creates labs",
    },
    Person {
        name: "student",
        title: "Sam Student",
        role: None,
        about: "has no rights yet",
    },
];

/// How to sign in to the demo.
#[derive(Debug)]
pub(crate) struct Accounts {
    pub(super) file: PathBuf,
    /// Passwords by user name.
    pub(super) passwords: BTreeMap<String, String>,
}

impl fmt::Display for Accounts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "Sign in to the demo organisation as")?;
        for person in &PEOPLE {
            let user_name = person.user_name();
            let password = self
                .passwords
                .get(&user_name)
                .map(String::as_str)
                .unwrap_or_default();
            writeln!(f, "  {user_name:26} {password}   {}", person.about)?;
        }
        write!(f, "These lines are kept in {}", self.file.display())
    }
}

impl Person {
    pub(super) fn user_name(&self) -> String {
        format!("{}@{DOMAIN}", self.name)
    }
}

/// Upper and lower case, digits and hyphens; 80 unpredictable bits.
pub(crate) fn new_password(ids: &dyn Ids) -> String {
    let secret = ids.secret_hex(10);
    format!(
        "Lab1-{}-{}-{}-{}",
        &secret[..5],
        &secret[5..10],
        &secret[10..15],
        &secret[15..]
    )
}

/// The passwords of a former start: in each line the name, then the password.
pub(super) fn read_passwords(file: &Path) -> BTreeMap<String, String> {
    let text = fs::read_to_string(file).unwrap_or_default();
    let pair = |line: &str| {
        let mut words = line.split_whitespace();
        let name = words
            .next()
            .filter(|name| name.ends_with(&format!("@{DOMAIN}")))?;
        Some((name.to_owned(), words.next()?.to_owned()))
    };
    text.lines().filter_map(pair).collect()
}

pub(super) fn write_private(file: &Path, text: &str) -> std::io::Result<()> {
    let fresh = file.with_extension("new");
    let mut handle = fs::OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(&fresh)?;
    handle.write_all(text.as_bytes())?;
    handle.sync_all()?;
    fs::rename(&fresh, file)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("accounts.txt");
        let passwords = PEOPLE
            .iter()
            .map(|p| (p.user_name(), new_password(&services::SystemIds)))
            .collect();
        let accounts = Accounts {
            file: file.clone(),
            passwords,
        };
        write_private(&file, &accounts.to_string()).expect("written");
        assert_eq!(read_passwords(&file), accounts.passwords);
    }

    #[test]
    fn passwords_pass_our_own_rule() {
        let password = new_password(&services::SystemIds);
        assert!(
            domain::name::password("password", &password).is_empty(),
            "{password}"
        );
    }
}
