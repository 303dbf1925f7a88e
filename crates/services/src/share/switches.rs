//! The switches of lab plans for images that came by a share. Rules B4, C2.

use sea_orm::sea_query::SelectStatement;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect, QueryTrait,
};
use store::entity::{image, image_version, lab_plan, plan_image, share};
use store::{Scopes, in_scopes};
use uuid::Uuid;

use super::grants::in_force;
use crate::{Result, Services};

/// The images at these scopes and below them, and those of which a version lies there.
fn images_at(scopes: Vec<String>) -> SelectStatement {
    let scopes = Scopes {
        allowed: scopes,
        within: None,
    };
    let of_versions = image_version::Entity::find()
        .select_only()
        .column(image_version::Column::ImageId)
        .filter(in_scopes(image_version::Column::ResourceKey, &scopes))
        .into_query();
    image::Entity::find()
        .select_only()
        .column(image::Column::Id)
        .filter(
            Condition::any()
                .add(in_scopes(image::Column::ResourceKey, &scopes))
                .add(image::Column::Id.in_subquery(of_versions)),
        )
        .into_query()
}

impl Services {
    /// Forgets the switches of a tenant's plans for the images of a share, other than those that a further share brings:
    /// when it is revoked, and before a new one begins, since one that ended by its time told nobody.
    pub(super) async fn share_switches_forget(
        &self,
        tx: &impl ConnectionTrait,
        tenant: Uuid,
        of: &share::Model,
    ) -> Result<()> {
        let others: Vec<String> = share::Entity::find()
            .select_only()
            .column(share::Column::ScopeKey)
            .filter(share::Column::ToTenant.eq(tenant))
            .filter(share::Column::Id.ne(of.id))
            .filter(in_force(self.now()))
            .into_tuple()
            .all(tx)
            .await?;
        let plans = lab_plan::Entity::find()
            .select_only()
            .column(lab_plan::Column::Id)
            .filter(lab_plan::Column::TenantId.eq(tenant))
            .into_query();
        let mut gone = Condition::all()
            .add(plan_image::Column::PlanId.in_subquery(plans))
            .add(plan_image::Column::ImageId.in_subquery(images_at(vec![of.scope_key.clone()])));
        if !others.is_empty() {
            gone = gone.add(plan_image::Column::ImageId.not_in_subquery(images_at(others)));
        }
        plan_image::Entity::delete_many()
            .filter(gone)
            .exec(tx)
            .await?;
        Ok(())
    }
}
