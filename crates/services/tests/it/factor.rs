//! Second factors: codes of an app, passkeys, recovery codes, and who may change them; on both databases.

use chrono::TimeDelta;
use domain::activity::ActivityResult;
use domain::{Caller, Code, OpContext, Origin, PageRequest};
use services::Error;
use services::identity::{
    NewAccount, NewTenant, SecondStep, StepProof, StepRefusal, Verified, Visit,
};
use store::entity::{passkey, recovery_code, second_step, totp};
use store::sea_orm::EntityTrait;
use testkit::{School, SecurityKey, TestPortal, app_code, on_both_databases};
use uuid::Uuid;

const ADA: &str = "ada@contoso.example";
const PASSWORD: &str = "Correct-Horse-9";

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

/// Ada, signed in to the portal, and the operator.
struct Scene {
    system: OpContext,
    ada: OpContext,
    session: Option<Uuid>,
}

impl Scene {
    async fn open(portal: &TestPortal) -> Self {
        let services = &portal.services;
        let new = NewTenant {
            name: "Contoso".to_owned(),
            domain: "contoso.example".to_owned(),
        };
        let tenant = services.tenant_create(new).await.expect("a tenant").id;
        let system = services.system(tenant, "test");
        let new = NewAccount {
            display_name: "Ada".to_owned(),
            user_name: ADA.to_owned(),
            password: PASSWORD.to_owned(),
        };
        services
            .account_create(&system, new)
            .await
            .expect("an account");
        let caller = whole(portal).await;
        let session = services.session_create(&caller, None, None, &visit()).await;
        Self {
            system,
            ada: services.context(caller, &visit(), Origin::Portal),
            session: Some(session.expect("a session").id),
        }
    }

    /// Gives the password again.
    async fn reopen(&self, portal: &TestPortal) {
        let opened = portal
            .services
            .factor_open(&self.ada, self.session, PASSWORD);
        opened.await.expect("open for changes");
    }

    /// Sets up an app with the code of now; answers its secret.
    async fn with_app(portal: &TestPortal) -> (Self, String) {
        let scene = Self::open(portal).await;
        scene.reopen(portal).await;
        let services = &portal.services;
        services
            .totp_begin(&scene.ada, scene.session)
            .await
            .expect("begun");
        let setup = services.totp_pending(&scene.ada, scene.session).await;
        let secret = setup.expect("looked up").expect("a secret").secret;
        let shown = app_code(&secret, services.now());
        services
            .totp_confirm(&scene.ada, scene.session, &shown)
            .await
            .expect("confirmed");
        (scene, secret)
    }

    async fn add_passkey(&self, portal: &TestPortal, key: &mut SecurityKey, name: &str) -> Uuid {
        let services = &portal.services;
        let options = services
            .passkey_begin(&self.ada, self.session)
            .await
            .expect("begun");
        let answer = key.create(&options);
        let made = services
            .passkey_add(&self.ada, self.session, name, &answer)
            .await;
        made.expect("a passkey").id
    }

    async fn told(&self, portal: &TestPortal, operation: &str) -> Vec<(ActivityResult, String)> {
        let page = PageRequest {
            filter: Some(operation.to_owned()),
            ..PageRequest::default()
        };
        let log = portal
            .services
            .activity_list(&self.system, None, &page)
            .await
            .expect("the log");
        log.items
            .into_iter()
            .map(|line| (line.result, line.detail))
            .collect()
    }
}

async fn verify(portal: &TestPortal) -> Verified {
    let verified = portal
        .services
        .account_verify(None, ADA, PASSWORD, &visit())
        .await;
    verified.expect("the right password")
}

async fn whole(portal: &TestPortal) -> Caller {
    match verify(portal).await {
        Verified::Whole(caller) => caller,
        Verified::Half(step) => panic!("more is asked for: {step:?}"),
    }
}

