use domain::plan::{PlanImageView, PlanInput, PlanView};
use domain::tenant::Precondition;
use domain::{OpContext, Page, PageRequest, ResourceId};
use uuid::Uuid;

use crate::{Put, Result, Services, Target};

impl Services {
    pub async fn plan_list(&self, ctx: &OpContext, scope: Option<&ResourceId>, page: &PageRequest) -> Result<Page<PlanView>> { todo!() }
    pub async fn plan_get(&self, ctx: &OpContext, plan: impl Into<Target>) -> Result<PlanView> { todo!() }
    pub async fn plan_put(&self, ctx: &OpContext, id: &ResourceId, input: PlanInput, expect: Precondition) -> Result<Put<PlanView>> { todo!() }
    pub async fn plan_delete(&self, ctx: &OpContext, plan: impl Into<Target>) -> Result<()> { todo!() }
    pub async fn plan_gallery_attach(&self, ctx: &OpContext, plan: impl Into<Target>, gallery: impl Into<Target>) -> Result<PlanView> { todo!() }
    pub async fn plan_gallery_detach(&self, ctx: &OpContext, plan: impl Into<Target>) -> Result<PlanView> { todo!() }
    pub async fn plan_image_list(&self, ctx: &OpContext, plan: impl Into<Target>, page: &PageRequest) -> Result<Page<PlanImageView>> { todo!() }
    pub async fn plan_image_set(&self, ctx: &OpContext, plan: impl Into<Target>, image: Uuid, enabled: bool) -> Result<PlanImageView> { todo!() }
}
