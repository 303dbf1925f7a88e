//! What an export would make, before it is asked for. Rules B2, B3, B6, A64, A65.

use domain::export::{ExportChoice, ExportPreview, lab_barriers};
use domain::image::ImageInput;
use domain::machine::MachineState;
use domain::{DiskSize, OpContext, Rule, Violation, cost};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use store::entity::image;

use super::Export;
use super::definition::next_number;
use crate::jobs::machine_disk;
use crate::{Result, Services, Target};

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
        let export = self.export_find(ctx, lab).await?;
        let (machine, prices) = (&export.machine, &self.settings().prices);
        let disk_count = machine.disk_count.unsigned_abs();
        let os_disk = DiskSize::from_bytes(machine.os_disk_bytes.unsigned_abs());
        let mut occupied = 0;
        for disk in 0..disk_count {
            let path = machine_disk(self, machine.id, disk);
            occupied += self.engine().disks().measure(&path).await?;
        }
        let targets = self.export_targets(&export);
        let images = self.export_images(&export).await?;
        let mut existing = Vec::new();
        for row in &images {
            let properties: ImageInput = serde_json::from_value(row.properties.clone())?;
            if export.suits(&properties) {
                let (latest, next) = next_number(self.db(), row.id).await?;
                existing.push(ExportChoice {
                    id: row.id,
                    name: row.name.clone(),
                    latest,
                    next,
                });
            }
        }
        let mut obstacles = Vec::new();
        if export.gallery.is_none() {
            obstacles.push(Violation::new(Rule::GalleryNotAttached, "gallery"));
        }
        let taken = images.iter().map(|row| row.name.to_lowercase());
        Ok(ExportPreview {
            taken: taken.collect(),
            os_disk,
            occupied_bytes: occupied,
            disk_count,
            lab_barriers: lab_barriers(os_disk, disk_count),
            monthly: cost::monthly(occupied, &targets, prices),
            egress: cost::egress(occupied, &machine.region, &targets, prices),
            targets,
            stops_machine: machine.state == MachineState::Running.to_string(),
            gallery: export.gallery.map(|gallery| gallery.name),
            existing,
            obstacles,
        })
    }

    /// The definitions of the plan's gallery, by name.
    async fn export_images(&self, export: &Export) -> Result<Vec<image::Model>> {
        let Some(gallery) = &export.gallery else {
            return Ok(Vec::new());
        };
        let rows = image::Entity::find()
            .filter(image::Column::GalleryId.eq(gallery.id))
            .order_by_asc(image::Column::Name);
        Ok(rows.all(self.db()).await?)
    }
}
