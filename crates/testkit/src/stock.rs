//! Single things of a school, for tests that need no whole plan with images in it.

use domain::gallery::{GalleryInput, GalleryView};
use domain::image::{ImageInput, ImageView};
use domain::plan::{PlanInput, PlanView};
use domain::rbac::BUILT_IN;
use domain::tenant::Precondition;
use domain::{OpContext, Problem};
use services::Error;

use crate::portal::TestPortal;
use crate::school::{Person, School};

impl School {
    /// An empty gallery.
    pub async fn new_gallery(&self, portal: &TestPortal, name: &str) -> GalleryView {
        let ctx = portal.ctx(self.owner).await;
        let input = GalleryInput {
            location: "westeurope".to_owned(),
            ..GalleryInput::default()
        };
        let id = self.gallery(name);
        let put = portal
            .services
            .gallery_put(&ctx, &id, input, Precondition::MustNotExist);
        put.await.expect("a gallery").value
    }

    /// A generalized definition without versions.
    pub async fn new_image(
        &self,
        portal: &TestPortal,
        gallery: &GalleryView,
        name: &str,
    ) -> ImageView {
        let ctx = portal.ctx(self.owner).await;
        let input = ImageInput {
            location: "westeurope".to_owned(),
            publisher: "school".to_owned(),
            offer: "labs".to_owned(),
            sku: name.to_owned(),
            ..ImageInput::default()
        };
        let id = gallery.meta.resource_id.child("images", name);
        let put = portal
            .services
            .image_put(&ctx, &id, input, Precondition::MustNotExist);
        put.await.expect("a definition").value
    }

    /// A lab plan in West Europe without a gallery, which allows these regions.
    pub async fn new_plan(&self, portal: &TestPortal, name: &str, regions: &[&str]) -> PlanView {
        let ctx = portal.ctx(self.owner).await;
        let input = PlanInput {
            location: "westeurope".to_owned(),
            allowed_regions: regions.iter().map(|region| (*region).to_owned()).collect(),
            ..PlanInput::default()
        };
        let id = self.plan(name);
        let put = portal
            .services
            .plan_put(&ctx, &id, input, Precondition::MustNotExist);
        put.await.expect("a lab plan").value
    }

    /// Gives a person a built-in role, and answers a request of theirs.
    pub async fn give(
        &self,
        portal: &TestPortal,
        person: Person,
        role: &str,
        scope: &str,
    ) -> OpContext {
        let services = &portal.services;
        let role = BUILT_IN.iter().find(|r| r.name == role);
        let role = role.expect("a built-in role").id;
        let system = services.system(self.tenant, "test");
        services
            .role_assignment_create(&system, services.new_id(), scope, person.id, role)
            .await
            .expect("a role assignment");
        portal.ctx(person).await
    }
}

/// What a use case refused with.
///
/// # Panics
/// When it refused nothing, or failed.
#[track_caller]
pub fn refusal<T: std::fmt::Debug>(result: Result<T, Error>) -> Problem {
    match result {
        Err(Error::Problem(problem)) => problem,
        other => panic!("no refusal: {other:?}"),
    }
}
