//! People, passwords, sessions, codes and roles, on both databases.

use chrono::TimeDelta;
use domain::activity::ActivityResult;
use domain::rbac::{BUILT_IN, Grant, built_in};
use domain::tenant::PrincipalKind;
use domain::{Caller, Code, OpContext, PageRequest};
use services::Error;
use services::identity::{
    CodeRefusal, LoginRefusal, LoginStart, NewAccount, NewCode, NewPrincipal, NewTenant, Verified,
    Visit,
};
use testkit::{School, TestPortal, on_both_databases};
use uuid::Uuid;

const ADA: &str = "ada@contoso.example";
const PASSWORD: &str = "Correct-Horse-9";
/// The pair of RFC 7636, appendix B.
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

fn visit() -> Visit {
    Visit {
        request_id: "r".to_owned(),
        address: "192.0.2.7".to_owned(),
        user_agent: "Test/1.0".to_owned(),
    }
}

fn code<T: std::fmt::Debug>(result: Result<T, Error>) -> Code {
    match result {
        Err(Error::Problem(problem)) => problem.code,
        other => panic!("no refusal: {other:?}"),
    }
}

fn role(name: &str) -> Uuid {
    BUILT_IN
        .iter()
        .find(|role| role.name == name)
        .expect("a built-in role")
        .id
}

/// A tenant with one account and no roles; answers the operator's context and the person.
async fn contoso(portal: &TestPortal) -> (OpContext, Uuid) {
    let services = &portal.services;
    let new = NewTenant {
        name: "Contoso".to_owned(),
        domain: "contoso.example".to_owned(),
    };
    let system = services.system(
        services.tenant_create(new).await.expect("a tenant").id,
        "test",
    );
    let new = NewAccount {
        display_name: "Ada".to_owned(),
        user_name: ADA.to_owned(),
        password: PASSWORD.to_owned(),
    };
    let person = services
        .account_create(&system, new)
        .await
        .expect("an account")
        .id;
    (system, person)
}

async fn sign_in(portal: &TestPortal) -> Caller {
    let verified = portal
        .services
        .account_verify(None, ADA, PASSWORD, &visit())
        .await
        .expect("the right password");
    match verified {
        Verified::Whole(caller) => caller,
        Verified::Half(step) => panic!("more is asked for: {step:?}"),
    }
}

