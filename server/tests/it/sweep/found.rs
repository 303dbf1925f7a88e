//! Resources as their school's owner finds them by name: forms and the addresses of pages hold keys.

use domain::tenant::Meta;
use services::Services;
use uuid::Uuid;

use super::school::Furnished;
use crate::portal::Server;

/// A school, looked at by its owner.
pub(super) struct Found<'a> {
    place: &'a Furnished,
    services: &'a Services,
    ctx: domain::OpContext,
}

impl Furnished {
    pub(super) async fn found<'a>(&'a self, server: &'a Server) -> Found<'a> {
        Found {
            place: self,
            services: &server.portal.services,
            ctx: self.ctx(server).await,
        }
    }
}

impl Found<'_> {
    pub(super) async fn gallery(&self, name: &str) -> Meta {
        let gallery = self
            .services
            .gallery_get(&self.ctx, self.place.school.gallery(name));
        gallery.await.expect("a gallery").meta
    }

    pub(super) async fn image(&self, name: &str) -> Meta {
        let image = self.services.image_get(&self.ctx, self.place.image(name));
        image.await.expect("an image definition").meta
    }

    pub(super) async fn version(&self, image: &str, number: &str) -> Meta {
        let id = self.place.image(image).child("versions", number);
        let version = self.services.version_get(&self.ctx, &id);
        version.await.expect("an image version").meta
    }

    pub(super) async fn plan(&self, name: &str) -> Meta {
        let plan = self
            .services
            .plan_get(&self.ctx, self.place.school.plan(name));
        plan.await.expect("a lab plan").meta
    }

    pub(super) async fn lab(&self, name: &str) -> Meta {
        let lab = self
            .services
            .lab_get(&self.ctx, self.place.school.lab(name));
        lab.await.expect("a lab").meta
    }

    /// The role that the student was given in the group.
    pub(super) async fn assignment(&self) -> Uuid {
        let (scope, student) = (&self.place.school.group, self.place.school.student.id);
        let given = self
            .services
            .role_assignment_list(&self.ctx, scope.as_str())
            .await;
        let given = given.expect("role assignments").into_iter();
        let mut own = given.filter(|given| given.principal.id == student);
        own.next().expect("the student's role").id
    }
}
