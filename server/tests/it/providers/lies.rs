//! What a provider's answer can be wrong in, and what the person is told of it.

use axum::http::StatusCode;
use chrono::TimeDelta;
use testkit::Lie;

use super::{Stage, page_of};
use crate::browser::{Browser, with_param};

/// A lie, and a part of the sentence by which it is refused.
const LIES: [(Lie, &str); 21] = [
    (Lie::Signature, "not signed by the place"),
    (Lie::UnknownKey, "not signed by the place"),
    (Lie::Unsigned, "not signed by the place"),
    (Lie::SharedSecret, "not signed by the place"),
    (Lie::Nonce, "made for another sign-in"),
    (Lie::NoNonce, "made for another sign-in"),
    (Lie::Audience, "made for another portal"),
    (Lie::SecondAudience, "made for another portal"),
    (Lie::Issuer, "comes from another place"),
    (Lie::Expired(60), "has expired"),
    (Lie::Expired(3600), "has expired"),
    (Lie::Issued(61), "clock where you signed in is ahead"),
    (Lie::Issued(86_400), "clock where you signed in is ahead"),
    (Lie::NotBefore(61), "clock where you signed in is ahead"),
    (Lie::NotBefore(3600), "clock where you signed in is ahead"),
    (Lie::NoIdToken, "did not answer as it should"),
    (Lie::CodeRefused, "did not answer as it should"),
    (Lie::Redirect, "did not answer as it should"),
    (Lie::Flood, "did not answer as it should"),
    (Lie::Subject, "can’t be read"),
    (Lie::Subject, "proof of your sign-in"),
];

#[tokio::test]
async fn every_lie_is_refused_by_its_name_and_signs_nobody_in() {
    let stage = Stage::open().await;
    for (lie, sentence) in LIES {
        let browser = Browser::new(&stage.server);
        stage.issuer.lie(lie);
        let answer = stage.come(&browser).await;
        let text = answer.text.replace("&#x27;", "’").replace('\'', "’");
        assert!(
            answer.status.is_client_error() || answer.status == StatusCode::BAD_GATEWAY,
            "{lie:?}: {} {text}",
            answer.status
        );
        assert!(text.contains(sentence), "{lie:?}: {text}");
        assert!(
            !browser.cookies.borrow().contains_key("__Host-vitrine"),
            "{lie:?}"
        );
    }
    assert!(stage.people().await.is_empty(), "nobody was let in");
    stage.issuer.lie(Lie::None);
    let browser = Browser::new(&stage.server);
    assert_eq!(stage.come(&browser).await.status, StatusCode::SEE_OTHER);
    assert_eq!(stage.people().await, ["ada@contoso.example"]);
}

#[tokio::test]
async fn clocks_may_differ_by_a_minute() {
    let stage = Stage::open().await;
    for skew in [Lie::Expired(59), Lie::Issued(60), Lie::NotBefore(60)] {
        let browser = Browser::new(&stage.server);
        stage.issuer.lie(skew);
        let answer = stage.come(&browser).await;
        assert_eq!(
            answer.status,
            StatusCode::SEE_OTHER,
            "{skew:?}: {}",
            answer.text
        );
    }
}

#[tokio::test]
async fn documents_that_speak_for_another_or_lead_inside_begin_no_sign_in() {
    for lie in [Lie::Document, Lie::Endpoint] {
        let stage = Stage::open().await;
        stage.issuer.lie(lie);
        let browser = Browser::new(&stage.server);
        let answer = browser
            .get(&format!("/signin?provider={}", stage.provider))
            .await;
        assert_eq!(answer.status, StatusCode::BAD_GATEWAY, "{lie:?}");
        assert!(!answer.text.contains("10.0.0.1"), "{}", answer.text);
    }
}