on_both_databases! {
    async fn a_password_is_right_only_for_its_account_and_tenant(portal: TestPortal) {
        let (system, ada) = contoso(portal).await;
        let services = &portal.services;
        assert_eq!(sign_in(portal).await.principal, ada);
        let verify = async |tenant, name, password| code(services.account_verify(tenant, name, password, &visit()).await);
        assert_eq!(verify(None, ADA, "wrong").await, Code::AuthenticationFailed);
        assert_eq!(verify(None, "eve@contoso.example", PASSWORD).await, Code::AuthenticationFailed);
        assert_eq!(verify(Some(Uuid::nil()), ADA, PASSWORD).await, Code::AuthenticationFailed);
        let log = services.activity_list(&system, None, &PageRequest::default()).await.expect("the log").items;
        let refused = log.iter().find(|line| line.result == ActivityResult::Refused).expect("a line about the refusal");
        assert_eq!((refused.operation.as_str(), refused.caller.as_str()), ("account_verify", ADA));
        assert!(!refused.detail.contains("wrong\""), "{}", refused.detail);
    }

    async fn guesses_sent_at_once_count_each(portal: TestPortal) {
        contoso(portal).await;
        let attempts = (0..12).map(|_| async {
            let visit = visit();
            portal.services.account_verify(None, ADA, "wrong", &visit).await
        });
        let outcomes = futures::future::join_all(attempts).await;
        let waits = outcomes.into_iter().filter(|outcome| matches!(outcome, Err(Error::Problem(p)) if p.code == Code::TooManyRequests)).count();
        assert_eq!(waits, 7, "five are free, whatever their order");
        assert_eq!(code(portal.services.account_verify(None, ADA, PASSWORD, &visit()).await), Code::TooManyRequests);
        portal.clock.advance(TimeDelta::minutes(31));
        sign_in(portal).await;
    }

    async fn accounts_bear_the_domain_of_their_tenant_and_a_strong_password(portal: TestPortal) {
        let (system, _) = contoso(portal).await;
        let create = async |user_name: &str, password: &str| {
            let new = NewAccount { display_name: "X".to_owned(), user_name: user_name.to_owned(), password: password.to_owned() };
            code(portal.services.account_create(&system, new).await)
        };
        assert_eq!(create("eve@evil.example", PASSWORD).await, Code::InvalidRequest);
        assert_eq!(create("eve@contoso.example", "weak").await, Code::InvalidRequest);
        assert_eq!(create("ADA@contoso.example", PASSWORD).await, Code::AlreadyExists);
    }

    async fn a_new_password_ends_every_session(portal: TestPortal) {
        let (system, ada) = contoso(portal).await;
        let services = &portal.services;
        let opened = services.session_create(&sign_in(portal).await, None, None, &visit()).await.expect("a session");
        services.account_password_set(&system, ada, "Another-Horse-9").await.expect("a new password");
        assert_eq!(services.session_resolve(&opened.secret).await.expect("looked up"), None);
        assert_eq!(code(services.account_verify(None, ADA, PASSWORD, &visit()).await), Code::AuthenticationFailed);
    }

    async fn nobody_ends_the_session_of_another(portal: TestPortal) {
        let school = School::found(portal, "school.example").await;
        contoso(portal).await;
        let services = &portal.services;
        let opened = services.session_create(&sign_in(portal).await, None, None, &visit()).await.expect("a session");
        let stranger = portal.ctx(school.owner).await;
        assert_eq!(code(services.session_revoke(&stranger, opened.id).await), Code::ResourceNotFound);
        assert!(services.session_list(&stranger, None).await.expect("a list").is_empty());
        assert!(services.session_is_live(opened.id).await.expect("looked up"));
    }

    async fn expired_rows_are_swept_and_live_ones_stay(portal: TestPortal) {
        contoso(portal).await;
        let services = &portal.services;
        let caller = sign_in(portal).await;
        let old = services.session_create(&caller, None, None, &visit()).await.expect("a session");
        portal.clock.advance(TimeDelta::minutes(61));
        let new = services.session_create(&caller, None, None, &visit()).await.expect("a session");
        services.identity_sweep().await.expect("swept");
        assert!(!services.session_is_live(old.id).await.expect("looked up"));
        assert!(services.session_is_live(new.id).await.expect("looked up"));
    }

    async fn a_state_is_good_once_for_one_browser_and_a_while(portal: TestPortal) {
        let services = &portal.services;
        let begin = async || {
            let text = str::to_owned;
            let start = LoginStart { issuer: text("i"), nonce: text("n"), pkce_verifier: text("v"), return_to: text("/labs"), browser: text("b"), ..LoginStart::default() };
            services.login_begin(start).await.expect("begun")
        };
        let finish = async |state: &str, browser| services.login_finish(state, browser).await.expect("looked up");
        let state = begin().await;
        assert_eq!(finish("guessed", Some("b")).await.err(), Some(LoginRefusal::Unknown));
        assert_eq!(finish(&state, Some("other")).await.err(), Some(LoginRefusal::Foreign));
        assert_eq!(finish(&state, None).await.err(), Some(LoginRefusal::Foreign));
        assert_eq!(finish(&state, Some("b")).await.expect("good").return_to, "/labs");
        assert_eq!(finish(&state, Some("b")).await.err(), Some(LoginRefusal::Used));
        let late = begin().await;
        portal.clock.advance(TimeDelta::minutes(16));
        assert_eq!(finish(&late, Some("b")).await.err(), Some(LoginRefusal::Expired));
    }

    async fn a_code_is_good_once_for_its_client_address_and_verifier(portal: TestPortal) {
        contoso(portal).await;
        let services = &portal.services;
        let caller = sign_in(portal).await;
        let make = async || {
            let new = NewCode {
                client_id: "client".to_owned(),
                principal: caller.principal,
                tenant: caller.tenant,
                redirect_uri: "https://c.example/cb".to_owned(),
                nonce: None,
                code_challenge: CHALLENGE.to_owned(),
                scope: "openid".to_owned(),
            };
            services.code_create(new).await.expect("a code")
        };
        let redeem = async |code: &str, client, address, verifier| {
            services.code_redeem(Some(caller.tenant), code, client, address, verifier).await.expect("looked up")
        };
        let (client, address) = ("client", "https://c.example/cb");
        for (other_client, other_address, verifier, refusal) in [
            ("other", address, VERIFIER, CodeRefusal::ClientMismatch),
            (client, "https://evil.example/cb", VERIFIER, CodeRefusal::RedirectMismatch),
            (client, address, "guessed", CodeRefusal::VerifierMismatch),
        ] {
            let code = make().await;
            assert_eq!(redeem(&code, other_client, other_address, verifier).await.err(), Some(refusal));
            assert_eq!(redeem(&code, client, address, VERIFIER).await.err(), Some(CodeRefusal::Reused), "a wrong exchange burns the code");
        }
        let code = make().await;
        let redeemed = redeem(&code, client, address, VERIFIER).await.expect("good");
        let session = services.session_create(&caller, Some(redeemed.grant), None, &visit()).await.expect("a session");
        assert!(!services.grant_is_revoked(redeemed.grant).await.expect("looked up"));
        assert_eq!(redeem(&code, client, address, VERIFIER).await.err(), Some(CodeRefusal::Reused));
        assert!(services.grant_is_revoked(redeemed.grant).await.expect("looked up"));
        assert!(!services.session_is_live(session.id).await.expect("looked up"));
        let late = make().await;
        portal.clock.advance(TimeDelta::seconds(60));
        assert_eq!(redeem(&late, client, address, VERIFIER).await.err(), Some(CodeRefusal::Expired));
    }

    async fn rights_come_through_groups_and_go_with_them(portal: TestPortal) {
        let school = School::found(portal, "school.example").await;
        let (services, owner) = (&portal.services, portal.ctx(school.owner).await);
        let new = NewPrincipal { kind: PrincipalKind::Group, display_name: "Readers".to_owned(), user_name: "readers".to_owned() };
        let group = services.principal_create(&owner, new).await.expect("a group").id;
        services.role_assignment_create(&owner, Uuid::from_u128(1), "/", group, role("Reader")).await.expect("assigned");
        services.group_member_set(&owner, group, school.student.id, true).await.expect("joined");
        let held = Grant::of(built_in(role("Reader")).expect("a role"), "/");
        assert_eq!(portal.ctx(school.student).await.caller.grants, [held]);
        let why = services.access_check(&owner, "/", school.student.id).await.expect("checked");
        assert_eq!(why.iter().map(|line| line.principal.id).collect::<Vec<_>>(), [group]);
        services.group_member_set(&owner, group, school.student.id, false).await.expect("left");
        assert!(portal.ctx(school.student).await.caller.grants.is_empty());
        assert_eq!(code(services.group_member_set(&owner, group, group, true).await), Code::InvalidRequest);
    }

    async fn roles_are_given_within_the_tenant_and_within_ones_own_rights(portal: TestPortal) {
        let (here, there) = (School::found(portal, "here.example").await, School::found(portal, "there.example").await);
        let services = &portal.services;
        let owner = portal.ctx(here.owner).await;
        let give = async |ctx: &OpContext, id: u128, scope: &str, who: Uuid, name: &str| {
            services.role_assignment_create(ctx, Uuid::from_u128(id), scope, who, role(name)).await
        };
        assert_eq!(code(give(&owner, 1, "/", there.student.id, "Reader").await), Code::ResourceNotFound);
        assert_eq!(code(give(&owner, 1, there.group.as_str(), here.student.id, "Reader").await), Code::ResourceNotFound);
        assert_eq!(code(give(&owner, 1, "nonsense", here.student.id, "Reader").await), Code::InvalidRequest);
        let given = give(&owner, 1, here.group.as_str(), here.student.id, "User Access Administrator").await.expect("given");
        assert!(given.created);
        let again = give(&owner, 1, here.group.as_str(), here.student.id, "User Access Administrator").await.expect("the same");
        assert!(!again.created);
        assert_eq!(code(give(&owner, 1, "/", here.student.id, "Reader").await), Code::Conflict);
        assert_eq!(code(give(&owner, 2, here.group.as_str(), here.student.id, "User Access Administrator").await), Code::AlreadyExists);
        let student = portal.ctx(here.student).await;
        assert_eq!(code(give(&student, 3, here.group.as_str(), here.teacher.id, "Owner").await), Code::AuthorizationFailed);
        give(&student, 3, here.group.as_str(), here.teacher.id, "Reader").await.expect("within their own rights");
        assert_ne!(code(give(&student, 4, "/", here.teacher.id, "Reader").await), Code::Conflict);
        let contributor = portal.ctx(here.contributor).await;
        assert_eq!(code(give(&contributor, 5, "/", here.student.id, "Reader").await), Code::AuthorizationFailed);
        let list = services.role_assignment_list(&owner, here.group.as_str()).await.expect("a list");
        assert!(list.iter().any(|line| line.inherited && line.principal.id == here.owner.id));
        assert!(list.iter().any(|line| !line.inherited && line.principal.id == here.student.id));
        assert!(list.iter().all(|line| line.principal.id != there.owner.id));
    }

    async fn the_last_owner_stays(portal: TestPortal) {
        let school = School::found(portal, "school.example").await;
        let (services, owner) = (&portal.services, portal.ctx(school.owner).await);
        let own = services.role_assignment_list(&owner, "/").await.expect("a list");
        let own = own.iter().find(|line| line.principal.id == school.owner.id).expect("the owner").id;
        assert_eq!(code(services.role_assignment_delete(&owner, own).await), Code::Conflict);
        assert_eq!(code(services.principal_enable(&owner, school.owner.id, false).await), Code::Conflict);
        services.role_assignment_create(&owner, Uuid::from_u128(9), "/", school.teacher.id, role("Owner")).await.expect("a second owner");
        services.role_assignment_delete(&owner, own).await.expect("one is left");
        let teacher = portal.ctx(school.teacher).await;
        assert_eq!(code(services.role_assignment_delete(&teacher, Uuid::from_u128(9)).await), Code::Conflict);
        let log = services.activity_list(&teacher, None, &PageRequest::default()).await.expect("the log").items;
        assert!(log.iter().any(|line| line.operation == "role_assignment_delete" && line.detail.contains("Owner is taken")));
    }

    async fn people_are_listed_only_for_those_who_may_see_them(portal: TestPortal) {
        let school = School::found(portal, "school.example").await;
        let services = &portal.services;
        let reader = portal.ctx(school.reader).await;
        let page = services.principal_list(&reader, &PageRequest::default()).await.expect("a list");
        assert_eq!((page.total, page.items.len()), (6, 6));
        let student = portal.ctx(school.student).await;
        assert_eq!(code(services.principal_list(&student, &PageRequest::default()).await), Code::AuthorizationFailed);
    }

    async fn a_signing_key_is_made_once_and_kept(portal: TestPortal) {
        let services = &portal.services;
        let (one, other) = tokio::join!(services.signing_key_current(), services.signing_key_current());
        let (one, other) = (one.expect("a key"), other.expect("a key"));
        assert_eq!(one.id, other.id);
        assert_eq!(one.public.n.len(), 256);
        assert_eq!(services.signing_key_list().await.expect("keys"), std::slice::from_ref(&one.public));
        assert_eq!(services.signing_key_find(one.id).await.expect("looked up"), Some(one.public));
        assert_eq!(services.signing_key_find(Uuid::nil()).await.expect("looked up"), None);
    }
}
