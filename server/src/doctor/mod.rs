//! `vitrine doctor`: looks at this host, and says of every finding what to do.

mod disk;
mod engine;
mod service;

use std::fmt;
use std::process::ExitCode;

use crate::config::Config;

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Grade {
    Ok,
    Warn,
    Fail,
}

/// One thing that was looked at.
#[derive(Debug)]
struct Finding {
    grade: Grade,
    what: String,
    /// What was found, and what to do where it is not well.
    detail: String,
}

impl Finding {
    fn ok(what: impl Into<String>, detail: impl Into<String>) -> Self {
        Self {
            grade: Grade::Ok,
            what: what.into(),
            detail: detail.into(),
        }
    }

    fn warn(what: impl Into<String>, detail: impl Into<String>) -> Self {
        Self {
            grade: Grade::Warn,
            what: what.into(),
            detail: detail.into(),
        }
    }

    fn fail(what: impl Into<String>, detail: impl Into<String>) -> Self {
        Self {
            grade: Grade::Fail,
            what: what.into(),
            detail: detail.into(),
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let grade = match self.grade {
            Grade::Ok => "OK  ",
            Grade::Warn => "WARN",
            Grade::Fail => "FAIL",
        };
        write!(f, "{grade}  {:28} {}", self.what, self.detail)
    }
}

/// Looks at everything, prints it, and fails when anything failed.
pub(crate) async fn run(config: &Config) -> ExitCode {
    let mut worst = Grade::Ok;
    let mut show = |findings: Vec<Finding>| {
        for finding in findings {
            worst = worst.max(finding.grade);
            println!("{finding}");
        }
    };
    show(vec![service::clock()]);
    show(disk::look(config));
    show(engine::look(config).await);
    show(service::ports(config));
    show(vec![
        service::certificate(config),
        service::database(config).await,
    ]);
    match worst {
        Grade::Ok => println!("\nThis host can do the work."),
        Grade::Warn => {
            println!("\nThis host can do the work; the warnings say what could be better.");
        }
        Grade::Fail => println!("\nThis host can't do the work yet: mend what failed."),
    }
    if worst == Grade::Fail {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    }
}
