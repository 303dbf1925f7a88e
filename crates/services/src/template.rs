//! Exporting a template VM to the gallery, always as a specialized image. Rules B5-B17.

use domain::activity::ActivityResult;
use domain::export::{ExportChoice, ExportInput, ExportPreview, lab_barriers};
use domain::image::{
    HyperVGeneration, ImageInput, OsState, TargetRegion, VersionInput, VersionSource,
    VersionSourceInput,
};
use domain::job::{JobKind, JobView};
use domain::lab::LabImage;
use domain::machine::{MachineKind, MachineState};
use domain::rbac::Action;
use domain::{Code, DiskSize, ImageVersion, OpContext, Problem, ResourceId, Rule, Violation, cost};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel,
    QueryFilter, QueryOrder,
};
use store::entity::{gallery, image, image_version, lab, lab_plan, machine};
use uuid::Uuid;

use crate::jobs::{BuildInput, ExportJob, machine_disk};
use crate::machine::machine_idle;
use crate::version_source::build;
use crate::{Error, Result, Services, Target};

/// What an export reads and where it goes.
struct Export {
    lab: lab::Model,
    machine: machine::Model,
    image: LabImage,
    plan: lab_plan::Model,
    gallery: Option<gallery::Model>,
}

impl Services {
    /// What an export would make, cost and warn of, before anything happens. Rules B2, B3, B6, A64, A65.
    ///
    /// # Errors
    /// `ResourceNotFound`, `AuthorizationFailed`; obstacles are part of the answer.
    pub async fn template_export_preview(
        &self,
        ctx: &OpContext,
        lab: impl Into<Target>,
    ) -> Result<ExportPreview> {
        let export = self.export_find(ctx, &lab.into()).await?;
        let (machine, prices) = (&export.machine, &self.settings().prices);
        let mut occupied = 0;
        for disk in 0..machine.disk_count.unsigned_abs() {
            occupied += self
                .engine()
                .disks()
                .measure(&machine_disk(self, machine.id, disk))
                .await?;
        }
        let targets = self.export_targets(&export);
        let os_disk = DiskSize::from_bytes(machine.os_disk_bytes.unsigned_abs());
        let images = self.export_images(&export).await?;
        let mut existing = Vec::new();
        for row in &images {
            let properties: ImageInput = serde_json::from_value(row.properties.clone())?;
            if suits(&properties, &export) {
                let (latest, next) = self.export_next(self.db(), row.id).await?;
                existing.push(ExportChoice {
                    id: row.id,
                    name: row.name.clone(),
                    latest,
                    next,
                });
            }
        }
        let detached = export
            .gallery
            .is_none()
            .then(|| Violation::new(Rule::GalleryNotAttached, "gallery"));
        Ok(ExportPreview {
            gallery: export.gallery.as_ref().map(|gallery| gallery.name.clone()),
            os_disk,
            occupied_bytes: occupied,
            disk_count: machine.disk_count.unsigned_abs(),
            lab_barriers: lab_barriers(os_disk, machine.disk_count.unsigned_abs()),
            monthly: cost::monthly(occupied, &targets, prices),
            egress: cost::egress(occupied, &machine.region, &targets, prices),
            targets,
            stops_machine: machine.state == MachineState::Running.to_string(),
            existing,
            taken: images
                .into_iter()
                .map(|row| row.name.to_lowercase())
                .collect(),
            obstacles: detached.into_iter().collect(),
        })
    }

