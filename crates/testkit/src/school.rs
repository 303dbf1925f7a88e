//! A tenant with people in every role, and what a first lab needs.

use std::collections::BTreeMap;
use std::path::PathBuf;

use domain::gallery::GalleryInput;
use domain::image::{ImageInput, OsState, VersionInput, VersionSourceInput, VersionView};
use domain::lab::{CreateOption, LabInput, LabView};
use domain::plan::PlanInput;
use domain::rbac::BUILT_IN;
use domain::tenant::{Precondition, PrincipalKind, ResourceGroupInput};
use domain::upload::UploadInput;
use domain::{OpContext, Origin, ResourceId};
use services::identity::{NewPrincipal, NewTenant};
use uuid::Uuid;

use crate::portal::TestPortal;

/// A person of a school.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Person {
    /// The principal.
    pub id: Uuid,
    /// The tenant.
    pub tenant: Uuid,
}

/// A tenant with a resource group, and one person for each role that tests speak of.
#[derive(Debug, Clone)]
pub struct School {
    /// The tenant.
    pub tenant: Uuid,
    /// The resource group that everything lies in.
    pub group: ResourceId,
    /// Owner of the tenant.
    pub owner: Person,
    /// Contributor of the tenant.
    pub contributor: Person,
    /// Reader of the tenant.
    pub reader: Person,
    /// Lab Creator in the resource group.
    pub teacher: Person,
    /// Another Lab Creator in the resource group.
    pub colleague: Person,
    /// Somebody without any role.
    pub student: Person,
}

impl School {
    /// Makes a school with this domain.
    pub async fn found(portal: &TestPortal, domain: &str) -> Self {
        let services = &portal.services;
        let new = NewTenant {
            name: format!("School {domain}"),
            domain: domain.to_owned(),
        };
        let tenant = services.tenant_create(new).await.expect("a tenant").id;
        let system = services.system(tenant, "test");
        let subscription = services
            .subscription_create(&system, "Labs")
            .await
            .expect("a subscription");
        let group = ResourceId::resource_group(&subscription.id.to_string(), "rg-labs");
        let input = ResourceGroupInput {
            location: "westeurope".to_owned(),
            tags: BTreeMap::new(),
        };
        services
            .resource_group_put(&system, &group, input)
            .await
            .expect("a resource group");
        let mut people = Vec::new();
        let key = group.key();
        for (name, role) in [
            ("owner", Some(("Owner", "/"))),
            ("contributor", Some(("Contributor", "/"))),
            ("reader", Some(("Reader", "/"))),
            ("teacher", Some(("Lab Creator", key.as_str()))),
            ("colleague", Some(("Lab Creator", key.as_str()))),
            ("student", None),
        ] {
            let new = NewPrincipal {
                kind: PrincipalKind::User,
                display_name: name.to_owned(),
                user_name: format!("{name}@{domain}"),
            };
            let id = services
                .principal_create(&system, new)
                .await
                .expect("a person")
                .id;
            if let Some((role, scope)) = role {
                let role = BUILT_IN
                    .iter()
                    .find(|r| r.name == role)
                    .expect("a built-in role");
                let assignment = services
                    .role_assignment_create(&system, services.new_id(), scope, id, role.id)
                    .await;
                assignment.expect("a role assignment");
            }
            people.push(Person { id, tenant });
        }
        let [owner, contributor, reader, teacher, colleague, student] =
            people.try_into().expect("six people");
        Self {
            tenant,
            group,
            owner,
            contributor,
            reader,
            teacher,
            colleague,
            student,
        }
    }

    /// The ARM id of a gallery here.
    #[must_use]
    pub fn gallery(&self, name: &str) -> ResourceId {
        self.group.provider("Microsoft.Compute", "galleries", name)
    }

    /// The ARM id of a lab plan here.
    #[must_use]
    pub fn plan(&self, name: &str) -> ResourceId {
        self.group
            .provider("Microsoft.LabServices", "labPlans", name)
    }

    /// The ARM id of a lab here.
    #[must_use]
    pub fn lab(&self, name: &str) -> ResourceId {
        self.group.provider("Microsoft.LabServices", "labs", name)
    }

    /// A gallery `images`, attached to a lab plan `science` that allows both European regions.
    pub async fn open_plan(&self, portal: &TestPortal) -> ResourceId {
        let ctx = portal.ctx(self.owner).await;
        let gallery = self.gallery("images");
        let input = GalleryInput {
            location: "westeurope".to_owned(),
            ..GalleryInput::default()
        };
        portal
            .services
            .gallery_put(&ctx, &gallery, input, Precondition::None)
            .await
            .expect("a gallery");
        let input = PlanInput {
            location: "westeurope".to_owned(),
            allowed_regions: vec!["westeurope".to_owned(), "northeurope".to_owned()],
            gallery: Some(gallery.clone()),
            replicate_in_geography: true,
            ..PlanInput::default()
        };
        portal
            .services
            .plan_put(&ctx, &self.plan("science"), input, Precondition::None)
            .await
            .expect("a lab plan");
        gallery
    }

