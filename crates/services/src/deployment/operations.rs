//! The seam through which deployments read, write and delete resources: the operations of the REST API, which know the
//! bodies of every kind.

use std::sync::Arc;

use domain::{OpContext, ResourceId};
use futures::future::BoxFuture;
use serde_json::Value;
use uuid::Uuid;

use crate::{Error, Result, Services};

/// What a write answered.
#[derive(Debug, Clone, PartialEq)]
pub struct Written {
    /// The resource as it is now.
    pub body: Value,
    /// The job that goes on with it.
    pub job: Option<Uuid>,
}

/// The operations of the REST API, for whoever works on resources of any kind by their ids.
///
/// They authorise as they do for any other request, and refuse with the same problems.
pub trait Operations: std::fmt::Debug + Send + Sync {
    /// The resource; none when it is not there.
    fn get<'a>(
        &'a self,
        services: &'a Services,
        ctx: &'a OpContext,
        id: &'a ResourceId,
    ) -> BoxFuture<'a, Result<Option<Value>>>;

    /// Creates or replaces a resource.
    fn put<'a>(
        &'a self,
        services: &'a Services,
        ctx: &'a OpContext,
        id: &'a ResourceId,
        body: Value,
    ) -> BoxFuture<'a, Result<Written>>;

    /// Deletes a resource, and answers the job that does it, when one does.
    fn delete<'a>(
        &'a self,
        services: &'a Services,
        ctx: &'a OpContext,
        id: &'a ResourceId,
    ) -> BoxFuture<'a, Result<Option<Uuid>>>;
}

impl Services {
    /// Hands over the operations that deployments work with; only the first hand-over counts.
    pub fn operations_use(&self, operations: Arc<dyn Operations>) {
        // A second hand-over comes from a second composition on the same services, which brings the same operations.
        let _ = self.inner.operations.set(operations);
    }

    /// The operations of the REST API.
    ///
    /// # Errors
    /// Internal, when this process serves no REST API.
    pub(crate) fn operations(&self) -> Result<&dyn Operations> {
        let operations = self.inner.operations.get();
        operations
            .map(AsRef::as_ref)
            .ok_or_else(|| Error::internal("no operations were handed over to the services"))
    }
}
