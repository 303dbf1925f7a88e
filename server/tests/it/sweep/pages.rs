//! Every page of the portal.

use std::collections::BTreeMap;

use axum::body::Body;
use axum::http::Request;
use leptos_axum::generate_route_list;
use url::form_urlencoded;

use super::school::{Furnished, Swept};
use super::{Row, Who, ask_all, check_rows};
use crate::portal::{Answer, Server};

/// Routes as the router writes them, and what stands on their tabs. Who is not signed in is led to sign in.
const PAGES: &[Row] = &[
    ("/", [302, 200, 200, 200, 200]),
    ("/search", [302, 200, 200, 200, 200]),
    ("/search?q=lab", [302, 200, 200, 200, 200]),
    // Leads on to the resource's page.
    ("/resource?id={id}", [302, 404, 302, 302, 302]),
    ("/activity", [302, 200, 200, 200, 200]),
    ("/activity?result=Failed&q=lab", [302, 200, 200, 200, 200]),
    ("/admin", [302, 200, 200, 200, 200]),
    ("/admin?tab=roles", [302, 200, 200, 200, 200]),
    ("/admin?tab=groups", [302, 200, 200, 200, 200]),
    ("/admin?tab=limits", [302, 200, 200, 200, 200]),
    ("/admin?tab=host", [302, 200, 200, 200, 200]),
    // What concerns sign-in is for those who may change who is in which group.
    ("/admin?tab=providers", [302, 200, 403, 403, 200]),
    ("/admin?tab=domains", [302, 200, 403, 403, 200]),
    ("/admin?tab=invitations", [302, 200, 403, 403, 200]),
    ("/admin/providers/new", [302, 200, 403, 403, 200]),
    ("/admin/providers/{provider}", [302, 404, 403, 403, 200]),
    ("/admin/groups/{team}", [302, 404, 200, 200, 200]),
    ("/account/organisations", [302, 200, 200, 200, 200]),
    ("/admin?tab=applications", [302, 200, 200, 200, 200]),
    (
        "/admin/applications/{application}",
        [302, 404, 200, 200, 200],
    ),
    (
        "/admin/applications/{application}?tab=credentials",
        [302, 404, 200, 200, 200],
    ),
    (
        "/admin/applications/{application}?tab=settings",
        [302, 404, 200, 200, 200],
    ),
    ("/device", [302, 200, 200, 200, 200]),
    ("/admin/roles", [302, 200, 200, 200, 200]),
    ("/admin/roles/new", [302, 200, 403, 403, 200]),
    ("/admin/roles/{role}", [302, 404, 403, 403, 200]),
    ("/access?scope={group}", [302, 404, 200, 200, 200]),
    (
        "/access?scope={group}&tab=activity",
        [302, 404, 200, 200, 200],
    ),
    ("/shares", [302, 200, 200, 200, 200]),
    // No link of anybody's; those are stories of their own.
    ("/shares/accept?token=none", [302, 404, 403, 403, 404]),
    ("/account/security", [302, 200, 200, 200, 200]),
    // Open for ten minutes after the password was given again; until then they lead to where that is done.
    ("/account/app", [302, 302, 302, 302, 302]),
    ("/account/passkey", [302, 302, 302, 302, 302]),
    ("/account/sessions", [302, 200, 200, 200, 200]),
    ("/account/token", [302, 200, 200, 200, 200]),
    ("/labs", [302, 200, 200, 200, 200]),
    ("/labs/new", [302, 200, 200, 200, 200]),
    ("/labs/new?plan={plan}", [302, 404, 200, 200, 200]),
    ("/labs/{lab}", [302, 404, 200, 200, 200]),
    ("/labs/{lab}?tab=template", [302, 404, 200, 200, 200]),
    ("/labs/{lab}?tab=access", [302, 404, 200, 200, 200]),
    ("/labs/{lab}?tab=activity", [302, 404, 200, 200, 200]),
    ("/labs/{lab}/console", [302, 404, 403, 200, 200]),
    ("/labs/{lab}/console?line=serial", [302, 404, 403, 200, 200]),
    ("/machines", [302, 200, 200, 200, 200]),
    ("/images", [302, 200, 200, 200, 200]),
    ("/images/shared", [302, 200, 200, 200, 200]),
    ("/images/shared/test", [302, 200, 200, 200, 200]),
    ("/images/new", [302, 200, 200, 200, 200]),
    ("/images/{gallery}", [302, 404, 200, 200, 200]),
    ("/images/{gallery}?tab=settings", [302, 404, 200, 200, 200]),
    ("/images/{gallery}?tab=cost", [302, 404, 200, 200, 200]),
    ("/images/{gallery}?tab=access", [302, 404, 200, 200, 200]),
    ("/images/{gallery}?tab=activity", [302, 404, 200, 200, 200]),
    ("/images/{gallery}/new", [302, 404, 403, 200, 200]),
    ("/images/{gallery}/upload", [302, 404, 403, 200, 200]),
    (
        "/images/{gallery}/upload?image={image}",
        [302, 404, 403, 200, 200],
    ),
    ("/images/{gallery}/{image}", [302, 404, 200, 200, 200]),
    (
        "/images/{gallery}/{image}?tab=deleted",
        [302, 404, 200, 200, 200],
    ),
    (
        "/images/{gallery}/{image}?tab=cost",
        [302, 404, 200, 200, 200],
    ),
    (
        "/images/{gallery}/{image}/compare",
        [302, 404, 200, 200, 200],
    ),
    (
        "/images/{gallery}/{image}?tab=properties",
        [302, 404, 200, 200, 200],
    ),
    (
        "/images/{gallery}/{image}?tab=access",
        [302, 404, 200, 200, 200],
    ),
    (
        "/images/{gallery}/{image}?tab=activity",
        [302, 404, 200, 200, 200],
    ),
    (
        "/images/{gallery}/{image}/{version}",
        [302, 404, 200, 200, 200],
    ),
    (
        "/images/{gallery}/{image}/{version}?tab=settings",
        [302, 404, 200, 200, 200],
    ),
    (
        "/images/{gallery}/{image}/{version}?tab=settings&machines=120&replicas[westeurope]=2",
        [302, 404, 200, 200, 200],
    ),
    (
        "/images/{gallery}/{image}/{version}?tab=cost",
        [302, 404, 200, 200, 200],
    ),
    (
        "/images/{gallery}/{image}/{version}?tab=copy",
        [302, 404, 200, 200, 200],
    ),
    (
        "/images/{gallery}/{image}/{version}?tab=access",
        [302, 404, 200, 200, 200],
    ),
    (
        "/images/{gallery}/{image}/{version}?tab=activity",
        [302, 404, 200, 200, 200],
    ),
    ("/plans", [302, 200, 200, 200, 200]),
    ("/plans/new", [302, 200, 200, 200, 200]),
    ("/plans/{plan}", [302, 404, 200, 200, 200]),
    ("/plans/{plan}?tab=images", [302, 404, 200, 200, 200]),
    ("/plans/{plan}?tab=settings", [302, 404, 200, 200, 200]),
    ("/plans/{plan}?tab=access", [302, 404, 200, 200, 200]),
    ("/plans/{plan}?tab=activity", [302, 404, 200, 200, 200]),
    // The gallery of primitives shows nobody's things; a release has none.
    ("/design", [200, 200, 200, 200, 200]),
];