    /// Uploads empty disks of these sizes as version 1.0.0 of an image, and switches the image on in the plan.
    pub async fn import(
        &self,
        portal: &TestPortal,
        name: &str,
        os_state: OsState,
        disks_gib: &[u64],
    ) -> VersionView {
        self.define(portal, name, os_state).await;
        self.version(portal, name, disks_gib).await
    }

    /// A definition of this name, for Linux systems that boot by BIOS.
    pub async fn define(&self, portal: &TestPortal, name: &str, os_state: OsState) {
        let ctx = portal.ctx(self.owner).await;
        let image = self.gallery("images").child("images", name);
        let input = ImageInput {
            location: "westeurope".to_owned(),
            os_state,
            publisher: "school".to_owned(),
            offer: "labs".to_owned(),
            sku: name.to_owned(),
            ..ImageInput::default()
        };
        let put = portal
            .services
            .image_put(&ctx, &image, input, Precondition::None);
        put.await.expect("a definition");
    }

    /// Uploads empty disks of these sizes as version 1.0.0 of a definition that is there, and switches it on in the plan.
    pub async fn version(&self, portal: &TestPortal, name: &str, disks_gib: &[u64]) -> VersionView {
        let mut files = Vec::new();
        for (index, gib) in disks_gib.iter().enumerate() {
            let file = portal.folder().join(format!("{name}-{index}.qcow2"));
            crate::blank_disk(&file, *gib);
            files.push(file);
        }
        self.version_of(portal, name, files).await
    }

    /// Uploads these files, which go, as version 1.0.0 of a definition that is there, and switches it on in the plan.
    pub async fn version_of(
        &self,
        portal: &TestPortal,
        name: &str,
        files: Vec<PathBuf>,
    ) -> VersionView {
        let ctx = portal.ctx(self.owner).await;
        let services = &portal.services;
        let image = self.gallery("images").child("images", name);
        let definition = services
            .image_get(&ctx, &image)
            .await
            .expect("the definition");
        let mut uploads = Vec::new();
        for file in files {
            let bytes = std::fs::read(&file).expect("the disk's bytes");
            std::fs::remove_file(&file).expect("the disk goes");
            let input = UploadInput {
                gallery: definition.gallery,
                file_name: format!("{name}.qcow2"),
                size_bytes: bytes.len() as u64,
                checksum: String::new(),
            };
            let upload = services
                .upload_create(&ctx, input)
                .await
                .expect("an upload");
            let stream = futures::stream::iter([Ok(bytes::Bytes::from(bytes))]);
            services
                .upload_append(&ctx, upload.id, 0, stream)
                .await
                .expect("the file arrives");
            uploads.push(upload.id);
        }
        let input = VersionInput {
            location: "westeurope".to_owned(),
            source: VersionSourceInput::Uploads { uploads },
            targets: Vec::new(),
            exclude_from_latest: false,
            end_of_life: None,
            tags: BTreeMap::new(),
        };
        let id = image.child("versions", "1.0.0");
        let started = services
            .version_create(&ctx, &id, input)
            .await
            .expect("a version is begun");
        portal.succeed(&started.job, &ctx).await;
        let plan = self.plan("science");
        services
            .plan_image_set(&ctx, &plan, definition.meta.id, true)
            .await
            .expect("the image is switched on");
        services.version_get(&ctx, &id).await.expect("the version")
    }

    /// A teacher's lab from an image.
    pub async fn lab_from(
        &self,
        portal: &TestPortal,
        teacher: Person,
        name: &str,
        image: &str,
    ) -> LabView {
        let ctx = portal.ctx(teacher).await;
        let catalog = portal
            .services
            .catalog(&ctx, self.plan("science"))
            .await
            .expect("the catalog");
        let chosen = catalog
            .images
            .iter()
            .find(|i| i.name == image)
            .expect("the image is offered");
        let generalized = chosen.os_state == OsState::Generalized;
        let input = LabInput {
            plan: self.plan("science").to_string(),
            image: chosen.resource_id.to_string(),
            size: "Small".to_owned(),
            region: "westeurope".to_owned(),
            create_option: CreateOption::TemplateVM,
            user_name: if generalized {
                "ada".to_owned()
            } else {
                String::new()
            },
            password: if generalized {
                "Correct-horse-1".to_owned()
            } else {
                String::new()
            },
            ..LabInput::default()
        };
        let started = portal.services.lab_put(&ctx, &self.lab(name), input).await;
        let started = started.expect("a lab is begun");
        portal.succeed(&started.job, &ctx).await;
        let ctx = portal.ctx(teacher).await;
        portal
            .services
            .lab_get(&ctx, self.lab(name))
            .await
            .expect("the lab")
    }
}

impl TestPortal {
    /// A request of this person, with the rights that they have now.
    pub async fn ctx(&self, person: Person) -> OpContext {
        let caller = self
            .services
            .caller_load(person.id, person.tenant)
            .await
            .expect("the person may sign in");
        OpContext {
            caller,
            request_id: "test".to_owned(),
            now: self.services.now(),
            origin: Origin::Portal,
        }
    }
}
