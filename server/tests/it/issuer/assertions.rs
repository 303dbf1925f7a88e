//! Programs with certificates, and with tokens of issuers that they trust.

use super::*;

fn assertion(algorithm: Algorithm, header: &dyn Fn(&mut Header), claims: &Value) -> String {
    let mut head = Header::new(algorithm);
    header(&mut head);
    let key = EncodingKey::from_rsa_pem(KEY.as_bytes()).expect("a key");
    jsonwebtoken::encode(&head, claims, &key).expect("a JWT")
}

fn der() -> Vec<u8> {
    let lines = CERTIFICATE.lines().filter(|line| !line.starts_with("---"));
    BASE64_STANDARD
        .decode(lines.collect::<String>())
        .expect("base64")
}

#[tokio::test]
async fn a_program_signs_in_with_its_certificate_as_stock_clients_write_it() {
    let scene = Scene::open().await;
    let app = scene.register(scene.school.owner, false).await;
    let id = app.app_id.to_string();
    let services = &scene.server.portal.services;
    let owner = scene.server.portal.ctx(scene.school.owner).await;
    let now = services.now().timestamp() as f64;
    let endpoint = format!("{BASE}/contoso.example/oauth2/v2.0/token");
    let said = |change: &dyn Fn(&mut Value)| {
        let mut said = json!({
            "iss": id, "sub": id, "aud": endpoint, "jti": "1",
            "exp": now + 600.25, "iat": now + 0.5, "nbf": now - 0.5,
        });
        change(&mut said);
        said
    };
    // The padding is not what the standard says, and yet what clients send.
    let x5t = |header: &mut Header| {
        header.x5t = Some(BASE64_STANDARD.encode(sha1::Sha1::digest(der())));
    };
    let x5t_s256 = |header: &mut Header| {
        let digest = sha2::Sha256::digest(der());
        header.x5t_s256 = Some(BASE64_URL_SAFE_NO_PAD.encode(digest));
    };
    let none = |_: &mut Header| {};
    let send = async |assertion: &str| {
        let form = [
            ("grant_type", "client_credentials"),
            ("client_id", id.as_str()),
            (
                "client_assertion_type",
                "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            ),
            ("client_assertion", assertion),
            ("scope", &scope()),
        ];
        // Each from an address of its own: failures are counted by address.
        let peer = format!("198.51.100.{}:1", assertion.len() % 250);
        scene
            .post_from(&peer, "/contoso.example/oauth2/v2.0/token", &form)
            .await
    };
    let good = assertion(Algorithm::RS256, &x5t, &said(&|_| {}));
    let early = send(&good).await;
    assert_refused(&early, StatusCode::UNAUTHORIZED, "invalid_client", 700_027);
    services
        .application_certificate_add(&owner, app.id, "", CERTIFICATE)
        .await
        .expect("a certificate");
    let shown = services
        .application_get(&owner, app.id)
        .await
        .expect("the application");
    assert_eq!(shown.credentials[0].display_name, "CN=gallery script");
    for good in [
        good.clone(),
        assertion(Algorithm::PS256, &x5t_s256, &said(&|_| {})),
    ] {
        let answer = send(&good).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    }
    let other = Uuid::from_u128(7).to_string();
    let cases: [(String, u32); 6] = [
        (assertion(Algorithm::RS256, &none, &said(&|_| {})), 700_027),
        (
            assertion(Algorithm::RS256, &x5t, &said(&|c| c["sub"] = json!(other))),
            700_021,
        ),
        (
            assertion(
                Algorithm::RS256,
                &x5t,
                &said(&|c| c["aud"] = json!("https://evil.example")),
            ),
            700_023,
        ),
        (
            assertion(
                Algorithm::RS256,
                &x5t,
                &said(&|c| c["exp"] = json!(now - 301.0)),
            ),
            700_024,
        ),
        (
            assertion(
                Algorithm::RS256,
                &x5t,
                &said(&|c| c["exp"] = json!(now + 100_000.0)),
            ),
            700_024,
        ),
        (format!("{}x", &good[..good.len() - 4]), 700_027),
    ];
    for (bad, number) in cases {
        let answer = send(&bad).await;
        assert_refused(&answer, StatusCode::UNAUTHORIZED, "invalid_client", number);
    }
    let private = services
        .application_certificate_add(&owner, app.id, "", &format!("{KEY}{CERTIFICATE}"))
        .await;
    assert!(
        private.is_err_and(|error| error.to_string().contains("private key")),
        "a private key is sent back"
    );
}

/// An outside issuer on this host with one key; answers its address.
async fn outside_issuer() -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
        .await
        .expect("a port");
    let issuer = format!("http://{}", listener.local_addr().expect("an address"));
    let key = EncodingKey::from_rsa_pem(KEY.as_bytes()).expect("a key");
    let jwk = jsonwebtoken::jwk::Jwk::from_encoding_key(&key, Algorithm::RS256).expect("a JWK");
    let mut jwk = serde_json::to_value(jwk).expect("JSON");
    jwk["kid"] = json!("outside");
    let discovery = json!({ "issuer": issuer, "jwks_uri": format!("{issuer}/keys") });
    // A key of a kind that nobody knows here does no harm to the other.
    let keys = json!({ "keys": [{ "kty": "new" }, jwk] });
    let document = |body: Value| axum::routing::get(move || async move { axum::Json(body) });
    let router = axum::Router::new()
        .route("/.well-known/openid-configuration", document(discovery))
        .route("/keys", document(keys));
    tokio::spawn(async move { axum::serve(listener, router).await });
    issuer
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_signs_in_with_a_token_of_an_issuer_that_it_trusts() {
    let server =
        Server::configured(|config| config.identity.provider_reach = Reach::Loopback).await;
    let school = School::found(&server.portal, "contoso.example").await;
    let scene = Scene { server, school };
    let app = scene.register(scene.school.owner, false).await;
    let (id, issuer) = (app.app_id.to_string(), outside_issuer().await);
    let services = &scene.server.portal.services;
    let owner = scene.server.portal.ctx(scene.school.owner).await;
    let trusted = FederatedInput {
        display_name: "builds".to_owned(),
        issuer: issuer.clone(),
        subject: "repo:main".to_owned(),
        audience: "vitrine".to_owned(),
    };
    services
        .application_federated_add(&owner, app.id, trusted)
        .await
        .expect("a credential");
    let now = services.now().timestamp();
    let token = |kid: &str, change: &dyn Fn(&mut Value)| {
        let mut said =
            json!({ "iss": issuer, "sub": "repo:main", "aud": "vitrine", "exp": now + 300 });
        change(&mut said);
        assertion(
            Algorithm::RS256,
            &|header| header.kid = Some(kid.to_owned()),
            &said,
        )
    };
    let send = async |assertion: &str, peer: &str| {
        let form = [
            ("grant_type", "client_credentials"),
            ("client_id", id.as_str()),
            (
                "client_assertion_type",
                "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            ),
            ("client_assertion", assertion),
            ("scope", &scope()),
        ];
        scene
            .post_from(peer, "/contoso.example/oauth2/v2.0/token", &form)
            .await
    };
    let good = send(&token("outside", &|_| {}), "198.51.100.1:1").await;
    assert_eq!(good.status, StatusCode::OK, "{}", good.text);
    let cases: [(String, u32); 5] = [
        (
            token("outside", &|c| c["sub"] = json!("repo:fork")),
            700_213,
        ),
        (token("outside", &|c| c["aud"] = json!("other")), 700_212),
        (
            token("outside", &|c| c["iss"] = json!("https://evil.example")),
            700_211,
        ),
        (token("outside", &|c| c["exp"] = json!(now - 301)), 700_024),
        (token("another", &|_| {}), 700_027),
    ];
    for (number, (bad, expected)) in cases.into_iter().enumerate() {
        let answer = send(&bad, &format!("198.51.100.{}:1", number + 2)).await;
        assert_refused(
            &answer,
            StatusCode::UNAUTHORIZED,
            "invalid_client",
            expected,
        );
    }
}
