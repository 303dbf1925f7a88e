//! What can be seen from the text of the sources alone.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};

use crate::children;
use crate::workspace::Workspace;

/// Beyond this a file holds more than one thing.
const LONGEST_FILE_LINES: usize = 800;

/// Names that say nothing, so that everything ends up there.
const EMPTY_NAMES: [&str; 6] = ["common", "helper", "helpers", "manager", "util", "utils"];

/// Crates that only `app/src/ssr` may name.
const SERVER_CRATES: [&str; 4] = ["axum", "engine", "services", "store"];

pub(super) fn violations(workspace: &Workspace) -> Result<Vec<String>> {
    let listed = children::output(Command::new("git").current_dir(&workspace.root).args([
        "ls-files",
        "--cached",
        "--others",
        "--exclude-standard",
    ]))?;
    let mut violations = Vec::new();
    for name in listed.lines() {
        let path = Path::new(name);
        let kind = path.extension().and_then(|extension| extension.to_str());
        let full = workspace.root.join(path);
        if !matches!(kind, Some("rs" | "ts" | "css")) || !full.is_file() {
            continue;
        }
        let text = fs::read_to_string(&full).with_context(|| format!("cannot read {name}"))?;
        violations.extend(length_violation(name, &text));
        violations.extend(name_violation(path));
        if kind == Some("rs") && name.starts_with("app/src/") && !name.starts_with("app/src/ssr") {
            violations.extend(app_violations(name, &text));
        }
    }
    Ok(violations)
}

fn length_violation(name: &str, text: &str) -> Option<String> {
    let lines = text.lines().count();
    (lines > LONGEST_FILE_LINES).then(|| {
        format!(
            "{name}: {lines} lines, and {LONGEST_FILE_LINES} are the most: split it by what it does"
        )
    })
}

fn name_violation(path: &Path) -> Option<String> {
    let is_empty_name = |part: &std::ffi::OsStr| EMPTY_NAMES.iter().any(|name| part == *name);
    let named = path.file_stem().is_some_and(is_empty_name) || path.iter().any(is_empty_name);
    named.then(|| format!("{}: name it after what it does", path.display()))
}

fn app_violations(name: &str, text: &str) -> Vec<String> {
    text.lines()
        .enumerate()
        .filter_map(|(index, line)| {
            let server_crate = SERVER_CRATES
                .iter()
                .find(|server_crate| names_crate(line, server_crate))?;
            Some(format!(
                "{name}:{}: names {server_crate}; in app only src/ssr may",
                index + 1
            ))
        })
        .collect()
}

/// True when a line of code has a path that begins with this crate.
fn names_crate(line: &str, wanted: &str) -> bool {
    let code = line.split("//").next().unwrap_or_default();
    code.match_indices(wanted).any(|(at, _)| {
        let before = code[..at].chars().next_back();
        let after = &code[at + wanted.len()..];
        let starts_a_path =
            !before.is_some_and(|char| char.is_alphanumeric() || char == '_' || char == ':');
        starts_a_path
            && (after.starts_with("::")
                || code.trim_start().starts_with("use ") && after.starts_with(';'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_into_a_server_crate_is_found() {
        assert!(names_crate("use services::Services;", "services"));
        assert!(names_crate(
            "    let s = expect_context::<services::Services>();",
            "services"
        ));
        assert!(names_crate("use axum;", "axum"));
    }

    #[test]
    fn a_longer_name_a_module_of_ours_and_a_comment_are_not() {
        assert!(!names_crate("use leptos_axum::redirect;", "axum"));
        assert!(!names_crate("use crate::ssr::services::find;", "services"));
        assert!(!names_crate("// services::Services does this", "services"));
        assert!(!names_crate("let services = ssr::services();", "services"));
    }

    #[test]
    fn a_file_of_801_lines_is_too_long() {
        assert!(length_violation("a.rs", &"x\n".repeat(800)).is_none());
        assert!(length_violation("a.rs", &"x\n".repeat(801)).is_some());
    }

    #[test]
    fn a_module_named_after_nothing_is_found_as_file_and_as_folder() {
        assert!(name_violation(Path::new("app/src/utils.rs")).is_some());
        assert!(name_violation(Path::new("app/src/common/table.rs")).is_some());
        assert!(name_violation(Path::new("app/src/ui/table.rs")).is_none());
    }
}
