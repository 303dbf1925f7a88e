//! Runs other programs on data that may be hostile.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt as _};
use tokio::process::Command;

use crate::{EngineError, Watch};

/// The search path of child processes, whatever ours is.
pub(crate) const SAFE_PATH: &str = "/usr/local/bin:/usr/bin:/bin:/usr/local/sbin:/usr/sbin:/sbin";
const KEPT_OUTPUT_BYTES: usize = 4 << 20;
const KEPT_STDERR_BYTES: usize = 4 << 10;

/// What a child may use before the kernel ends it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    pub(crate) cpu_seconds: u64,
    pub(crate) memory_bytes: u64,
    pub(crate) file_bytes: u64,
    pub(crate) time: Duration,
}

/// A program with its arguments, not yet run.
///
/// The child has an empty environment, no capabilities, no way to gain any, hard resource limits, and is
/// killed when the watch cancels, when time is up, when the future is dropped, and when this process dies.
#[derive(Debug)]
pub(crate) struct Tool {
    program: PathBuf,
    arguments: Vec<OsString>,
    limits: Limits,
}

/// How a tool ended.
#[derive(Debug)]
pub(crate) struct Finished {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: Vec<u8>,
    pub(crate) stderr: String,
    program: String,
    status: String,
}

impl Finished {
    pub(crate) fn succeeded(&self) -> bool {
        self.code == Some(0)
    }

    pub(crate) fn out_of_space(&self) -> bool {
        self.stderr.contains("No space left on device")
            || self.stderr.contains("Disk quota exceeded")
    }

    /// For a failure that the caller cannot explain any better.
    pub(crate) fn into_error(self) -> EngineError {
        EngineError::Tool {
            program: self.program,
            status: self.status,
            stderr: self.stderr,
        }
    }
}

impl Tool {
    pub(crate) fn new(program: &Path, limits: Limits) -> Self {
        Self {
            program: program.to_owned(),
            arguments: Vec::new(),
            limits,
        }
    }

    pub(crate) fn arg(mut self, argument: impl Into<OsString>) -> Self {
        self.arguments.push(argument.into());
        self
    }

    pub(crate) fn args<A: Into<OsString>>(
        mut self,
        arguments: impl IntoIterator<Item = A>,
    ) -> Self {
        self.arguments.extend(arguments.into_iter().map(Into::into));
        self
    }

    pub(crate) async fn run(self, watch: &Watch) -> Result<Finished, EngineError> {
        self.run_hearing(watch, |_| {}).await
    }

    /// Runs to the end and passes each piece of standard output to `hear` as it comes.
    pub(crate) async fn run_hearing(
        self,
        watch: &Watch,
        hear: impl FnMut(&[u8]),
    ) -> Result<Finished, EngineError> {
        watch.proceed()?;
        let program = self.program.display().to_string();
        let unavailable =
            |error: std::io::Error| EngineError::unavailable(&program, error.to_string());
        let mut child = self.command().spawn().map_err(unavailable)?;
        let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
        let ended = async {
            let (status, stdout, stderr) =
                tokio::join!(child.wait(), read_out(stdout, hear), read_tail(stderr));
            status.map(|status| (status, stdout, stderr))
        };
        let result = tokio::select! {
            ended = ended => Some(ended.map_err(unavailable)?),
            () = watch.until_cancelled() => None,
            () = tokio::time::sleep(self.limits.time) => None,
        };
        let Some((status, stdout, stderr)) = result else {
            child.kill().await.map_err(unavailable)?;
            watch.proceed()?;
            let seconds = self.limits.time.as_secs();
            return Err(EngineError::refused(
                "DiskTooCostly",
                format!("The disk took longer than {seconds} s to read."),
            ));
        };
        Ok(Finished {
            code: status.code(),
            stdout,
            stderr,
            program,
            status: status.to_string(),
        })
    }

    /// `prlimit` and `setpriv` (util-linux, on every Debian) prepare the process and become the program.
    fn command(&self) -> Command {
        let mut command = Command::new("prlimit");
        command
            .arg(format!("--cpu={}", self.limits.cpu_seconds))
            .arg(format!("--as={}", self.limits.memory_bytes))
            .arg(format!("--fsize={}", self.limits.file_bytes))
            .args([
                "--core=0",
                "--",
                "setpriv",
                "--no-new-privs",
                "--pdeathsig=KILL",
            ]);
        if rustix::process::geteuid().is_root() {
            command.args(["--inh-caps=-all", "--bounding-set=-all"]);
        }
        command
            .arg("--")
            .arg(&self.program)
            .args(&self.arguments)
            .env_clear()
            .env("PATH", SAFE_PATH)
            .env("LC_ALL", "C")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true);
        command
    }
}

/// Reads all that a child says and keeps the start of it.
async fn read_out(pipe: Option<impl AsyncRead + Unpin>, mut hear: impl FnMut(&[u8])) -> Vec<u8> {
    let mut kept = Vec::new();
    let Some(mut pipe) = pipe else { return kept };
    let mut piece = [0; 4096];
    while let Ok(count @ 1..) = pipe.read(&mut piece).await {
        hear(&piece[..count]);
        let room = KEPT_OUTPUT_BYTES.saturating_sub(kept.len());
        kept.extend_from_slice(&piece[..count.min(room)]);
    }
    kept
}

/// Reads all that a child says and keeps the end of it.
async fn read_tail(pipe: Option<impl AsyncRead + Unpin>) -> String {
    let mut kept = Vec::new();
    let Some(mut pipe) = pipe else {
        return String::new();
    };
    let mut piece = [0; 4096];
    while let Ok(count @ 1..) = pipe.read(&mut piece).await {
        kept.extend_from_slice(&piece[..count]);
        let excess = kept.len().saturating_sub(KEPT_STDERR_BYTES);
        kept.drain(..excess);
    }
    String::from_utf8_lossy(&kept).trim().to_owned()
}

/// Runs file work on a thread where it may block.
pub(crate) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, EngineError> + Send + 'static,
) -> Result<T, EngineError> {
    match tokio::task::spawn_blocking(work).await {
        Ok(result) => result,
        Err(error) => match error.try_into_panic() {
            Ok(panic) => std::panic::resume_unwind(panic),
            Err(_) => Err(EngineError::Cancelled),
        },
    }
}
