//! Reads and changes a file system in a file without mounting it, with `debugfs` and `e2fsck`.
//!
//! What stands on the disk is hostile: both programs run as [`Tool`]s, and a name with a sign that could end its quotes or
//! its line is never put into a command.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use super::image::TRUSTED;
use crate::tool::Tool;
use crate::{EngineError, Watch};

/// Folders in folders are followed this far.
const DEEPEST: u32 = 32;

/// A file system in a file of its own: `e2fsck` can't recover a journal that lies behind an offset.
#[derive(Debug)]
pub(super) struct Ext4<'a> {
    file: PathBuf,
    watch: &'a Watch,
}

/// A name in a folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) name: String,
    /// Type and permissions, as `stat` writes them, in octal.
    pub(super) mode: String,
    pub(super) owner: String,
    pub(super) group: String,
}

impl Entry {
    fn is_folder(&self) -> bool {
        self.mode.starts_with("04")
    }

    /// A file of its own, not a link to one.
    pub(super) fn is_file(&self) -> bool {
        self.mode.starts_with("10")
    }
}

impl<'a> Ext4<'a> {
    pub(super) fn new(file: &Path, watch: &'a Watch) -> Self {
        Self {
            file: file.to_owned(),
            watch,
        }
    }

    /// Brings the journal and the tables in line; with `discard`, what no file holds becomes zeros.
    ///
    /// # Errors
    /// `Refused` with code `DiskCorrupt`, `Tool`, `Cancelled`.
    pub(super) async fn check(&self, discard: bool) -> Result<(), EngineError> {
        let mut tool = Tool::new(Path::new("e2fsck"), TRUSTED).args(["-f", "-y"]);
        if discard {
            tool = tool.args(["-E", "discard"]);
        }
        let finished = tool.arg(&self.file).run(self.watch).await?;
        match finished.code {
            Some(0 | 1) => Ok(()),
            Some(code) if code & 4 != 0 => Err(EngineError::refused(
                "DiskCorrupt",
                "The machine's file system is damaged and can't be repaired.",
            )),
            _ => Err(finished.into_error()),
        }
    }

    /// The names in a folder; none where there is no such folder.
    ///
    /// # Errors
    /// `Tool`, `Cancelled`.
    pub(super) async fn list(&self, folder: &str) -> Result<Vec<Entry>, EngineError> {
        let Some(folder) = quoted(folder) else {
            return Ok(Vec::new());
        };
        let said = self.ask(&format!("ls -p {folder}")).await?;
        let said = String::from_utf8_lossy(&said);
        Ok(said.lines().filter_map(entry).collect())
    }

    /// The entry of a path.
    ///
    /// # Errors
    /// `Tool`, `Cancelled`.
    pub(super) async fn find(&self, path: &str) -> Result<Option<Entry>, EngineError> {
        let Some((folder, name)) = path.rsplit_once('/') else {
            return Ok(None);
        };
        let folder = if folder.is_empty() { "/" } else { folder };
        let mut entries = self.list(folder).await?.into_iter();
        Ok(entries.find(|entry| entry.name == name))
    }

    /// A file's text; none where there is no such file.
    ///
    /// # Errors
    /// `Tool`, `Cancelled`.
    pub(super) async fn read(&self, path: &str) -> Result<Option<String>, EngineError> {
        match (self.find(path).await?, quoted(path)) {
            (Some(entry), Some(path)) if entry.is_file() => {
                let said = self.ask(&format!("cat {path}")).await?;
                Ok(Some(String::from_utf8_lossy(&said).into_owned()))
            }
            _ => Ok(None),
        }
    }

    /// Makes all changes in one go.
    ///
    /// # Errors
    /// `Io`, `Tool`, `Cancelled`.
    pub(super) async fn apply(&self, changes: &Changes) -> Result<(), EngineError> {
        let folder = self.file.with_extension("changes");
        let made = self.run_changes(changes, &folder).await;
        let removed = tokio::fs::remove_dir_all(&folder).await;
        made?;
        removed.map_err(|source| EngineError::io("remove", &folder, source))
    }

