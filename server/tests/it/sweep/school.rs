//! Two schools alike: the owner acts in the first, everybody else in the second, so that nobody finds what an owner
//! already deleted.

mod compute;

use std::time::Duration;

use app::ssr::SignedIn;
use axum::body::Body;
use axum::http::Request;
use domain::image::OsState;
use domain::{OpContext, ResourceId};
use testkit::{Person, School, Workers};
use tokio::sync::OnceCell;
use uuid::Uuid;

use super::functions::Extra;
use super::{READER, Who};
use crate::portal::{Answer, Server};

/// A school with one of everything.
pub(super) struct Furnished {
    pub(super) school: School,
    pub(super) domain: &'static str,
    /// The template VM of `lab1`: its name and its key.
    pub(super) machine: (String, Uuid),
    /// A file that was announced and has not come yet.
    pub(super) upload: Uuid,
    /// A job that is over.
    pub(super) job: Uuid,
    /// A job that waits for a worker.
    pub(super) queued: Option<Uuid>,
    pub(super) assignment: Uuid,
    /// A role of the school's own.
    pub(super) role: Uuid,
    /// An identity provider of the school's own, shut.
    pub(super) provider: Uuid,
    /// A group of people.
    pub(super) team: Uuid,
    /// An application of the school's own.
    pub(super) application: Uuid,
    pub(super) extra: Option<Extra>,
}

/// What is swept.
pub(super) struct Swept {
    pub(super) server: Server,
    pub(super) owners: Furnished,
    pub(super) others: Furnished,
    workers: OnceCell<Workers>,
}

impl Furnished {
    async fn open(server: &Server, domain: &'static str, assignment: Uuid) -> Self {
        let portal = &server.portal;
        let school = School::found(portal, domain).await;
        school.open_plan(portal).await;
        for image in ["ubuntu", "spare"] {
            school
                .import(portal, image, OsState::Specialized, &[1])
                .await;
        }
        let lab = school
            .lab_from(portal, school.owner, "lab1", "ubuntu")
            .await;
        compute::furnish(portal, &school).await;
        let ctx = portal.ctx(school.owner).await;
        let gallery = portal
            .services
            .gallery_get(&ctx, school.gallery("images"))
            .await
            .expect("the gallery");
        let input = domain::upload::UploadInput {
            gallery: gallery.meta.id,
            file_name: "disk.raw".to_owned(),
            size_bytes: 1 << 20,
            checksum: String::new(),
        };
        let upload = portal
            .services
            .upload_create(&ctx, input)
            .await
            .expect("an upload")
            .id;
        let machine = lab.template.expect("a template VM");
        let job = portal
            .services
            .machine_start(&ctx, machine.id)
            .await
            .expect("a job");
        portal.succeed(&job, &ctx).await;
        let stop = portal
            .services
            .machine_stop(&ctx, machine.id)
            .await
            .expect("a job");
        portal.succeed(&stop, &ctx).await;
        let own = domain::rbac::RoleInput {
            name: "Keeper".to_owned(),
            actions: vec!["Microsoft.Compute/galleries/*".to_owned()],
            assignable_scopes: vec![school.group.to_string()],
            ..Default::default()
        };
        let role = portal.services.new_id();
        let put = portal.services.role_put(&ctx, role, own).await;
        put.expect("a role");
        let input = domain::application::ApplicationInput {
            display_name: "Nightly".to_owned(),
            ..Default::default()
        };
        let application = portal.services.application_create(&ctx, input, true).await;
        let input = domain::identity::ProviderInput {
            name: "Login".to_owned(),
            issuer: format!("https://login.{domain}"),
            client_id: "vitrine".to_owned(),
            ..domain::identity::ProviderInput::default()
        };
        let provider = portal.services.provider_create(&ctx, input).await;
        let team = services::identity::NewPrincipal {
            kind: domain::tenant::PrincipalKind::Group,
            display_name: "Team".to_owned(),
            user_name: "team".to_owned(),
        };
        let team = portal.services.principal_create(&ctx, team).await;
        Self {
            role,
            application: application.expect("an application").id,
            provider: provider.expect("a provider").id,
            team: team.expect("a group").id,
            machine: (machine.name, machine.id),
            upload,
            job: job.id,
            queued: None,
            assignment,
            extra: None,
            domain,
            school,
        }
    }

    /// The image definition of this name.
    pub(super) fn image(&self, name: &str) -> ResourceId {
        self.school.gallery("images").child("images", name)
    }

