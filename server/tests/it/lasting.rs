//! Connections that outlive their request end with the right to them.

use std::time::Duration;

use domain::image::OsState;
use domain::machine::MachineView;
use domain::rbac::Action;
use testkit::School;
use uuid::Uuid;

use crate::portal::Server;
use crate::socket::{Frame, Port};

/// What the WebSocket protocol calls a violation of policy.
const POLICY: u16 = 1008;

/// A running machine of a school's lab.
async fn running(server: &Server) -> (School, MachineView) {
    let portal = &server.portal;
    let school = School::found(portal, "contoso.example").await;
    school.open_plan(portal).await;
    school
        .import(portal, "ubuntu", OsState::Specialized, &[1])
        .await;
    let lab = school
        .lab_from(portal, school.teacher, "lab1", "ubuntu")
        .await;
    let machine = lab.template.expect("a template VM");
    let ctx = portal.ctx(school.teacher).await;
    let job = portal.services.machine_start(&ctx, machine.id).await;
    portal.succeed(&job.expect("a job"), &ctx).await;
    (school, machine)
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_stream_ends_when_its_session_is_revoked_elsewhere() {
    let server = Server::start().await;
    let (school, machine) = running(&server).await;
    let port = Port::open(&server).await;
    let path = format!("/events/machines/{}", machine.id);
    let (here, there) = (
        server.session(school.teacher).await,
        server.session(school.teacher).await,
    );
    let mut revoked = port.get(&path, Some(&here.secret)).await;
    let mut kept = port.get(&path, Some(&there.secret)).await;
    for stream in [&mut revoked, &mut kept] {
        assert!(stream.event().await.expect("a first look").contains("lab1"));
    }
    let ctx = server.portal.ctx(school.teacher).await;
    let ended = server.portal.services.session_revoke(&ctx, here.id).await;
    ended.expect("the session ends");
    assert_eq!(revoked.event().await, None);
    // The other browser goes on watching.
    let stop = server.portal.services.machine_stop(&ctx, machine.id).await;
    stop.expect("a job");
    assert!(kept.event().await.expect("a change").contains("Stopping"));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_stream_ends_when_its_right_is_taken_away() {
    let server = Server::start().await;
    let (school, machine) = running(&server).await;
    let port = Port::open(&server).await;
    let services = &server.portal.services;
    let owner = server.portal.ctx(school.owner).await;
    let (given, reader) = (Uuid::from_u128(7), role("Lab Services Reader"));
    let scope = machine.resource_id.parent().expect("a lab");
    let role =
        services.role_assignment_create(&owner, given, scope.as_str(), school.student.id, reader);
    role.await.expect("a role");
    let session = server.session(school.student).await;
    let path = format!("/events/machines/{}", machine.id);
    let mut stream = port.get(&path, Some(&session.secret)).await;
    stream.event().await.expect("a first look");
    let taken = services.role_assignment_delete(&owner, given).await;
    taken.expect("taken away");
    assert_eq!(stream.event().await, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_console_closes_when_its_session_is_revoked_elsewhere() {
    let server = Server::start().await;
    let (school, machine) = running(&server).await;
    let port = Port::open(&server).await;
    let session = server.session(school.teacher).await;
    let path = format!("/console/{}/serial", machine.id);
    let mut console = port.upgrade(&path, Some(&session.secret)).await;
    assert_eq!(console.status, 101);
    console.write(b"ls\r").await;
    assert_eq!(console.frame().await, Frame::Bytes(b"ls\r".to_vec()));
    let ctx = server.portal.ctx(school.teacher).await;
    let ended = server.portal.services.session_revoke(&ctx, session.id);
    ended.await.expect("the session ends");
    assert_eq!(console.frame().await, Frame::Close(POLICY));
}

#[test]
fn nobody_watches_longer_than_half_a_minute_without_a_right() {
    assert!(server::state::TRUST <= Duration::from_secs(30));
}

fn role(name: &str) -> Uuid {
    let mut roles = domain::rbac::BUILT_IN.iter();
    let role = roles.find(|role| role.name == name).expect("a role");
    assert!(role.allows(Action::LabVmRead) && !role.allows(Action::LabVmConnect));
    role.id
}
