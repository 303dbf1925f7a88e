//! Every check and every test, in the order in which a mistake shows soonest.

mod harness;
mod parts;
mod postgres;

use std::time::{Duration, Instant};

use anyhow::{Result, bail};

use crate::workspace::Workspace;
use harness::Harness;
use parts::{PARTS, Part};

/// Runs the named parts, or all but some; stops at the first that fails, and says how long each took.
pub(crate) fn run(workspace: &Workspace, only: &[String], except: &[String]) -> Result<()> {
    let parts = chosen(only, except)?;
    let mut harness = Harness::new(workspace);
    let mut took: Vec<(&str, Duration)> = Vec::new();
    let begun = Instant::now();
    for (index, part) in parts.iter().enumerate() {
        println!(
            "[{}/{}] {} ({} s so far)",
            index + 1,
            parts.len(),
            part.what,
            begun.elapsed().as_secs()
        );
        let part_begun = Instant::now();
        let result = (part.run)(&mut harness);
        took.push((part.name, part_begun.elapsed()));
        if let Err(error) = result {
            println!(
                "FAILED in {}. {}",
                part.name,
                summary(&took, begun.elapsed())
            );
            println!("To repeat it alone: cargo xtask test --only {}", part.name);
            return Err(error);
        }
    }
    println!("passed. {}", summary(&took, begun.elapsed()));
    Ok(())
}

fn chosen(only: &[String], except: &[String]) -> Result<Vec<&'static Part>> {
    if let Some(unknown) = only
        .iter()
        .chain(except)
        .find(|name| PARTS.iter().all(|part| part.name != name.as_str()))
    {
        let names: Vec<&str> = PARTS.iter().map(|part| part.name).collect();
        bail!(
            "there is no part `{unknown}`; there are {}",
            names.join(", ")
        );
    }
    Ok(PARTS
        .iter()
        .filter(|part| only.is_empty() || only.iter().any(|name| name == part.name))
        .filter(|part| except.iter().all(|name| name != part.name))
        .collect())
}

fn summary(took: &[(&str, Duration)], total: Duration) -> String {
    let parts: Vec<String> = took
        .iter()
        .map(|(name, time)| format!("{name} {:.0} s", time.as_secs_f64()))
        .collect();
    format!("{} · total {:.0} s", parts.join(" · "), total.as_secs_f64())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_names_every_part_runs() {
        assert_eq!(chosen(&[], &[]).expect("all").len(), PARTS.len());
    }

    #[test]
    fn what_is_left_out_is_left_out_alone() {
        let rest = chosen(&[], &["clients".to_owned()]).expect("the rest");
        assert_eq!(rest.len(), PARTS.len() - 1);
        assert!(rest.iter().all(|part| part.name != "clients"));
    }

    #[test]
    fn an_unknown_part_is_refused_by_name_instead_of_running_nothing() {
        let refusal = chosen(&["journey".to_owned()], &[]).expect_err("unknown");
        assert!(refusal.to_string().contains("`journey`"));
    }
}