#[tokio::test]
async fn every_page_has_a_row_and_every_row_a_page() {
    let pages = generate_route_list(app::routes::App);
    let pages: Vec<String> = pages.iter().map(|page| page.path().to_owned()).collect();
    check_rows("PAGES", PAGES, &pages, [302, 404, 200, 200, 200]);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_answers_every_caller_as_it_must() {
    let swept = Swept::open().await;
    let owners = Keys::of(&swept.owners, &swept.server).await;
    let others = Keys::of(&swept.others, &swept.server).await;
    ask_all(
        PAGES,
        async |who, row| {
            let keys = if who == Who::Owner { &owners } else { &others };
            let answer = swept.open_page(who, &keys.fill(row)).await;
            match who {
                Who::Anonymous if answer.status == 302 => leads_to_sign_in(row, &answer),
                Who::Stranger => tells_nothing(row, &answer, &swept.others),
                _ => assert!(!answer.header("location").starts_with("/signin"), "{row}"),
            }
            answer
        },
        async || {},
    )
    .await;
    swept.close().await;
}

fn leads_to_sign_in(row: &str, answer: &Answer) {
    let location = answer.header("location");
    assert!(
        location.starts_with("/signin?return_to=%2F"),
        "{row} leads to {location:?}"
    );
    assert!(
        !answer.text.contains("<h1"),
        "{row} shows something beforehand"
    );
}

/// No page of a stranger names the school's people or holds an ARM id of it.
fn tells_nothing(row: &str, answer: &Answer, school: &Furnished) {
    for word in [school.domain, school.subscription()] {
        assert!(
            !answer.text.contains(word),
            "{row} tells a stranger of {word}"
        );
    }
}

/// What stands in the addresses of a school's pages.
struct Keys(BTreeMap<&'static str, String>);

impl Keys {
    async fn of(place: &Furnished, server: &Server) -> Self {
        let found = place.found(server).await;
        let version = found.version("ubuntu", "1.0.0").await;
        let arm = version.resource_id.as_str().as_bytes();
        let group = place.school.group.as_str().as_bytes();
        Self(BTreeMap::from([
            ("{group}", form_urlencoded::byte_serialize(group).collect()),
            ("{role}", place.role.to_string()),
            ("{provider}", place.provider.to_string()),
            ("{team}", place.team.to_string()),
            ("{application}", place.application.to_string()),
            ("{id}", form_urlencoded::byte_serialize(arm).collect()),
            ("{version}", version.id.to_string()),
            ("{image}", found.image("ubuntu").await.id.to_string()),
            ("{gallery}", found.gallery("images").await.id.to_string()),
            ("{plan}", found.plan("science").await.id.to_string()),
            ("{lab}", found.lab("lab1").await.id.to_string()),
        ]))
    }

    fn fill(&self, row: &str) -> String {
        self.0
            .iter()
            .fold(row.to_owned(), |path, (word, key)| path.replace(word, key))
    }
}

impl Swept {
    async fn open_page(&self, who: Who, path: &str) -> Answer {
        let request = Request::get(path).header("accept", "text/html");
        self.send(who, request.body(Body::empty()).expect("a request"))
            .await
    }
}
