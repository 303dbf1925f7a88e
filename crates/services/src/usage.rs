//! What of the limits is used. Rules A38-A40, A43.

use domain::OpContext;
use domain::gallery::Usage;
use domain::rbac::Action;
use sea_orm::{ColumnTrait, PaginatorTrait, QueryFilter};
use store::entity::{gallery, image, image_version};
use store::{Scopes, in_scopes};
use uuid::Uuid;

use crate::write::Tracked;
use crate::{Result, Services};

impl Services {
    /// What of a subscription's limits in a region is used, as far as the caller sees it. Deleted versions that can be
    /// restored count.
    ///
    /// # Errors
    /// Internal ones alone.
    pub async fn usage_list(
        &self,
        ctx: &OpContext,
        subscription: Uuid,
        location: &str,
    ) -> Result<Vec<Usage>> {
        let limits = &self.settings().limits;
        let within = format!("/subscriptions/{subscription}");
        let place = (within.as_str(), location);
        let galleries = self
            .used::<gallery::Entity>(ctx, Action::GalleryRead, place)
            .await?;
        let images = self
            .used::<image::Entity>(ctx, Action::ImageRead, place)
            .await?;
        let versions = self
            .used::<image_version::Entity>(ctx, Action::VersionRead, place)
            .await?;
        let usage = |name: &str, label: &str, used, limit: u32| Usage {
            name: name.to_owned(),
            label: label.to_owned(),
            used,
            limit: limit.into(),
        };
        Ok(vec![
            usage("galleries", "Galleries", galleries, limits.galleries),
            usage("images", "Image definitions", images, limits.images),
            usage("versions", "Image versions", versions, limits.versions),
        ])
    }

    /// Rows of the caller's tenant in a subscription and region on which an action is allowed, hidden ones included.
    async fn used<E: Tracked>(
        &self,
        ctx: &OpContext,
        action: Action,
        (within, location): (&str, &str),
    ) -> Result<u64> {
        let scopes = Scopes {
            allowed: ctx.scopes(action),
            within: Some(within.to_owned()),
        };
        let rows = E::find()
            .filter(E::TENANT.eq(ctx.tenant()))
            .filter(in_scopes(E::KEY, &scopes))
            .filter(E::LOCATION.eq(location));
        Ok(rows.count(self.db()).await?)
    }
}
