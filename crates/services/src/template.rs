use domain::OpContext;
use domain::export::{ExportInput, ExportPreview};
use domain::job::JobView;

use crate::{Result, Services, Target};

impl Services {
    pub async fn template_export_preview(&self, ctx: &OpContext, lab: impl Into<Target>) -> Result<ExportPreview> { todo!() }
    pub async fn template_export(&self, ctx: &OpContext, lab: impl Into<Target>, input: ExportInput) -> Result<JobView> { todo!() }
}
