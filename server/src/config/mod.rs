//! What the operator configured: the documented defaults, a file over them, the environment over both.
//!
//! The default file at the root of the repository is compiled in and is the only list of keys: what it does not
//! document does not exist. This is the one module that reads environment variables.

mod check;
mod derive;
mod env;
mod merge;
mod read;
mod schema;

use std::fmt;
use std::path::{Path, PathBuf};

pub use schema::{
    BaseImage, Config, Data, Database, EngineSection, Galleries, Identity, Jobs, Log, LogFormat,
    MultiTenant, Prices, Region, Requests, Server, Sessions, Size, Tls, TlsMode, Uploads, Zone,
};

/// The documented default file.
pub const DEFAULT: &str = include_str!("../../../vitrine.toml");

/// The file that is read when none is named.
const FILE: &str = "vitrine.toml";

/// One thing that is wrong with the configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The key's path, such as `server.listen`, or the environment variable.
    pub key: String,
    /// What is wrong and what to write instead.
    pub message: String,
}

impl Finding {
    fn new(key: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            key: key.into(),
            message: message.into(),
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.key, self.message)
    }
}

/// Why the configuration can't be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The named file can't be read.
    #[error("cannot read {path}: {source}", path = path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// The system's reason.
        source: std::io::Error,
    },
    /// The file is not TOML.
    #[error("{path} is not TOML: {message}", path = path.display())]
    Syntax {
        /// The file.
        path: PathBuf,
        /// Where and why.
        message: String,
    },
    /// Keys that do not exist, or values that can't be.
    #[error("the configuration cannot be used:{}", list(.0))]
    Refused(Vec<Finding>),
}

fn list(findings: &[Finding]) -> String {
    findings
        .iter()
        .map(|finding| format!("\n  {finding}"))
        .collect()
}

impl Config {
    /// Reads the file, or the one in the working directory, or none; then the environment.
    ///
    /// # Errors
    /// With every finding at once, each by its key.
    pub fn load(file: Option<&Path>) -> Result<Self, ConfigError> {
        let file = file
            .map(Path::to_owned)
            .or_else(|| Some(PathBuf::from(FILE)).filter(|file| file.exists()));
        let text = match &file {
            Some(path) => {
                let source = |source| ConfigError::Unreadable {
                    path: path.clone(),
                    source,
                };
                std::fs::read_to_string(path).map_err(source)?
            }
            None => String::new(),
        };
        let syntax = |message| ConfigError::Syntax {
            path: file.unwrap_or_default(),
            message,
        };
        let table: toml::Table = text
            .parse()
            .map_err(|error: toml::de::Error| syntax(error.to_string()))?;
        Self::from_parts(table, env::variables())
    }

    /// Puts a file's keys and environment variables over the defaults.
    ///
    /// # Errors
    /// [`ConfigError::Refused`] with every finding.
    pub fn from_parts(
        file: toml::Table,
        variables: impl IntoIterator<Item = (String, String)>,
    ) -> Result<Self, ConfigError> {
        let mut findings = Vec::new();
        let known = merge::known();
        let mut table = known.clone();
        merge::overlay(&mut table, file, &known, "", &mut findings);
        env::overlay(&mut table, variables, &known, &mut findings);
        if !findings.is_empty() {
            return Err(ConfigError::Refused(findings));
        }
        let config = read::read(table)?;
        let findings = check::check(&config);
        if findings.is_empty() {
            Ok(config)
        } else {
            Err(ConfigError::Refused(findings))
        }
    }
}