#[tokio::test]
async fn a_new_key_is_fetched_once_and_made_up_keys_make_us_ask_no_more_than_that() {
    let stage = Stage::open().await;
    assert_eq!(
        stage.come(&Browser::new(&stage.server)).await.status,
        StatusCode::SEE_OTHER
    );
    assert_eq!(stage.issuer.key_reads(), 1);
    stage.issuer.rotate();
    stage.server.portal.clock.advance(TimeDelta::seconds(11));
    assert_eq!(
        stage.come(&Browser::new(&stage.server)).await.status,
        StatusCode::SEE_OTHER
    );
    assert_eq!(stage.issuer.key_reads(), 2);
    stage.issuer.lie(Lie::UnknownKey);
    for _ in 0..5 {
        let answer = stage.come(&Browser::new(&stage.server)).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    }
    assert_eq!(stage.issuer.key_reads(), 2, "asked again too soon");
    stage.server.portal.clock.advance(TimeDelta::seconds(11));
    stage.come(&Browser::new(&stage.server)).await;
    assert_eq!(stage.issuer.key_reads(), 3);
}

#[tokio::test]
async fn a_callback_works_once_in_its_own_browser_and_in_time() {
    let stage = Stage::open().await;
    let (mine, victim) = (Browser::new(&stage.server), Browser::new(&stage.server));
    let callback = stage.callback(&mine).await;
    stage.callback(&victim).await;
    let foreign = victim.get(&callback).await;
    assert!(foreign.text.contains("another browser"), "{}", foreign.text);
    let tampered = mine
        .get(&with_param(&callback, "state", Some("guessed")))
        .await;
    assert!(
        tampered.text.contains("was not begun here"),
        "{}",
        tampered.text
    );
    let missing = mine.get(&with_param(&callback, "state", None)).await;
    assert!(
        missing.text.contains("was not begun here"),
        "{}",
        missing.text
    );
    let before = mine.cookies.borrow().clone();
    assert_eq!(mine.get(&callback).await.status, StatusCode::SEE_OTHER);
    *mine.cookies.borrow_mut() = before;
    let again = mine.get(&callback).await;
    assert!(again.text.contains("finished before"), "{}", again.text);

    let late = Browser::new(&stage.server);
    let callback = stage.callback(&late).await;
    stage.server.portal.clock.advance(TimeDelta::minutes(16));
    let answer = late.get(&callback).await;
    assert!(answer.text.contains("took too long"), "{}", answer.text);
}

#[tokio::test]
async fn an_answer_without_a_code_of_another_issuer_or_with_an_error_is_refused() {
    let stage = Stage::open().await;
    for (name, value, sentence) in [
        ("code", None, "answer was incomplete"),
        (
            "iss",
            Some("https://evil.example"),
            "came from another place",
        ),
        ("error", Some("access_denied"), "cancelled or refused"),
        ("code", Some("code-made-up"), "did not answer as it should"),
    ] {
        let browser = Browser::new(&stage.server);
        let callback = stage.callback(&browser).await;
        let answer = browser.get(&with_param(&callback, name, value)).await;
        assert!(answer.text.contains(sentence), "{name}: {}", answer.text);
        assert_eq!(page_of(&browser).await.status, StatusCode::FOUND);
    }
}

#[tokio::test]
async fn a_provider_that_was_shut_or_changed_meanwhile_signs_nobody_in() {
    let stage = Stage::open().await;
    let services = &stage.server.portal.services;
    let browser = Browser::new(&stage.server);
    let callback = stage.callback(&browser).await;
    services
        .provider_enable(&stage.system(), stage.provider, false)
        .await
        .expect("shut");
    let answer = browser.get(&callback).await;
    assert!(answer.text.contains("switched off"), "{}", answer.text);
    let answer = browser
        .get(&format!("/signin?provider={}", stage.provider))
        .await;
    assert!(answer.text.contains("switched off"), "{}", answer.text);

    super::open(&stage.server, stage.tenant, stage.provider).await;
    let callback = stage.callback(&browser).await;
    services
        .provider_delete(&stage.system(), stage.provider)
        .await
        .expect("removed");
    let answer = browser.get(&callback).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    assert!(
        answer.text.contains("was not begun here") || answer.text.contains("removed or changed"),
        "{}",
        answer.text
    );
}
