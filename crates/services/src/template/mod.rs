//! Exporting a template VM to the gallery, always as a specialized image. Rules B5-B17.

mod definition;
mod preview;

use std::collections::BTreeMap;

use domain::export::ExportInput;
use domain::image::{TargetRegion, VersionInput, VersionSource, VersionSourceInput};
use domain::job::{JobKind, JobView};
use domain::lab::LabImage;
use domain::machine::{MachineKind, MachineState};
use domain::rbac::Action;
use domain::region::Region;
use domain::{Code, ImageVersion, OpContext, Problem, ResourceId, Rule, Violation};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel,
    QueryFilter,
};
use store::entity::{gallery, image_version, job, lab, lab_plan, machine};
use uuid::Uuid;

use self::definition::next_number;
use crate::jobs::{BuildInput, ExportJob};
use crate::machine::{held, machine_idle};
use crate::version::{NewVersion, build};
use crate::{Result, Services, Target};

/// What an export reads and where it goes.
struct Export {
    lab: lab::Model,
    machine: machine::Model,
    image: LabImage,
    plan: lab_plan::Model,
    gallery: Option<gallery::Model>,
}

impl Services {
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
        let export = self.export_find(ctx, lab).await?;
        Problem::unless_empty(input.check())?;
        let Some(gallery) = &export.gallery else {
            let detached = Violation::new(Rule::GalleryNotAttached, "gallery");
            return Err(Problem::from_violations(vec![detached]).into());
        };
        machine_idle(&export.machine)?;
        let gallery_id = ResourceId::from_stored(gallery.resource_id.clone());
        let tx = self.begin_at(ctx, &gallery_id).await?;
        let image = match input.existing {
            Some(id) => export.existing(&tx, gallery, id).await?,
            None => {
                self.export_definition(&tx, ctx, &export, gallery, &input)
                    .await?
            }
        };
        let number = match input.version.parse::<ImageVersion>() {
            Ok(number) => number,
            Err(_) => next_number(&tx, image.id).await?.1,
        };
        let (machine, machine_id) = (&export.machine, export.machine.resource_id.clone());
        let id = ResourceId::from_stored(image.resource_id.clone())
            .child("versions", &number.to_string());
        let version = VersionInput {
            location: machine.region.clone(),
            source: VersionSourceInput::VirtualMachine {
                resource_id: machine_id.clone(),
            },
            targets: self.export_targets(&export),
            exclude_from_latest: false,
            end_of_life: None,
            tags: BTreeMap::new(),
        };
        let new = NewVersion {
            id: &id,
            image: &image,
            input: &version,
            source: VersionSource::TemplateVm {
                lab: export.lab.id,
                machine: machine.id,
                resource_id: machine_id,
            },
            os_disk: machine.os_disk_bytes.unsigned_abs(),
            disks: machine.disk_count.unsigned_abs(),
        };
        let row = self.version_insert(&tx, ctx, new).await?;
        let work = BuildInput {
            created_image: input.existing.is_none(),
            plan: Some(export.plan.id),
            ..build(&row, &version.targets)
        };
        let (_, job) = self
            .export_enqueue(&tx, ctx, &export.lab, machine.id, row, work)
            .await?;
        self.job_begin(tx, job).await
    }

    /// Enqueues the export, and holds the machine and the version for it.
    pub(crate) async fn export_enqueue(
        &self,
        tx: &impl ConnectionTrait,
        ctx: &OpContext,
        lab: &lab::Model,
        machine: Uuid,
        row: image_version::Model,
        build: BuildInput,
    ) -> Result<(image_version::Model, job::Model)> {
        let held = held(tx, machine).await?;
        machine_idle(&held)?;
        let work = ExportJob { build, machine };
        let (kind, steps) = (JobKind::TemplateExport, work.steps());
        let job = self
            .job_enqueue(tx, ctx, kind, &lab.resource_id, &work, steps)
            .await?;
        let mut held = held.into_active_model();
        held.job_id = Set(Some(job.id));
        held.update(tx).await?;
        let mut row = row.into_active_model();
        row.job_id = Set(Some(job.id));
        let row = row.update(tx).await?;
        let detail = format!("as {}", row.resource_id);
        self.record_begun(tx, ctx, "template_export", &lab.resource_id, detail)
            .await?;
        Ok((row, job))
    }

    /// The lab, its template VM, plan and gallery, for a caller who may export. Rule B10.
    async fn export_find(&self, ctx: &OpContext, lab: impl Into<Target>) -> Result<Export> {
        let lab = self
            .find_for::<lab::Entity>(ctx, lab, Action::LabWrite)
            .await?;
        let machine = machine::Entity::find()
            .filter(machine::Column::LabId.eq(lab.id))
            .filter(machine::Column::Kind.eq(MachineKind::Template.to_string()))
            .one(self.db())
            .await?;
        let refuse = |message: &str| Problem::new(Code::Conflict, message);
        let machine = machine
            .ok_or_else(|| refuse("This lab has no template VM, so there is nothing to export."))?;
        let unready = [MachineState::Failed, MachineState::Creating];
        if unready.iter().any(|s| machine.state == s.to_string()) {
            let message = "The template VM is not ready, so there is nothing to export.";
            return Err(refuse(message).at(machine.resource_id).into());
        }
        let plan = match lab.plan_id {
            Some(id) => lab_plan::Entity::find_by_id(id).one(self.db()).await?,
            None => None,
        };
        let plan = plan.ok_or_else(|| {
            refuse("The lab's plan was deleted, so there is no gallery to export to. Upload the image to a gallery instead.")
        })?;
        let key = &plan.resource_key;
        ctx.authorize(Action::LabPlanSaveImage, Action::LabRead, key)?;
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
        let regions = &self.settings().regions;
        let regions = regions.in_geography_of(&export.machine.region);
        let count = if export.plan.replicate_in_geography {
            regions.len()
        } else {
            1
        };
        // A region that the operator keeps for others gets no copy by itself. Rule A37.
        let gallery = export.gallery.as_ref();
        let id = gallery.map(|row| ResourceId::from_stored(row.resource_id.clone()));
        let subscription = id.and_then(|id| id.subscription());
        let is_open = |region: &&Region| region.is_open_to(export.lab.tenant_id, subscription);
        let regions = regions.into_iter().take(count).filter(is_open);
        regions
            .map(|region| TargetRegion::new(region.name.clone(), 1))
            .collect()
    }
}