    pub(super) fn subscription(&self) -> &str {
        self.school
            .group
            .segment("subscriptions")
            .expect("a subscription")
    }

    /// This school's owner.
    pub(super) async fn ctx(&self, server: &Server) -> OpContext {
        server.portal.ctx(self.school.owner).await
    }

    /// Begins a copy that no worker takes up yet, to be canceled.
    async fn add_queued(&mut self, server: &Server) {
        let source = self.image("spare").child("versions", "1.0.0").to_string();
        let input = domain::image::VersionInput {
            location: "westeurope".to_owned(),
            source: domain::image::VersionSourceInput::Version {
                resource_id: source,
            },
            targets: Vec::new(),
            exclude_from_latest: false,
            end_of_life: None,
            tags: Default::default(),
        };
        let ctx = self.ctx(server).await;
        let copy = self.image("spare").child("versions", "1.0.1");
        let started = server
            .portal
            .services
            .version_create(&ctx, &copy, input)
            .await;
        self.queued = Some(started.expect("a version is begun").job.id);
    }

    /// An empty group and an empty gallery, to be deleted.
    async fn add_empty(&self, server: &Server) {
        let ctx = self.ctx(server).await;
        let services = &server.portal.services;
        let group = ResourceId::resource_group(self.subscription(), "rg-empty");
        let input = domain::tenant::ResourceGroupInput {
            location: "westeurope".to_owned(),
            ..Default::default()
        };
        services
            .resource_group_put(&ctx, &group, input)
            .await
            .expect("a group");
        let input = domain::gallery::GalleryInput {
            location: "westeurope".to_owned(),
            ..Default::default()
        };
        let expect = domain::tenant::Precondition::None;
        services
            .gallery_put(&ctx, &self.school.gallery("empty"), input, expect)
            .await
            .expect("a gallery");
    }
}

impl Swept {
    pub(super) async fn open() -> Self {
        let server = Server::start().await;
        let owners = Furnished::open(&server, "contoso.example", Uuid::from_u128(1)).await;
        let others = Furnished::open(&server, "fabrikam.example", Uuid::from_u128(2)).await;
        owners.add_empty(&server).await;
        others.add_empty(&server).await;
        // For everybody but owners, who make theirs themselves.
        let ctx = others.ctx(&server).await;
        let (scope, student) = (others.school.group.key(), others.school.student.id);
        let assigned = server.portal.services.role_assignment_create(
            &ctx,
            others.assignment,
            &scope,
            student,
            READER,
        );
        assigned.await.expect("a role assignment");
        Self {
            server,
            owners,
            others,
            workers: OnceCell::new(),
        }
    }

    /// A job in each school that waits, as no worker runs yet.
    pub(super) async fn queue_jobs(&mut self) {
        self.owners.add_queued(&self.server).await;
        self.others.add_queued(&self.server).await;
    }

    /// The school whose things this caller asks for.
    pub(super) fn place(&self, who: Who) -> &Furnished {
        if who == Who::Owner {
            &self.owners
        } else {
            &self.others
        }
    }

    pub(super) fn person(&self, who: Who) -> Option<Person> {
        let people = &self.others.school;
        match who {
            Who::Anonymous => None,
            Who::Owner | Who::Stranger => Some(self.owners.school.owner),
            Who::Reader => Some(people.reader),
            Who::Contributor => Some(people.contributor),
        }
    }

    /// Sends a request as this caller, signed in to the portal and to the API alike.
    pub(super) async fn send(&self, who: Who, mut request: Request<Body>) -> Answer {
        if let Some(person) = self.person(who) {
            let op = self.server.portal.ctx(person).await;
            let extensions = request.extensions_mut();
            extensions.insert(op.clone());
            extensions.insert(SignedIn {
                op,
                tenant_name: "A school".to_owned(),
            });
        }
        self.server.send(request).await
    }

    /// Waits until no job runs.
    pub(super) async fn settle(&self) {
        self.workers
            .get_or_init(|| async { self.server.portal.work() })
            .await;
        for place in [&self.owners, &self.others] {
            let ctx = place.ctx(&self.server).await;
            for _ in 0..3000 {
                if self
                    .server
                    .portal
                    .services
                    .job_list(&ctx, None, true)
                    .await
                    .expect("jobs")
                    .is_empty()
                {
                    break;
                }
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        }
    }

    /// Ends what runs behind the portal.
    pub(super) async fn close(self) {
        if let Some(workers) = self.workers.into_inner() {
            workers.stop().await;
        }
    }
}
