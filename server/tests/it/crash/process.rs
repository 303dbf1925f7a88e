//! The program as a process: started, stopped in the middle of anything, killed, and asked over HTTP.

use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::os::unix::process::ExitStatusExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use rustix::process::{Pid, Signal, WaitOptions, kill_process, waitpid};
use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::{Instant, sleep};

const PROGRAM: &str = env!("CARGO_BIN_EXE_vitrine");
const PATIENCE: Duration = Duration::from_secs(60);

/// A running server.
#[derive(Debug)]
pub(crate) struct Process {
    child: Child,
    log: PathBuf,
    client: Client,
}

/// Speaks to a server, also while somebody else stops it.
#[derive(Debug, Clone)]
pub(crate) struct Client {
    address: SocketAddr,
    token: String,
}

/// An answer, read to its end.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    head: String,
    body: String,
}

impl Reply {
    /// A header's text, empty when there is none.
    pub(crate) fn header(&self, name: &str) -> &str {
        let mut lines = self.head.lines().filter_map(|line| line.split_once(':'));
        let found = lines.find(|(key, _)| key.eq_ignore_ascii_case(name));
        found.map_or("", |(_, value)| value.trim())
    }

    /// The body.
    ///
    /// # Panics
    /// When it is no JSON.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body)
            .unwrap_or_else(|error| panic!("{error} in {} {:?}", self.status, self.body))
    }
}

/// A port that nobody listens on.
pub(crate) fn free_port() -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
    listener.local_addr().expect("an address").port()
}

impl Process {
    /// Starts the server with a configuration, through the programs of `prelude` that end by becoming their last
    /// argument, and waits until it is ready.
    pub(crate) async fn start(config: &Path, prelude: &[&str], port: u16, token: &str) -> Self {
        let log = config.with_extension("log");
        let out = std::fs::OpenOptions::new()
            .create(true)
            .append(true)
            .open(&log)
            .expect("a log");
        // A test that dies takes its servers along.
        let words: Vec<&str> = [prelude, &["setpriv", "--pdeathsig=KILL", PROGRAM]].concat();
        let child = Command::new(words[0])
            .args(&words[1..])
            .args(["serve", "--config"])
            .arg(config)
            .env_clear()
            .env("PATH", "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin")
            .stdin(Stdio::null())
            .stdout(out.try_clone().expect("a log"))
            .stderr(out)
            .spawn()
            .expect("the program starts");
        let client = Client {
            address: (Ipv4Addr::LOCALHOST, port).into(),
            token: token.to_owned(),
        };
        let mut process = Self { child, log, client };
        let end = Instant::now() + PATIENCE;
        while !process.is_ready().await {
            let exit = process.child.try_wait().expect("a status");
            assert!(
                exit.is_none() && Instant::now() < end,
                "the server is not ready ({exit:?}): {}",
                process.log()
            );
            sleep(Duration::from_millis(20)).await;
        }
        process
    }

    async fn is_ready(&self) -> bool {
        let ready = self.client.send("GET", "/healthz", None).await;
        ready.is_ok_and(|reply| reply.status == 200)
    }

    pub(crate) fn client(&self) -> Client {
        self.client.clone()
    }

    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// What it wrote so far.
    pub(crate) fn log(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap_or_default()
    }

    /// Stops every thread of the process where it is; returns when they stand still.
    pub(crate) fn pause(&self) {
        kill_process(self.pid(), Signal::STOP).expect("a signal");
        let stopped = waitpid(Some(self.pid()), WaitOptions::UNTRACED).expect("a status");
        assert!(
            stopped.is_some_and(|(_, status)| status.stopped()),
            "the server ended by itself: {}",
            self.log()
        );
    }

    /// Lets it go on.
    pub(crate) fn resume(&self) {
        kill_process(self.pid(), Signal::CONT).expect("a signal");
    }

    /// Ends it as a power cut does.
    pub(crate) fn kill(mut self) {
        self.child.kill().expect("a signal");
        let status = self.child.wait().expect("a status");
        assert_eq!(status.signal(), Some(9), "{}", self.log());
    }

    fn pid(&self) -> Pid {
        Pid::from_child(&self.child)
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // Killed already, most of the time.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Client {
    /// Sends JSON, or nothing, to a path of the API.
    ///
    /// # Panics
    /// When the server does not answer.
    pub(crate) async fn call(&self, method: &str, path: &str, body: Option<Value>) -> Reply {
        let body = body.map(|body| body.to_string().into_bytes());
        let body = body
            .as_deref()
            .map(|body| ("Content-Type: application/json", body));
        self.send(method, path, body).await.expect("an answer")
    }

    /// Sends a request; the body comes with a header of its own.
    ///
    /// # Errors
    /// When the server is not there, or goes away meanwhile.
    pub(crate) async fn send(
        &self,
        method: &str,
        path: &str,
        body: Option<(&str, &[u8])>,
    ) -> std::io::Result<Reply> {
        let (header, body) = body.unwrap_or(("Accept: */*", b""));
        let head = format!(
            "{method} {path} HTTP/1.0\r\nHost: {}\r\nAuthorization: Bearer {}\r\n{header}\r\nContent-Length: {}\r\n\r\n",
            self.address,
            self.token,
            body.len()
        );
        let mut stream = TcpStream::connect(self.address).await?;
        stream.write_all(head.as_bytes()).await?;
        stream.write_all(body).await?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await?;
        let answer = String::from_utf8_lossy(&answer);
        let broken = || std::io::Error::from(std::io::ErrorKind::UnexpectedEof);
        let (head, body) = answer.split_once("\r\n\r\n").ok_or_else(broken)?;
        let status = head.split(' ').nth(1).and_then(|word| word.parse().ok());
        Ok(Reply {
            status: status.ok_or_else(broken)?,
            head: head.to_owned(),
            body: body.to_owned(),
        })
    }

    /// Watches an operation to its end, and answers it.
    ///
    /// # Panics
    /// When it is not over within a minute.
    pub(crate) async fn finished(&self, started: &Reply) -> Value {
        let address = started.header("azure-asyncoperation");
        let path = address.find("/subscriptions").map(|at| &address[at..]);
        let path = path.unwrap_or_else(|| panic!("no operation in {started:?}"));
        let end = Instant::now() + PATIENCE;
        loop {
            let operation = self.call("GET", path, None).await.json();
            let status = operation["status"].as_str().unwrap_or_default();
            if !["NotStarted", "InProgress"].contains(&status) {
                return operation;
            }
            assert!(Instant::now() < end, "still under way: {operation}");
            sleep(Duration::from_millis(50)).await;
        }
    }
}
