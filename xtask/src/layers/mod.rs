//! The architecture as a check: dependencies point one way, the browser gets no server code, files stay short.
//!
//! See docs/ARCHITECTURE.md for the reasons. To allow a new arrow, change the table in `arrows.rs` in the same
//! commit as the page.

mod arrows;
mod sources;

use anyhow::{Result, bail};

use crate::children;
use crate::workspace::Workspace;

/// What must never be compiled for the browser.
const NOT_IN_THE_BROWSER: [&str; 5] = ["axum", "rustls", "sea-orm", "sqlx", "tokio"];

/// Prints every violation, and fails when there is one.
pub(crate) fn check(workspace: &Workspace) -> Result<()> {
    let mut violations = arrows::violations(&workspace.packages);
    violations.extend(browser_violations(workspace)?);
    violations.extend(sources::violations(workspace)?);
    if violations.is_empty() {
        return Ok(());
    }
    for violation in &violations {
        eprintln!("   {violation}");
    }
    bail!(
        "{} violations of the layers (docs/ARCHITECTURE.md)",
        violations.len()
    );
}

fn browser_violations(workspace: &Workspace) -> Result<Vec<String>> {
    let tree = children::output(&mut workspace.cargo(&[
        "tree",
        "--package",
        "frontend",
        "--target",
        "wasm32-unknown-unknown",
        "--edges",
        "normal",
        "--prefix",
        "none",
        "--format",
        "{p}",
    ]))?;
    Ok(server_crates_in(&tree))
}

fn server_crates_in(tree: &str) -> Vec<String> {
    let mut found: Vec<&str> = tree
        .lines()
        .filter_map(|line| line.split_whitespace().next())
        .filter(|name| {
            NOT_IN_THE_BROWSER.iter().any(|banned| {
                name.strip_prefix(banned)
                    .is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
            })
        })
        .collect();
    found.sort_unstable();
    found.dedup();
    found
        .into_iter()
        .map(|name| format!("frontend: {name} would be compiled for the browser (cargo tree -p frontend --target wasm32-unknown-unknown -i {name})"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_crate_and_its_parts_are_found_in_the_browsers_tree() {
        let tree = "frontend v0.1.0 (/vitrine/frontend)\nsqlx-core v0.9.0\ntokio v1.0.0\ntokio v1.0.0 (*)\n";
        assert_eq!(server_crates_in(tree).len(), 2);
    }

    #[test]
    fn a_crate_whose_name_only_begins_alike_is_left_alone() {
        assert_eq!(
            server_crates_in("axumatic v1.0.0\nleptos v0.8.0\n"),
            Vec::<String>::new()
        );
    }
}
