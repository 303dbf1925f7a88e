//! Shares over the API and in the portal's pages. Rules A58, A59, C2, C5.

use app::ssr::SignedIn;
use axum::body::Body;
use axum::http::{Method, Request};
use domain::ResourceId;
use domain::image::OsState;
use serde_json::{Value, json};
use testkit::{Person, School};
use url::form_urlencoded;

use crate::portal::{Answer, Server};

const READER: &str = "acdd72a7-3385-48ef-bd42-f606fba81ae7";

/// Two organisations on one server; the first has an image.
struct Two {
    server: Server,
    first: School,
    second: School,
}

impl Two {
    async fn open() -> Self {
        let server = Server::start().await;
        let first = School::found(&server.portal, "first.example").await;
        first.open_plan(&server.portal).await;
        first
            .import(&server.portal, "biology", OsState::Specialized, &[1])
            .await;
        let second = School::found(&server.portal, "second.example").await;
        second.open_plan(&server.portal).await;
        Self {
            server,
            first,
            second,
        }
    }

    /// The ids of gallery, definition and version.
    fn ids(&self) -> [ResourceId; 3] {
        let gallery = self.first.gallery("images");
        let image = gallery.child("images", "biology");
        let version = image.child("versions", "1.0.0");
        [gallery, image, version]
    }

    async fn send(&self, who: Person, mut request: Request<Body>) -> Answer {
        let op = self.server.portal.ctx(who).await;
        let extensions = request.extensions_mut();
        extensions.insert(op.clone());
        extensions.insert(SignedIn {
            op,
            tenant_name: "A school".to_owned(),
        });
        self.server.send(request).await
    }

    async fn call(&self, who: Person, method: Method, id: &str, body: Option<Value>) -> Answer {
        let request = Request::builder()
            .method(method)
            .uri(format!("{id}?api-version=2024-03-03"))
            .header("content-type", "application/json");
        let body = body.map_or_else(Body::empty, |body| Body::from(body.to_string()));
        self.send(who, request.body(body).expect("a request")).await
    }

    async fn page(&self, who: Person, path: &str) -> Answer {
        let request = Request::get(path).header("accept", "text/html");
        self.send(who, request.body(Body::empty()).expect("a request"))
            .await
    }

    /// Posts a form as a page without script does.
    async fn post(&self, who: Person, path: &str, fields: &[(&str, &str)]) -> Answer {
        let form = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(fields)
            .finish();
        let request = Request::post(path)
            .header("content-type", "application/x-www-form-urlencoded")
            .header("content-length", form.len())
            .header("accept", "text/html")
            .header("sec-fetch-site", "same-origin")
            .header("referer", "https://localhost:8443/shares");
        self.send(who, request.body(Body::from(form)).expect("a request"))
            .await
    }

    /// The statuses of gallery, definition and version over the API, then of their pages.
    async fn opens(&self, who: Person) -> ([u16; 3], [u16; 3]) {
        let owner = self.server.portal.ctx(self.first.owner).await;
        let version = self
            .server
            .portal
            .services
            .version_get(&owner, &self.ids()[2])
            .await
            .expect("the version");
        let gallery = format!("/images/{}", version.gallery);
        let image = format!("{gallery}/{}", version.image);
        let pages = [
            gallery.clone(),
            image.clone(),
            format!("{image}/{}", version.meta.id),
        ];
        let (mut rest, mut portal) = ([0; 3], [0; 3]);
        for at in 0..3 {
            let id = self.ids()[at].to_string();
            rest[at] = self.call(who, Method::GET, &id, None).await.status.as_u16();
            portal[at] = self.page(who, &pages[at]).await.status.as_u16();
        }
        (rest, portal)
    }

    /// Makes a link in the portal, and answers its path and query.
    async fn link(&self, scope: &ResourceId) -> String {
        let fields = [
            ("scope", scope.as_str()),
            ("shareRole", READER),
            ("days", "30"),
            ("from", "/shares"),
        ];
        let answer = self.post(self.first.owner, "/shares/new", &fields).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        let (_, rest) = answer
            .text
            .split_once("/shares/accept?token=")
            .expect("a link");
        let token: String = rest
            .chars()
            .take_while(|sign| sign.is_ascii_alphanumeric() || "-_".contains(*sign))
            .collect();
        format!("/shares/accept?token={token}")
    }