    /// Exports the template VM as a new image or as a new version of one. Rules B11-B17.
    ///
    /// The definition and the version are reserved at once, so that a name can't be taken meanwhile; the version
    /// can be used when its job has published it.
    ///
    /// # Errors
    /// `InvalidRequest` with every broken rule, `AlreadyExists`, `MachineBusy`, `QuotaExceeded`.
    pub async fn template_export(
        &self,
        ctx: &OpContext,
        lab: impl Into<Target>,
        input: ExportInput,
    ) -> Result<JobView> {
        let export = self.export_find(ctx, &lab.into()).await?;
        Problem::unless_empty(input.check())?;
        let Some(gallery) = export.gallery.clone() else {
            return Err(Problem::from_violations(vec![Violation::new(
                Rule::GalleryNotAttached,
                "gallery",
            )])
            .into());
        };
        machine_idle(&export.machine)?;
        let gallery_id = ResourceId::from_stored(gallery.resource_id.clone());
        let tx = self.inner.store.begin().await?;
        self.place(&tx, ctx, &gallery_id).await?;
        let (image, created) = match input.existing {
            Some(id) => (
                self.export_existing(&tx, &export, &gallery, id).await?,
                false,
            ),
            None => (
                self.export_definition(&tx, ctx, &export, &gallery, &input)
                    .await?,
                true,
            ),
        };
        let number = match input.version.parse::<ImageVersion>() {
            Ok(number) => number,
            Err(_) => self.export_next(&tx, image.id).await?.1,
        };
        let version = VersionInput {
            location: export.machine.region.clone(),
            source: VersionSourceInput::VirtualMachine {
                resource_id: export.machine.resource_id.clone(),
            },
            targets: self.export_targets(&export),
            exclude_from_latest: false,
            end_of_life: None,
            tags: std::collections::BTreeMap::new(),
        };
        let source = VersionSource::TemplateVm {
            lab: export.lab.id,
            machine: export.machine.id,
            resource_id: export.machine.resource_id.clone(),
        };
        let id = ResourceId::from_stored(image.resource_id.clone())
            .child("versions", &number.to_string());
        let (os_disk, disks) = (
            export.machine.os_disk_bytes.unsigned_abs(),
            export.machine.disk_count.unsigned_abs(),
        );
        let row = self
            .version_insert(&tx, ctx, &id, &image, &version, source, os_disk, disks)
            .await?;
        let build = build(&row, created, version.targets, Some(export.plan.id), disks);
        let (_, job) = self
            .export_start(&tx, ctx, &export.lab, export.machine.id, row, build)
            .await?;
        tx.commit().await?;
        self.job_wake();
        let job = store::entity::job::Entity::find_by_id(job)
            .one(self.db())
            .await?;
        self.job_view(
            self.db(),
            job.ok_or_else(|| Error::internal("a job's row is gone"))?,
        )
        .await
    }

    /// Enqueues the export, and holds the machine and the version for it.
    pub(crate) async fn export_start(
        &self,
        tx: &impl ConnectionTrait,
        ctx: &OpContext,
        lab: &lab::Model,
        machine: Uuid,
        row: image_version::Model,
        build: BuildInput,
    ) -> Result<(image_version::Model, Uuid)> {
        let held = machine::Entity::find_by_id(machine)
            .one(tx)
            .await?
            .ok_or_else(|| Problem::not_found("The machine"))?;
        machine_idle(&held)?;
        let input = ExportJob { build, machine };
        let steps = input.steps();
        let job = self
            .job_enqueue(
                tx,
                ctx,
                JobKind::TemplateExport,
                &lab.resource_id,
                &input,
                steps,
            )
            .await?;
        let mut held = held.into_active_model();
        held.job_id = Set(Some(job.id));
        held.update(tx).await?;
        let mut row = row.into_active_model();
        row.job_id = Set(Some(job.id));
        let row = row.update(tx).await?;
        let detail = format!("as {}", row.resource_id);
        self.record(
            tx,
            ctx,
            "template_export",
            &lab.resource_id,
            ActivityResult::Accepted,
            detail,
        )
        .await?;
        Ok((row, job.id))
    }

    /// The lab, its template VM, plan and gallery, for a caller who may export. Rule B10.
    async fn export_find(&self, ctx: &OpContext, lab: &Target) -> Result<Export> {
        let lab = self.lab_find(ctx, lab, Action::LabWrite).await?;
        let machine = machine::Entity::find()
            .filter(machine::Column::LabId.eq(lab.id))
            .filter(machine::Column::Kind.eq(MachineKind::Template.to_string()))
            .one(self.db())
            .await?
            .ok_or_else(|| {
                Problem::new(
                    Code::Conflict,
                    "This lab has no template VM, so there is nothing to export.",
                )
            })?;
        if machine.state == MachineState::Failed.to_string()
            || machine.state == MachineState::Creating.to_string()
        {
            let message = "The template VM is not ready, so there is nothing to export.";
            return Err(Problem::new(Code::Conflict, message)
                .at(machine.resource_id)
                .into());
        }
        let plan = match lab.plan_id {
            Some(id) => lab_plan::Entity::find_by_id(id).one(self.db()).await?,
            None => None,
        };
        let plan = plan.ok_or_else(|| {
            let message = "The lab's plan was deleted, so there is no gallery to export to. Upload the image to a gallery instead.";
            Problem::new(Code::Conflict, message)
        })?;
        ctx.authorize(
            Action::LabPlanSaveImage,
            Action::LabRead,
            &plan.resource_key,
        )?;
        let gallery = match plan.gallery_id {
            Some(id) => gallery::Entity::find_by_id(id).one(self.db()).await?,
            None => None,
        };
        let image = serde_json::from_value(lab.image.clone())?;
        Ok(Export {
            lab,
            machine,
            image,
            plan,
            gallery,
        })
    }

