//! “Shared with me”: what is open to the caller beside the galleries of their own organisation. Rules A58, A59.

use std::collections::HashMap;

use domain::gallery::GalleryView;
use domain::image::ImageInput;
use domain::rbac::{Action, SHARED, subscription_scope};
use domain::share::SharedView;
use domain::{OpContext, ResourceId};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder};
use store::entity::{gallery, image, image_version, tenant};
use store::{Scopes, in_scopes};
use uuid::Uuid;

use crate::find::Findable;
use crate::{Result, Services};

impl Services {
    /// Galleries, definitions and versions of other organisations, and definitions and versions of the own one whose
    /// gallery or definition is closed to the caller. What lies in something else of the list is left out.
    ///
    /// # Errors
    /// Internal ones alone.
    pub async fn shared_list(&self, ctx: &OpContext) -> Result<Vec<SharedView>> {
        let galleries = self.open_to::<gallery::Entity>(ctx, &[]).await?;
        let images = self
            .open_to::<image::Entity>(ctx, &[Action::GalleryRead])
            .await?;
        let above = [Action::ImageRead, Action::GalleryRead];
        let versions = self.open_to::<image_version::Entity>(ctx, &above).await?;
        let owners = galleries
            .iter()
            .map(|row| row.tenant_id)
            .chain(images.iter().map(|row| row.tenant_id))
            .chain(versions.iter().map(|row| row.tenant_id));
        let owners: HashMap<Uuid, String> = tenant::Entity::find()
            .filter(tenant::Column::Id.is_in(owners))
            .filter(tenant::Column::Id.ne(ctx.tenant()))
            .all(self.db())
            .await?
            .into_iter()
            .map(|row| (row.id, row.name))
            .collect();
        let mut shared = Vec::new();
        for row in galleries {
            shared.push(SharedView {
                path: row.id.to_string(),
                owner_name: owners.get(&row.tenant_id).cloned(),
                id: row.id,
                resource_id: ResourceId::from_stored(row.resource_id),
                description: row.description,
                location: row.location,
            });
        }
        for row in images {
            let properties: ImageInput = serde_json::from_value(row.properties)?;
            shared.push(SharedView {
                path: format!("{}/{}", row.gallery_id, row.id),
                owner_name: owners.get(&row.tenant_id).cloned(),
                id: row.id,
                resource_id: ResourceId::from_stored(row.resource_id),
                description: properties.description,
                location: row.location,
            });
        }
        for row in versions {
            shared.push(SharedView {
                path: format!("{}/{}/{}", row.gallery_id, row.image_id, row.id),
                owner_name: owners.get(&row.tenant_id).cloned(),
                id: row.id,
                resource_id: ResourceId::from_stored(row.resource_id),
                description: String::new(),
                location: row.location,
            });
        }
        Ok(shared)
    }

    /// The galleries of other organisations, registered in a region, that are open to the caller.
    ///
    /// # Errors
    /// Internal ones alone.
    pub async fn gallery_list_shared(
        &self,
        ctx: &OpContext,
        location: &str,
    ) -> Result<Vec<GalleryView>> {
        let location = self.settings().regions.short_name(location);
        let mut rows = self.open_to::<gallery::Entity>(ctx, &[]).await?;
        rows.retain(|row| row.location == location);
        self.gallery_views(rows).await
    }

    /// Rows that the caller may read, abroad or at home, though not what lies above them.
    async fn open_to<E: Findable>(
        &self,
        ctx: &OpContext,
        above: &[Action],
    ) -> Result<Vec<E::Model>> {
        let abroad = Scopes {
            allowed: ctx.foreign_scopes(E::READ),
            within: None,
        };
        // At home it takes a role at a gallery's part: everything above shows in the lists of galleries.
        let part =
            |scope: &String| subscription_scope(scope).is_some() && scope.contains("/images/");
        let home = Scopes {
            allowed: ctx.scopes(E::READ).into_iter().filter(part).collect(),
            within: None,
        };
        let own = Condition::all()
            .add(E::TENANT.eq(ctx.tenant()))
            .add(in_scopes(E::KEY, &home));
        debug_assert!(SHARED.contains(E::READ), "only images are shared");
        let rows = E::find()
            .filter(E::live())
            .filter(Condition::any().add(in_scopes(E::KEY, &abroad)).add(own))
            .order_by_asc(E::NAME)
            .order_by_asc(E::ID)
            .all(self.db())
            .await?;
        let stands_alone = |row: &E::Model| !lies_in_open(ctx, E::key(row), above);
        Ok(rows.into_iter().filter(stands_alone).collect())
    }
}

/// Whether something that a key lies in, nearest first, is open to the caller too.
fn lies_in_open(ctx: &OpContext, key: &str, above: &[Action]) -> bool {
    let mut id = Some(ResourceId::from_stored(key.to_owned()));
    above.iter().any(|action| {
        id = id.as_ref().and_then(ResourceId::parent);
        id.as_ref().is_some_and(|id| ctx.may(*action, id.as_str()))
    })
}
