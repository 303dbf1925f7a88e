//! Providers, domains, invitations and keys, on both databases.

use chrono::TimeDelta;
use domain::identity::{Admission, InvitationState, ProviderInput};
use domain::{Code, OpContext};
use services::Error;
use services::identity::{NewTenant, Visit};
use store::entity::{identity_provider, session, signing_key};
use store::sea_orm::{ActiveModelTrait, ActiveValue::Set, EntityTrait};
use testkit::{School, TestPortal, on_both_databases};
use uuid::Uuid;

const SECRET: &str = "the client's own secret";

fn input(issuer: &str) -> ProviderInput {
    ProviderInput {
        name: "Login".to_owned(),
        issuer: issuer.to_owned(),
        client_id: "vitrine".to_owned(),
        client_secret: Some(SECRET.to_owned()),
        scopes: "profile email".to_owned(),
        admission: Admission {
            by_invitation: true,
            ..Admission::default()
        },
        ..ProviderInput::default()
    }
}

fn code<T: std::fmt::Debug>(result: Result<T, Error>) -> Code {
    match result {
        Err(Error::Problem(problem)) => problem.code,
        other => panic!("no refusal: {other:?}"),
    }
}

async fn tenant(portal: &TestPortal, domain: &str) -> OpContext {
    let new = NewTenant {
        name: domain.to_owned(),
        domain: domain.to_owned(),
    };
    let tenant = portal.services.tenant_create(new).await.expect("a tenant");
    portal.services.system(tenant.id, "test")
}