    /// The machine's region, and the others of its geography when the plan says so. Rules B6, E.
    fn export_targets(&self, export: &Export) -> Vec<TargetRegion> {
        let regions = self
            .settings()
            .regions
            .in_geography_of(&export.machine.region);
        let count = if export.plan.replicate_in_geography {
            regions.len()
        } else {
            1
        };
        regions
            .into_iter()
            .take(count)
            .map(|r| TargetRegion {
                region: r.name.clone(),
                replicas: 1,
            })
            .collect()
    }

    async fn export_images(&self, export: &Export) -> Result<Vec<image::Model>> {
        let Some(gallery) = &export.gallery else {
            return Ok(Vec::new());
        };
        let rows = image::Entity::find()
            .filter(image::Column::GalleryId.eq(gallery.id))
            .order_by_asc(image::Column::Name);
        Ok(rows.all(self.db()).await?)
    }

    /// The newest number of a definition, and the one that a new version gets.
    async fn export_next(
        &self,
        db: &impl ConnectionTrait,
        image: Uuid,
    ) -> Result<(Option<ImageVersion>, ImageVersion)> {
        let rows = image_version::Entity::find()
            .filter(image_version::Column::ImageId.eq(image))
            .all(db)
            .await?;
        let highest = rows.iter().map(crate::version::number).max();
        Ok((
            highest,
            highest.map_or(ImageVersion::FIRST, ImageVersion::next_patch),
        ))
    }

    async fn export_existing(
        &self,
        tx: &impl ConnectionTrait,
        export: &Export,
        gallery: &gallery::Model,
        id: Uuid,
    ) -> Result<image::Model> {
        let row = image::Entity::find_by_id(id)
            .filter(image::Column::GalleryId.eq(gallery.id))
            .one(tx)
            .await?;
        let row = row.ok_or_else(|| Problem::not_found("The image definition").at("existing"))?;
        let properties: ImageInput = serde_json::from_value(row.properties.clone())?;
        Problem::unless_empty(crate::version::fits(
            &properties,
            OsState::Specialized,
            export.image.os_type,
        ))?;
        if generation(export) != properties.hyper_v_generation {
            let message = format!(
                "“{}” holds generation {} images; this machine boots as {}. Export it as a new image.",
                row.name,
                properties.hyper_v_generation,
                generation(export)
            );
            return Err(Problem::new(Code::InvalidRequest, message)
                .at("existing")
                .into());
        }
        Ok(row)
    }

    /// Inserts the definition of a new image, always specialized. Rule B17.
    async fn export_definition(
        &self,
        tx: &impl ConnectionTrait,
        ctx: &OpContext,
        export: &Export,
        gallery: &gallery::Model,
        input: &ExportInput,
    ) -> Result<image::Model> {
        let id = ResourceId::from_stored(gallery.resource_id.clone()).child("images", &input.name);
        if crate::find::find_optional::<image::Entity>(tx, gallery.tenant_id, &id.clone().into())
            .await?
            .is_some()
        {
            let violation = Violation::new(Rule::AlreadyExists, "name").with("value", &input.name);
            return Err(Problem::from_violations(vec![violation]).into());
        }
        let properties = ImageInput {
            location: gallery.location.clone(),
            os_type: export.image.os_type,
            os_state: OsState::Specialized,
            hyper_v_generation: generation(export),
            publisher: "labs".to_owned(),
            offer: export.lab.name.chars().take(64).collect(),
            // The name is unique in the gallery, so the triple is too. Rule A11.
            sku: input.name.chars().take(64).collect(),
            description: input.description.trim().to_owned(),
            ..ImageInput::default()
        };
        self.image_insert(tx, ctx, &id, gallery.id, properties)
            .await
    }
}

fn generation(export: &Export) -> HyperVGeneration {
    HyperVGeneration::parse(&export.machine.firmware).unwrap_or_default()
}

/// Whether a definition can hold what the export makes. Rules A16, B17.
fn suits(properties: &ImageInput, export: &Export) -> bool {
    properties.os_state == OsState::Specialized
        && properties.os_type == export.image.os_type
        && properties.hyper_v_generation == generation(export)
}
