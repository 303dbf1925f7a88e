//! Clients that ask again and again over connections that stay open.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpStream;
use tokio::task::JoinSet;

/// Connections that ask at once.
const CONNECTIONS: usize = 4;
/// A round ends after this many answers or this long, whichever comes first.
const MOST_ANSWERS: usize = 2_000;
const LONGEST: Duration = Duration::from_secs(2);

/// An answer of status 200, read to its end.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) content_type: String,
    pub(crate) body: Vec<u8>,
}

/// Asks for one address.
#[derive(Debug)]
pub(crate) struct Client {
    request: Arc<str>,
}

impl Client {
    /// Asks with this request, headers and all.
    pub(crate) fn raw(request: String) -> Self {
        Self {
            request: request.into(),
        }
    }

    pub(crate) fn new(path: &str, cookie: &str) -> Self {
        Self::raw(format!(
            "GET {path} HTTP/1.1\r\nHost: localhost:8443\r\nCookie: {cookie}\r\nAccept: text/html, application/json\r\n\r\n"
        ))
    }

    pub(crate) async fn fetch(&self, server: SocketAddr) -> Answer {
        let mut connection = connect(server).await;
        ask(&mut connection, &self.request).await
    }

    /// Answers per second of one round; each must have about as many bytes as the first.
    pub(crate) async fn rate(&self, server: SocketAddr, bytes: usize) -> f64 {
        let asked = Arc::new(AtomicUsize::new(0));
        let start = Instant::now();
        let mut clients = JoinSet::new();
        for _ in 0..CONNECTIONS {
            let (request, asked) = (Arc::clone(&self.request), Arc::clone(&asked));
            clients.spawn(async move {
                let mut connection = connect(server).await;
                let mut answers = 0_u32;
                while start.elapsed() < LONGEST
                    && asked.fetch_add(1, Ordering::Relaxed) < MOST_ANSWERS
                {
                    let answer = ask(&mut connection, &request).await;
                    // Nonces and request ids differ, lengths hardly.
                    assert!(
                        answer.body.len().abs_diff(bytes) < 100,
                        "another page than before"
                    );
                    answers += 1;
                }
                answers
            });
        }
        let answers: u32 = clients.join_all().await.into_iter().sum();
        f64::from(answers) / start.elapsed().as_secs_f64()
    }
}

async fn connect(server: SocketAddr) -> BufReader<TcpStream> {
    let stream = TcpStream::connect(server).await.expect("a connection");
    stream.set_nodelay(true).expect("a socket option");
    BufReader::with_capacity(64 << 10, stream)
}

async fn ask(connection: &mut BufReader<TcpStream>, request: &str) -> Answer {
    connection
        .write_all(request.as_bytes())
        .await
        .expect("the request goes out");
    let status = line(connection).await;
    let (mut content_type, mut length) = (String::new(), None);
    loop {
        let header = line(connection).await;
        let Some((name, value)) = header.split_once(':') else {
            break;
        };
        match name.to_ascii_lowercase().as_str() {
            "content-type" => content_type = value.trim().to_owned(),
            "content-length" => length = value.trim().parse().ok(),
            _ => {}
        }
    }
    let body = match length {
        Some(length) => piece(connection, length).await,
        None => chunks(connection).await,
    };
    assert!(
        status.contains(" 200 "),
        "{status}: {}",
        String::from_utf8_lossy(&body)
    );
    Answer { content_type, body }
}

async fn chunks(connection: &mut BufReader<TcpStream>) -> Vec<u8> {
    let mut body = Vec::new();
    loop {
        let size = usize::from_str_radix(&line(connection).await, 16).expect("a chunk's size");
        body.append(&mut piece(connection, size).await);
        line(connection).await;
        if size == 0 {
            return body;
        }
    }
}

async fn line(connection: &mut BufReader<TcpStream>) -> String {
    let mut line = String::new();
    connection.read_line(&mut line).await.expect("a line");
    line.truncate(line.trim_end().len());
    line
}

async fn piece(connection: &mut BufReader<TcpStream>, length: usize) -> Vec<u8> {
    let mut bytes = vec![0; length];
    connection
        .read_exact(&mut bytes)
        .await
        .expect("the whole body");
    bytes
}
