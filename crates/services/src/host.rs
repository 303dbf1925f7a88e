use domain::OpContext;
use domain::machine::HostView;

use crate::{Result, Services};

impl Services {
    pub async fn host(&self, ctx: &OpContext) -> Result<HostView> { todo!() }
}