on_both_databases! {
    async fn a_key_signs_for_90_days_and_is_published_a_day_longer(portal: TestPortal) {
        let services = &portal.services;
        let first = services.signing_key_current().await.expect("a key").id;
        portal.clock.advance(TimeDelta::days(89));
        assert_eq!(services.signing_key_current().await.expect("a key").id, first);
        portal.clock.advance(TimeDelta::days(1));
        let second = services.signing_key_current().await.expect("a key").id;
        assert_ne!(first, second);
        let published = async || {
            let keys = services.signing_key_list().await.expect("keys");
            keys.into_iter().map(|key| key.id).collect::<Vec<_>>()
        };
        assert_eq!(published().await, [second, first]);
        assert!(services.signing_key_find(first).await.expect("looked up").is_some());
        portal.clock.advance(TimeDelta::hours(25));
        assert_eq!(published().await, [second]);
        assert!(services.signing_key_find(first).await.expect("looked up").is_none());
    }

    async fn keys_are_sealed_and_those_of_an_earlier_release_are_sealed_when_read(portal: TestPortal) {
        let services = &portal.services;
        let key = services.signing_key_current().await.expect("a key");
        let row = async || {
            let row = signing_key::Entity::find_by_id(key.id).one(services.store().db()).await;
            row.expect("looked up").expect("a row")
        };
        let sealed = row().await;
        assert!(services::Seal::is_sealed(&sealed.private_pem));
        assert!(!sealed.private_pem.contains("PRIVATE"));
        let pem = key.private_pem.to_string();
        let mut plain: signing_key::ActiveModel = sealed.into();
        plain.private_pem = Set(pem.clone());
        plain.update(services.store().db()).await.expect("written");
        portal.clock.advance(TimeDelta::minutes(11));
        let again = services.signing_key_current().await.expect("a key");
        assert_eq!((again.id, again.private_pem.to_string()), (key.id, pem));
        assert!(services::Seal::is_sealed(&row().await.private_pem));
    }

    async fn a_providers_secret_is_sealed_and_told_to_the_sign_in_alone(portal: TestPortal) {
        let (services, ctx) = (&portal.services, tenant(portal, "contoso.example").await);
        let made = services.provider_create(&ctx, input("https://id.example")).await.expect("a provider");
        assert!(made.has_secret && !made.enabled && made.tested_at.is_none());
        assert!(!format!("{made:?}").contains(SECRET));
        let row = identity_provider::Entity::find_by_id(made.id).one(services.store().db()).await;
        let row = row.expect("looked up").expect("a row");
        assert!(!row.client_secret.unwrap_or_default().contains(SECRET));
        let client = services.provider_client(made.id).await.expect("looked up").expect("a client");
        assert_eq!(client.client_secret.as_deref(), Some(SECRET));
        assert!(!format!("{client:?}").contains(SECRET));
        // An empty secret keeps the one that is set; the same issuer comes once.
        let kept = ProviderInput { name: "Other".to_owned(), client_secret: Some(String::new()), ..input("https://id.example") };
        let kept = services.provider_update(&ctx, made.id, kept).await.expect("changed");
        assert!(kept.has_secret);
        assert_eq!(code(services.provider_create(&ctx, input("https://id.example")).await), Code::AlreadyExists);
        assert_eq!(code(services.provider_enable(&ctx, made.id, true).await), Code::Conflict);
        let elsewhere = tenant(portal, "fabrikam.example").await;
        assert_eq!(code(services.provider_get(&elsewhere, made.id).await), Code::ResourceNotFound);
        assert_eq!(code(services.provider_tested(&elsewhere, &client).await), Code::ResourceNotFound);
    }

    async fn a_test_counts_only_for_what_was_tested(portal: TestPortal) {
        let (services, ctx) = (&portal.services, tenant(portal, "contoso.example").await);
        let id = services.provider_create(&ctx, input("https://id.example")).await.expect("a provider").id;
        let before = services.provider_client(id).await.expect("looked up").expect("a client");
        let changed = ProviderInput { client_id: "other".to_owned(), ..input("https://id.example") };
        services.provider_update(&ctx, id, changed).await.expect("changed");
        assert_eq!(code(services.provider_tested(&ctx, &before).await), Code::Conflict);
        let now = services.provider_client(id).await.expect("looked up").expect("a client");
        services.provider_tested(&ctx, &now).await.expect("tested");
        assert!(services.provider_enable(&ctx, id, true).await.expect("open").enabled);
        let moved = ProviderInput { client_id: "other".to_owned(), client_secret: None, ..input("https://id2.example") };
        let moved = services.provider_update(&ctx, id, moved).await.expect("changed");
        assert!(!moved.enabled && moved.tested_at.is_none(), "another issuer is another place");
    }

    async fn a_domain_leads_people_only_when_it_is_proved(portal: TestPortal) {
        let (services, contoso) = (&portal.services, tenant(portal, "contoso.example").await);
        let school = School::found(portal, "fabrikam.example").await;
        let fabrikam = portal.ctx(school.owner).await;
        let claimed = services.domain_add(&fabrikam, "Shared.example").await.expect("a claim");
        assert_eq!((claimed.name.as_str(), claimed.verified_at), ("shared.example", None));
        assert_eq!(services.home_realm("a@shared.example").await.expect("looked up"), None);
        // A claim without proof gives way to another one.
        let system = OpContext { origin: domain::Origin::Portal, ..contoso.clone() };
        let second = services.domain_add(&system, "shared.example").await.expect("another claim");
        assert_eq!(code(services.domain_get(&fabrikam, claimed.id).await), Code::ResourceNotFound);
        assert_eq!(code(services.domain_prove(&system, second.id, "vitrine=x").await), Code::Conflict);
        let shown = format!("# proof\n {} \n", second.proof);
        services.domain_prove(&system, second.id, &shown).await.expect("proved");
        let realm = services.home_realm("A@Shared.Example").await.expect("looked up").expect("a realm");
        assert_eq!((realm.tenant.id, realm.provider), (contoso.tenant(), None));
        assert_eq!(code(services.domain_add(&fabrikam, "shared.example").await), Code::AlreadyExists);
        assert_eq!(code(services.domain_add(&fabrikam, "contoso.example").await), Code::AlreadyExists);
        for bad in ["", "contoso", "a b.example", "https://x.example"] {
            assert_eq!(code(services.domain_add(&fabrikam, bad).await), Code::InvalidRequest);
        }
        let domains = services.domain_list(&contoso).await.expect("domains");
        let first = domains.iter().find(|of| of.is_primary).expect("the first one");
        assert_eq!(code(services.domain_remove(&contoso, first.id).await), Code::Conflict);
        services.domain_remove(&contoso, second.id).await.expect("given up");
        assert_eq!(services.home_realm("a@shared.example").await.expect("looked up"), None);
        // What the operator adds needs no other proof.
        assert!(services.domain_add(&contoso, "operator.example").await.expect("added").verified_at.is_some());
    }

    async fn an_invitation_is_accepted_once_however_many_try_at_once(portal: TestPortal) {
        let (services, inviting) = (&portal.services, tenant(portal, "contoso.example").await);
        let school = School::found(portal, "fabrikam.example").await;
        let invited = services.invitation_create(&inviting, "x@fabrikam.example", None, 7).await.expect("an invitation");
        let visit = Visit::default();
        let (one, two) = (portal.ctx(school.teacher).await, portal.ctx(school.student).await);
        let id = invited.invitation.id;
        let (first, second) = tokio::join!(
            services.invitation_accept(&one.caller, id, &visit),
            services.invitation_accept(&two.caller, id, &visit),
        );
        assert_eq!([&first, &second].into_iter().filter(|outcome| outcome.is_ok()).count(), 1);
        let guest = first.or(second).expect("a guest");
        assert_eq!((guest.tenant, guest.grants.len()), (inviting.tenant(), 0));
        let listed = services.invitation_list(&inviting).await.expect("invitations");
        assert_eq!(listed[0].state, InvitationState::Accepted);
        assert_eq!(code(services.invitation_find(&invited.secret).await), Code::ResourceNotFound);
        assert_eq!(code(services.invitation_revoke(&inviting, id).await), Code::Conflict);
        for (email, days) in [("nobody", 7), ("x@y.example", 0), ("x@y.example", 31)] {
            assert_eq!(code(services.invitation_create(&inviting, email, None, days).await), Code::InvalidRequest);
        }
    }

    async fn a_switch_ends_the_old_session_and_lasts_no_longer_than_it(portal: TestPortal) {
        let (services, inviting) = (&portal.services, tenant(portal, "contoso.example").await);
        let school = School::found(portal, "fabrikam.example").await;
        let ctx = portal.ctx(school.teacher).await;
        let visit = Visit::default();
        let invited = services.invitation_create(&inviting, "x@fabrikam.example", None, 7).await.expect("an invitation");
        services.invitation_accept(&ctx.caller, invited.invitation.id, &visit).await.expect("a guest");
        let before = services.session_create(&ctx.caller, None, None, &visit).await.expect("a session");
        let expires = async |id: Uuid| {
            let row = session::Entity::find_by_id(id).one(services.store().db()).await;
            row.expect("looked up").map(|row| row.expires_at)
        };
        let until = expires(before.id).await;
        portal.clock.advance(TimeDelta::minutes(30));
        let after = services.tenant_switch(&ctx, before.id, inviting.tenant(), &visit).await.expect("switched");
        assert_eq!(services.session_resolve(&before.secret).await.expect("looked up"), None);
        let now = services.session_resolve(&after.secret).await.expect("looked up").expect("somebody");
        assert_eq!(now.caller.tenant, inviting.tenant());
        assert_eq!((expires(before.id).await, expires(after.id).await), (None, until));
        // A session of somebody else can't be taken along.
        let other = portal.ctx(school.student).await;
        assert_eq!(code(services.tenant_switch(&other, after.id, school.tenant, &visit).await), Code::ResourceNotFound);
    }

    async fn who_only_contributes_changes_nothing_about_sign_in(portal: TestPortal) {
        let school = School::found(portal, "contoso.example").await;
        let services = &portal.services;
        let ctx = portal.ctx(school.contributor).await;
        assert_eq!(code(services.provider_list(&ctx).await), Code::AuthorizationFailed);
        assert_eq!(code(services.provider_create(&ctx, input("https://id.example")).await), Code::AuthorizationFailed);
        assert_eq!(code(services.domain_add(&ctx, "x.example").await), Code::AuthorizationFailed);
        assert_eq!(code(services.invitation_create(&ctx, "x@y.example", None, 7).await), Code::AuthorizationFailed);
        let student = portal.ctx(school.student).await;
        assert_eq!(code(services.provider_list(&student).await), Code::ResourceNotFound);
    }
}
