use std::collections::BTreeMap;

use domain::gallery::{GalleryInput, GalleryView};
use domain::tenant::Precondition;
use domain::{OpContext, Page, PageRequest, ResourceId};

use crate::{Put, Result, Services, Target};

impl Services {
    pub async fn gallery_list(&self, ctx: &OpContext, scope: Option<&ResourceId>, page: &PageRequest) -> Result<Page<GalleryView>> { todo!() }
    pub async fn gallery_get(&self, ctx: &OpContext, gallery: impl Into<Target>) -> Result<GalleryView> { todo!() }
    pub async fn gallery_put(&self, ctx: &OpContext, id: &ResourceId, input: GalleryInput, expect: Precondition) -> Result<Put<GalleryView>> { todo!() }
    pub async fn gallery_update(&self, ctx: &OpContext, gallery: impl Into<Target>, description: Option<String>, tags: Option<BTreeMap<String, String>>) -> Result<GalleryView> { todo!() }
    pub async fn gallery_delete(&self, ctx: &OpContext, gallery: impl Into<Target>) -> Result<()> { todo!() }
}
