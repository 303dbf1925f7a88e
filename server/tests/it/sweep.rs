//! Everything that can be asked of the server, by every kind of caller: what nobody thought of when a page or a handler
//! was written shows here.
//!
//! The rows of operations, pages and server functions are checked against the program's own lists of them: one without a
//! row fails with the text to paste.

mod forms;
mod found;
mod functions;
mod operations;
mod pages;
mod roles;
mod school;
mod streams;
mod uploads;

use std::fmt::Write as _;

use uuid::{Uuid, uuid};

use crate::portal::Answer;

/// The role that is given where one is.
const READER: Uuid = uuid!("acdd72a7-3385-48ef-bd42-f606fba81ae7");

/// What is asked for, and the status that anonymous, a stranger of another tenant, a reader, a contributor and an owner
/// get.
type Row = (&'static str, [u16; 5]);

/// Who asks, in the order of a row's answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Who {
    Anonymous,
    Stranger,
    Reader,
    Contributor,
    Owner,
}

/// The owner first: a request that nobody could make would be refused for the wrong reason.
const ORDER: [Who; 5] = [
    Who::Owner,
    Who::Anonymous,
    Who::Stranger,
    Who::Reader,
    Who::Contributor,
];

/// Asks for every row as every caller, and fails with all the answers that are not the row's.
async fn ask_all(
    rows: &'static [Row],
    ask: impl AsyncFn(Who, &'static str) -> Answer,
    after_each: impl AsyncFn(),
) {
    let mut wrong = Vec::new();
    for (row, expected) in rows {
        for who in ORDER {
            let (answer, expected) = (ask(who, row).await, expected[who as usize]);
            if answer.status.as_u16() != expected {
                wrong.push(format!(
                    "{row} by {who:?}: {} instead of {expected}: {}",
                    answer.status,
                    told(&answer)
                ));
            }
        }
        after_each().await;
    }
    assert!(
        wrong.is_empty(),
        "{} answers differ:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

/// As much of an answer as helps; a page is long.
fn told(answer: &Answer) -> String {
    let text = match answer.text.split_once("<main") {
        Some((_, main)) => main,
        None => &answer.text,
    };
    let mut told: String = text.chars().take(600).collect();
    let location = answer.header("location");
    if !location.is_empty() {
        write!(told, " (location: {location})").expect("a text");
    }
    told
}

/// Fails for what is known and has no row, with the rows to paste, and for rows of what is no more. What stands behind a
/// row's `?` are variants of one page.
fn check_rows(table: &str, rows: &[Row], known: &[String], usual: [u16; 5]) {
    let name = |row: &'static str| row.split('?').next().unwrap_or(row);
    assert!(!known.is_empty(), "nothing is known for {table}");
    let missing: Vec<String> = known
        .iter()
        .filter(|known| !rows.iter().any(|(row, _)| name(row) == *known))
        .map(|known| format!("    (\"{known}\", {usual:?}),"))
        .collect();
    assert!(
        missing.is_empty(),
        "paste into {table}, then set what each caller must get:\n{}",
        missing.join("\n")
    );
    for (row, _) in rows {
        assert!(
            known.iter().any(|known| known == name(row)),
            "{row} is there no more: remove its row from {table}"
        );
    }
}
