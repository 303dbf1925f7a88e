//! An identity provider that can lie, on a port of this host.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use axum::{Form, Json, Router};
use base64::Engine as _;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _};
use ring::{digest, hmac};
use serde_json::{Map, Value, json};
use services::Clock as _;
use tokio::net::TcpListener;
use url::Url;

use crate::clock::TestClock;

/// In what an answer deviates from what it should be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Lie {
    /// In nothing.
    #[default]
    None,
    /// The signature is of a key that nobody publishes, under a published name.
    Signature,
    /// The key's name is not published.
    UnknownKey,
    /// No signature at all, algorithm `none`.
    Unsigned,
    /// Signed with the client's secret, algorithm HS256.
    SharedSecret,
    /// Another sign-in's nonce.
    Nonce,
    /// No nonce.
    NoNonce,
    /// Another client's audience.
    Audience,
    /// A second audience beside ours.
    SecondAudience,
    /// Another issuer in the token.
    Issuer,
    /// Expired this many seconds ago.
    Expired(i64),
    /// Issued this many seconds from now.
    Issued(i64),
    /// Good only this many seconds from now on.
    NotBefore(i64),
    /// No id token.
    NoIdToken,
    /// The code is refused.
    CodeRefused,
    /// The token endpoint leads elsewhere.
    Redirect,
    /// The discovery document speaks for another issuer.
    Document,
    /// The discovery document names endpoints of the host's own network in the clear.
    Endpoint,
    /// An answer that has no end worth waiting for.
    Flood,
    /// No subject.
    Subject,
    /// The user info endpoint speaks of somebody else.
    UserInfo,
}

/// A key of the issuer.
struct Key {
    name: String,
    pair: EcdsaKeyPair,
}

impl Key {
    fn new(name: String) -> Self {
        let rng = SystemRandom::new();
        let document = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &rng)
            .expect("a key is made");
        let pair =
            EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, document.as_ref(), &rng)
                .expect("a key is read");
        Self { name, pair }
    }

    fn public(&self) -> Value {
        let point = self.pair.public_key().as_ref();
        let number = |bytes: &[u8]| BASE64_URL_SAFE_NO_PAD.encode(bytes);
        json!({ "kty": "EC", "use": "sig", "alg": "ES256", "crv": "P-256", "kid": self.name,
            "x": number(&point[1..33]), "y": number(&point[33..65]) })
    }
}

/// What a code stands for.
#[derive(Clone)]
struct Asked {
    nonce: String,
    challenge: String,
    client_id: String,
}

struct Inner {
    lie: Lie,
    /// What the token says of the person besides.
    person: Map<String, Value>,
    key: Key,
    /// Whether the id token tells the subject alone.
    quiet: bool,
    codes: HashMap<String, Asked>,
    keys_made: usize,
}

/// An OpenID Connect provider on 127.0.0.1 that answers truly until it is told to lie.
#[derive(Clone)]
pub struct FakeIssuer {
    address: String,
    /// The issuer that documents and tokens name; a shared issuer has `{tenantid}` in it.
    issuer: String,
    clock: Arc<TestClock>,
    inner: Arc<Mutex<Inner>>,
    key_reads: Arc<AtomicUsize>,
}

impl std::fmt::Debug for FakeIssuer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FakeIssuer")
            .field("issuer", &self.issuer)
            .finish_non_exhaustive()
    }
}

impl FakeIssuer {
    /// The id of the only client.
    pub const CLIENT: &'static str = "vitrine";
    /// Its secret.
    pub const SECRET: &'static str = "s3cret of the client";

    /// An issuer of one organisation.
    pub async fn start(clock: &Arc<TestClock>) -> Self {
        Self::serve(clock, "").await
    }

    /// An issuer of many organisations: its documents are below `/organizations`, its tokens name the one of `tid`.
    pub async fn shared(clock: &Arc<TestClock>) -> Self {
        Self::serve(clock, "/{tenantid}").await
    }

