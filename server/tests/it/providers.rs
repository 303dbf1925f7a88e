//! Signing in at providers of one's own organisation, with an issuer that lies in every way it can.

mod admission;
mod invitation;
mod lies;
mod rights;
mod trial;

use axum::http::StatusCode;
use domain::identity::{Admission, ProviderInput, ProviderKind, Reach};
use domain::{OpContext, PageRequest};
use serde_json::{Value, json};
use services::identity::{NewAccount, NewTenant};
use testkit::{FakeIssuer, TestPortal};
use uuid::Uuid;

use crate::browser::Browser;
use crate::portal::{Answer, Server};

const PASSWORD: &str = "Correct-Horse-9";

/// A school whose people sign in at an issuer of its own.
pub(crate) struct Stage {
    pub(crate) server: Server,
    pub(crate) issuer: FakeIssuer,
    pub(crate) tenant: Uuid,
    pub(crate) provider: Uuid,
}

impl Stage {
    /// With a provider that is tested and open, and lets in by domain.
    pub(crate) async fn open() -> Self {
        let portal = TestPortal::on_sqlite().await;
        let issuer = FakeIssuer::start(&portal.clock).await;
        let server = Server::composed(portal, |config| {
            config.identity.provider_reach = Reach::Loopback;
        });
        let tenant = tenant(&server, "contoso.example").await;
        let provider = provider(&server, tenant, &input(&issuer)).await;
        issuer.person(ada());
        Self {
            server,
            issuer,
            tenant,
            provider,
        }
    }

    pub(crate) fn system(&self) -> OpContext {
        self.server.portal.services.system(self.tenant, "test")
    }

    /// Goes to the provider and back; answers what the callback says.
    pub(crate) async fn come(&self, browser: &Browser<'_>) -> Answer {
        let callback = self.callback(browser).await;
        browser.get(&callback).await
    }

    /// The callback's address of a new sign-in.
    pub(crate) async fn callback(&self, browser: &Browser<'_>) -> String {
        let request = browser.begin(&format!("?provider={}", self.provider)).await;
        self.issuer.authorize(&request)
    }

    /// User names of the tenant's people.
    pub(crate) async fn people(&self) -> Vec<String> {
        let services = &self.server.portal.services;
        let page = services
            .principal_list(&self.system(), &PageRequest::default())
            .await
            .expect("people");
        page.items.into_iter().map(|who| who.user_name).collect()
    }
}

/// What the issuer says of a person of the school.
pub(crate) fn ada() -> Value {
    json!({ "sub": "ada-1", "name": "Ada", "email": "ada@contoso.example", "email_verified": true })
}

pub(crate) fn input(issuer: &FakeIssuer) -> ProviderInput {
    ProviderInput {
        kind: ProviderKind::Oidc,
        name: "School login".to_owned(),
        issuer: issuer.issuer().to_owned(),
        client_id: FakeIssuer::CLIENT.to_owned(),
        client_secret: Some(FakeIssuer::SECRET.to_owned()),
        scopes: "profile email".to_owned(),
        admission: Admission {
            by_domain: true,
            by_invitation: true,
            ..Admission::default()
        },
        ..ProviderInput::default()
    }
}

pub(crate) async fn tenant(server: &Server, domain: &str) -> Uuid {
    let new = NewTenant {
        name: format!("School {domain}"),
        domain: domain.to_owned(),
    };
    let made = server.portal.services.tenant_create(new).await;
    made.expect("a tenant").id
}

/// Adds a provider, tested and open.
pub(crate) async fn provider(server: &Server, tenant: Uuid, input: &ProviderInput) -> Uuid {
    let services = &server.portal.services;
    let system = services.system(tenant, "test");
    let id = services
        .provider_create(&system, input.clone())
        .await
        .expect("a provider")
        .id;
    open(server, tenant, id).await;
    id
}

/// Takes a provider as tested, and opens it.
pub(crate) async fn open(server: &Server, tenant: Uuid, id: Uuid) {
    let services = &server.portal.services;
    let system = services.system(tenant, "test");
    let client = services.provider_client(id).await.expect("looked up");
    let client = client.expect("a provider");
    services
        .provider_tested(&system, &client)
        .await
        .expect("tested");
    services
        .provider_enable(&system, id, true)
        .await
        .expect("open");
}

/// A person with a password who owns the organisation.
pub(crate) async fn owner(server: &Server, tenant: Uuid, user_name: &str) -> Uuid {
    let services = &server.portal.services;
    let system = services.system(tenant, "test");
    let new = NewAccount {
        display_name: "Olga".to_owned(),
        user_name: user_name.to_owned(),
        password: PASSWORD.to_owned(),
    };
    let id = services
        .account_create(&system, new)
        .await
        .expect("an account")
        .id;
    let role = domain::rbac::BUILT_IN
        .iter()
        .find(|role| role.name == "Owner")
        .expect("a role");
    services
        .role_assignment_create(&system, services.new_id(), "/", id, role.id)
        .await
        .expect("a role");
    id
}

/// Signs in with a password, at an organisation that has other ways too.
pub(crate) async fn sign_in_locally(browser: &Browser<'_>, tenant: Uuid, user_name: &str) {
    let form = browser.begin(&format!("?way=local&tenant={tenant}")).await;
    let callback = browser.fill_in(&form, user_name, PASSWORD).await;
    let answer = browser.get(&callback).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
}

/// Who the browser is signed in as: what stands in the person's menu.
pub(crate) async fn page_of(browser: &Browser<'_>) -> Answer {
    browser.get("/account/organisations").await
}

/// Where a page that leads elsewhere leads.
pub(crate) fn led_to(page: &Answer) -> String {
    page.header("refresh")
        .strip_prefix("0; url=")
        .unwrap_or_else(|| panic!("{} leads nowhere: {}", page.status, page.text))
        .to_owned()
}
