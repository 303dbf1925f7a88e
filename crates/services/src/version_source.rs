//! Where the disks of a new version come from. Rules A7, A8.

use domain::activity::ActivityResult;
use domain::image::{
    ImageInput, OsState, VersionInput, VersionSource, VersionSourceInput, VersionState, VersionView,
};
use domain::job::JobKind;
use domain::rbac::Action;
use domain::{Code, OpContext, Problem, ResourceId, Rule, Violation};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, EntityTrait, IntoActiveModel};
use serde::Serialize;
use store::entity::{image, image_version, lab, machine, upload};
use uuid::Uuid;

use crate::find::hidden;
use crate::jobs::{BuildInput, CopyInput, Disk, ImportInput, SourceFile, Step};
use crate::version::fits;
use crate::{Result, Services, Started};

impl Services {
    /// Starts the job that fits the source.
    pub(crate) async fn version_source(
        &self,
        ctx: &OpContext,
        id: &ResourceId,
        image: &image::Model,
        input: VersionInput,
    ) -> Result<Started<VersionView>> {
        match input.source.clone() {
            VersionSourceInput::Uploads { uploads } => {
                self.version_from_uploads(ctx, id, image, input, &uploads)
                    .await
            }
            VersionSourceInput::Version { resource_id } => {
                self.version_copy(ctx, id, image, input, &resource_id).await
            }
            VersionSourceInput::VirtualMachine { resource_id } => {
                self.version_from_machine(ctx, id, image, input, &resource_id)
                    .await
            }
        }
    }

    async fn version_from_uploads(
        &self,
        ctx: &OpContext,
        id: &ResourceId,
        image: &image::Model,
        input: VersionInput,
        uploads: &[Uuid],
    ) -> Result<Started<VersionView>> {
        if uploads.is_empty() {
            return Err(
                Problem::from_violations(vec![Violation::new(Rule::Required, "uploads")]).into(),
            );
        }
        let tx = self.inner.store.begin().await?;
        let mut rows = Vec::new();
        for upload in uploads {
            let row = upload::Entity::find_by_id(*upload).one(&tx).await?;
            let row = row
                .filter(|row| row.tenant_id == ctx.tenant() && row.gallery_id == image.gallery_id);
            let row = row.ok_or_else(|| Problem::not_found("The upload"))?;
            if row.checksum.is_none() {
                let message = format!(
                    "“{}” has not arrived whole yet; finish the upload first.",
                    row.file_name
                );
                return Err(Problem::new(Code::Conflict, message).at("uploads").into());
            }
            if row.job_id.is_some() {
                let message = format!("“{}” is being imported already.", row.file_name);
                return Err(Problem::new(Code::Conflict, message).at("uploads").into());
            }
            rows.push(row);
        }
        self.place(&tx, ctx, id).await?;
        let source = VersionSource::Upload {
            upload: rows[0].id,
            file_name: rows[0].file_name.clone(),
        };
        let disks = u32::try_from(rows.len()).unwrap_or(u32::MAX);
        let row = self
            .version_insert(&tx, ctx, id, image, &input, source, 0, disks)
            .await?;
        let files = rows.iter().map(|upload| SourceFile {
            path: self.upload_path(upload.id),
            format: upload.format.clone(),
            upload: Some(upload.id),
        });
        let job = ImportInput {
            files: files.collect(),
            build: build(&row, false, input.targets.clone(), None, disks),
        };
        let steps = job.steps();
        let started = self
            .version_start(&tx, ctx, row, JobKind::VersionImport, &job, steps)
            .await?;
        for upload in rows {
            let mut active = upload.into_active_model();
            active.job_id = Set(Some(started.1));
            active.update(&tx).await?;
        }
        tx.commit().await?;
        self.version_started(started.0, started.1).await
    }

