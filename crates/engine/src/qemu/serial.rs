//! A machine's serial line, shared by several viewers.
//!
//! QEMU serves one client and writes all that the guest says to a log. So one connection per server is kept
//! while there are viewers, to type on and to hear that there is something new; every viewer reads the log, each
//! from its own place. That is how a viewer gets the history first, and nothing twice.

use std::fs::File;
use std::io;
use std::os::unix::fs::{FileExt as _, MetadataExt as _};
use std::path::Path;
use std::sync::{Arc, Weak};
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, DuplexStream, duplex};
use tokio::sync::{mpsc, watch};
use tokio::time::timeout;

use super::socket;

/// What a new viewer sees of the past, and what is kept of it.
const HISTORY_BYTES: u64 = 64 << 10;
/// How large a log grows before its start is given back to the file system.
const LOG_BYTES: u64 = 1 << 20;
/// The log is looked at this often even if QEMU's socket was quiet: it is written just after the socket.
const LOG_INTERVAL: Duration = Duration::from_millis(50);

/// The connection, while somebody looks.
#[derive(Debug, Default)]
pub(super) struct SerialLine {
    connection: Weak<Connection>,
}

#[derive(Debug)]
struct Connection {
    typed: mpsc::Sender<Vec<u8>>,
    /// Counts what was heard; closed when the machine goes off.
    heard: watch::Receiver<u64>,
}

impl SerialLine {
    pub(super) async fn attach(&mut self, folder: &Path) -> io::Result<DuplexStream> {
        let connection = match self.connection.upgrade() {
            Some(connection) if connection.heard.has_changed().is_ok() => connection,
            _ => {
                let connection = Arc::new(Connection::open(folder).await?);
                self.connection = Arc::downgrade(&connection);
                connection
            }
        };
        let log = File::open(folder.join("serial.log"))?;
        let start = log.metadata()?.len().saturating_sub(HISTORY_BYTES);
        let (viewer, ours) = duplex(HISTORY_BYTES as usize);
        tokio::spawn(serve(ours, log, start, connection));
        Ok(viewer)
    }
}

impl Connection {
    async fn open(folder: &Path) -> io::Result<Self> {
        let (mut from_guest, mut to_guest) =
            socket::connect(folder, "serial.sock").await?.into_split();
        let (typed, mut to_type) = mpsc::channel::<Vec<u8>>(16);
        let (hear, heard) = watch::channel(0_u64);
        let folder = folder.to_owned();
        // Ends with the machine, or with the last viewer, who holds `typed`.
        tokio::spawn(async move {
            let mut piece = [0; 4096];
            let mut since_trim = 0;
            loop {
                tokio::select! {
                    count = from_guest.read(&mut piece) => match count {
                        Ok(count @ 1..) => {
                            hear.send_modify(|heard| *heard += count as u64);
                            since_trim += count as u64;
                        }
                        _ => return,
                    },
                    keys = to_type.recv() => match keys {
                        Some(keys) if to_guest.write_all(&keys).await.is_ok() => {}
                        _ => return,
                    },
                }
                if since_trim > LOG_BYTES {
                    since_trim = 0;
                    trim_log(&folder);
                }
            }
        });
        Ok(Self { typed, heard })
    }
}

/// Shows the log to one viewer and types what it sends, until it leaves or the machine goes off.
async fn serve(viewer: DuplexStream, log: File, start: u64, connection: Arc<Connection>) {
    let (mut keys, mut screen) = tokio::io::split(viewer);
    let typing = async {
        let mut piece = [0; 1024];
        while let Ok(count @ 1..) = keys.read(&mut piece).await {
            if connection
                .typed
                .send(piece[..count].to_vec())
                .await
                .is_err()
            {
                break;
            }
        }
    };
    let showing = async {
        let mut heard = connection.heard.clone();
        let mut offset = start;
        let mut piece = vec![0; 16 << 10];
        let mut on = true;
        loop {
            match log.read_at(&mut piece, offset) {
                Ok(count @ 1..) => {
                    if screen.write_all(&piece[..count]).await.is_err() {
                        return;
                    }
                    offset += count as u64;
                }
                Ok(0) if on => {
                    on = !matches!(timeout(LOG_INTERVAL, heard.changed()).await, Ok(Err(_)));
                }
                _ => return,
            }
        }
    };
    tokio::select! {
        () = typing => {}
        () = showing => {}
    }
}

/// Gives the start of a long log back to the file system. Offsets stay as they are, so neither QEMU nor a viewer
/// notices, and a guest that chatters cannot fill the disk.
pub(super) fn trim_log(folder: &Path) {
    let Ok(log) = File::options().write(true).open(folder.join("serial.log")) else {
        return;
    };
    let Ok(metadata) = log.metadata() else { return };
    if metadata.blocks() * 512 <= LOG_BYTES {
        return;
    }
    let end = metadata.len().saturating_sub(HISTORY_BYTES);
    let hole = rustix::fs::FallocateFlags::PUNCH_HOLE | rustix::fs::FallocateFlags::KEEP_SIZE;
    if let Err(error) = rustix::fs::fallocate(&log, hole, 0, end) {
        tracing::debug!(%error, "a serial log could not be trimmed");
    }
}
