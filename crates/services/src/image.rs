use domain::image::{ImageInput, ImageView};
use domain::tenant::Precondition;
use domain::{OpContext, Page, PageRequest, ResourceId};

use crate::{Put, Result, Services, Target};

impl Services {
    pub async fn image_list(&self, ctx: &OpContext, gallery: impl Into<Target>, page: &PageRequest) -> Result<Page<ImageView>> { todo!() }
    pub async fn image_get(&self, ctx: &OpContext, image: impl Into<Target>) -> Result<ImageView> { todo!() }
    pub async fn image_put(&self, ctx: &OpContext, id: &ResourceId, input: ImageInput, expect: Precondition) -> Result<Put<ImageView>> { todo!() }
    pub async fn image_delete(&self, ctx: &OpContext, image: impl Into<Target>) -> Result<()> { todo!() }
}
