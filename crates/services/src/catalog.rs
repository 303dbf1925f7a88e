use domain::OpContext;
use domain::catalog::Catalog;

use crate::{Result, Services, Target};

impl Services {
    pub async fn catalog(&self, ctx: &OpContext, plan: impl Into<Target>) -> Result<Catalog> { todo!() }
}
