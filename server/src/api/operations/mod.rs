//! Long work, as clients watch it.

pub(super) mod cancel;
pub(super) mod get;
pub(super) mod lab_result;
pub(super) mod list;
pub(super) mod result;
mod wire;

use domain::job::JobView;
use domain::{OpContext, Problem, ResourceId};
use services::Services;
use uuid::Uuid;

use super::error::ApiResult;

pub(super) const TAG: &str = "Operations";

/// The job of this id, when it works on a resource of this subscription and provider.
///
/// # Errors
/// `ResourceNotFound` when there is none, or the caller may not see it.
async fn find(
    services: &Services,
    ctx: &OpContext,
    subscription: &str,
    namespace: &str,
    id: &str,
) -> ApiResult<JobView> {
    let absent = || Problem::not_found("The operation");
    let job = services
        .job_get(ctx, id.parse::<Uuid>().map_err(|_| absent())?)
        .await?;
    let resource = ResourceId::parse(&job.resource_id).ok();
    let is = |word, name: &str| {
        resource
            .as_ref()
            .and_then(|id| id.segment(word))
            .is_some_and(|s| s.eq_ignore_ascii_case(name))
    };
    let of_group = |id: &ResourceId| id.segment("providers").is_none();
    let is_namespace = is("providers", namespace)
        || resource.as_ref().is_some_and(of_group)
            && namespace.eq_ignore_ascii_case("Microsoft.Resources");
    if is("subscriptions", subscription) && is_namespace {
        Ok(job)
    } else {
        Err(absent().into())
    }
}
