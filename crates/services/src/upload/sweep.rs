//! Throwing away uploads that nobody finished, and files that no upload speaks of.

use std::collections::HashSet;
use std::io::ErrorKind;

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect};
use store::entity::upload::{Column, Entity};
use uuid::Uuid;

use super::receive;
use crate::{Result, Services};

impl Services {
    /// Removes uploads that expired without a job, and files without an upload. Repeating it changes nothing.
    ///
    /// # Errors
    /// Internal ones alone; what could not be removed is tried again the next time.
    pub(crate) async fn upload_sweep(&self) -> Result<()> {
        let expired = Entity::delete_many()
            .filter(Column::ExpiresAt.lt(self.now()))
            .filter(Column::JobId.is_null())
            .exec(self.db())
            .await?;
        // Files first, rows second: a file is only made for a row that exists, so one without a row was deleted.
        let files = self.upload_files().await?;
        let known: HashSet<Uuid> = Entity::find()
            .select_only()
            .column(Column::Id)
            .into_tuple()
            .all(self.db())
            .await?
            .into_iter()
            .collect();
        let stray: Vec<Uuid> = files.into_iter().filter(|id| !known.contains(id)).collect();
        for id in &stray {
            receive::remove(&self.upload_path(*id)).await;
        }
        if expired.rows_affected > 0 || !stray.is_empty() {
            tracing::info!(
                upload.expired = expired.rows_affected,
                upload.files = stray.len(),
                "uploads swept"
            );
        }
        Ok(())
    }

    /// The uploads that have a file. Names that are not ours are left alone.
    async fn upload_files(&self) -> Result<Vec<Uuid>> {
        let mut entries = match tokio::fs::read_dir(self.engine().uploads_dir()).await {
            Ok(entries) => entries,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(error.into()),
        };
        let mut found = Vec::new();
        while let Some(entry) = entries.next_entry().await? {
            found.extend(receive::id_of(&entry.file_name()));
        }
        Ok(found)
    }
}