    /// Accepts a link in the second organisation, as its owner does in the portal.
    async fn accept(&self, link: &str) {
        let offer = self.page(self.second.owner, link).await;
        assert_eq!(offer.status, 200, "{}", offer.text);
        assert!(offer.text.contains("School first.example"));
        let token = link.rsplit('=').next().expect("a token");
        let accepted = self
            .post(
                self.second.owner,
                "/fn/share/accept",
                &[("token", token), ("principal", "")],
            )
            .await;
        assert_eq!(accepted.header("location"), "/shares", "{}", accepted.text);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn rules_a58_and_a59_hold_over_the_api_and_in_pages() {
    let two = Two::open().await;
    for (scope, expected) in [
        (0, [200, 200, 200]),
        (1, [404, 200, 200]),
        (2, [404, 404, 200]),
    ] {
        let id = &two.ids()[scope];
        // Inside the organisation, by a role assignment over the API.
        let name = uuid::Uuid::from_u128(scope as u128 + 1);
        let path = format!("{id}/providers/Microsoft.Authorization/roleAssignments/{name}");
        let body = json!({"properties": {"roleDefinitionId": READER, "principalId": two.first.student.id}});
        let given = two
            .call(two.first.owner, Method::PUT, &path, Some(body))
            .await;
        assert_eq!(given.status, 201, "{}", given.text);
        assert_eq!(
            two.opens(two.first.student).await,
            (expected, expected),
            "{id}"
        );
        let taken = two.call(two.first.owner, Method::DELETE, &path, None).await;
        assert_eq!(taken.status, 200, "{}", taken.text);

        // Across, by a link.
        assert_eq!(two.opens(two.second.student).await, ([404; 3], [404; 3]));
        let link = two.link(id).await;
        two.accept(&link).await;
        assert_eq!(
            two.opens(two.second.student).await,
            (expected, expected),
            "{id}"
        );
        let owner = two.server.portal.ctx(two.first.owner).await;
        let services = &two.server.portal.services;
        let shares = services.share_list(&owner, None).await.expect("shares");
        let share = shares[0].id.to_string();
        let revoked = two
            .post(
                two.first.owner,
                "/fn/share/revoke",
                &[("id", &share), ("from", "/shares")],
            )
            .await;
        assert_eq!(revoked.header("location"), "/shares", "{}", revoked.text);
        assert_eq!(two.opens(two.second.student).await, ([404; 3], [404; 3]));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lab_is_made_over_the_api_from_the_full_id_of_a_foreign_version() {
    let two = Two::open().await;
    let [_, image, version] = two.ids();
    let link = two.link(&image).await;
    two.accept(&link).await;
    let images = format!("{}/images", two.second.plan("science"));
    let listed = two.call(two.second.owner, Method::GET, &images, None).await;
    let listed: Value = serde_json::from_str(&listed.text).expect("JSON");
    assert_eq!(listed["value"][0]["properties"]["displayName"], "biology");
    let name = listed["value"][0]["name"].as_str().expect("a name");
    let lab = json!({"location": "westeurope", "properties": {
        "labPlanId": two.second.plan("science").to_string(),
        "virtualMachineProfile": {"imageReference": {"id": version.to_string()}, "sku": {"name": "Small"}}
    }});
    let put = async || {
        let id = two.second.lab("borrowed").to_string();
        two.call(two.second.teacher, Method::PUT, &id, Some(lab.clone()))
            .await
    };
    let refused = put().await;
    assert_eq!(refused.status, 400, "{}", refused.text);
    assert!(refused.text.contains("ImageDisabled"), "{}", refused.text);
    let switch = json!({"properties": {"enabledState": "Enabled"}});
    let switched = two
        .call(
            two.second.owner,
            Method::PUT,
            &format!("{images}/{name}"),
            Some(switch),
        )
        .await;
    assert_eq!(switched.status, 200, "{}", switched.text);
    let made = put().await;
    assert_eq!(made.status, 201, "{}", made.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shared_gallery_is_listed_as_command_lines_ask_for_it() {
    let two = Two::open().await;
    let [gallery, _, version] = two.ids();
    let subscription = two.second.group.segment("subscriptions").expect("an id");
    let list = format!(
        "/subscriptions/{subscription}/providers/Microsoft.Compute/locations/westeurope/sharedGalleries"
    );
    let read = async |path: String| -> Value {
        let answer = two.call(two.second.student, Method::GET, &path, None).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        serde_json::from_str(&answer.text).expect("JSON")
    };
    assert_eq!(read(list.clone()).await["value"], json!([]));
    let link = two.link(&gallery).await;
    two.accept(&link).await;
    let shared = read(list.clone()).await;
    let name = shared["value"][0]["name"]
        .as_str()
        .expect("a name")
        .to_owned();
    assert_eq!(
        shared["value"][0]["identifier"]["uniqueId"],
        format!("/SharedGalleries/{name}")
    );
    assert_eq!(read(format!("{list}/{name}")).await["name"], name);
    let images = read(format!("{list}/{name}/images")).await;
    assert_eq!(images["value"][0]["name"], "biology");
    let versions = read(format!("{list}/{name}/images/biology/versions")).await;
    assert_eq!(
        versions["value"][0]["properties"]["resourceId"],
        version.to_string()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_link_form_comes_back_with_what_was_typed() {
    let two = Two::open().await;
    let [gallery, ..] = two.ids();
    let fields = [
        ("scope", gallery.as_str()),
        ("shareRole", READER),
        ("days", "9999"),
        ("note", "for you"),
        ("from", "/images?tab=access"),
    ];
    let refused = two.post(two.first.owner, "/shares/new", &fields).await;
    assert_eq!(refused.status, 303, "{}", refused.text);
    let back = refused.header("location");
    assert!(
        back.contains("tab=access") && back.contains("__err=") && back.contains("note=for+you"),
        "{back}"
    );
    let stranger = two.post(two.second.owner, "/shares/new", &fields).await;
    assert!(stranger.header("location").contains("__err="));
}
