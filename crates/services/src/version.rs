use domain::image::{VersionInput, VersionUpdate, VersionView};
use domain::job::JobView;
use domain::{OpContext, Page, PageRequest, ResourceId};

use crate::{Result, Services, Started, Target};

/// A changed resource, with the job that brings its copies in line when there is one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Updated<T> {
    /// The resource as it is now.
    pub value: T,
    /// The job to watch.
    pub job: Option<JobView>,
}

impl Services {
    pub async fn version_list(&self, ctx: &OpContext, image: impl Into<Target>, page: &PageRequest) -> Result<Page<VersionView>> { todo!() }
    pub async fn version_get(&self, ctx: &OpContext, version: impl Into<Target>) -> Result<VersionView> { todo!() }
    pub async fn version_create(&self, ctx: &OpContext, id: &ResourceId, input: VersionInput) -> Result<Started<VersionView>> { todo!() }
    pub async fn version_update(&self, ctx: &OpContext, version: impl Into<Target>, update: VersionUpdate) -> Result<Updated<VersionView>> { todo!() }
    pub async fn version_delete(&self, ctx: &OpContext, version: impl Into<Target>) -> Result<JobView> { todo!() }
}
