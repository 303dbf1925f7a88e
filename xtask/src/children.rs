//! Child processes: run to their end, or kept for as long as a value lives.

use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result, bail};

/// Runs a command that talks to the terminal itself, and fails when it fails.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let status = command
        .status()
        .with_context(|| format!("cannot start {}", told(command)))?;
    if !status.success() {
        bail!("{} ended with {status}", told(command));
    }
    Ok(())
}

/// Runs a command and gives what it printed; what it complained about is part of the error when it fails.
pub(crate) fn output(command: &mut Command) -> Result<String> {
    let output = command
        .stdin(Stdio::null())
        .output()
        .with_context(|| format!("cannot start {}", told(command)))?;
    if !output.status.success() {
        bail!(
            "{} ended with {}:\n{}",
            told(command),
            output.status,
            String::from_utf8_lossy(&output.stderr)
        );
    }
    String::from_utf8(output.stdout)
        .with_context(|| format!("{} printed something that is not text", told(command)))
}

/// True when a program of this name answers `--version`.
pub(crate) fn is_installed(command: &mut Command) -> bool {
    command
        .arg("--version")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

/// A running child that is stopped and waited for when this value goes away.
#[derive(Debug)]
pub(crate) struct Running(Child);

impl Running {
    pub(crate) fn start(command: &mut Command) -> Result<Self> {
        let child = command
            .spawn()
            .with_context(|| format!("cannot start {}", told(command)))?;
        Ok(Self(child))
    }

    /// The process's number.
    pub(crate) fn id(&self) -> u32 {
        self.0.id()
    }

    /// Waits until the child ends.
    pub(crate) fn wait(&mut self) -> Result<()> {
        self.0.wait()?;
        Ok(())
    }

    /// Fails when the child has ended by itself.
    pub(crate) fn assert_alive(&mut self) -> Result<()> {
        match self.0.try_wait()? {
            Some(status) => bail!("it ended with {status}"),
            None => Ok(()),
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // A child that is gone already is what we want; nothing can be done about any other failure here.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn told(command: &Command) -> String {
    let mut words = vec![command.get_program().to_string_lossy().into_owned()];
    words.extend(
        command
            .get_args()
            .map(|word| word.to_string_lossy().into_owned()),
    );
    words.join(" ")
}
