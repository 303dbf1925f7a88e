//! The operator's base images: a gallery of Vitrine's own tenant, which every tenant's lab plans offer.

use std::collections::BTreeMap;

use domain::image::{
    ImageInput, OsState, TargetRegion, VersionInput, VersionSource, VersionSourceInput,
};
use domain::job::JobKind;
use domain::{ImageVersion, ResourceId};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter,
};
use store::entity::{gallery, image, image_version, resource_group, subscription, tenant};
use uuid::Uuid;

use crate::find::find_optional;
use crate::jobs::{ImportInput, SourceFile};
use crate::resource::resource_row;
use crate::settings::BaseImage;
use crate::version_source::build;
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
        let Some(home) = self
            .settings()
            .regions
            .0
            .first()
            .map(|region| region.name.clone())
        else {
            return Ok(());
        };
        let group = ResourceId::resource_group(&SYSTEM.to_string(), "base-images");
        let gallery_id = group.provider("Microsoft.Compute", "galleries", "base_images");
        let id = gallery_id.child("images", &base.name);
        let tx = self.inner.store.begin().await?;
        let tags = BTreeMap::<String, String>::new();
        if tenant::Entity::find_by_id(SYSTEM).one(&tx).await?.is_none() {
            let row = tenant::ActiveModel {
                id: Set(SYSTEM),
                name: Set("Vitrine".to_owned()),
                domain: Set("vitrine.invalid".to_owned()),
                created_at: Set(ctx.now),
            };
            row.insert(&tx).await?;
            let row = subscription::ActiveModel {
                id: Set(SYSTEM),
                tenant_id: Set(SYSTEM),
                display_name: Set("Vitrine".to_owned()),
            };
            row.insert(&tx).await?;
            let row: resource_group::ActiveModel =
                resource_row!(self, ctx, group, home, &tags, resource_group {});
            row.insert(&tx).await?;
            let row = resource_row!(
                self,
                ctx,
                gallery_id,
                home,
                &tags,
                gallery {
                    description: "Base images of this installation".to_owned(),
                }
            );
            row.insert(&tx).await?;
        }
        let gallery = find_optional::<gallery::Entity>(&tx, SYSTEM, &gallery_id.into()).await?;
        let gallery =
            gallery.ok_or_else(|| crate::Error::internal("the base images' gallery is gone"))?;
        let image = match find_optional::<image::Entity>(&tx, SYSTEM, &id.clone().into()).await? {
            Some(image) => image,
            None => {
                let properties = ImageInput {
                    location: home.clone(),
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
            tx.commit().await?;
            return Ok(());
        }
        let regions = &self.settings().regions.0;
        let targets: Vec<TargetRegion> = regions
            .iter()
            .map(|region| TargetRegion {
                region: region.name.clone(),
                replicas: 1,
            })
            .collect();
        let input = VersionInput {
            location: home,
            source: VersionSourceInput::Uploads {
                uploads: Vec::new(),
            },
            targets: targets.clone(),
            exclude_from_latest: false,
            end_of_life: None,
            tags,
        };
        let file_name = base
            .file
            .file_name()
            .map(|name| name.to_string_lossy().into_owned())
            .unwrap_or_default();
        let format = domain::upload::format_of(&file_name)
            .unwrap_or("qcow2")
            .to_owned();
        let source = VersionSource::Upload {
            upload: SYSTEM,
            file_name,
        };
        let version_id = id.child("versions", &ImageVersion::FIRST.to_string());
        let row = self
            .version_insert(&tx, &ctx, &version_id, &image, &input, source, 0, 1)
            .await?;
        let files = vec![SourceFile {
            path: base.file.clone(),
            format,
            upload: None,
        }];
        let job = ImportInput {
            build: build(&row, false, targets, None, 1),
            files,
        };
        let steps = job.steps();
        self.version_start(&tx, &ctx, row, JobKind::VersionImport, &job, steps)
            .await?;
        tx.commit().await?;
        self.job_wake();
        Ok(())
    }
}
