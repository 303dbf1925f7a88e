use bytes::Bytes;
use domain::OpContext;
use domain::upload::{UploadInput, UploadView};
use futures::Stream;
use uuid::Uuid;

use crate::{Result, Services};

impl Services {
    pub async fn upload_create(&self, ctx: &OpContext, input: UploadInput) -> Result<UploadView> { todo!() }
    pub async fn upload_get(&self, ctx: &OpContext, id: Uuid) -> Result<UploadView> { todo!() }
    pub async fn upload_append(&self, ctx: &OpContext, id: Uuid, offset: u64, bytes: impl Stream<Item = std::io::Result<Bytes>> + Send + Unpin) -> Result<UploadView> { todo!() }
    pub async fn upload_delete(&self, ctx: &OpContext, id: Uuid) -> Result<()> { todo!() }
}
