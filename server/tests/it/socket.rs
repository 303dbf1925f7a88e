//! The server behind a real port of loopback, for what a request alone can't show: streams that last, and WebSockets.

use std::net::SocketAddr;
use std::time::Duration;

use services::identity::{Opened, Visit};
use testkit::Person;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio::time::timeout;

use crate::portal::Server;

/// Longer than anything here may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// A port, until it is dropped.
pub(crate) struct Port {
    address: SocketAddr,
    task: JoinHandle<()>,
}

/// A request that was answered, and what still comes.
pub(crate) struct Stream {
    pub(crate) status: u16,
    socket: BufReader<TcpStream>,
}

/// What the server says over a WebSocket.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Frame {
    Bytes(Vec<u8>),
    /// With the code that says why.
    Close(u16),
}

impl Server {
    /// Signs a person in; the cookie holds the secret.
    pub(crate) async fn session(&self, person: Person) -> Opened {
        let services = &self.portal.services;
        let caller = services.caller_load(person.id, person.tenant).await;
        let caller = caller.expect("a person who may sign in");
        let visit = Visit::default();
        let opened = services.session_create(&caller, None, None, &visit);
        opened.await.expect("a session")
    }
}

impl Port {
    pub(crate) async fn open(server: &Server) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("its number");
        let service = server
            .router
            .clone()
            .into_make_service_with_connect_info::<SocketAddr>();
        let task = tokio::spawn(async move {
            axum::serve(listener, service).await.expect("a server");
        });
        Self { address, task }
    }

    /// Asks as HTTP/1.0 does: what comes is the stream itself, and ends where the connection does.
    pub(crate) async fn get(&self, path: &str, cookie: Option<&str>) -> Stream {
        self.send(format!("GET {path} HTTP/1.0\r\n"), cookie).await
    }

    /// Asks for a WebSocket.
    pub(crate) async fn upgrade(&self, path: &str, cookie: Option<&str>) -> Stream {
        let head = format!(
            "GET {path} HTTP/1.1\r\nconnection: upgrade\r\nupgrade: websocket\r\n\
             sec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
        );
        self.send(head, cookie).await
    }

    async fn send(&self, mut head: String, cookie: Option<&str>) -> Stream {
        head.push_str("host: localhost:8443\r\nsec-fetch-site: same-origin\r\n");
        if let Some(secret) = cookie {
            head.push_str(&format!("cookie: __Host-vitrine={secret}\r\n"));
        }
        head.push_str("\r\n");
        let socket = TcpStream::connect(self.address)
            .await
            .expect("a connection");
        let mut socket = BufReader::new(socket);
        socket.write_all(head.as_bytes()).await.expect("sent");
        let mut stream = Stream { status: 0, socket };
        let first = stream.line().await.expect("a status");
        let status = first.split(' ').nth(1).and_then(|word| word.parse().ok());
        stream.status = status.expect("a number");
        while stream.line().await.is_some_and(|line| !line.is_empty()) {}
        stream
    }
}

impl Drop for Port {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Stream {
    /// A line without its end; none where the stream ends.
    async fn line(&mut self) -> Option<String> {
        let mut line = String::new();
        let read = timeout(PATIENCE, self.socket.read_line(&mut line));
        let length = read.await.expect("a line or an end").unwrap_or(0);
        (length > 0).then(|| line.trim_end().to_owned())
    }

    /// The next event's data; none where the stream ends.
    pub(crate) async fn event(&mut self) -> Option<String> {
        loop {
            if let Some(data) = self.line().await?.strip_prefix("data: ") {
                return Some(data.to_owned());
            }
        }
    }

    /// Sends bytes as a viewer does; a mask of zeros leaves them as they are.
    pub(crate) async fn write(&mut self, bytes: &[u8]) {
        let length = u8::try_from(bytes.len()).expect("a short message");
        assert!(length < 126, "longer lengths are written otherwise");
        let head = [0x82, 0x80 | length, 0, 0, 0, 0];
        self.socket.write_all(&head).await.expect("sent");
        self.socket.write_all(bytes).await.expect("sent");
    }

    /// The next frame.
    pub(crate) async fn frame(&mut self) -> Frame {
        let head: [u8; 2] = self.exactly(2).await.try_into().expect("two bytes");
        assert!(head[1] < 126, "a short frame");
        let bytes = self.exactly(head[1].into()).await;
        match head[0] & 0x0f {
            8 => Frame::Close(u16::from_be_bytes([bytes[0], bytes[1]])),
            _ => Frame::Bytes(bytes),
        }
    }

    async fn exactly(&mut self, length: usize) -> Vec<u8> {
        let mut bytes = vec![0; length];
        let read = timeout(PATIENCE, self.socket.read_exact(&mut bytes));
        read.await.expect("in time").expect("a whole frame");
        bytes
    }
}
