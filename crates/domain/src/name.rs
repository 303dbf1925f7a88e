//! Names of resources, and what may stand in them.

use crate::violation::{Rule, Violation};

/// How a kind of name is built.
#[derive(Debug, Clone, Copy)]
pub struct NameRule {
    /// Fewest characters.
    pub min: usize,
    /// Most characters.
    pub max: usize,
    /// Signs allowed between letters and digits.
    pub signs: &'static str,
    /// What may stand there, in words.
    pub allowed: &'static str,
}

/// Galleries: letters, digits, underscores and periods.
pub const GALLERY: NameRule = NameRule {
    min: 1,
    max: 80,
    signs: "_.",
    allowed: "letters, digits, “_” and “.”",
};
/// Image definitions.
pub const IMAGE: NameRule = NameRule {
    min: 1,
    max: 80,
    signs: "_.-",
    allowed: "letters, digits, “_”, “.” and “-”",
};
/// Publisher, offer and SKU of a definition.
pub const TRIPLE: NameRule = NameRule {
    min: 1,
    max: 64,
    signs: "_.-",
    allowed: "letters, digits, “_”, “.” and “-”",
};
/// Resource groups.
pub const RESOURCE_GROUP: NameRule = NameRule {
    min: 1,
    max: 90,
    signs: "_.-()",
    allowed: "letters, digits, “_”, “.”, “-” and brackets",
};
/// Deployments.
pub const DEPLOYMENT: NameRule = NameRule {
    min: 1,
    max: 64,
    signs: "_.-()",
    allowed: "letters, digits, “_”, “.”, “-” and brackets",
};
/// Locks.
pub const LOCK: NameRule = NameRule {
    min: 1,
    max: 90,
    signs: "_.- ",
    allowed: "letters, digits, spaces, “_”, “.” and “-”",
};
/// Lab plans and labs.
pub const LAB: NameRule = NameRule {
    min: 1,
    max: 100,
    signs: "_.-",
    allowed: "letters, digits, “_”, “.” and “-”",
};

impl NameRule {
    /// All rules that the name breaks.
    #[must_use]
    pub fn check(&self, target: &str, name: &str) -> Vec<Violation> {
        if name.is_empty() {
            return vec![Violation::new(Rule::Required, target)];
        }
        let mut found = Vec::new();
        if name.chars().count() > self.max {
            found.push(Violation::new(Rule::TooLong, target).with("max", self.max));
        }
        if !name
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || self.signs.contains(c))
        {
            found.push(Violation::new(Rule::BadCharacters, target).with("allowed", self.allowed));
        } else if !name.starts_with(|c: char| c.is_ascii_alphanumeric()) {
            found.push(
                Violation::new(Rule::BadStart, target).with("allowed", "a letter or a digit"),
            );
        } else if !name.ends_with(|c: char| c.is_ascii_alphanumeric()) {
            found.push(Violation::new(Rule::BadEnd, target).with("allowed", "a letter or a digit"));
        }
        found
    }
}

/// Free text with a limit, such as a title or a description.
#[must_use]
pub fn text(target: &str, value: &str, min: usize, max: usize) -> Vec<Violation> {
    let count = value.trim().chars().count();
    if count == 0 && min > 0 {
        vec![Violation::new(Rule::Required, target)]
    } else if count > max {
        vec![Violation::new(Rule::TooLong, target).with("max", max)]
    } else {
        Vec::new()
    }
}

/// An address of the web, when one is given.
#[must_use]
pub fn web_address(target: &str, value: &str) -> Vec<Violation> {
    let rest = value
        .strip_prefix("https://")
        .or_else(|| value.strip_prefix("http://"));
    let is_address = rest.is_some_and(|r| {
        !r.is_empty() && !r.starts_with('/') && !value.contains(char::is_whitespace)
    });
    if value.is_empty() || (is_address && value.len() <= 2000) {
        Vec::new()
    } else {
        vec![Violation::new(Rule::NotAUrl, target)]
    }
}

/// Whether a text looks like an address that mail can be sent to: 6 to 254 characters, one `@`, a dot behind it.
#[must_use]
pub fn is_email(text: &str) -> bool {
    let Some((user, host)) = text.split_once('@') else {
        return false;
    };
    (6..=254).contains(&text.len())
        && !user.is_empty()
        && host.contains('.')
        && !host.starts_with('.')
        && !host.ends_with('.')
        && !text.contains(|c: char| c.is_whitespace() || c.is_control())
        && !host.contains('@')
}

