//! What the same person lends from one organisation to another, and when that ends. ADR 3.

use domain::identity::{Admission, Proof, ProviderInput};
use domain::image::OsState;
use domain::{Caller, OpContext, Origin, ResourceId};
use services::identity::{NewAccount, ProviderClient, Visit};
use testkit::{School, TestPortal, on_both_databases};
use uuid::{Uuid, uuid};

const READER: Uuid = uuid!("acdd72a7-3385-48ef-bd42-f606fba81ae7");
const ISSUER: &str = "https://id.example";

/// Two organisations: the first has an image.
struct Two {
    first: OpContext,
    second: OpContext,
    image: ResourceId,
}

impl Two {
    async fn found(portal: &TestPortal) -> Self {
        let first = School::found(portal, "first.example").await;
        first.open_plan(portal).await;
        first
            .import(portal, "biology", OsState::Specialized, &[1])
            .await;
        let second = School::found(portal, "second.example").await;
        Self {
            first: portal.ctx(first.owner).await,
            second: portal.ctx(second.owner).await,
            image: first.gallery("images").child("images", "biology"),
        }
    }

    /// Gives somebody of the first organisation the role to read the image.
    async fn lend(&self, portal: &TestPortal, who: &Caller) {
        let (services, scope) = (&portal.services, self.image.as_str());
        let id = services.new_id();
        let given = services.role_assignment_create(&self.first, id, scope, who.principal, READER);
        given.await.expect("a role");
    }

    /// Whether somebody sees the image now.
    async fn sees(&self, portal: &TestPortal, who: &Caller) -> bool {
        let services = &portal.services;
        let loaded = services.caller_load(who.principal, who.tenant).await;
        let visit = Visit::default();
        let ctx = services.context(loaded.expect("a caller"), &visit, Origin::Portal);
        services.image_get(&ctx, self.image.clone()).await.is_ok()
    }
}

/// An open provider of an organisation.
async fn provider(portal: &TestPortal, ctx: &OpContext) -> ProviderClient {
    let services = &portal.services;
    let input = ProviderInput {
        name: "Login".to_owned(),
        issuer: ISSUER.to_owned(),
        client_id: "vitrine".to_owned(),
        admission: Admission {
            by_domain: true,
            by_invitation: true,
            ..Admission::default()
        },
        ..ProviderInput::default()
    };
    let made = services.provider_create(ctx, input).await;
    let id = made.expect("a provider").id;
    let client = services.provider_client(id).await.expect("looked up");
    let client = client.expect("a client");
    services
        .provider_tested(ctx, &client)
        .await
        .expect("tested");
    services.provider_enable(ctx, id, true).await.expect("open");
    client
}

/// Somebody comes for the first time, by the domain of their address.
async fn arrive(portal: &TestPortal, client: &ProviderClient, email: &str) -> Caller {
    let proof = Proof {
        issuer: ISSUER.to_owned(),
        subject: "grace".to_owned(),
        email: Some(email.to_owned()),
        email_verified: true,
        ..Proof::default()
    };
    let visit = Visit::default();
    let arrived = portal.services.person_arrive(client, &proof, None, &visit);
    arrived.await.expect("no failure").expect("let in")
}

on_both_databases! {
    async fn what_a_provider_brought_ends_when_its_door_is_shut(portal: TestPortal) {
        let two = Two::found(portal).await;
        let services = &portal.services;
        // Grace is known to both organisations by one issuer, and has a role in the first.
        let (there, here) = (provider(portal, &two.first).await, provider(portal, &two.second).await);
        let over_there = arrive(portal, &there, "grace@first.example").await;
        let at_home = arrive(portal, &here, "grace@second.example").await;
        assert!(!two.sees(portal, &at_home).await);
        two.lend(portal, &over_there).await;
        assert!(two.sees(portal, &at_home).await);
        for is_open in [false, true] {
            services.provider_enable(&two.first, there.id, is_open).await.expect("changed");
            assert_eq!(two.sees(portal, &at_home).await, is_open, "the lending organisation's door is open: {is_open}");
        }
        for is_allowed in [false, true] {
            services.principal_enable(&two.first, over_there.principal, is_allowed).await.expect("changed");
            assert_eq!(two.sees(portal, &at_home).await, is_allowed, "allowed over there: {is_allowed}");
        }
        services.provider_delete(&two.first, there.id).await.expect("removed");
        assert!(!two.sees(portal, &at_home).await, "the door is gone, and nobody invited her");
        provider(portal, &two.first).await;
        assert!(two.sees(portal, &at_home).await, "another provider with the same issuer");
    }

    async fn a_guest_by_invitation_stays_until_barred_here_or_at_home(portal: TestPortal) {
        let two = Two::found(portal).await;
        let (services, visit) = (&portal.services, Visit::default());
        let new = NewAccount {
            display_name: "Guest".to_owned(),
            user_name: "guest@second.example".to_owned(),
            password: "Correct-Horse-9".to_owned(),
        };
        let account = services.account_create(&two.second, new).await.expect("an account");
        let home = services.caller_load(account.id, two.second.tenant()).await.expect("a caller");
        let invited = services.invitation_create(&two.first, "guest@second.example", None, 7).await.expect("an invitation");
        let guest = services.invitation_accept(&home, invited.invitation.id, &visit).await.expect("a guest");
        two.lend(portal, &guest).await;
        assert!(two.sees(portal, &home).await && two.sees(portal, &guest).await);
        services.principal_enable(&two.first, guest.principal, false).await.expect("barred");
        assert!(!two.sees(portal, &home).await);
        services.principal_enable(&two.first, guest.principal, true).await.expect("allowed");
        let opened = services.session_create(&guest, None, None, &visit).await.expect("a session");
        services.principal_enable(&two.second, account.id, false).await.expect("barred at home");
        assert!(services.caller_load(guest.principal, guest.tenant).await.is_err(), "a guest is barred with the account");
        assert_eq!(services.session_resolve(&opened.secret).await.expect("looked up"), None);
    }
}
