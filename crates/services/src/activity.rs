use domain::activity::{ActivityResult, ActivityView};
use domain::{OpContext, Page, PageRequest, ResourceId};

use crate::{Result, Services};

impl Services {
    pub async fn activity_list(&self, ctx: &OpContext, scope: Option<&ResourceId>, page: &PageRequest) -> Result<Page<ActivityView>> { todo!() }
}
