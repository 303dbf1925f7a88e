//! The operator's base images: a gallery of Vitrine's own tenant, which every tenant's lab plans offer.

use std::collections::BTreeMap;

use domain::image::{
    ImageInput, OsState, TargetRegion, VersionInput, VersionSource, VersionSourceInput,
};
use domain::job::JobKind;
use domain::{ImageVersion, OpContext, ResourceId};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait,
    QueryFilter,
};
use store::entity::{gallery, image, image_version, resource_group, subscription, tenant};
use uuid::Uuid;

use crate::find::find_optional;
use crate::jobs::{ImportInput, SourceFile};
use crate::resource::resource_row;
use crate::settings::BaseImage;
use crate::version::{NewVersion, build};
use crate::{Result, Services};

/// The tenant of what belongs to the installation itself.
pub(crate) const SYSTEM: Uuid = Uuid::nil();

impl Services {
    /// Imports every configured base image that is not there yet, into all regions.
    pub(crate) async fn reconcile_base_images(&self) -> Result<()> {
        for base in &self.settings().base_images {
            if !base.file.exists() {
                tracing::warn!(file = %base.file.display(), "the file of the base image “{}” is missing", base.name);
                continue;
            }
            self.base_image_import(base).await?;
        }
        Ok(())
    }

    async fn base_image_import(&self, base: &BaseImage) -> Result<()> {
        let ctx = self.system(SYSTEM, &self.new_id().to_string());
        let regions = &self.settings().regions.0;
        let Some(home) = regions.first() else {
            return Ok(());
        };
        let tx = self.inner.store.begin().await?;
        let gallery = self.base_gallery(&tx, &ctx, &home.name).await?;
        let id = ResourceId::from_stored(gallery.resource_id).child("images", &base.name);
        let found = find_optional::<image::Entity>(&tx, SYSTEM, &(&id).into()).await?;
        let image = match found {
            Some(image) => image,
            None => {
                let properties = ImageInput {
                    location: home.name.clone(),
                    os_state: OsState::Generalized,
                    publisher: "vitrine".to_owned(),
                    offer: "base".to_owned(),
                    sku: base.name.clone(),
                    description: base.description.clone(),
                    ..ImageInput::default()
                };
                self.image_insert(&tx, &ctx, &id, gallery.id, properties)
                    .await?
            }
        };
        let versions = image_version::Entity::find()
            .filter(image_version::Column::ImageId.eq(image.id))
            .count(&tx)
            .await?;
        if versions > 0 {
            return Ok(tx.commit().await?);
        }
        let everywhere = regions
            .iter()
            .map(|region| TargetRegion::new(region.name.clone(), 1));
        let input = VersionInput {
            location: home.name.clone(),
            source: VersionSourceInput::Uploads {
                uploads: Vec::new(),
            },
            targets: everywhere.collect(),
            exclude_from_latest: false,
            end_of_life: None,
            tags: BTreeMap::new(),
        };
        let file_name = base.file.file_name().unwrap_or_default();
        let file_name = file_name.to_string_lossy().into_owned();
        let format = domain::upload::format_of(&file_name).unwrap_or("qcow2");
        let file = SourceFile {
            path: base.file.clone(),
            format: format.to_owned(),
            upload: None,
        };
        let new = NewVersion {
            id: &id.child("versions", &ImageVersion::FIRST.to_string()),
            image: &image,
            input: &input,
            source: VersionSource::Upload {
                upload: SYSTEM,
                file_name,
            },
            os_disk: 0,
            disks: 1,
        };
        let row = self.version_insert(&tx, &ctx, new).await?;
        let work = ImportInput {
            build: build(&row, &input.targets),
            files: vec![file],
        };
        let (kind, steps) = (JobKind::VersionImport, work.steps());
        self.version_enqueue(&tx, &ctx, row, kind, &work, steps)
            .await?;
        tx.commit().await?;
        self.job_wake();
        Ok(())
    }

    /// The gallery of base images; it is made with its tenant when the installation is new.
    async fn base_gallery(
        &self,
        tx: &impl ConnectionTrait,
        ctx: &OpContext,
        home: &str,
    ) -> Result<gallery::Model> {
        let group = ResourceId::resource_group(&SYSTEM.to_string(), "base-images");
        let id = group.provider("Microsoft.Compute", "galleries", "base_images");
        if let Some(row) = find_optional::<gallery::Entity>(tx, SYSTEM, &(&id).into()).await? {
            return Ok(row);
        }
        let row = tenant::ActiveModel {
            id: Set(SYSTEM),
            name: Set("Vitrine".to_owned()),
            domain: Set("vitrine.invalid".to_owned()),
            created_at: Set(ctx.now),
        };
        row.insert(tx).await?;
        let row = subscription::ActiveModel {
            id: Set(SYSTEM),
            tenant_id: Set(SYSTEM),
            display_name: Set("Vitrine".to_owned()),
        };
        row.insert(tx).await?;
        let tags = BTreeMap::<String, String>::new();
        let columns: resource_group::ActiveModel =
            resource_row!(self, ctx, group, home, &tags, resource_group {});
        columns.insert(tx).await?;
        let description = "Base images of this installation".to_owned();
        let columns = resource_row!(
            self,
            ctx,
            id,
            home,
            &tags,
            gallery {
                description: description,
                soft_delete: false,
                retention_days: None,
            }
        );
        Ok(columns.insert(tx).await?)
    }
}
