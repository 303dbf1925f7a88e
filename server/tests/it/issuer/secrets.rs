//! Programs with secrets.

use super::*;

#[tokio::test]
async fn rule_c3_a_program_signs_in_with_its_secret_and_acts_with_its_own_roles() {
    let scene = Scene::open().await;
    let app = scene.register(scene.school.owner, false).await;
    let (id, secret) = (app.app_id.to_string(), scene.secret(&app).await);
    let tenant = scene.school.tenant.to_string();
    for authority in [tenant.as_str(), "contoso.example", "organizations"] {
        let answer = scene.by_secret(authority, &id, &secret, &scope()).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
        assert_eq!(
            (answer.header("cache-control"), answer.header("retry-after")),
            ("no-store", "")
        );
        let said = claims(&text(&answer, "access_token"));
        assert_eq!(
            (&said["aud"], &said["tid"], &said["azp"], &said["idtyp"]),
            (&json!(BASE), &json!(tenant), &json!(id), &json!("app"))
        );
    }
    let token = text(
        &scene.by_secret(&tenant, &id, &secret, &scope()).await,
        "access_token",
    );
    let list = "/subscriptions?api-version=2022-12-01";
    let seen = scene.get(list, &token).await;
    assert_eq!(json(&seen)["value"], json!([]), "it has no role yet");
    let services = &scene.server.portal.services;
    let owner = scene.server.portal.ctx(scene.school.owner).await;
    let program = services
        .service_principal_of(&owner, app.app_id)
        .await
        .expect("no failure")
        .expect("a principal");
    let reader = domain::rbac::BUILT_IN
        .iter()
        .find(|one| one.name == "Reader");
    let reader = reader.expect("a role").id;
    services
        .role_assignment_create(&owner, services.new_id(), "/", program.id, reader)
        .await
        .expect("a role");
    let seen = scene.get(list, &token).await;
    assert_eq!(json(&seen)["value"][0]["state"], "Enabled", "{}", seen.text);
    services
        .principal_enable(&owner, program.id, false)
        .await
        .expect("barred");
    assert_eq!(
        scene.get(list, &token).await.status,
        StatusCode::UNAUTHORIZED
    );
    let barred = scene.by_secret(&tenant, &id, &secret, &scope()).await;
    assert_refused(
        &barred,
        StatusCode::BAD_REQUEST,
        "unauthorized_client",
        7_000_112,
    );
}

#[tokio::test]
async fn programs_that_prove_nothing_are_refused_by_number() {
    let scene = Scene::open().await;
    let app = scene.register(scene.school.owner, false).await;
    let (id, secret) = (app.app_id.to_string(), scene.secret(&app).await);
    let ask = async |id: &str, secret: &str, scope: &str| {
        scene.by_secret("contoso.example", id, secret, scope).await
    };
    let wrong = ask(&id, "guessed", &scope()).await;
    assert_refused(
        &wrong,
        StatusCode::UNAUTHORIZED,
        "invalid_client",
        7_000_215,
    );
    let unknown = ask(&Uuid::from_u128(7).to_string(), &secret, &scope()).await;
    assert_refused(
        &unknown,
        StatusCode::BAD_REQUEST,
        "unauthorized_client",
        700_016,
    );
    let nowhere = scene
        .by_secret("nowhere.example", &id, &secret, &scope())
        .await;
    assert_refused(&nowhere, StatusCode::BAD_REQUEST, "invalid_tenant", 90_002);
    let vault = ask(&id, &secret, "https://vault.azure.net/.default").await;
    assert_refused(&vault, StatusCode::BAD_REQUEST, "invalid_resource", 500_011);
    let identity = ask(&id, &secret, "openid").await;
    assert_refused(
        &identity,
        StatusCode::BAD_REQUEST,
        "invalid_scope",
        1_002_012,
    );
    let cli = ask(CLI, &secret, &scope()).await;
    assert_refused(
        &cli,
        StatusCode::BAD_REQUEST,
        "unauthorized_client",
        700_025,
    );
    let form = [
        ("grant_type", "client_credentials"),
        ("client_id", id.as_str()),
        ("scope", &scope()),
    ];
    let path = "/contoso.example/oauth2/v2.0/token";
    let bare = scene.post(path, &form).await;
    assert_refused(&bare, StatusCode::UNAUTHORIZED, "invalid_client", 7_000_218);
    let password = scene.post(path, &[("grant_type", "password")]).await;
    assert_refused(
        &password,
        StatusCode::BAD_REQUEST,
        "unsupported_grant_type",
        70_003,
    );
    scene.server.portal.clock.advance(TimeDelta::days(366));
    let expired = ask(&id, &secret, &scope()).await;
    assert_refused(
        &expired,
        StatusCode::UNAUTHORIZED,
        "invalid_client",
        7_000_222,
    );
}

#[tokio::test]
async fn who_guesses_secrets_waits_and_locks_nobody_else_out() {
    let scene = Scene::open().await;
    let app = scene.register(scene.school.owner, false).await;
    let (id, secret) = (app.app_id.to_string(), scene.secret(&app).await);
    for _ in 0..5 {
        scene
            .by_secret("contoso.example", &id, "guessed", &scope())
            .await;
    }
    let waits = scene
        .by_secret("contoso.example", &id, &secret, &scope())
        .await;
    assert_eq!(
        waits.status,
        StatusCode::TOO_MANY_REQUESTS,
        "{}",
        waits.text
    );
    let form = [
        ("grant_type", "client_credentials"),
        ("client_id", id.as_str()),
        ("client_secret", secret.as_str()),
        ("scope", &scope()),
    ];
    let path = "/contoso.example/oauth2/v2.0/token";
    let elsewhere = scene.post_from("198.51.100.1:1", path, &form).await;
    assert_eq!(elsewhere.status, StatusCode::OK, "{}", elsewhere.text);
}

#[tokio::test]
async fn a_token_opens_what_it_was_asked_for_alone() {
    let scene = Scene::open().await;
    let app = scene.register(scene.school.owner, false).await;
    let (id, secret) = (app.app_id.to_string(), scene.secret(&app).await);
    let token = async |scope: &str| {
        let answer = scene
            .by_secret("contoso.example", &id, &secret, scope)
            .await;
        text(&answer, "access_token")
    };
    let rest = "/subscriptions?api-version=2022-12-01";
    for scope in [
        format!("{BASE}/.default"),
        format!("{BASE}//.default"),
        "https://management.azure.com//.default".to_owned(),
        "https://management.core.windows.net//.default".to_owned(),
    ] {
        let token = token(&scope).await;
        assert_eq!(
            scene.get(rest, &token).await.status,
            StatusCode::OK,
            "{scope}"
        );
        let refused = scene.get("/graph/v1.0/me", &token).await;
        assert_eq!(refused.status, StatusCode::UNAUTHORIZED, "{scope}");
    }
    let directory = token(&format!("{BASE}/graph/.default")).await;
    let me = scene.get("/graph/v1.0/me", &directory).await;
    assert_eq!(me.status, StatusCode::OK, "{}", me.text);
    assert_eq!(
        scene.get(rest, &directory).await.status,
        StatusCode::UNAUTHORIZED
    );
}
