//! Attaching a gallery to a lab plan: one at the most. Rules B4, B9, E.

use domain::plan::PlanView;
use domain::rbac::Action;
use domain::tenant::Precondition;
use domain::{Code, OpContext, Problem};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, IntoActiveModel};
use store::entity::{gallery, lab_plan};

use super::switch::switches_forget;
use crate::find::only;
use crate::resource::touch;
use crate::{Result, Services, Target};

impl Services {
    /// Attaches a gallery that the caller sees; all its images start switched off. Rules B4, B9.
    ///
    /// # Errors
    /// `Conflict` while another gallery is attached, `ResourceNotFound` for what the caller does not see.
    pub async fn plan_gallery_attach(
        &self,
        ctx: &OpContext,
        plan: impl Into<Target>,
        gallery: impl Into<Target>,
    ) -> Result<PlanView> {
        let gallery = self
            .find_for::<gallery::Entity>(ctx, gallery, Action::GalleryRead)
            .await?;
        if gallery.tenant_id != ctx.tenant() {
            return Err(foreign().into());
        }
        let (tx, row) = self
            .begin_change::<lab_plan::Entity>(ctx, plan, Action::LabPlanWrite, &Precondition::None)
            .await?;
        match row.gallery_id {
            Some(attached) if attached == gallery.id => {
                tx.rollback().await?;
                return only(self.plan_views(vec![row]).await?);
            }
            Some(_) => {
                let message = format!(
                    "“{}” has a gallery attached already. Detach it first.",
                    row.name
                );
                return Err(Problem::new(Code::Conflict, message)
                    .at(row.resource_id)
                    .into());
            }
            None => {}
        }
        let mut row = row.into_active_model();
        row.gallery_id = Set(Some(gallery.id));
        touch!(self, ctx, row);
        let row = row.update(&tx).await?;
        let detail = format!("attached {}", gallery.resource_id);
        self.record_done(&tx, ctx, "plan_gallery_attach", &row.resource_id, detail)
            .await?;
        tx.commit().await?;
        only(self.plan_views(vec![row]).await?)
    }

    /// Detaches the gallery and forgets the switches of its images. Labs that use them go on. Rule B9.
    ///
    /// # Errors
    /// `ResourceNotFound`, `AuthorizationFailed`.
    pub async fn plan_gallery_detach(
        &self,
        ctx: &OpContext,
        plan: impl Into<Target>,
    ) -> Result<PlanView> {
        let (tx, row) = self
            .begin_change::<lab_plan::Entity>(ctx, plan, Action::LabPlanWrite, &Precondition::None)
            .await?;
        if row.gallery_id.is_none() {
            tx.rollback().await?;
            return only(self.plan_views(vec![row]).await?);
        }
        switches_forget(&tx, ctx, row.id).await?;
        let mut row = row.into_active_model();
        row.gallery_id = Set(None);
        touch!(self, ctx, row);
        let row = row.update(&tx).await?;
        self.record_done(
            &tx,
            ctx,
            "plan_gallery_detach",
            &row.resource_id,
            "detached",
        )
        .await?;
        tx.commit().await?;
        only(self.plan_views(vec![row]).await?)
    }
}

/// The refusal of another organisation's gallery: exports would go there.
fn foreign() -> Problem {
    let message = "This gallery belongs to another organisation. Its images can be switched on in the plan without attaching it.";
    Problem::new(Code::InvalidRequest, message).at("gallery")
}
