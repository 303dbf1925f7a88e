//! Two schools alike: the owner acts in the first, everybody else in the second, so that nobody finds what an owner
//! already deleted.

use std::time::Duration;

use axum::body::Body;
use axum::http::{Method, Request};
use domain::OpContext;
use domain::image::OsState;
use serde_json::{Value, json};
use testkit::{Person, School, Workers};
use tokio::sync::OnceCell;
use uuid::{Uuid, uuid};

use crate::portal::{Answer, Server};

const READER: Uuid = uuid!("acdd72a7-3385-48ef-bd42-f606fba81ae7");
const SENT: &[u8] = b"0123456789abcdef";

/// Who asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Who {
    Anonymous,
    Stranger,
    Reader,
    Contributor,
    Owner,
}

/// A school with one of everything.
struct Furnished {
    school: School,
    machine: String,
    upload: Uuid,
    job: Uuid,
    /// A job that waits for a worker.
    queued: Option<Uuid>,
    assignment: Uuid,
}

/// What is swept.
pub(super) struct Swept {
    server: Server,
    owners: Furnished,
    others: Furnished,
    workers: OnceCell<Workers>,
}

impl Furnished {
    async fn open(server: &Server, domain: &str, assignment: Uuid) -> Self {
        let portal = &server.portal;
        let school = School::found(portal, domain).await;
        school.open_plan(portal).await;
        school
            .import(portal, "ubuntu", OsState::Specialized, &[1])
            .await;
        school
            .import(portal, "spare", OsState::Specialized, &[1])
            .await;
        let lab = school
            .lab_from(portal, school.owner, "lab1", "ubuntu")
            .await;
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
        Self {
            machine: machine.name,
            upload,
            job: job.id,
            queued: None,
            assignment,
            school,
        }
    }

    /// The path of an operation, with this school's names in it.
    fn path(&self, template: &str, row: &str) -> String {
        let namespace = if row.starts_with("job_") && row != "job_cancel" {
            "Microsoft.LabServices"
        } else {
            "Microsoft.Compute"
        };
        let job = if row == "job_cancel" {
            self.queued.unwrap_or(self.job)
        } else {
            self.job
        };
        // The image whose versions nothing needs.
        let spare = ["version_delete", "image_delete"].contains(&row);
        let group = &self.school.group;
        let subscription = group.segment("subscriptions").expect("a subscription");
        template
            .replace("{subscription}", subscription)
            .replace(
                "{resourceGroup}",
                if row == "resource_group_delete" {
                    "rg-empty"
                } else {
                    "rg-labs"
                },
            )
            .replace(
                "{gallery}",
                if row == "gallery_delete" {
                    "empty"
                } else {
                    "images"
                },
            )
            .replace("{image}", if spare { "spare" } else { "ubuntu" })
            .replace("{version}", "1.0.0")
            .replace("{upload}", &self.upload.to_string())
            .replace("{labPlan}", "science")
            .replace("{lab}", "lab1")
            .replace("{virtualMachine}", &self.machine)
            .replace("{operation}", &job.to_string())
            .replace("{namespace}", namespace)
            .replace("{location}", "westeurope")
            .replace("{role}", &READER.to_string())
            .replace("{assignment}", &self.assignment.to_string())
            .replace("/{scope}", group.as_str())
    }

    /// A body that an owner would send.
    fn body(&self, row: &str) -> Option<Value> {
        let place = json!({"location": "westeurope"});
        Some(match row {
            "resource_group_put" | "gallery_put" => place,
            "resource_group_update"
            | "gallery_update"
            | "image_update"
            | "version_update"
            | "plan_update"
            | "lab_update" => json!({"tags": {"swept": "yes"}}),
            "version_put" => {
                let source = self
                    .school
                    .gallery("images")
                    .child("images", "spare")
                    .child("versions", "1.0.0");
                json!({"location": "westeurope", "properties": {"storageProfile": {"source": {"id": source.to_string()}}}})
            }
            "lab_put" => json!({"location": "westeurope", "properties": {
                "labPlanId": self.school.plan("science").to_string(),
                "virtualMachineProfile": {
                    "imageReference": {"id": self.school.gallery("images").child("images", "ubuntu").to_string()},
                    "sku": {"name": "Small"}
                }
            }}),
            "image_put" => json!({"location": "westeurope", "properties": {
                "osType": "Linux", "osState": "Specialized",
                "identifier": {"publisher": "school", "offer": "labs", "sku": "ubuntu"}
            }}),
            "upload_create" => {
                json!({"properties": {"fileName": "disk.raw", "sizeBytes": 1 << 20}})
            }
            "plan_put" => json!({"location": "westeurope", "properties": {
                "allowedRegions": ["westeurope", "northeurope"],
                "sharedGalleryId": self.school.gallery("images").to_string()
            }}),
            "plan_image_put" | "plan_image_set" => {
                json!({"properties": {"enabledState": "Enabled"}})
            }
            "template_export" => {
                let machine = self
                    .school
                    .lab("lab1")
                    .child("virtualMachines", &self.machine)
                    .to_string();
                json!({"name": "exported", "labVirtualMachineId": machine})
            }
            "role_assignment_create" => json!({"properties": {
                "roleDefinitionId": READER.to_string(), "principalId": self.school.student.id
            }}),
            _ => return None,
        })
    }

    async fn ctx(&self, server: &Server) -> OpContext {
        server.portal.ctx(self.school.owner).await
    }

    /// Begins a copy that no worker takes up yet, to be canceled.
    async fn add_queued(&mut self, server: &Server) {
        let spare = self.school.gallery("images").child("images", "spare");
        let source = spare.child("versions", "1.0.0").to_string();
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
        let started = server
            .portal
            .services
            .version_create(&ctx, &spare.child("versions", "1.0.1"), input)
            .await;
        self.queued = Some(started.expect("a version is begun").job.id);
    }

    /// An empty group and an empty gallery, to be deleted.
    async fn add_empty(&self, server: &Server) {
        let ctx = self.ctx(server).await;
        let services = &server.portal.services;
        let subscription = self
            .school
            .group
            .segment("subscriptions")
            .expect("a subscription");
        let group = domain::ResourceId::resource_group(subscription, "rg-empty");
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
        let mut owners = Furnished::open(&server, "contoso.example", Uuid::from_u128(1)).await;
        let mut others = Furnished::open(&server, "fabrikam.example", Uuid::from_u128(2)).await;
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
        owners.add_queued(&server).await;
        others.add_queued(&server).await;
        Self {
            server,
            owners,
            others,
            workers: OnceCell::new(),
        }
    }

    /// Makes an operation's request as this caller.
    pub(super) async fn ask(&self, who: Who, row: &str, method: Method, template: &str) -> Answer {
        let people = &self.others.school;
        let (place, person): (_, Option<Person>) = match who {
            Who::Owner => (&self.owners, Some(self.owners.school.owner)),
            Who::Anonymous => (&self.others, None),
            Who::Stranger => (&self.others, Some(self.owners.school.owner)),
            Who::Reader => (&self.others, Some(people.reader)),
            Who::Contributor => (&self.others, Some(people.contributor)),
        };
        let path = format!("{}?api-version=2022-08-01", place.path(template, row));
        let request = Request::builder().method(method).uri(path);
        let mut request = if row == "upload_append" {
            request.header("upload-offset", "0").body(Body::from(SENT))
        } else {
            request.body(
                place
                    .body(row)
                    .map_or_else(Body::empty, |body| Body::from(body.to_string())),
            )
        }
        .expect("a request");
        if let Some(person) = person {
            request
                .extensions_mut()
                .insert(self.server.portal.ctx(person).await);
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
