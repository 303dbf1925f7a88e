//! The bytes of an upload on their way to its file.
//!
//! The file's length is the truth about what arrived: a call that is cut off, or a process that is killed, leaves
//! it right without having to write anything more.

use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use bytes::Bytes;
use futures::{Stream, StreamExt};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use store::entity::upload::{Column, Entity, Model};
use tokio::fs::{File, OpenOptions};
use tokio::io::AsyncWriteExt;
use uuid::Uuid;

use super::missing;
use super::refusal::Refusal;
use crate::{Result, Services};

/// Bytes after which a row is brought up to date while its file still arrives.
const MARK_EVERY: u64 = 64 << 20;

/// An upload's file, open for the one call that may append to it.
#[derive(Debug)]
pub(super) struct Part {
    path: PathBuf,
    file: File,
    arrived: u64,
}

impl Part {
    /// Opens or makes the file and locks it against other calls, also those of other processes; the lock ends with
    /// the file's last handle, however that goes.
    pub(super) async fn open(path: &Path) -> std::result::Result<Self, Refusal> {
        let file = OpenOptions::new()
            .create(true)
            .append(true)
            .mode(0o600)
            .open(path)
            .await?;
        let file = file.into_std().await;
        match file.try_lock() {
            Ok(()) => {}
            Err(std::fs::TryLockError::WouldBlock) => return Err(Refusal::Busy),
            Err(std::fs::TryLockError::Error(error)) => return Err(error.into()),
        }
        let arrived = file.metadata()?.len();
        Ok(Self {
            path: path.to_owned(),
            file: File::from_std(file),
            arrived,
        })
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    pub(super) fn arrived(&self) -> u64 {
        self.arrived
    }

    /// Refuses bytes that do not belong at the file's end.
    pub(super) fn begin(&self, offset: u64) -> std::result::Result<(), Refusal> {
        if offset == self.arrived {
            Ok(())
        } else {
            Err(Refusal::Offset {
                arrived: self.arrived,
            })
        }
    }

    /// Writes one piece, or none of it when the file would become longer than was announced.
    async fn write(&mut self, bytes: &[u8], announced: u64) -> std::result::Result<(), Refusal> {
        let length = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        if length > announced.saturating_sub(self.arrived) {
            return Err(Refusal::TooLong { announced });
        }
        self.file.write_all(bytes).await?;
        self.arrived += length;
        Ok(())
    }

    /// Waits until everything is on the disk, and measures what is there.
    pub(super) async fn sync(&mut self) -> std::result::Result<(), Refusal> {
        let flushed = self.file.flush().await;
        self.arrived = self.file.metadata().await?.len();
        flushed?;
        Ok(self.file.sync_all().await?)
    }

    /// Removes the file; one that can't be removed is swept later.
    pub(super) async fn remove(&self) {
        remove(&self.path).await;
    }
}

/// Removes an upload's file, if it is there.
pub(super) async fn remove(path: &Path) {
    match tokio::fs::remove_file(path).await {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            tracing::warn!(error = %error, path = %path.display(), "an upload's file could not be removed");
        }
        _ => {}
    }
}

/// The name of an upload's file.
pub(super) fn file_name(id: Uuid) -> String {
    format!("{id}.part")
}

/// The upload that a file belongs to, when the name is one of ours.
pub(super) fn id_of(name: &std::ffi::OsStr) -> Option<Uuid> {
    let id = Uuid::parse_str(name.to_str()?.strip_suffix(".part")?).ok()?;
    (name == file_name(id).as_str()).then_some(id)
}

/// A length as columns hold it.
pub(super) fn size(bytes: i64) -> u64 {
    u64::try_from(bytes).unwrap_or_default()
}

impl Services {
    /// Writes the stream to the file until it ends, breaks off or would become too long.
    pub(super) async fn upload_receive(
        &self,
        part: &mut Part,
        row: &Model,
        mut bytes: impl Stream<Item = io::Result<Bytes>> + Send + Unpin,
    ) -> Result<()> {
        let mut marked = part.arrived();
        while let Some(piece) = bytes.next().await {
            let Ok(piece) = piece else {
                return Err(Refusal::BrokeOff {
                    arrived: part.arrived(),
                }
                .into());
            };
            part.write(&piece, size(row.size_bytes)).await?;
            if part.arrived() - marked >= MARK_EVERY {
                marked = part.arrived();
                self.upload_mark(row.id, marked).await?;
            }
        }
        Ok(())
    }

    /// Writes how far an upload is, and lets it live on from now.
    pub(super) async fn upload_mark(&self, id: Uuid, arrived: u64) -> Result<()> {
        let keep = chrono::TimeDelta::from_std(self.settings().upload_keep)
            .unwrap_or(chrono::TimeDelta::MAX);
        let marked = Entity::update_many()
            .col_expr(
                Column::ReceivedBytes,
                i64::try_from(arrived).unwrap_or(i64::MAX).into(),
            )
            .col_expr(Column::ExpiresAt, (self.now() + keep).into())
            .filter(Column::Id.eq(id))
            .exec(self.db())
            .await?;
        if marked.rows_affected == 0 {
            Err(missing().into())
        } else {
            Ok(())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder() -> tempfile::TempDir {
        tempfile::tempdir().expect("a folder")
    }

    #[test]
    fn only_our_own_file_names_are_swept() {
        let id = Uuid::from_u128(7);
        assert_eq!(id_of(file_name(id).as_ref()), Some(id));
        for other in [
            "notes.txt",
            ".part",
            "lost+found",
            "00000000000000000000000000000007.part",
        ] {
            assert_eq!(id_of(other.as_ref()), None, "{other}");
        }
    }

    #[tokio::test]
    async fn only_one_call_at_a_time_may_send() {
        let folder = folder();
        let path = folder.path().join("x.part");
        let first = Part::open(&path).await.expect("open");
        assert!(matches!(Part::open(&path).await, Err(Refusal::Busy)));
        drop(first);
        assert!(Part::open(&path).await.is_ok());
    }

    #[tokio::test]
    async fn an_interrupted_file_goes_on_where_it_ends() {
        let folder = folder();
        let path = folder.path().join("x.part");
        let mut part = Part::open(&path).await.expect("open");
        part.write(b"abc", 6).await.expect("written");
        part.sync().await.expect("synced");
        drop(part);
        let mut part = Part::open(&path).await.expect("open");
        assert!(matches!(part.begin(0), Err(Refusal::Offset { arrived: 3 })));
        part.begin(3).expect("the right offset");
        part.write(b"def", 6).await.expect("written");
        part.sync().await.expect("synced");
        assert_eq!(std::fs::read(&path).expect("read"), b"abcdef");
    }

    #[tokio::test]
    async fn no_byte_is_taken_beyond_the_announced_length() {
        let folder = folder();
        let mut part = Part::open(&folder.path().join("x.part"))
            .await
            .expect("open");
        part.write(b"abc", 4).await.expect("written");
        assert!(matches!(
            part.write(b"de", 4).await,
            Err(Refusal::TooLong { announced: 4 })
        ));
        part.write(b"d", 4).await.expect("written");
        part.sync().await.expect("synced");
        assert_eq!(part.arrived(), 4);
    }
}
