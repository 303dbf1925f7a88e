//! Uploads of disk files: announced, received in parts, and kept until a version is made of them. Rules A7, B16, B18.

mod list;
mod receive;
mod refusal;
mod sweep;

use std::path::PathBuf;

use bytes::Bytes;
use domain::activity::ActivityResult;
use domain::job::JobState;
use domain::rbac::Action;
use domain::upload::{UploadInput, UploadView, format_of};
use domain::{Code, DiskSize, OpContext, Problem, Rule, Violation};
use futures::Stream;
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter,
    QuerySelect,
};
use store::entity::upload::{ActiveModel, Column, Entity, Model};
use store::entity::{gallery, job};
use uuid::Uuid;

use crate::{Result, Services};
use list::view;
use receive::{Part, size};

impl Services {
    /// Announces a disk file for a gallery; its bytes follow with [`Services::upload_append`].
    ///
    /// # Errors
    /// `InvalidRequest` with every broken rule, `InsufficientStorage` when it would not fit beside what other
    /// uploads were promised, `ResourceNotFound` and `AuthorizationFailed` for the gallery.
    pub async fn upload_create(&self, ctx: &OpContext, input: UploadInput) -> Result<UploadView> {
        let gallery = self
            .find_for::<gallery::Entity>(ctx, input.gallery, Action::VersionWrite)
            .await?;
        Problem::unless_empty(input.check(self.settings().limits.upload_bytes))?;
        let format = format_of(&input.file_name).ok_or_else(|| {
            Problem::from_violations(vec![Violation::new(Rule::Required, "fileName")])
        })?;
        let keep = chrono::TimeDelta::from_std(self.settings().upload_keep)
            .unwrap_or(chrono::TimeDelta::MAX);
        let tx = self.inner.store.begin().await?;
        self.space_check(&tx, input.size_bytes).await?;
        let row = ActiveModel {
            id: Set(self.new_id()),
            tenant_id: Set(ctx.tenant()),
            gallery_id: Set(gallery.id),
            file_name: Set(input.file_name.trim().to_owned()),
            format: Set(format.to_owned()),
            size_bytes: Set(i64::try_from(input.size_bytes).unwrap_or(i64::MAX)),
            received_bytes: Set(0),
            expected_checksum: Set(input.checksum.to_ascii_lowercase()),
            checksum: Set(None),
            created_by: Set(ctx.caller.user_name.clone()),
            created_at: Set(ctx.now),
            expires_at: Set(ctx.now + keep),
            job_id: Set(None),
        };
        let row = row.insert(&tx).await?;
        let detail = format!(
            "{} of {}",
            row.file_name,
            DiskSize::from_bytes(input.size_bytes)
        );
        self.record_begun(&tx, ctx, "upload_create", &gallery.resource_id, detail)
            .await?;
        tx.commit().await?;
        Ok(view(row, &gallery, 0))
    }

    /// An upload, and how much of it has arrived.
    ///
    /// # Errors
    /// `ResourceNotFound` for who may not write to its gallery.
    pub async fn upload_get(&self, ctx: &OpContext, id: Uuid) -> Result<UploadView> {
        let (row, gallery) = self.upload_find(ctx, id).await?;
        let arrived = self.arrived(&row).await?;
        Ok(view(row, &gallery, arrived))
    }

    /// Receives bytes from `offset` on, and checks the whole file once it is complete.
    ///
    /// What arrived stays when the stream breaks off; the next call goes on there. Calling again with nothing to
    /// send finishes a file whose check was interrupted.
    ///
    /// # Errors
    /// `Conflict` when `offset` is not where the file ends (the message names it) or somebody else is sending,
    /// `PayloadTooLarge` for more than was announced, `InsufficientStorage`, and `InvalidRequest` with
    /// `ChecksumMismatch`, after which the upload is gone.
    pub async fn upload_append(
        &self,
        ctx: &OpContext,
        id: Uuid,
        offset: u64,
        bytes: impl Stream<Item = std::io::Result<Bytes>> + Send + Unpin,
    ) -> Result<UploadView> {
        self.upload_find(ctx, id).await?;
        let mut part = Part::open(&self.upload_path(id)).await?;
        // Read again now that nobody else can send: it may have been finished or deleted meanwhile.
        let (row, gallery) = match self.upload_find(ctx, id).await {
            Ok(found) => found,
            Err(error) => {
                part.remove().await;
                return Err(error);
            }
        };
        if row.checksum.is_some() {
            let arrived = size(row.size_bytes);
            return Ok(view(row, &gallery, arrived));
        }
        part.begin(offset)?;
        let outcome = self.upload_receive(&mut part, &row, bytes).await;
        part.sync().await?;
        self.upload_mark(id, part.arrived()).await?;
        outcome?;
        if part.arrived() < size(row.size_bytes) {
            return Ok(view(row, &gallery, part.arrived()));
        }
        self.upload_finish(ctx, &part, row, &gallery).await
    }