/// The computer name of a new machine, made from the lab's name: at most 15 letters, digits and hyphens.
#[must_use]
pub fn computer_name(lab: &str) -> String {
    let mut name = String::new();
    for c in lab.chars().flat_map(char::to_lowercase) {
        let c = if c.is_ascii_alphanumeric() { c } else { '-' };
        if c != '-' || !(name.is_empty() || name.ends_with('-')) {
            name.push(c);
        }
    }
    name.truncate(15);
    let trimmed = name.trim_end_matches('-');
    let all_digits = trimmed.bytes().all(|b| b.is_ascii_digit());
    if trimmed.is_empty() || all_digits {
        format!("lab-{trimmed}")
            .trim_end_matches('-')
            .chars()
            .take(15)
            .collect()
    } else {
        trimmed.to_owned()
    }
}

/// The user name of a machine's first account.
#[must_use]
pub fn account(target: &str, name: &str) -> Vec<Violation> {
    const RESERVED: &[&str] = &[
        "root",
        "admin",
        "administrator",
        "daemon",
        "bin",
        "sys",
        "sync",
        "mail",
        "nobody",
        "sshd",
        "www-data",
        "guest",
        "test",
    ];
    if name.is_empty() {
        return vec![Violation::new(Rule::Required, target)];
    }
    let mut found = Vec::new();
    if name.len() > 20 {
        found.push(Violation::new(Rule::TooLong, target).with("max", 20));
    }
    if !name.starts_with(|c: char| c.is_ascii_lowercase()) {
        found.push(Violation::new(Rule::BadStart, target).with("allowed", "a small letter"));
    } else if !name
        .chars()
        .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '_')
    {
        found.push(
            Violation::new(Rule::BadCharacters, target)
                .with("allowed", "small letters, digits, “-” and “_”"),
        );
    }
    if RESERVED.contains(&name) {
        found.push(Violation::new(Rule::Reserved, target).with("value", name));
    }
    found
}

/// A password for a machine or a local account: 8 to 72 characters, three of four kinds.
#[must_use]
pub fn password(target: &str, password: &str) -> Vec<Violation> {
    let count = password.chars().count();
    let kinds = [
        password.chars().any(char::is_lowercase),
        password.chars().any(char::is_uppercase),
        password.chars().any(char::is_numeric),
        password.chars().any(|c| !c.is_alphanumeric()),
    ];
    let strong = kinds.iter().filter(|k| **k).count() >= 3;
    if password.is_empty() {
        vec![Violation::new(Rule::Required, target)]
    } else if !(8..=72).contains(&count) || !strong || password.chars().any(char::is_control) {
        vec![
            Violation::new(Rule::WeakPassword, target)
                .with("min", 8)
                .with("max", 72),
        ]
    } else {
        Vec::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn computer_names_are_valid_host_names() {
        for (lab, expected) in [
            ("Biology 101", "biology-101"),
            ("--Ünïcode__lab", "n-code-lab"),
            ("12345", "lab-12345"),
            ("", "lab"),
            ("a-very-long-name-of-a-lab", "a-very-long-nam"),
        ] {
            assert_eq!(computer_name(lab), expected, "{lab:?}");
        }
    }

    #[test]
    fn a_name_reports_every_rule_that_it_breaks() {
        let codes = |name: &str| {
            GALLERY
                .check("name", name)
                .iter()
                .map(|v| v.code)
                .collect::<Vec<_>>()
        };
        assert_eq!(codes(""), [Rule::Required]);
        assert_eq!(codes("a-b"), [Rule::BadCharacters]);
        assert_eq!(codes("_a"), [Rule::BadStart]);
        assert_eq!(codes("a."), [Rule::BadEnd]);
        assert_eq!(codes(&"-".repeat(81)), [Rule::TooLong, Rule::BadCharacters]);
        assert_eq!(codes("Biology_2027.v1"), []);
    }

    #[test]
    fn mail_needs_a_user_and_a_host_with_a_dot() {
        for bad in [
            "",
            "ada",
            "@school.example",
            "ada@school",
            "ada@.example",
            "ada@school.",
            "a b@school.example",
            "ada@b@school.example",
            "ada\u{7}@school.example",
            "a@b.c",
        ] {
            assert!(!is_email(bad), "{bad:?} was taken");
        }
        assert!(!is_email(&format!("{}@school.example", "a".repeat(240))));
        assert!(is_email("a@b.cd") && is_email("ada+labs@school.example"));
    }

    #[test]
    fn web_addresses_need_a_scheme_and_a_host() {
        for bad in [
            "school.example",
            "javascript:alert(1)",
            "https://",
            "http:///x",
            "https://a b",
        ] {
            assert!(!web_address("eula", bad).is_empty(), "{bad:?} was taken");
        }
        assert!(web_address("eula", "").is_empty());
        assert!(web_address("eula", "https://school.example/eula").is_empty());
    }
}
