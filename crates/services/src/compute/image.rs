//! Managed images: all disks of a machine in one resource. Rules A4, A7, A73.

use domain::compute::{DiskKind, DiskView, ManagedImageInput, ManagedImageSource};
use domain::image::{DiskType, OsState};
use domain::rbac::Action;
use domain::tenant::Precondition;
use domain::{Code, OpContext, Problem, ResourceId};
use store::entity::disk::Entity;

use super::Origin;
use super::disk::{NewDisk, absent};
use super::origin::System;
use crate::{Result, Services, Updated};

impl Services {
    /// Creates a managed image from a generalized machine or from disks, snapshots and uploads; or changes the tags of
    /// one that is there.
    ///
    /// # Errors
    /// `InvalidRequest` with every broken rule, `ResourceNotFound` for its source, `Conflict` for a machine that is not
    /// generalized, `PreconditionFailed`.
    pub async fn managed_image_put(
        &self,
        ctx: &OpContext,
        id: &ResourceId,
        input: ManagedImageInput,
        precondition: Precondition,
    ) -> Result<Updated<DiskView>> {
        let (kind, regions) = (DiskKind::Image, &self.settings().regions);
        ctx.authorize(kind.write(), Action::ResourceGroupRead, &id.key())?;
        if let Some(changed) = self.disk_retag(ctx, id, &input.tags, &precondition).await? {
            return Ok(changed);
        }
        let mut found = input.check(id.name(), regions);
        found.extend(self.closed(ctx, id, &input.location));
        Problem::unless_empty(found)?;
        let location = regions.short_name(&input.location);
        let origin = self.managed_image_origin(ctx, &location, &input).await?;
        let (tx, row) = self.begin_put::<Entity>(ctx, id, &precondition).await?;
        absent(row.as_ref())?;
        let new = NewDisk {
            id,
            kind,
            location: &location,
            tags: &input.tags,
            disk_type: DiskType::StandardHdd,
            origin,
        };
        self.disk_begin(ctx, tx, new).await
    }

    async fn managed_image_origin(
        &self,
        ctx: &OpContext,
        region: &str,
        input: &ManagedImageInput,
    ) -> Result<Origin> {
        match &input.source {
            ManagedImageSource::VirtualMachine { resource_id } => {
                let id = ResourceId::parse(resource_id);
                let id = id.map_err(|_| Problem::not_found("The virtual machine"))?;
                let (row, origin) = self.machine_origin(ctx, region, &id).await?;
                if origin.system.os_state != Some(OsState::Generalized) {
                    let message = format!(
                        "“{}” is not generalized. Generalize it first, or make an image version of it: galleries hold specialized images, too.",
                        row.name
                    );
                    return Err(Problem::new(Code::Conflict, message)
                        .at(row.resource_id)
                        .into());
                }
                Ok(origin)
            }
            ManagedImageSource::Disks {
                os_type,
                os_state,
                disks,
            } => {
                let mut origins = Vec::new();
                for disk in disks {
                    origins.push(self.origin(ctx, region, disk, None).await?);
                }
                let origin = Origin::joined(origins)?;
                let generation = input
                    .hyper_v_generation
                    .or(origin.system.generation)
                    .unwrap_or_default();
                let system = System {
                    os_type: *os_type,
                    os_state: *os_state,
                    generation: Some(generation),
                };
                Ok(Origin { system, ..origin })
            }
        }
    }
}