async fn half(portal: &TestPortal) -> SecondStep {
    match verify(portal).await {
        Verified::Half(step) => step,
        Verified::Whole(_) => panic!("nothing more is asked for"),
    }
}

async fn finish(
    portal: &TestPortal,
    step: &SecondStep,
    proof: StepProof,
) -> Result<Caller, StepRefusal> {
    let finished = portal
        .services
        .second_step_finish(None, &step.secret, &proof, &visit())
        .await;
    finished.expect("no wait and no failure")
}

async fn by_code(portal: &TestPortal, code: &str) -> Result<Caller, StepRefusal> {
    finish(
        portal,
        &half(portal).await,
        StepProof::Code(code.to_owned()),
    )
    .await
}

on_both_databases! {
    async fn an_app_is_asked_for_once_its_first_code_was_right(portal: TestPortal) {
        let scene = Scene::open(portal).await;
        let services = &portal.services;
        scene.reopen(portal).await;
        services.totp_begin(&scene.ada, scene.session).await.expect("begun");
        whole(portal).await;
        assert_eq!(code(services.totp_confirm(&scene.ada, scene.session, "000000").await), Code::InvalidRequest);
        let setup = services.totp_pending(&scene.ada, scene.session).await.expect("looked up").expect("a secret");
        assert!(setup.address.starts_with("otpauth://totp/Vitrine:ada%40contoso.example?secret="), "{}", setup.address);
        assert!(setup.address.contains(&setup.secret));
        let row = totp::Entity::find().one(services.store().db()).await.expect("looked up").expect("a row");
        assert!(services::Seal::is_sealed(&row.secret) && !row.secret.contains(&setup.secret), "sealed at rest");
        let shown = app_code(&setup.secret, services.now());
        services.totp_confirm(&scene.ada, scene.session, &format!(" {} {} ", &shown[..3], &shown[3..])).await.expect("confirmed");
        assert_eq!(services.totp_pending(&scene.ada, scene.session).await.expect("looked up"), None, "never shown again");
        assert_eq!(code(services.totp_begin(&scene.ada, scene.session).await), Code::Conflict);
        let step = half(portal).await;
        assert_eq!((step.app, step.recovery, step.passkey.is_some()), (true, false, false));
        let kept = second_step::Entity::find().all(services.store().db()).await.expect("rows");
        assert!(kept.iter().all(|row| row.token_hash != step.secret), "kept as a hash");
        services.totp_remove(&scene.ada, scene.session).await.expect("removed");
        whole(portal).await;
        assert_eq!(scene.told(portal, "totp_").await.len(), 2);
    }

    async fn a_code_is_taken_once_and_for_one_step_around_now(portal: TestPortal) {
        let (_scene, secret) = Scene::with_app(portal).await;
        let at = |seconds: i64| app_code(&secret, portal.services.now() + TimeDelta::seconds(seconds));
        assert_eq!(by_code(portal, &at(0)).await, Err(StepRefusal::Wrong), "the code that confirmed the app was taken by that");
        portal.clock.advance(TimeDelta::seconds(90));
        for (offset, is_taken) in [(-60, false), (60, false), (-30, true), (-30, false), (0, true), (30, true), (0, false)] {
            let taken = by_code(portal, &at(offset)).await;
            assert_eq!(taken.is_ok(), is_taken, "{offset} seconds: {taken:?}");
        }
    }

    async fn of_two_forms_with_one_code_one_signs_in(portal: TestPortal) {
        let (_scene, secret) = Scene::with_app(portal).await;
        portal.clock.advance(TimeDelta::seconds(60));
        let shown = app_code(&secret, portal.services.now());
        let (one, two) = (half(portal).await, half(portal).await);
        let (one, two) = tokio::join!(
            finish(portal, &one, StepProof::Code(shown.clone())),
            finish(portal, &two, StepProof::Code(shown)),
        );
        assert_eq!([one, two].iter().filter(|outcome| outcome.is_ok()).count(), 1);
    }

    async fn guesses_at_the_second_step_wait_whatever_is_right_at_the_first(portal: TestPortal) {
        let (scene, secret) = Scene::with_app(portal).await;
        let services = &portal.services;
        portal.clock.advance(TimeDelta::seconds(60));
        for _ in 0..5 {
            assert_eq!(by_code(portal, "000000").await, Err(StepRefusal::Wrong));
        }
        // The right password does not begin the count anew, and the right code must wait as well.
        let step = half(portal).await;
        let proof = StepProof::Code(app_code(&secret, services.now()));
        assert_eq!(code(services.second_step_finish(None, &step.secret, &proof, &visit()).await), Code::TooManyRequests);
        portal.clock.advance(TimeDelta::seconds(31));
        let shown = app_code(&secret, services.now());
        by_code(portal, &shown).await.expect("the wait is over");
        let told = scene.told(portal, "second_step").await;
        assert_eq!(told.iter().filter(|(result, _)| *result == ActivityResult::Refused).count(), 5);
        assert_eq!(told[0], (ActivityResult::Succeeded, "by a code of the app, from 192.0.2.7".to_owned()));
        assert!(told.iter().all(|(_, detail)| !detail.contains(&shown) && !detail.contains("000000")), "no secret in the log");
    }

    async fn a_step_is_done_once_in_its_tenant_and_in_time(portal: TestPortal) {
        let (scene, secret) = Scene::with_app(portal).await;
        let services = &portal.services;
        portal.clock.advance(TimeDelta::seconds(60));
        let shown = |offset: i64| StepProof::Code(app_code(&secret, services.now() + TimeDelta::seconds(offset)));
        let step = half(portal).await;
        let elsewhere = services.second_step_finish(Some(Uuid::nil()), &step.secret, &shown(0), &visit()).await;
        assert_eq!(elsewhere.expect("no failure"), Err(StepRefusal::Over));
        finish(portal, &step, shown(0)).await.expect("signed in");
        assert_eq!(finish(portal, &step, shown(30)).await, Err(StepRefusal::Over));
        assert_eq!(services.second_step_show(&step.secret).await.expect("looked up"), None);
        let late = half(portal).await;
        portal.clock.advance(TimeDelta::minutes(10));
        assert_eq!(finish(portal, &late, shown(0)).await, Err(StepRefusal::Over));
        let stale = half(portal).await;
        portal.clock.advance(TimeDelta::seconds(30));
        services.account_password_set(&scene.system, scene.ada.caller.principal, "Another-Horse-9").await.expect("a new password");
        assert_eq!(finish(portal, &stale, shown(0)).await, Err(StepRefusal::Over), "the password was another one");
        portal.clock.advance(TimeDelta::hours(1));
        services.identity_sweep().await.expect("swept");
        assert!(second_step::Entity::find().all(services.store().db()).await.expect("rows").is_empty());
    }

    async fn ten_recovery_codes_are_each_good_once(portal: TestPortal) {
        let (scene, _secret) = Scene::with_app(portal).await;
        let services = &portal.services;
        let codes = services.recovery_codes_create(&scene.ada, scene.session).await.expect("codes");
        assert_eq!(codes.len(), 10);
        let kept = recovery_code::Entity::find().all(services.store().db()).await.expect("rows");
        assert!(kept.iter().all(|row| codes.iter().all(|code| !row.code_hash.contains(code.as_str()))), "kept as hashes");
        by_code(portal, &codes[0].to_uppercase().replace('-', " ")).await.expect("signed in");
        assert_eq!(by_code(portal, &codes[0]).await, Err(StepRefusal::Wrong));
        assert_eq!(services.factor_list(&scene.ada, scene.session).await.expect("factors").recovery_left, 9);
        let told = scene.told(portal, "second_step").await;
        assert!(told.iter().any(|(_, detail)| detail == "by a recovery code, 9 left, from 192.0.2.7"), "{told:?}");
        let fresh = services.recovery_codes_create(&scene.ada, scene.session).await.expect("codes");
        assert_eq!(by_code(portal, &codes[1]).await, Err(StepRefusal::Wrong), "those of before count no more");
        by_code(portal, &fresh[1]).await.expect("signed in");
        services.totp_remove(&scene.ada, scene.session).await.expect("removed");
        assert_eq!(services.factor_list(&scene.ada, scene.session).await.expect("factors").recovery_left, 0);
        assert_eq!(code(services.recovery_codes_create(&scene.ada, scene.session).await), Code::Conflict);
    }

    async fn a_passkey_signs_its_challenge_and_nothing_else(portal: TestPortal) {
        let scene = Scene::open(portal).await;
        let services = &portal.services;
        scene.reopen(portal).await;
        let (mut phone, mut stranger) = (SecurityKey::new(), SecurityKey::new());
        scene.add_passkey(portal, &mut phone, " Phone ").await;
        let factors = services.factor_list(&scene.ada, scene.session).await.expect("factors");
        assert_eq!((factors.passkeys[0].name.as_str(), factors.passkeys[0].used_at), ("Phone", None));
        let step = half(portal).await;
        assert_eq!((step.app, step.recovery), (false, false));
        let options = step.passkey.clone().expect("a challenge");
        let foreign = stranger.get(&options);
        assert_eq!(finish(portal, &step, StepProof::Passkey(foreign)).await, Err(StepRefusal::Wrong));
        assert_eq!(finish(portal, &step, StepProof::Passkey("{}".to_owned())).await, Err(StepRefusal::Wrong));
        let answer = phone.get(&options);
        // The page that was drawn again has another challenge.
        services.second_step_show(&step.secret).await.expect("looked up").expect("under way");
        assert_eq!(finish(portal, &step, StepProof::Passkey(answer)).await, Err(StepRefusal::Wrong));
        let again = services.second_step_show(&step.secret).await.expect("looked up").expect("under way");
        let answer = phone.get(&again.passkey.expect("a challenge"));
        finish(portal, &step, StepProof::Passkey(answer.clone())).await.expect("signed in");
        let factors = services.factor_list(&scene.ada, scene.session).await.expect("factors");
        assert!(factors.passkeys[0].used_at.is_some());
        let next = half(portal).await;
        assert_eq!(finish(portal, &next, StepProof::Passkey(answer)).await, Err(StepRefusal::Wrong), "a replay");
        // A copy of the key that lags behind is not believed.
        phone.set_back();
        let next = half(portal).await;
        let behind = phone.get(next.passkey.as_deref().expect("a challenge"));
        assert_eq!(finish(portal, &next, StepProof::Passkey(behind)).await, Err(StepRefusal::Wrong));
    }

    async fn a_passkey_of_another_address_is_not_added(portal: TestPortal) {
        let scene = Scene::open(portal).await;
        let services = &portal.services;
        scene.reopen(portal).await;
        let options = services.passkey_begin(&scene.ada, scene.session).await.expect("begun");
        for (origin, host) in [("https://evil.example", "localhost"), ("https://localhost:8443", "evil.example")] {
            let answer = SecurityKey::at(origin, host).create(&options);
            assert_eq!(code(services.passkey_add(&scene.ada, scene.session, "Phone", &answer).await), Code::InvalidRequest, "{origin} {host}");
        }
        let answer = SecurityKey::new().create(&options);
        services.passkey_add(&scene.ada, scene.session, "Phone", &answer).await.expect("added");
        assert_eq!(code(services.passkey_add(&scene.ada, scene.session, "Again", &answer).await), Code::ResourceNotFound, "a challenge is good once");
    }

    async fn passkeys_are_renamed_and_removed_by_their_owner_alone(portal: TestPortal) {
        let scene = Scene::open(portal).await;
        let services = &portal.services;
        scene.reopen(portal).await;
        let id = scene.add_passkey(portal, &mut SecurityKey::new(), "Phone").await;
        let named = services.passkey_rename(&scene.ada, scene.session, id, "Blue key").await.expect("renamed");
        assert_eq!(named.name, "Blue key");
        assert_eq!(code(services.passkey_rename(&scene.ada, scene.session, id, " ").await), Code::InvalidRequest);
        assert_eq!(code(services.passkey_remove(&scene.ada, scene.session, Uuid::nil()).await), Code::ResourceNotFound);
        let before = half(portal).await;
        services.passkey_remove(&scene.ada, scene.session, id).await.expect("removed");
        assert!(passkey::Entity::find().all(services.store().db()).await.expect("rows").is_empty());
        assert_eq!(finish(portal, &before, StepProof::Passkey("{}".to_owned())).await, Err(StepRefusal::Wrong));
        whole(portal).await;
    }

    async fn factors_are_changed_for_ten_minutes_after_the_password(portal: TestPortal) {
        let scene = Scene::open(portal).await;
        let services = &portal.services;
        let begin = async || services.totp_begin(&scene.ada, scene.session).await;
        assert_eq!(code(begin().await), Code::AuthorizationFailed);
        assert_eq!(code(services.factor_open(&scene.ada, scene.session, "wrong").await), Code::InvalidRequest);
        assert_eq!(code(services.factor_open(&scene.ada, None, PASSWORD).await), Code::AuthorizationFailed, "a program");
        scene.reopen(portal).await;
        begin().await.expect("open");
        assert_eq!(code(services.totp_begin(&scene.ada, None).await), Code::AuthorizationFailed, "a program");
        let other = services.session_create(&scene.ada.caller, None, None, &visit()).await.expect("a session").id;
        assert_eq!(code(services.totp_begin(&scene.ada, Some(other)).await), Code::AuthorizationFailed, "another browser");
        portal.clock.advance(TimeDelta::minutes(10));
        assert_eq!(code(begin().await), Code::AuthorizationFailed);
        for _ in 0..5 {
            assert_eq!(code(services.factor_open(&scene.ada, scene.session, "wrong").await), Code::InvalidRequest);
        }
        assert_eq!(code(services.factor_open(&scene.ada, scene.session, PASSWORD).await), Code::TooManyRequests);
    }

    async fn who_signs_in_elsewhere_has_no_factors_here(portal: TestPortal) {
        let school = School::found(portal, "school.example").await;
        let ctx = portal.ctx(school.owner).await;
        assert_eq!(code(portal.services.factor_list(&ctx, None).await), Code::ResourceNotFound);
    }

    async fn an_administrator_removes_the_factors_of_their_own_people(portal: TestPortal) {
        let (scene, _secret) = Scene::with_app(portal).await;
        let services = &portal.services;
        scene.add_passkey(portal, &mut SecurityKey::new(), "Phone").await;
        let ada = scene.ada.caller.principal;
        assert!(services.factor_holders(&scene.system, &[ada]).await.expect("looked up").contains(&ada));
        let school = School::found(portal, "school.example").await;
        let stranger = portal.ctx(school.owner).await;
        assert_eq!(code(services.factor_reset(&stranger, ada).await), Code::ResourceNotFound);
        assert_eq!(code(services.factor_reset(&scene.ada, ada).await), Code::ResourceNotFound, "without a role");
        assert_eq!(code(services.factor_reset(&stranger, school.student.id).await), Code::ResourceNotFound, "no account here");
        let found = services.account_find(" ADA@contoso.example").await.expect("looked up");
        assert_eq!(found, Some((ada, scene.system.tenant())));
        services.factor_reset(&scene.system, ada).await.expect("removed");
        whole(portal).await;
        assert!(services.factor_holders(&scene.system, &[ada]).await.expect("looked up").is_empty());
        assert_eq!(scene.told(portal, "factor_reset").await, [(ActivityResult::Succeeded, format!("of {ADA}"))]);
    }
}
