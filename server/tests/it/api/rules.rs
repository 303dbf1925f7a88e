//! What holds for every operation.

use axum::http::Method;
use insta::assert_snapshot;
use serde_json::json;

use super::{Api, shown};

#[tokio::test]
async fn a_request_without_a_token_is_refused_with_a_challenge() {
    let api = Api::open().await;
    let answer = api
        .send(
            None,
            Method::GET,
            "/subscriptions?api-version=2022-12-01",
            None,
        )
        .await;
    assert_snapshot!(shown(&answer));
}

#[tokio::test]
async fn a_request_without_an_api_version_is_refused() {
    let api = Api::open().await;
    let answer = api
        .send(Some(api.school.owner), Method::GET, "/subscriptions", None)
        .await;
    assert_snapshot!(shown(&answer));
}

#[tokio::test]
async fn every_spelling_of_a_path_is_the_same_path() {
    let api = Api::open().await;
    let id = api.gallery("Biology");
    assert_eq!(
        api.put(&id, json!({"location": "westeurope"})).await.status,
        201
    );
    let expected = api.get(&id).await.json()["id"].clone();
    let plain = id.as_str();
    for spelling in [
        plain.to_uppercase(),
        plain.to_lowercase(),
        format!("/{plain}/"),
        plain.replace('/', "//"),
    ] {
        let answer = api.get(&spelling).await;
        assert_eq!(answer.status, 200, "{spelling}: {}", answer.text);
        assert_eq!(answer.json()["id"], expected, "{spelling}");
    }
}

#[tokio::test]
async fn what_no_operation_has_is_refused_in_the_same_shape() {
    let api = Api::open().await;
    let unknown = api
        .get("/subscriptions/x/providers/Microsoft.Web/sites")
        .await;
    assert_eq!(
        (
            unknown.status.as_u16(),
            unknown.json()["error"]["code"].as_str()
        ),
        (404, Some("ResourceNotFound"))
    );
    let method = api.call(Method::POST, "/subscriptions", None).await;
    assert_eq!(
        (
            method.status.as_u16(),
            method.json()["error"]["target"].as_str()
        ),
        (405, Some("method"))
    );
}

#[tokio::test]
async fn a_body_that_is_no_json_is_refused() {
    let api = Api::open().await;
    let path = format!("{}?api-version=2024-03-03", api.gallery("g"));
    let request = axum::http::Request::put(path)
        .body("{".into())
        .expect("a request");
    let answer = api.send_request(Some(api.school.owner), request).await;
    assert_snapshot!(shown(&answer));
}

#[tokio::test]
async fn every_broken_rule_is_listed() {
    let api = Api::open().await;
    let body = json!({"location": "mars", "properties": {"description": "x".repeat(1001)}});
    assert_snapshot!(shown(&api.put(api.gallery("-a"), body).await));
}

#[tokio::test]
async fn lists_come_in_pages_with_an_absolute_link() {
    let api = Api::open().await;
    for name in ["a", "b", "c", "d", "e"] {
        assert_eq!(
            api.put(api.gallery(name), json!({"location": "westeurope"}))
                .await
                .status,
            201
        );
    }
    let list = api.gallery("x").parent().expect("the group");
    let mut next = Some(format!(
        "{list}/providers/microsoft.compute/galleries?$top=2&api-version=2021-10-01"
    ));
    let mut sizes = Vec::new();
    let mut names = Vec::new();
    while let Some(path) = next {
        let answer = api
            .send(Some(api.school.owner), Method::GET, &path, None)
            .await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        let page = answer.json();
        let rows = page["value"].as_array().expect("rows");
        sizes.push(rows.len());
        names.extend(
            rows.iter()
                .map(|row| row["name"].as_str().expect("a name").to_owned()),
        );
        next = page["nextLink"].as_str().map(|link| {
            link.strip_prefix("https://localhost:8443")
                .expect("an absolute link")
                .to_owned()
        });
    }
    assert_eq!(sizes, [2, 2, 1]);
    assert_eq!(names, ["a", "b", "c", "d", "e"]);
}

#[tokio::test]
async fn a_filter_that_is_not_understood_is_refused() {
    let api = Api::open().await;
    let answer = api.get(format!(
        "{}/providers/Microsoft.LabServices/labs?$filter=title%20eq%20'x'",
        api.subscription()
    ));
    assert_snapshot!(shown(&answer.await));
}