impl Default for Config {
    /// The documented default file.
    fn default() -> Self {
        // `the_documented_file_is_valid` below keeps this true.
        #[expect(
            clippy::expect_used,
            reason = "the file is compiled in and a test reads it"
        )]
        Self::from_parts(toml::Table::new(), []).expect("the default file is valid")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusals(text: &str, variables: &[(&str, &str)]) -> Vec<String> {
        let variables = variables
            .iter()
            .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()));
        match Config::from_parts(text.parse().expect("TOML"), variables) {
            Err(ConfigError::Refused(findings)) => {
                findings.iter().map(ToString::to_string).collect()
            }
            other => panic!("not refused: {other:?}"),
        }
    }

    #[test]
    fn the_documented_file_is_valid() {
        let config = Config::default();
        assert_eq!(config.regions.len(), 4);
        assert_eq!(config.sizes[0].memory_mib, 512);
    }

    #[test]
    fn a_file_replaces_only_what_it_names() {
        let text = "[server]\nlisten = \"127.0.0.1:9000\"";
        let config = Config::from_parts(text.parse().expect("TOML"), []).expect("valid");
        assert_eq!(config.server.listen.port(), 9000);
        assert_eq!(config.server.public_url.as_str(), "https://localhost:8443/");
    }

    #[test]
    fn an_unknown_key_is_refused_by_name_with_the_known_ones() {
        let found = refusals("[server]\nlissten = \"127.0.0.1:1\"\n[sever]\nx = 1", &[]);
        assert!(
            found[0].starts_with("server.lissten: no such key; did you mean listen?"),
            "{found:?}"
        );
        assert!(found[0].contains("redirect_listen"), "{found:?}");
        assert!(
            found[1].starts_with("sever: no such key; did you mean server?"),
            "{found:?}"
        );
    }

    #[test]
    fn an_unknown_key_in_a_list_is_refused_with_its_place() {
        let text = "[[regions]]\nname = \"a\"\ndisplay_name = \"A\"\ngeography = \"G\"\nstore = \"s\"\ncolour = 1";
        assert!(refusals(text, &[])[0].starts_with("regions[0].colour: no such key"));
    }

    #[test]
    fn a_key_that_a_list_entry_lacks_is_named() {
        let found = refusals("[[regions]]\nname = \"a\"", &[]);
        assert!(
            found[0].starts_with("regions[0].display_name: is missing"),
            "{found:?}"
        );
    }

    #[test]
    fn a_value_of_the_wrong_kind_is_refused_with_an_example() {
        let found = refusals("[engine]\nstop_grace_seconds = \"long\"", &[]);
        assert_eq!(
            found,
            ["engine.stop_grace_seconds: must be a whole number from 0 on, such as 60"]
        );
    }

    #[test]
    fn every_bad_value_is_named_at_once() {
        let text = "[server]\npublic_url = \"ftp://x\"\n[jobs]\nworkers = 0\n[prices]\ncurrency = \"euro\"";
        let found = refusals(text, &[]);
        assert_eq!(found.len(), 3, "{found:?}");
    }

    #[test]
    fn the_environment_wins_and_is_refused_by_name_too() {
        let variables = [
            ("VITRINE_JOBS__WORKERS", "7"),
            ("DATABASE_URL", "postgres://h/n"),
            ("HOME", "/root"),
        ];
        let owned = variables.map(|(key, value)| (key.to_owned(), value.to_owned()));
        let config = Config::from_parts(toml::Table::new(), owned).expect("valid");
        assert_eq!(
            (config.jobs.workers, config.database.url.as_str()),
            (7, "postgres://h/n")
        );
        let found = refusals(
            "",
            &[
                ("VITRINE_JOBS__WROKERS", "7"),
                ("VITRINE_JOBS__WORKERS", "many"),
            ],
        );
        assert!(
            found[0].starts_with("VITRINE_JOBS__WORKERS: must be a whole number"),
            "{found:?}"
        );
        assert!(
            found[1].starts_with("VITRINE_JOBS__WROKERS: no such key"),
            "{found:?}"
        );
    }

    #[test]
    fn two_regions_never_share_a_store() {
        let entry = |name: &str| {
            format!(
                "[[regions]]\nname = \"{name}\"\ndisplay_name = \"{name}\"\ngeography = \"G\"\nstore = \"s\"\n"
            )
        };
        let found = refusals(&(entry("a") + &entry("b")), &[]);
        assert!(found[0].starts_with("regions[1].store:"), "{found:?}");
    }

    #[test]
    fn without_tls_only_a_loopback_address_is_served() {
        let text = "[server]\nlisten = \"0.0.0.0:8443\"\n[tls]\nmode = \"off\"";
        assert!(refusals(text, &[])[0].starts_with("tls.mode:"));
    }
}
