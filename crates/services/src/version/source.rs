//! Where the disks of a new version come from. Rules A7, A8.

mod capture;

use domain::image::{
    HyperVGeneration, ImageInput, OsState, VersionInput, VersionSource, VersionSourceInput,
    VersionState, VersionView,
};
use domain::job::JobKind;
use domain::rbac::Action;
use domain::{Code, OpContext, Problem, ResourceId, Rule, Violation};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ConnectionTrait, DatabaseTransaction, EntityTrait,
    IntoActiveModel,
};
use serde::Serialize;
use store::entity::{image, image_version, job, lab, machine, upload};
use uuid::Uuid;

use self::capture::boots;
use super::{NewVersion, build, fits};
use crate::find::{find, hidden, only};
use crate::jobs::{CopyInput, Disk, ImportInput, SourceFile, Step};
use crate::{Error, Result, Services, Started};

impl Services {
    /// Starts the job that fits the source.
    pub(super) async fn version_source(
        &self,
        ctx: &OpContext,
        id: &ResourceId,
        image: &image::Model,
        input: &VersionInput,
    ) -> Result<Started<VersionView>> {
        match &input.source {
            VersionSourceInput::Uploads { uploads } => {
                self.version_import(ctx, id, image, input, uploads).await
            }
            VersionSourceInput::Version { resource_id } => {
                self.version_copy(ctx, id, image, input, resource_id).await
            }
            VersionSourceInput::VirtualMachine { resource_id } => {
                self.version_from_machine(ctx, id, image, input, resource_id)
                    .await
            }
            VersionSourceInput::ManagedImage { resource_id } => {
                self.version_from_image(ctx, id, image, input, resource_id)
                    .await
            }
            VersionSourceInput::Disks {
                os_disk,
                data_disks,
            } => {
                self.version_from_disks(ctx, id, image, input, os_disk, data_disks)
                    .await
            }
        }
    }

    async fn version_import(
        &self,
        ctx: &OpContext,
        id: &ResourceId,
        image: &image::Model,
        input: &VersionInput,
        uploads: &[Uuid],
    ) -> Result<Started<VersionView>> {
        if uploads.is_empty() {
            let missing = Violation::new(Rule::Required, "uploads");
            return Err(Problem::from_violations(vec![missing]).into());
        }
        let tx = self.begin_at(ctx, id).await?;
        let mut rows = Vec::new();
        for upload in uploads {
            rows.push(usable(&tx, ctx, image, *upload).await?);
        }
        let new = NewVersion {
            id,
            image,
            input,
            source: VersionSource::Upload {
                upload: rows[0].id,
                file_name: rows[0].file_name.clone(),
            },
            os_disk: 0,
            disks: u32::try_from(rows.len()).unwrap_or(u32::MAX),
        };
        let row = self.version_insert(&tx, ctx, new).await?;
        let files = rows.iter().map(|upload| SourceFile {
            path: self.upload_path(upload.id),
            format: upload.format.clone(),
            upload: Some(upload.id),
        });
        let work = ImportInput {
            files: files.collect(),
            build: build(&row, &input.targets),
        };
        let (kind, steps) = (JobKind::VersionImport, work.steps());
        let (row, job) = self
            .version_enqueue(&tx, ctx, row, kind, &work, steps)
            .await?;
        for upload in rows {
            let mut upload = upload.into_active_model();
            upload.job_id = Set(Some(job.id));
            upload.update(&tx).await?;
        }
        self.version_begin(tx, row, job).await
    }

    async fn version_copy(
        &self,
        ctx: &OpContext,
        id: &ResourceId,
        image: &image::Model,
        input: &VersionInput,
        from: &str,
    ) -> Result<Started<VersionView>> {
        let from = ResourceId::parse(from).map_err(|_| Problem::not_found("The source version"))?;
        let from = self
            .find_for::<image_version::Entity>(ctx, from, Action::VersionRead)
            .await?;
        let view = only(self.version_views(vec![from.clone()]).await?)?;
        if view.state != VersionState::Succeeded && view.state != VersionState::Updating {
            let message = "The source version is not ready yet.";
            return Err(Problem::new(Code::Conflict, message).at("source").into());
        }
        let properties: ImageInput = serde_json::from_value(image.properties.clone())?;
        let origin = image::Entity::find_by_id(from.image_id)
            .one(self.db())
            .await?;
        let origin = origin.ok_or_else(|| Error::internal("a version without definition"))?;
        let origin: ImageInput = serde_json::from_value(origin.properties)?;
        let mut found = fits(&properties, view.os_state, view.os_type);
        found.extend(boots(&properties, Some(origin.hyper_v_generation)));
        Problem::unless_empty(found)?;
        let disks: Vec<Disk> = serde_json::from_value(from.disks)?;
        let origin = ResourceId::from_stored(from.resource_id.clone());
        let tx = self.begin_at(ctx, id).await?;
        let new = NewVersion {
            id,
            image,
            input,
            source: VersionSource::Version {
                version: from.id,
                resource_id: from.resource_id,
            },
            os_disk: view.os_disk.bytes(),
            disks: u32::try_from(disks.len()).unwrap_or(u32::MAX),
        };
        let row = self.version_insert(&tx, ctx, new).await?;
        self.share_used(&tx, ctx, &origin, id).await?;
        let work = CopyInput {
            build: build(&row, &input.targets),
            from: from.id,
            disks,
        };
        let (kind, steps) = (JobKind::VersionCopy, work.steps());
        let (row, job) = self
            .version_enqueue(&tx, ctx, row, kind, &work, steps)
            .await?;
        self.version_begin(tx, row, job).await
    }

