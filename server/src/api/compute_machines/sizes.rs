use axum::Json;
use axum::extract::Path;
use domain::lab::MachineSize;
use domain::{Problem, ResourceId};
use serde::Serialize;
use utoipa::ToSchema;

use crate::api::COMPUTE;
use crate::api::error::ApiResult;
use crate::api::extract::Asked;
use crate::api::list::{ListResult, whole};
use crate::api::subscriptions;

/// Most data disks of one machine.
const DATA_DISKS: u32 = 15;

/// A size that virtual machines can have.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct VmSize {
    /// What `hardwareProfile.vmSize` takes, in whatever case.
    name: String,
    number_of_cores: u32,
    #[serde(rename = "memoryInMB")]
    memory_in_mb: u64,
    max_data_disk_count: u32,
    /// Always 0: a machine's disks are all disks of their own.
    #[serde(rename = "resourceDiskSizeInMB")]
    resource_disk_size_in_mb: u32,
    /// In MiB.
    #[serde(rename = "osDiskSizeInMB")]
    os_disk_size_in_mb: u64,
}

/// List the sizes that virtual machines can have in a region.
#[utoipa::path(
    get,
    context_path = COMPUTE,
    path = "/locations/{location}/vmSizes",
    tag = super::TAG,
    responses((status = 200, body = ListResult<VmSize>))
)]
pub(crate) async fn vm_size_list(
    Asked { ctx, services, id }: Asked,
    Path((_, location)): Path<(String, String)>,
) -> ApiResult<Json<ListResult<VmSize>>> {
    let name = id.segment("subscriptions").unwrap_or_default();
    let subscription = ResourceId::parse(&format!("/subscriptions/{name}"))
        .map_err(|_| Problem::not_found("The subscription"))?;
    subscriptions::visible(&services, &ctx, &subscription).await?;
    let settings = services.settings();
    let region = settings.regions.find(&location);
    region.ok_or_else(|| Problem::not_found(format!("The region “{location}”")))?;
    let most = settings.limits.disk_bytes >> 20;
    let size = |size: &MachineSize| VmSize {
        name: size.name.clone(),
        number_of_cores: size.vcpus,
        memory_in_mb: size.memory_mib,
        max_data_disk_count: DATA_DISKS,
        resource_disk_size_in_mb: 0,
        os_disk_size_in_mb: most,
    };
    Ok(whole(settings.sizes.iter().map(size)))
}
