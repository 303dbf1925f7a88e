use domain::job::JobView;
use domain::lab::{LabInput, LabUpdate, LabView};
use domain::tenant::Precondition;
use domain::{OpContext, Page, PageRequest, ResourceId};

use crate::{Result, Services, Started, Target};

/// What the caller may do with a lab: for showing and hiding buttons.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LabRights {
    pub edit: bool,
    pub delete: bool,
    pub start: bool,
    pub stop: bool,
    pub connect: bool,
    pub export: bool,
    pub access: bool,
}

impl Services {
    pub async fn lab_list(&self, ctx: &OpContext, scope: Option<&ResourceId>, page: &PageRequest) -> Result<Page<LabView>> { todo!() }
    pub async fn lab_get(&self, ctx: &OpContext, lab: impl Into<Target>) -> Result<LabView> { todo!() }
    pub fn lab_rights(&self, ctx: &OpContext, lab: &LabView) -> LabRights { todo!() }
    pub async fn lab_put(&self, ctx: &OpContext, id: &ResourceId, input: LabInput, expect: Precondition) -> Result<Started<LabView>> { todo!() }
    pub async fn lab_update(&self, ctx: &OpContext, lab: impl Into<Target>, update: LabUpdate) -> Result<LabView> { todo!() }
    pub async fn lab_delete(&self, ctx: &OpContext, lab: impl Into<Target>) -> Result<JobView> { todo!() }
}
