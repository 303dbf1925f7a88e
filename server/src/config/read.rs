//! From the merged table to the sections, with refusals that name their keys.

use super::{Config, ConfigError, Finding};

/// Reads one section after the other, so that each refusal can name its own.
pub(super) fn read(table: toml::Table) -> Result<Config, ConfigError> {
    let mut findings = Vec::new();
    for (section, value) in &table {
        let probe = toml::Table::from_iter([(section.clone(), value.clone())]);
        if let Err(finding) = probe_section(section, probe) {
            findings.push(finding);
        }
    }
    if !findings.is_empty() {
        return Err(ConfigError::Refused(findings));
    }
    let whole = toml::Value::Table(table).try_into::<Config>();
    whole
        .map_err(|error| ConfigError::Refused(vec![Finding::new("configuration", error.message())]))
}

/// Deserialises one section alone, key by key where it is a table.
fn probe_section(section: &str, probe: toml::Table) -> Result<(), Finding> {
    fn is_missing(error: &toml::de::Error) -> bool {
        error.message().starts_with("missing field")
    }
    let Some(toml::Value::Table(keys)) = probe.get(section) else {
        return match toml::Value::Table(probe).try_into::<Config>() {
            Err(error) if !is_missing(&error) => Err(Finding::new(section, error.message())),
            _ => Ok(()),
        };
    };
    for (key, value) in keys {
        let alone = toml::Table::from_iter([(key.clone(), value.clone())]);
        let nested = toml::Table::from_iter([(section.to_owned(), toml::Value::Table(alone))]);
        if let Err(error) = toml::Value::Table(nested).try_into::<Config>()
            && !is_missing(&error)
        {
            return Err(Finding::new(format!("{section}.{key}"), error.message()));
        }
    }
    Ok(())
}
