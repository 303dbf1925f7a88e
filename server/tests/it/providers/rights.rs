//! The forms beside the server functions, by every kind of caller.

use axum::http::StatusCode;
use domain::identity::Reach;
use services::identity::Visit;
use testkit::{FakeIssuer, Person, School, TestPortal};

use super::{input, provider};
use crate::browser::Browser;
use crate::portal::Server;

async fn browser_of(server: &Server, person: Person) -> Browser<'_> {
    let ctx = server.portal.ctx(person).await;
    let session = server
        .portal
        .services
        .session_create(&ctx.caller, None, None, &Visit::default())
        .await
        .expect("a session");
    let browser = Browser::new(server);
    browser
        .cookies
        .borrow_mut()
        .insert("__Host-vitrine".to_owned(), session.secret);
    browser
}

#[tokio::test]
async fn only_owners_try_providers_out_prove_domains_and_invite() {
    let portal = TestPortal::on_sqlite().await;
    let issuer = FakeIssuer::start(&portal.clock).await;
    let server = Server::composed(portal, |config| {
        config.identity.provider_reach = Reach::Loopback;
    });
    let (school, other) = (
        School::found(&server.portal, "contoso.example").await,
        School::found(&server.portal, "fabrikam.example").await,
    );
    let id = provider(&server, school.tenant, &input(&issuer)).await;
    let services = &server.portal.services;
    let owner = server.portal.ctx(school.owner).await;
    let domain = services
        .domain_add(&owner, "nowhere.invalid.example")
        .await
        .expect("a claim")
        .id;
    let test = format!("/admin/providers/{id}/test");
    let prove = format!("/admin/domains/{domain}/prove");
    type Fields = &'static [(&'static str, &'static str)];
    let rows: [(&str, Fields, [u16; 4]); 3] = [
        // Owner, contributor, student, owner of another school.
        (&test, &[], [200, 403, 404, 404]),
        // The domain does not exist, so its owner is told that the proof is missing.
        (&prove, &[], [409, 403, 404, 404]),
        (
            "/admin/invitations",
            &[("email", "a@b.example"), ("days", "1")],
            [200, 303, 303, 200],
        ),
    ];
    let people = [
        school.owner,
        school.contributor,
        school.student,
        other.owner,
    ];
    for (address, fields, expected) in rows {
        for (person, status) in people.into_iter().zip(expected) {
            let answer = browser_of(&server, person)
                .await
                .post(address, fields)
                .await;
            assert_eq!(answer.status.as_u16(), status, "{address}: {}", answer.text);
            // Who may not invite is led back to the form with the refusal.
            if status == 303 {
                assert!(answer.header("location").contains("__err="), "{address}");
            }
        }
        let anonymous = Browser::new(&server).post(address, fields).await;
        assert_eq!(anonymous.status, StatusCode::UNAUTHORIZED, "{address}");
    }
    let listed = services.invitation_list(&owner).await.expect("invitations");
    assert_eq!(listed.len(), 1, "the owner's own");
}
