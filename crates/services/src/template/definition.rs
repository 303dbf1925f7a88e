//! The definition that an export becomes a version of: a new one, or one that fits. Rules A11, A16, B17.

use domain::export::ExportInput;
use domain::image::{HyperVGeneration, ImageInput, OsState};
use domain::{Code, ImageVersion, OpContext, Problem, ResourceId};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use store::entity::{gallery, image, image_version};
use uuid::Uuid;

use super::Export;
use crate::resource::vacant;
use crate::version::{fits, number};
use crate::{Result, Services};

impl Export {
    /// How the machine boots, and so must its images.
    fn generation(&self) -> HyperVGeneration {
        HyperVGeneration::parse(&self.machine.firmware).unwrap_or_default()
    }

    /// Whether a definition can hold what the export makes. Rules A16, B17.
    pub(super) fn suits(&self, properties: &ImageInput) -> bool {
        properties.os_state == OsState::Specialized
            && properties.os_type == self.image.os_type
            && properties.hyper_v_generation == self.generation()
    }

    /// The definition that was chosen, when it can hold what the export makes.
    pub(super) async fn existing(
        &self,
        tx: &impl ConnectionTrait,
        gallery: &gallery::Model,
        id: Uuid,
    ) -> Result<image::Model> {
        let row = image::Entity::find_by_id(id)
            .filter(image::Column::GalleryId.eq(gallery.id))
            .one(tx)
            .await?;
        let row = row.ok_or_else(|| Problem::not_found("The image definition").at("existing"))?;
        let properties: ImageInput = serde_json::from_value(row.properties.clone())?;
        let found = fits(&properties, OsState::Specialized, self.image.os_type);
        Problem::unless_empty(found)?;
        if self.generation() != properties.hyper_v_generation {
            let message = format!(
                "“{}” holds generation {} images; this machine boots as {}. Export it as a new image.",
                row.name,
                properties.hyper_v_generation,
                self.generation()
            );
            return Err(Problem::new(Code::InvalidRequest, message)
                .at("existing")
                .into());
        }
        Ok(row)
    }
}

impl Services {
    /// Inserts the definition of a new image, always specialized. Rule B17.
    pub(super) async fn export_definition(
        &self,
        tx: &impl ConnectionTrait,
        ctx: &OpContext,
        export: &Export,
        gallery: &gallery::Model,
        input: &ExportInput,
    ) -> Result<image::Model> {
        let id = ResourceId::from_stored(gallery.resource_id.clone()).child("images", &input.name);
        vacant::<image::Entity>(tx, ctx, &id, "name").await?;
        let properties = ImageInput {
            location: gallery.location.clone(),
            os_type: export.image.os_type,
            os_state: OsState::Specialized,
            hyper_v_generation: export.generation(),
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

/// The newest number of a definition, and the one that a new version gets.
pub(super) async fn next_number(
    db: &impl ConnectionTrait,
    image: Uuid,
) -> Result<(Option<ImageVersion>, ImageVersion)> {
    let rows = image_version::Entity::find()
        .filter(image_version::Column::ImageId.eq(image))
        .all(db)
        .await?;
    let newest = rows.iter().map(number).max();
    let next = newest.map_or(ImageVersion::FIRST, ImageVersion::next_patch);
    Ok((newest, next))
}