    async fn version_export(
        &self,
        ctx: &OpContext,
        id: &ResourceId,
        image: &image::Model,
        input: &VersionInput,
        machine: &str,
    ) -> Result<Started<VersionView>> {
        let machine = ResourceId::parse(machine).map_err(|_| Problem::not_found("The machine"))?;
        let machine = find::<machine::Entity>(self.db(), ctx, &machine.into()).await?;
        let lab = match machine.lab_id {
            Some(id) => lab::Entity::find_by_id(id).one(self.db()).await?,
            None => None,
        };
        let lab = lab.ok_or_else(|| Problem::not_found("The lab"))?;
        ctx.authorize(Action::LabWrite, Action::LabRead, &lab.resource_key)
            .map_err(hidden::<machine::Entity>)?;
        let properties: ImageInput = serde_json::from_value(image.properties.clone())?;
        let lab_image: domain::lab::LabImage = serde_json::from_value(lab.image.clone())?;
        let generation = HyperVGeneration::parse(&machine.firmware);
        let mut found = fits(&properties, OsState::Specialized, lab_image.os_type);
        found.extend(boots(&properties, generation));
        Problem::unless_empty(found)?;
        // The machine's own region is where the image is made; the wish for a source region must agree. Rule A81.
        if input.location != machine.region {
            let violation = Violation::new(Rule::SourceRegionMissing, "location")
                .with("region", &machine.region);
            return Err(Problem::from_violations(vec![violation]).into());
        }
        let tx = self.begin_at(ctx, id).await?;
        let new = NewVersion {
            id,
            image,
            input,
            source: VersionSource::TemplateVm {
                lab: lab.id,
                machine: machine.id,
                resource_id: machine.resource_id,
            },
            os_disk: machine.os_disk_bytes.unsigned_abs(),
            disks: machine.disk_count.unsigned_abs(),
        };
        let row = self.version_insert(&tx, ctx, new).await?;
        let work = build(&row, &input.targets);
        let (row, job) = self
            .export_enqueue(&tx, ctx, &lab, machine.id, row, work)
            .await?;
        self.version_begin(tx, row, job).await
    }

    /// Enqueues the job that makes a version, and ties the version to it.
    pub(crate) async fn version_enqueue(
        &self,
        tx: &impl ConnectionTrait,
        ctx: &OpContext,
        row: image_version::Model,
        kind: JobKind,
        work: &impl Serialize,
        steps: Vec<Step>,
    ) -> Result<(image_version::Model, job::Model)> {
        let job = self
            .job_enqueue(tx, ctx, kind, &row.resource_id, work, steps)
            .await?;
        let mut row = row.into_active_model();
        row.job_id = Set(Some(job.id));
        let row = row.update(tx).await?;
        let detail = kind.to_string();
        self.record_begun(tx, ctx, "version_create", &row.resource_id, detail)
            .await?;
        Ok((row, job))
    }

    /// Commits a version and its job, and lets the job begin.
    async fn version_begin(
        &self,
        tx: DatabaseTransaction,
        row: image_version::Model,
        job: job::Model,
    ) -> Result<Started<VersionView>> {
        let job = self.job_begin(tx, job).await?;
        let value = only(self.version_views(vec![row]).await?)?;
        Ok(Started { value, job })
    }
}

/// An upload for the definition's gallery that has arrived and that no job works on.
async fn usable(
    tx: &impl ConnectionTrait,
    ctx: &OpContext,
    image: &image::Model,
    id: Uuid,
) -> Result<upload::Model> {
    let found = upload::Entity::find_by_id(id).one(tx).await?;
    let row =
        found.filter(|row| row.tenant_id == ctx.tenant() && row.gallery_id == image.gallery_id);
    let row = row.ok_or_else(|| Problem::not_found("The upload"))?;
    let message = if row.checksum.is_none() {
        format!(
            "“{}” has not arrived whole yet; finish the upload first.",
            row.file_name
        )
    } else if row.job_id.is_some() {
        format!("“{}” is being imported already.", row.file_name)
    } else {
        return Ok(row);
    };
    Err(Problem::new(Code::Conflict, message).at("uploads").into())
}
