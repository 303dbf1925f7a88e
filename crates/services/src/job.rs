use domain::job::JobView;
use domain::{OpContext, ResourceId};
use tokio::sync::broadcast;
use uuid::Uuid;

use crate::{Result, Services};

impl Services {
    pub async fn job_get(&self, ctx: &OpContext, id: Uuid) -> Result<JobView> { todo!() }
    pub async fn job_cancel(&self, ctx: &OpContext, id: Uuid) -> Result<JobView> { todo!() }
    pub async fn job_list(&self, ctx: &OpContext, scope: Option<&ResourceId>, active_only: bool) -> Result<Vec<JobView>> { todo!() }
    pub fn jobs_watch(&self) -> broadcast::Receiver<Uuid> { self.inner.moved.subscribe() }
}
