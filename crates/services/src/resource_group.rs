use domain::tenant::{ResourceGroupInput, ResourceGroupView, SubscriptionView};
use domain::{OpContext, ResourceId};
use uuid::Uuid;

use crate::{Put, Result, Services};

impl Services {
    pub async fn subscription_list(&self, ctx: &OpContext) -> Result<Vec<SubscriptionView>> { todo!() }
    pub async fn resource_group_list(&self, ctx: &OpContext, subscription: Option<Uuid>) -> Result<Vec<ResourceGroupView>> { todo!() }
    pub async fn resource_group_get(&self, ctx: &OpContext, id: &ResourceId) -> Result<ResourceGroupView> { todo!() }
    pub async fn resource_group_put(&self, ctx: &OpContext, id: &ResourceId, input: ResourceGroupInput) -> Result<Put<ResourceGroupView>> { todo!() }
    pub async fn resource_group_delete(&self, ctx: &OpContext, id: &ResourceId) -> Result<()> { todo!() }
}