    async fn version_copy(
        &self,
        ctx: &OpContext,
        id: &ResourceId,
        image: &image::Model,
        input: VersionInput,
        from: &str,
    ) -> Result<Started<VersionView>> {
        let from = ResourceId::parse(from).map_err(|_| Problem::not_found("The source version"))?;
        let from = self
            .version_find(ctx, &from.into(), Action::VersionRead)
            .await?;
        let from_view = self.version_view(from.clone()).await?;
        if from_view.state != VersionState::Succeeded && from_view.state != VersionState::Updating {
            return Err(
                Problem::new(Code::Conflict, "The source version is not ready yet.")
                    .at("source")
                    .into(),
            );
        }
        let properties: ImageInput = serde_json::from_value(image.properties.clone())?;
        Problem::unless_empty(fits(&properties, from_view.os_state, from_view.os_type))?;
        let disks: Vec<Disk> = serde_json::from_value(from.disks.clone())?;
        let tx = self.inner.store.begin().await?;
        self.place(&tx, ctx, id).await?;
        let source = VersionSource::Version {
            version: from.id,
            resource_id: from.resource_id.clone(),
        };
        let count = u32::try_from(disks.len()).unwrap_or(u32::MAX);
        let row = self
            .version_insert(
                &tx,
                ctx,
                id,
                image,
                &input,
                source,
                from_view.os_disk.bytes(),
                count,
            )
            .await?;
        let job = CopyInput {
            build: build(&row, false, input.targets.clone(), None, count),
            from: from.id,
            disks,
        };
        let steps = job.steps();
        let (row, job) = self
            .version_start(&tx, ctx, row, JobKind::VersionCopy, &job, steps)
            .await?;
        tx.commit().await?;
        self.version_started(row, job).await
    }

    async fn version_from_machine(
        &self,
        ctx: &OpContext,
        id: &ResourceId,
        image: &image::Model,
        input: VersionInput,
        machine: &str,
    ) -> Result<Started<VersionView>> {
        let machine = ResourceId::parse(machine).map_err(|_| Problem::not_found("The machine"))?;
        let machine = crate::find::find::<machine::Entity>(self.db(), ctx, &machine.into()).await?;
        let lab = lab::Entity::find_by_id(machine.lab_id)
            .one(self.db())
            .await?;
        let lab = lab.ok_or_else(|| Problem::not_found("The lab"))?;
        ctx.authorize(Action::LabWrite, Action::LabRead, &lab.resource_key)
            .map_err(hidden::<machine::Entity>)?;
        let properties: ImageInput = serde_json::from_value(image.properties.clone())?;
        let lab_image: domain::lab::LabImage = serde_json::from_value(lab.image.clone())?;
        Problem::unless_empty(fits(&properties, OsState::Specialized, lab_image.os_type))?;
        let tx = self.inner.store.begin().await?;
        self.place(&tx, ctx, id).await?;
        let source = VersionSource::TemplateVm {
            lab: lab.id,
            machine: machine.id,
            resource_id: machine.resource_id.clone(),
        };
        let disks = machine.disk_count.unsigned_abs();
        let os_disk = machine.os_disk_bytes.unsigned_abs();
        // The machine's own region is where the image is made; the wish for a source region must agree. Rule A81.
        if input.location != machine.region {
            let violation = Violation::new(Rule::SourceRegionMissing, "location")
                .with("region", &machine.region);
            return Err(Problem::from_violations(vec![violation]).into());
        }
        let row = self
            .version_insert(&tx, ctx, id, image, &input, source, os_disk, disks)
            .await?;
        let build = build(&row, false, input.targets.clone(), None, disks);
        let (row, job) = self
            .export_start(&tx, ctx, &lab, machine.id, row, build)
            .await?;
        tx.commit().await?;
        self.version_started(row, job).await
    }

    /// Enqueues the job that makes a version, and ties the version to it.
    pub(crate) async fn version_start(
        &self,
        tx: &impl sea_orm::ConnectionTrait,
        ctx: &OpContext,
        row: image_version::Model,
        kind: JobKind,
        input: &impl Serialize,
        steps: Vec<Step>,
    ) -> Result<(image_version::Model, Uuid)> {
        let job = self
            .job_enqueue(tx, ctx, kind, &row.resource_id, input, steps)
            .await?;
        let mut active = row.into_active_model();
        active.job_id = Set(Some(job.id));
        let row = active.update(tx).await?;
        self.record(
            tx,
            ctx,
            "version_create",
            &row.resource_id,
            ActivityResult::Accepted,
            kind.to_string(),
        )
        .await?;
        Ok((row, job.id))
    }

    async fn version_started(
        &self,
        row: image_version::Model,
        job: Uuid,
    ) -> Result<Started<VersionView>> {
        self.job_wake();
        let job = store::entity::job::Entity::find_by_id(job)
            .one(self.db())
            .await?;
        let job = job.ok_or_else(|| crate::Error::internal("a job's row is gone"))?;
        Ok(Started {
            value: self.version_view(row).await?,
            job: self.job_view(self.db(), job).await?,
        })
    }
}

/// What the job must know of a version that was just inserted.
pub(crate) fn build(
    row: &image_version::Model,
    created_image: bool,
    targets: Vec<domain::image::TargetRegion>,
    plan: Option<Uuid>,
    disks: u32,
) -> BuildInput {
    BuildInput {
        version: row.id,
        image: row.image_id,
        created_image,
        source_region: row.location.clone(),
        targets,
        plan,
        disks,
    }
}
