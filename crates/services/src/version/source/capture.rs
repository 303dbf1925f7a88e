//! Versions from virtual machines, managed images, disks and snapshots. Rules A4, A7, A8, A16, A73, A74, A81.

use domain::compute::{DiskKind, DiskSource, DiskSourceInput};
use domain::image::{HyperVGeneration, ImageInput, VersionInput, VersionSource, VersionView};
use domain::job::JobKind;
use domain::{OpContext, Problem, ResourceId, Rule, Violation};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, IntoActiveModel};
use store::entity::image;

use super::super::{NewVersion, build, fits};
use crate::compute::{Origin, System, kept_origin};
use crate::jobs::CaptureInput;
use crate::{Result, Services, Started};

impl Services {
    /// From a lab's template VM or a virtual machine, which the id tells.
    pub(super) async fn version_from_machine(
        &self,
        ctx: &OpContext,
        id: &ResourceId,
        image: &image::Model,
        input: &VersionInput,
        machine: &str,
    ) -> Result<Started<VersionView>> {
        let missing = || Problem::not_found("The machine");
        let named = ResourceId::parse(machine).map_err(|_| missing())?;
        if named.segment("labs").is_some() {
            return self.version_export(ctx, id, image, input, machine).await;
        }
        let (row, origin) = self.machine_origin(ctx, &input.location, &named).await?;
        let source = VersionSource::VirtualMachine {
            resource_id: row.resource_id,
        };
        self.version_capture(ctx, id, image, input, origin, source)
            .await
    }

    pub(super) async fn version_from_image(
        &self,
        ctx: &OpContext,
        id: &ResourceId,
        image: &image::Model,
        input: &VersionInput,
        from: &str,
    ) -> Result<Started<VersionView>> {
        let (row, named) = self.kept(ctx, &input.location, from).await?;
        if DiskKind::of(&named) != Some(DiskKind::Image) {
            return Err(Problem::not_found("The managed image").into());
        }
        let resource_id = row.resource_id.clone();
        let copied = DiskSource::Copy {
            resource_id: resource_id.clone(),
        };
        let origin = kept_origin(&row, copied)?;
        let source = VersionSource::ManagedImage { resource_id };
        self.version_capture(ctx, id, image, input, origin, source)
            .await
    }

    pub(super) async fn version_from_disks(
        &self,
        ctx: &OpContext,
        id: &ResourceId,
        image: &image::Model,
        input: &VersionInput,
        os_disk: &str,
        data_disks: &[String],
    ) -> Result<Started<VersionView>> {
        let mut origins = Vec::new();
        for resource_id in std::iter::once(os_disk).chain(data_disks.iter().map(String::as_str)) {
            let copy = DiskSourceInput::Copy {
                resource_id: resource_id.to_owned(),
            };
            origins.push(self.origin(ctx, &input.location, &copy, None).await?);
        }
        let source = VersionSource::Disks {
            resource_id: os_disk.to_owned(),
            data_disks: data_disks.to_vec(),
        };
        let origin = Origin::joined(origins)?;
        self.version_capture(ctx, id, image, input, origin, source)
            .await
    }

    async fn version_capture(
        &self,
        ctx: &OpContext,
        id: &ResourceId,
        image: &image::Model,
        input: &VersionInput,
        origin: Origin,
        source: VersionSource,
    ) -> Result<Started<VersionView>> {
        let properties: ImageInput = serde_json::from_value(image.properties.clone())?;
        Problem::unless_empty(holds(&properties, origin.system))?;
        let tx = self.begin_at(ctx, id).await?;
        // A machine that is the source itself is stopped by the job, as a template VM is.
        let stops = matches!(source, VersionSource::VirtualMachine { .. });
        let held = self.hold(&tx, origin.machine, stops).await?;
        let os_disk = origin.disks.first().map_or(0, |disk| disk.virtual_bytes);
        let new = NewVersion {
            id,
            image,
            input,
            source,
            os_disk,
            disks: u32::try_from(origin.parts.len()).unwrap_or(u32::MAX),
        };
        let row = self.version_insert(&tx, ctx, new).await?;
        let work = CaptureInput {
            build: build(&row, &input.targets),
            machine: origin.machine,
            parts: origin.parts,
        };
        let (kind, steps) = (JobKind::VersionCapture, work.steps());
        let (row, job) = self
            .version_enqueue(&tx, ctx, row, kind, &work, steps)
            .await?;
        if let Some(machine) = held {
            let mut machine = machine.into_active_model();
            machine.job_id = Set(Some(job.id));
            machine.update(&tx).await?;
        }
        self.version_begin(tx, row, job).await
    }
}

/// What a definition has against a source; what nobody knows of the source is taken to be as the definition says. Rule A16.
fn holds(properties: &ImageInput, system: System) -> Vec<Violation> {
    let os_state = system.os_state.unwrap_or(properties.os_state);
    let os_type = system.os_type.unwrap_or(properties.os_type);
    let mut found = fits(properties, os_state, os_type);
    found.extend(boots(properties, system.generation));
    found
}

/// Whether a source boots as the definition says. Rules A15, A16.
pub(super) fn boots(
    properties: &ImageInput,
    source: Option<HyperVGeneration>,
) -> Option<Violation> {
    let source = source.filter(|source| *source != properties.hyper_v_generation)?;
    let violation = Violation::new(Rule::GenerationMismatch, "hyperVGeneration")
        .with("definition", properties.hyper_v_generation)
        .with("source", source);
    Some(violation)
}
