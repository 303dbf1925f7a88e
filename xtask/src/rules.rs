//! `docs/RULES.md`: each rule, the tests that bear its id, and the screens that cite it.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::children;
use crate::workspace::Workspace;

/// Where a rule is held to and seen.
#[derive(Debug, Default)]
struct Evidence {
    tests: Vec<String>,
    screens: Vec<String>,
}

/// The page, from `docs/rules.tsv` and the sources as they are.
///
/// # Errors
/// When a source cites a rule that the list does not have.
pub(crate) fn page(workspace: &Workspace) -> Result<String> {
    let root = &workspace.root;
    let list = fs::read_to_string(root.join("docs/rules.tsv")).context("docs/rules.tsv")?;
    let mut rules: Vec<(&str, &str)> = Vec::new();
    for line in list.lines() {
        rules.push(
            line.split_once('\t')
                .context("a rule is an id, a tab and its words")?,
        );
    }
    let mut found: BTreeMap<String, Evidence> = BTreeMap::new();
    let files = children::output(Command::new("git").current_dir(root).args([
        "ls-files",
        "--cached",
        "--others",
        "--exclude-standard",
        "*.rs",
        "end2end/*.ts",
        "end2end/*.py",
    ]))?;
    for file in files.lines() {
        let Ok(text) = fs::read_to_string(root.join(file)) else {
            continue;
        };
        read(file, &text, &mut found);
    }
    let mut page = "# Rules, the tests that hold to them, and where they are seen\n\n\
        Made by `cargo xtask generate`; the rules' words are in `rules.tsv`. A test bears the id of its rule in its name \
        (`rule_a26_…`) or, where it is a journey or a client, in its text. A rule without a test is a promise or a piece \
        of advice, or it is not kept yet.\n\n| rule | what | tests | screens |\n|---|---|---|---|\n"
        .to_owned();
    for (id, words) in rules {
        let evidence = found.remove(id).unwrap_or_default();
        let (tests, screens) = (evidence.tests.join("<br>"), evidence.screens.join("<br>"));
        writeln!(page, "| {id} | {words} | {tests} | {screens} |")?;
    }
    found.retain(|id, _| id.starts_with(['A', 'B', 'C']));
    if let Some(unknown) = found.keys().next() {
        bail!("a source cites rule {unknown}, which docs/rules.tsv does not have");
    }
    Ok(page)
}

fn read(file: &str, text: &str, found: &mut BTreeMap<String, Evidence>) {
    let is_journey = file.starts_with("end2end/");
    let screen = screen(file);
    let mut note = |id: String, kind: fn(&mut Evidence) -> &mut Vec<String>, what: &str| {
        let list = kind(found.entry(id).or_default());
        if !list.iter().any(|known| known == what) {
            list.push(what.to_owned());
        }
    };
    for line in text.lines() {
        for id in test_ids(line) {
            let name = line
                .split("fn ")
                .nth(1)
                .and_then(|rest| rest.split('(').next());
            note(
                id,
                |e| &mut e.tests,
                &format!("`{}`", name.unwrap_or_default()),
            );
        }
        let cited = cited(line);
        if is_journey {
            for id in cited {
                note(
                    id,
                    |e| &mut e.tests,
                    &format!("[{0}](../{file})", base(file)),
                );
            }
        } else if let Some(screen) = screen {
            for id in cited {
                note(id, |e| &mut e.screens, screen);
            }
        }
    }
}

/// The feature of the portal that a file belongs to.
fn screen(file: &str) -> Option<&str> {
    file.strip_prefix("app/src/features/")?.split('/').next()
}

fn base(file: &str) -> &str {
    Path::new(file)
        .file_name()
        .and_then(|name| name.to_str())
        .unwrap_or(file)
}

/// The ids in the name of a test: `rule_a52_…`, `rules_a46_a50_and_a54_…`.
fn test_ids(line: &str) -> Vec<String> {
    let Some((_, name)) = line.split_once("fn rule") else {
        return Vec::new();
    };
    let name = name.strip_prefix('s').unwrap_or(name);
    let words = name.split('_').skip(1).filter(|word| *word != "and");
    words.map_while(|word| id(&word.to_uppercase())).collect()
}

/// The ids after “rule” or “rules”: `Rules A26, A27-A29 and B2`.
fn cited(line: &str) -> Vec<String> {
    let lower = line.to_lowercase();
    let mut ids = Vec::new();
    for (at, word) in lower.match_indices("rule") {
        let rest = line.get(at + word.len()..).unwrap_or_default();
        let rest = rest.strip_prefix(['s', 'S']).unwrap_or(rest);
        let mut open = None;
        for word in rest.split([' ', ',']).filter(|word| !word.is_empty()) {
            if word == "and" {
                continue;
            }
            if word == "to" {
                open = ids.pop();
                continue;
            }
            let word = word.trim_end_matches(|c: char| !c.is_ascii_alphanumeric());
            let (first, last) = word.split_once('-').unwrap_or((word, word));
            let (Some(first), Some(last)) = (id(first), id(last)) else {
                break;
            };
            ids.extend(range(open.take().as_deref().unwrap_or(&first), &last));
        }
    }
    ids
}

/// Every id from one to another of the same letter.
fn range(first: &str, last: &str) -> Vec<String> {
    let number = |id: &str| id.get(1..).and_then(|digits| digits.parse::<u32>().ok());
    match (number(first), number(last)) {
        (Some(from), Some(to)) if from <= to => {
            (from..=to).map(|n| format!("{}{n}", &first[..1])).collect()
        }
        _ => Vec::new(),
    }
}

/// The word, when it is an id.
fn id(word: &str) -> Option<String> {
    let digits = word.strip_prefix(['A', 'B', 'C', 'D'])?;
    let is_id = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    is_id.then(|| word.to_owned())
}

#[cfg(test)]
mod tests {
    use super::{cited, test_ids};

    #[test]
    fn citations_are_read_with_their_ranges() {
        assert_eq!(
            cited("/// Rules A26, A27-A29 and B2."),
            ["A26", "A27", "A28", "A29", "B2"]
        );
        assert_eq!(
            cited("rules C3 to C5 and A61, step by step"),
            ["C3", "C4", "C5", "A61"]
        );
        assert_eq!(cited("// The rule of thumb"), Vec::<String>::new());
    }

    #[test]
    fn a_test_bears_its_rules_in_its_name() {
        assert_eq!(
            test_ids("    async fn rule_a52_regions_change() {"),
            ["A52"]
        );
        assert_eq!(
            test_ids("fn rules_a46_a50_and_a54_counts() {"),
            ["A46", "A50", "A54"]
        );
    }
}