    async fn run_changes(&self, changes: &Changes, folder: &Path) -> Result<(), EngineError> {
        let write = async |path: &Path, text: &str| {
            let written = tokio::fs::write(path, text).await;
            written.map_err(|source| EngineError::io("write", path, source))
        };
        tokio::fs::create_dir_all(folder)
            .await
            .map_err(|source| EngineError::io("make folder", folder, source))?;
        let mut script = String::new();
        for path in &changes.removed {
            let _ = writeln!(script, "rm {path}");
        }
        for path in &changes.emptied {
            let _ = writeln!(script, "rmdir {path}");
        }
        for (number, (path, (text, entry))) in changes.written.iter().enumerate() {
            let file = folder.join(number.to_string());
            write(&file, text).await?;
            let Some(file) = file.to_str().and_then(quoted) else {
                return Err(EngineError::unavailable(
                    folder.display().to_string(),
                    "the path can't be written in a command",
                ));
            };
            let _ = writeln!(script, "rm {path}\nwrite {file} {path}");
            let facts = [
                ("mode", format!("0{}", entry.mode.trim_start_matches('0'))),
                ("uid", entry.owner.clone()),
                ("gid", entry.group.clone()),
            ];
            for (field, value) in facts {
                let _ = writeln!(script, "set_inode_field {path} {field} {value}");
            }
        }
        let commands = folder.join("commands");
        write(&commands, &script).await?;
        let tool = Tool::new(Path::new("debugfs"), TRUSTED)
            .args(["-w", "-f"])
            .arg(&commands)
            .arg(&self.file);
        let finished = tool.run(self.watch).await?;
        if finished.succeeded() {
            Ok(())
        } else {
            Err(finished.into_error())
        }
    }

    /// Everything below a folder, what lies deepest first; the folder itself stays.
    ///
    /// # Errors
    /// `Tool`, `Cancelled`.
    pub(super) async fn below(
        &self,
        folder: &str,
        changes: &mut Changes,
    ) -> Result<(), EngineError> {
        let mut open = vec![(folder.to_owned(), 0)];
        let mut folders = Vec::new();
        while let Some((folder, depth)) = open.pop() {
            for entry in self.list(&folder).await? {
                let path = format!("{folder}/{}", entry.name);
                if !entry.is_folder() {
                    changes.remove(&path);
                } else if depth < DEEPEST {
                    open.push((path.clone(), depth + 1));
                    folders.push(path);
                }
            }
        }
        for path in folders.iter().rev() {
            changes.empty(path);
        }
        Ok(())
    }

    async fn ask(&self, request: &str) -> Result<Vec<u8>, EngineError> {
        let tool = Tool::new(Path::new("debugfs"), TRUSTED)
            .args(["-R", request])
            .arg(&self.file);
        let finished = tool.run(self.watch).await?;
        if finished.succeeded() {
            Ok(finished.stdout)
        } else {
            Err(finished.into_error())
        }
    }
}

/// What is to be done to a file system: nothing is done before [`Ext4::apply`].
#[derive(Debug, Default)]
pub(super) struct Changes {
    removed: Vec<String>,
    emptied: Vec<String>,
    written: BTreeMap<String, (String, Entry)>,
}

impl Changes {
    /// A file or link goes.
    pub(super) fn remove(&mut self, path: &str) {
        self.removed.extend(quoted(path));
    }

    /// A folder goes that is empty by then.
    pub(super) fn empty(&mut self, path: &str) {
        self.emptied.extend(quoted(path));
    }

    /// A file gets another text; owner and permissions stay.
    pub(super) fn write(&mut self, path: &str, text: String, entry: Entry) {
        if let Some(path) = quoted(path) {
            self.written.insert(path, (text, entry));
        }
    }
}

/// A path in the quotes of a command; none where a sign in it could end them or the line.
fn quoted(path: &str) -> Option<String> {
    let is_plain = !path.contains(|sign: char| sign == '"' || sign.is_control());
    is_plain.then(|| format!("\"{path}\""))
}

/// `/inode/mode/owner/group/name/size/`, as `ls -p` prints it.
fn entry(line: &str) -> Option<Entry> {
    let mut fields = line.strip_prefix('/')?.split('/');
    let inode = fields.next()?;
    let [mode, owner, group, name] = [(); 4].map(|()| fields.next());
    let name = name.filter(|name| !matches!(*name, "" | "." | ".."))?;
    let is_used = inode.parse::<u64>().is_ok_and(|inode| inode > 0);
    is_used.then(|| Entry {
        name: name.to_owned(),
        mode: mode.unwrap_or_default().to_owned(),
        owner: owner.unwrap_or_default().to_owned(),
        group: group.unwrap_or_default().to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::{entry, quoted};

    #[test]
    fn no_name_can_end_its_quotes_or_its_line() {
        assert_eq!(quoted("/a b").as_deref(), Some("\"/a b\""));
        assert_eq!(quoted("/a\" /b"), None);
        assert_eq!(quoted("/a\nwrite /etc/shadow x"), None);
    }

    #[test]
    fn listed_lines_become_entries() {
        let file = entry("/15/100644/0/42/pass wd/61/").unwrap();
        assert!(file.is_file() && !file.is_folder());
        assert_eq!((file.name.as_str(), file.group.as_str()), ("pass wd", "42"));
        assert!(entry("/16/040755/0/0/ssh//").unwrap().is_folder());
        assert_eq!(entry("/12/040755/0/0/.//"), None);
        assert_eq!(entry("/0/000000/0/0/gone//"), None);
        assert_eq!(entry("rubbish"), None);
    }
}
