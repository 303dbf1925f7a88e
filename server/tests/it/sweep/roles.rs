//! Every built-in role at what each action guards: the API allows exactly what the matrix says.

use axum::body::Body;
use axum::http::{Method, Request};
use domain::rbac::{Action, BUILT_IN, RoleDefinition};

use super::school::Swept;
use crate::portal::Answer;

/// What guards an operation: the action that it takes, and the one without which its resource is not even there.
struct Guarded {
    method: Method,
    path: &'static str,
    takes: Action,
    reveals: Action,
    body: Option<&'static str>,
}

const fn read(path: &'static str, takes: Action) -> Guarded {
    Guarded {
        method: Method::GET,
        path,
        takes,
        reveals: takes,
        body: None,
    }
}

const fn write(path: &'static str, takes: Action, reveals: Action) -> Guarded {
    Guarded {
        method: Method::PATCH,
        path,
        takes,
        reveals,
        body: Some(r#"{"tags": {"swept": "yes"}}"#),
    }
}

const GALLERY: &str = "/providers/Microsoft.Compute/galleries/images";
const IMAGE: &str = "/providers/Microsoft.Compute/galleries/images/images/ubuntu";
const VERSION: &str = "/providers/Microsoft.Compute/galleries/images/images/ubuntu/versions/1.0.0";
const PLAN: &str = "/providers/Microsoft.LabServices/labPlans/science";
const LAB: &str = "/providers/Microsoft.LabServices/labs/lab1";
const MACHINES: &str = "/providers/Microsoft.LabServices/labs/lab1/virtualMachines";
const ASSIGNMENTS: &str = "/providers/Microsoft.Authorization/roleAssignments";

/// Paths below the group at which the role is held. None of the requests leaves anything behind.
fn guarded() -> Vec<Guarded> {
    let switch = Guarded {
        body: Some(r#"{"properties": {"enabledState": "Enabled"}}"#),
        ..write(
            "/providers/Microsoft.LabServices/labPlans/science/images/ubuntu",
            Action::LabPlanImageWrite,
            Action::LabPlanImageRead,
        )
    };
    vec![
        read("", Action::ResourceGroupRead),
        write("", Action::ResourceGroupWrite, Action::ResourceGroupRead),
        read(GALLERY, Action::GalleryRead),
        write(GALLERY, Action::GalleryWrite, Action::GalleryRead),
        read(IMAGE, Action::ImageRead),
        // A definition is written into its gallery, which must be known.
        write(IMAGE, Action::ImageWrite, Action::GalleryRead),
        read(VERSION, Action::VersionRead),
        write(VERSION, Action::VersionWrite, Action::VersionRead),
        read(PLAN, Action::LabPlanRead),
        write(PLAN, Action::LabPlanWrite, Action::LabPlanRead),
        switch,
        read(LAB, Action::LabRead),
        write(LAB, Action::LabWrite, Action::LabRead),
        Guarded {
            reveals: Action::LabRead,
            ..read(MACHINES, Action::LabVmRead)
        },
        Guarded {
            reveals: Action::ResourceGroupRead,
            ..read(ASSIGNMENTS, Action::RoleAssignmentRead)
        },
    ]
}

/// What the matrix says that somebody with the role gets.
fn expected(role: &RoleDefinition, guarded: &Guarded) -> u16 {
    if role.allows(guarded.takes) {
        200
    } else if role.allows(guarded.reveals) {
        403
    } else {
        404
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_built_in_role_is_allowed_what_the_matrix_says_and_nothing_else() {
    let swept = Swept::open().await;
    let mut wrong = Vec::new();
    for role in BUILT_IN {
        let held = swept.give_pupil(role).await;
        for guarded in guarded() {
            let answer = swept.ask_as_pupil(&guarded).await;
            let expected = expected(role, &guarded);
            if answer.status.as_u16() != expected {
                wrong.push(format!(
                    "{} {} {}: {} instead of {expected}: {}",
                    role.name, guarded.method, guarded.path, answer.status, answer.text
                ));
            }
        }
        swept.take_from_pupil(held).await;
    }
    swept.close().await;
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

impl Swept {
    /// Gives the role to somebody who has no other, at the group.
    async fn give_pupil(&self, role: &RoleDefinition) -> uuid::Uuid {
        let services = &self.server.portal.services;
        let (ctx, school) = (self.owners.ctx(&self.server).await, &self.owners.school);
        let (id, scope) = (services.new_id(), school.group.to_string());
        let given = services.role_assignment_create(&ctx, id, &scope, school.student.id, role.id);
        given.await.expect("a role is given").value.id
    }

    async fn take_from_pupil(&self, held: uuid::Uuid) {
        let ctx = self.owners.ctx(&self.server).await;
        let taken = self
            .server
            .portal
            .services
            .role_assignment_delete(&ctx, held);
        taken.await.expect("the role is taken away");
    }

    async fn ask_as_pupil(&self, guarded: &Guarded) -> Answer {
        let (school, portal) = (&self.owners.school, &self.server.portal);
        let path = format!("{}{}?api-version=2022-08-01", school.group, guarded.path);
        let request = Request::builder()
            .method(guarded.method.clone())
            .uri(path)
            .header("content-type", "application/json");
        let body = guarded.body.map_or_else(Body::empty, Body::from);
        let mut request = request.body(body).expect("a request");
        request
            .extensions_mut()
            .insert(portal.ctx(school.student).await);
        self.server.send(request).await
    }
}