    /// Throws an upload away.
    ///
    /// # Errors
    /// `ResourceInUse` while a version is made of it.
    pub async fn upload_delete(&self, ctx: &OpContext, id: Uuid) -> Result<()> {
        let (_, gallery) = self.upload_find(ctx, id).await?;
        let tx = self.inner.store.begin().await?;
        let row = Entity::find_by_id(id).one(&tx).await?.ok_or_else(missing)?;
        if self.is_used(&tx, &row).await? {
            let message = format!(
                "A version is being made of “{}”. Cancel that first.",
                row.file_name
            );
            return Err(Problem::new(Code::ResourceInUse, message).into());
        }
        Entity::delete_by_id(id).exec(&tx).await?;
        self.record_done(
            &tx,
            ctx,
            "upload_delete",
            &gallery.resource_id,
            row.file_name,
        )
        .await?;
        tx.commit().await?;
        // Whoever still sends to it finds the row gone; a file that stays behind is swept.
        receive::remove(&self.upload_path(id)).await;
        Ok(())
    }

    /// Where an upload's bytes are, complete or not.
    pub(crate) fn upload_path(&self, id: Uuid) -> PathBuf {
        self.engine().uploads_dir().join(receive::file_name(id))
    }

    /// Finds an upload of the tenant with its gallery; who may not write versions there does not know of it.
    async fn upload_find(&self, ctx: &OpContext, id: Uuid) -> Result<(Model, gallery::Model)> {
        let query = Entity::find_by_id(id).filter(Column::TenantId.eq(ctx.tenant()));
        let row = query.one(self.db()).await?.ok_or_else(missing)?;
        let gallery = gallery::Entity::find_by_id(row.gallery_id)
            .one(self.db())
            .await?
            .ok_or_else(missing)?;
        if !ctx.may(Action::VersionWrite, &gallery.resource_key) {
            return Err(missing().into());
        }
        Ok((row, gallery))
    }

    /// Bytes that arrived: what the file holds, because a call that broke off could not write its row.
    async fn arrived(&self, row: &Model) -> Result<u64> {
        if row.checksum.is_some() {
            return Ok(size(row.size_bytes));
        }
        match tokio::fs::metadata(self.upload_path(row.id)).await {
            Ok(facts) => Ok(facts.len().min(size(row.size_bytes))),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(0),
            Err(error) => Err(error.into()),
        }
    }

    /// Refuses a file that does not fit beside what other unfinished uploads still have to send.
    async fn space_check(&self, tx: &impl ConnectionTrait, wanted: u64) -> Result<()> {
        let promised: Vec<(i64, i64)> = Entity::find()
            .select_only()
            .column(Column::SizeBytes)
            .column(Column::ReceivedBytes)
            .filter(Column::Checksum.is_null())
            .into_tuple()
            .all(tx)
            .await?;
        let outstanding: u64 = promised
            .iter()
            .map(|(all, received)| size(all - received))
            .sum();
        let free = self
            .engine()
            .uploads_free_bytes()?
            .saturating_sub(outstanding);
        if wanted <= free {
            return Ok(());
        }
        let (wanted, free) = (DiskSize::from_bytes(wanted), DiskSize::from_bytes(free));
        let message = format!(
            "The file has {wanted}, but only {free} are free for uploads. Ask your administrator to make room."
        );
        Err(Problem::new(Code::InsufficientStorage, message)
            .at("sizeBytes")
            .into())
    }

    async fn is_used(&self, tx: &impl ConnectionTrait, row: &Model) -> Result<bool> {
        let Some(id) = row.job_id else {
            return Ok(false);
        };
        let job = job::Entity::find_by_id(id).one(tx).await?;
        Ok(job.is_some_and(|job| !JobState::parse(&job.state).is_some_and(JobState::is_over)))
    }

    /// Sums the complete file and keeps it, or throws it away when it is not the one that was announced.
    async fn upload_finish(
        &self,
        ctx: &OpContext,
        part: &Part,
        row: Model,
        gallery: &gallery::Model,
    ) -> Result<UploadView> {
        let found = self
            .engine()
            .disks()
            .checksum(part.path(), &engine::Watch::silent())
            .await?;
        let expected = row.expected_checksum.as_str();
        let is_right = expected.is_empty() || expected == found.as_str();
        let tx = self.inner.store.begin().await?;
        if !is_right {
            Entity::delete_by_id(row.id).exec(&tx).await?;
            let violation = Violation::new(Rule::ChecksumMismatch, "checksum");
            let violation = violation
                .with("actual", found.as_str())
                .with("expected", expected);
            let detail = format!("{}: {}", row.file_name, violation.sentence());
            self.record(
                &tx,
                ctx,
                "upload_append",
                &gallery.resource_id,
                ActivityResult::Failed,
                detail,
            )
            .await?;
            tx.commit().await?;
            part.remove().await;
            return Err(Problem::from_violations(vec![violation]).into());
        }
        let kept = Entity::update_many()
            .col_expr(Column::Checksum, found.as_str().into())
            .filter(Column::Id.eq(row.id))
            .exec(&tx)
            .await?;
        if kept.rows_affected == 0 {
            return Err(missing().into());
        }
        let detail = format!("{} is complete", row.file_name);
        self.record_done(&tx, ctx, "upload_append", &gallery.resource_id, detail)
            .await?;
        tx.commit().await?;
        let row = Model {
            checksum: Some(found.to_string()),
            ..row
        };
        Ok(view(row, gallery, part.arrived()))
    }
}

fn missing() -> Problem {
    Problem::not_found("The upload")
}
