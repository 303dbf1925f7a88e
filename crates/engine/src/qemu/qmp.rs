//! QEMU's control protocol: one JSON object a line.
//!
//! Ours rather than a crate's: five commands are used, and the crate generates types for a thousand.

use std::io;
use std::path::Path;
use std::time::Duration;

use serde::Deserialize;
use serde_json::{Value, json};
use tokio::io::{
    AsyncBufReadExt as _, AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _, BufReader,
};
use tokio::net::UnixStream;
use tokio::time::timeout;

use super::socket;

const PATIENCE: Duration = Duration::from_secs(10);
const LONGEST_LINE: u64 = 1 << 20;

/// A connection that is ready for commands.
#[derive(Debug)]
pub(super) struct Qmp<S> {
    stream: BufReader<S>,
}

#[derive(Deserialize)]
struct Reply {
    #[serde(rename = "return")]
    value: Option<Value>,
    error: Option<Refusal>,
}

#[derive(Deserialize)]
struct Refusal {
    desc: String,
}

impl Qmp<UnixStream> {
    pub(super) async fn connect(folder: &Path) -> io::Result<Self> {
        Self::greet(socket::connect(folder, "qmp.sock").await?).await
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> Qmp<S> {
    /// Reads the greeting and leaves negotiation mode.
    pub(super) async fn greet(stream: S) -> io::Result<Self> {
        let mut qmp = Self {
            stream: BufReader::new(stream),
        };
        timeout(PATIENCE, qmp.line()).await??;
        qmp.execute("qmp_capabilities", json!({})).await?;
        Ok(qmp)
    }

    /// Runs a command and passes over events until its reply.
    pub(super) async fn execute(&mut self, command: &str, arguments: Value) -> io::Result<Value> {
        let mut request = json!({ "execute": command, "arguments": arguments }).to_string();
        request.push('\n');
        timeout(PATIENCE, async {
            self.stream.write_all(request.as_bytes()).await?;
            self.stream.flush().await?;
            loop {
                let reply: Reply = serde_json::from_str(&self.line().await?)?;
                if let Some(refusal) = reply.error {
                    return Err(io::Error::other(format!(
                        "QEMU refused {command}: {}",
                        refusal.desc
                    )));
                }
                if let Some(value) = reply.value {
                    return Ok(value);
                }
            }
        })
        .await?
    }

    async fn line(&mut self) -> io::Result<String> {
        let mut line = String::new();
        let count = (&mut self.stream)
            .take(LONGEST_LINE)
            .read_line(&mut line)
            .await?;
        if count == 0 {
            Err(io::ErrorKind::UnexpectedEof.into())
        } else {
            Ok(line)
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

    use super::Qmp;

    #[tokio::test]
    async fn events_are_passed_over_and_refusals_keep_their_reason() {
        let (ours, mut theirs) = tokio::io::duplex(4096);
        let script = concat!(
            "{\"QMP\": {\"version\": {}, \"capabilities\": []}}\n",
            "{\"return\": {}}\n",
            "{\"event\": \"RESUME\", \"timestamp\": {}}\n",
            "{\"return\": {\"status\": \"running\"}}\n",
            "{\"error\": {\"class\": \"GenericError\", \"desc\": \"no\"}}\n",
        );
        theirs.write_all(script.as_bytes()).await.unwrap();
        let mut qmp = Qmp::greet(ours).await.unwrap();
        assert_eq!(
            qmp.execute("query-status", json!({})).await.unwrap(),
            json!({ "status": "running" })
        );
        assert_eq!(
            qmp.execute("quit", json!({}))
                .await
                .unwrap_err()
                .to_string(),
            "QEMU refused quit: no"
        );
        let mut asked = vec![0; 1000];
        let count = theirs.read(&mut asked).await.unwrap();
        let asked = String::from_utf8_lossy(&asked[..count]).into_owned();
        assert!(
            asked.contains(r#"{"arguments":{},"execute":"query-status"}"#),
            "{asked}"
        );
    }
}