    async fn serve(clock: &Arc<TestClock>, path: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = format!("http://{}", listener.local_addr().expect("an address"));
        let issuer = Self {
            issuer: format!("{address}{path}"),
            address,
            clock: Arc::clone(clock),
            inner: Arc::new(Mutex::new(Inner {
                lie: Lie::None,
                person: Map::new(),
                key: Key::new("key-0".to_owned()),
                quiet: false,
                codes: HashMap::new(),
                keys_made: 1,
            })),
            key_reads: Arc::default(),
        };
        let document = path.replace("{tenantid}", "organizations");
        let router = Router::new()
            .route(
                &format!("{document}/.well-known/openid-configuration"),
                get(configuration),
            )
            .route("/keys", get(keys))
            .route("/token", post(token))
            .route("/me", get(user_info))
            .with_state(issuer.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        issuer
    }

    /// The issuer's address, `{tenantid}` in it when it is shared.
    #[must_use]
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// Signs everybody in as this person from now on; `sub` must be among the claims.
    pub fn person(&self, claims: Value) {
        if let Value::Object(claims) = claims {
            self.inner().person = claims;
        }
    }

    /// Tells of the person at the user info endpoint alone from now on.
    pub fn be_quiet(&self) {
        self.inner().quiet = true;
    }

    /// Lies from now on.
    pub fn lie(&self, lie: Lie) {
        self.inner().lie = lie;
    }

    /// Signs with a new key from now on; the old one is published no more.
    pub fn rotate(&self) {
        let mut inner = self.inner();
        inner.key = Key::new(format!("key-{}", inner.keys_made));
        inner.keys_made += 1;
    }

    /// How often the keys were read.
    #[must_use]
    pub fn key_reads(&self) -> usize {
        self.key_reads.load(Ordering::SeqCst)
    }

    /// What a person's browser does at the authorization endpoint: answers the callback's address.
    ///
    /// # Panics
    /// When the portal's request is not what it must be.
    #[must_use]
    pub fn authorize(&self, request: &str) -> String {
        let request = Url::parse(request).expect("an address");
        let field = |name: &str| {
            let pair = request.query_pairs().find(|(key, _)| key == name);
            pair.map(|(_, value)| value.into_owned())
                .unwrap_or_default()
        };
        assert!(
            request
                .as_str()
                .starts_with(&format!("{}/authorize?", self.address)),
            "{request}"
        );
        assert_eq!(field("client_id"), Self::CLIENT);
        assert_eq!(field("code_challenge_method"), "S256");
        assert!(field("scope").split(' ').any(|scope| scope == "openid"));
        let code = format!("code-{}", field("state"));
        let asked = Asked {
            nonce: field("nonce"),
            challenge: field("code_challenge"),
            client_id: field("client_id"),
        };
        self.inner().codes.insert(code.clone(), asked);
        let mut callback = Url::parse(&field("redirect_uri")).expect("a callback");
        callback
            .query_pairs_mut()
            .append_pair("code", &code)
            .append_pair("state", &field("state"));
        callback.to_string()
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The id token of a code, lies included.
    fn id_token(&self, asked: &Asked) -> String {
        let inner = self.inner();
        let now = self.clock.now().timestamp();
        let tid = inner
            .person
            .get("tid")
            .and_then(Value::as_str)
            .unwrap_or_default();
        let mut claims = json!({
            "iss": self.issuer.replace("{tenantid}", tid), "aud": asked.client_id, "nonce": asked.nonce,
            "iat": now, "exp": now + 300,
        });
        for (name, value) in &inner.person {
            if inner.quiet && name != "sub" {
                continue;
            }
            claims[name] = value.clone();
        }
        match inner.lie {
            Lie::Nonce => claims["nonce"] = json!("of another sign-in"),
            Lie::NoNonce => claims["nonce"] = Value::Null,
            Lie::Audience => claims["aud"] = json!("another client"),
            Lie::SecondAudience => claims["aud"] = json!([asked.client_id, "another client"]),
            Lie::Issuer => claims["iss"] = json!("https://evil.example"),
            Lie::Expired(ago) => claims["exp"] = json!(now - ago),
            Lie::Issued(ahead) => claims["iat"] = json!(now + ahead),
            Lie::NotBefore(ahead) => claims["nbf"] = json!(now + ahead),
            Lie::Subject => claims["sub"] = json!(""),
            _ => {}
        }
        let (algorithm, name) = match inner.lie {
            Lie::Unsigned => ("none", inner.key.name.as_str()),
            Lie::SharedSecret => ("HS256", inner.key.name.as_str()),
            Lie::UnknownKey => ("ES256", "nobody-knows-this-key"),
            _ => ("ES256", inner.key.name.as_str()),
        };
        let encode = |value: &Value| BASE64_URL_SAFE_NO_PAD.encode(value.to_string());
        let head = encode(&json!({ "alg": algorithm, "typ": "JWT", "kid": name }));
        let signed = format!("{head}.{}", encode(&claims));
        let sign = |key: &Key| {
            key.pair
                .sign(&SystemRandom::new(), signed.as_bytes())
                .expect("a signature")
                .as_ref()
                .to_vec()
        };
        let signature = match inner.lie {
            Lie::Unsigned => Vec::new(),
            Lie::SharedSecret => {
                let key = hmac::Key::new(hmac::HMAC_SHA256, Self::SECRET.as_bytes());
                hmac::sign(&key, signed.as_bytes()).as_ref().to_vec()
            }
            Lie::Signature => sign(&Key::new(String::new())),
            _ => sign(&inner.key),
        };
        format!("{signed}.{}", BASE64_URL_SAFE_NO_PAD.encode(signature))
    }
}

async fn configuration(State(issuer): State<FakeIssuer>) -> Response {
    let lie = issuer.inner().lie;
    let at = |path: &str| format!("{}/{path}", issuer.address);
    let named = if lie == Lie::Document {
        "https://evil.example"
    } else {
        issuer.issuer()
    };
    let token = if lie == Lie::Endpoint {
        "http://10.0.0.1/token".to_owned()
    } else {
        at("token")
    };
    Json(json!({
        "issuer": named,
        "authorization_endpoint": at("authorize"),
        "token_endpoint": token,
        "jwks_uri": at("keys"),
        "end_session_endpoint": at("end"),
        "userinfo_endpoint": at("me"),
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["ES256", "HS256", "none"],
        "token_endpoint_auth_methods_supported": ["client_secret_basic"],
    }))
    .into_response()
}

async fn keys(State(issuer): State<FakeIssuer>) -> Response {
    issuer.key_reads.fetch_add(1, Ordering::SeqCst);
    let key = issuer.inner().key.public();
    Json(json!({ "keys": [key] })).into_response()
}

async fn user_info(State(issuer): State<FakeIssuer>) -> Response {
    let inner = issuer.inner();
    let mut told = inner.person.clone();
    if inner.lie == Lie::UserInfo {
        told.insert("sub".to_owned(), json!("somebody else"));
    }
    Json(told).into_response()
}

async fn token(
    State(issuer): State<FakeIssuer>,
    headers: HeaderMap,
    Form(form): Form<HashMap<String, String>>,
) -> Response {
    let refused = || {
        let error = json!({ "error": "invalid_grant", "error_description": "no" });
        (StatusCode::BAD_REQUEST, Json(error)).into_response()
    };
    let lie = issuer.inner().lie;
    match lie {
        Lie::CodeRefused => return refused(),
        Lie::Redirect => return Redirect::temporary("http://10.0.0.1/").into_response(),
        Lie::Flood => return "x".repeat(1 << 20).into_response(),
        _ => {}
    }
    let field = |name: &str| form.get(name).cloned().unwrap_or_default();
    let asked = issuer.inner().codes.remove(&field("code"));
    let Some(asked) = asked else {
        return refused();
    };
    let challenge = digest::digest(&digest::SHA256, field("code_verifier").as_bytes());
    if BASE64_URL_SAFE_NO_PAD.encode(challenge) != asked.challenge || !knows_secret(&headers) {
        return refused();
    }
    let mut answer = json!({ "token_type": "Bearer", "access_token": "opaque", "expires_in": 300 });
    if lie != Lie::NoIdToken {
        answer["id_token"] = json!(issuer.id_token(&asked));
    }
    Json(answer).into_response()
}

/// Whether the client proves itself by Basic, both parts form-encoded as RFC 6749 section 2.3.1 has it.
fn knows_secret(headers: &HeaderMap) -> bool {
    let given = headers
        .get("authorization")
        .and_then(|value| value.to_str().ok())
        .and_then(|text| text.strip_prefix("Basic "))
        .and_then(|text| BASE64_STANDARD.decode(text).ok())
        .and_then(|bytes| String::from_utf8(bytes).ok())
        .unwrap_or_default();
    let encode =
        |text: &str| url::form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
    let expected = format!(
        "{}:{}",
        encode(FakeIssuer::CLIENT),
        encode(FakeIssuer::SECRET)
    );
    given.replace("%20", "+") == expected
}
