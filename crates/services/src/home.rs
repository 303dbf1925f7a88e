use domain::OpContext;
use domain::activity::ActivityView;
use domain::job::JobView;
use domain::lab::LabView;
use domain::tenant::Me;

use crate::{Result, Services};

/// What needs the caller now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Home {
    /// Labs of the caller, newest first.
    pub labs: Vec<LabView>,
    /// Long work that runs.
    pub jobs: Vec<JobView>,
    /// What failed lately.
    pub failures: Vec<ActivityView>,
    /// How many galleries, lab plans and labs the caller sees.
    pub gallery_count: u64,
    pub plan_count: u64,
    pub lab_count: u64,
    /// Whether the caller may make the first of each.
    pub may_create_gallery: bool,
    pub may_create_plan: bool,
    pub may_create_lab: bool,
}

impl Services {
    pub async fn me(&self, ctx: &OpContext) -> Result<Me> { todo!() }
    pub async fn home(&self, ctx: &OpContext) -> Result<Home> { todo!() }
}
