//! Subscriptions, locations, providers and resource groups.

use axum::http::Method;
use insta::assert_snapshot;
use serde_json::json;

use super::{Api, shown};

#[tokio::test]
async fn the_caller_sees_the_tenant_and_its_subscriptions() {
    let api = Api::open().await;
    assert_snapshot!("subscriptions", shown(&api.get("/subscriptions").await));
    assert_snapshot!("tenants", shown(&api.get("/tenants").await));
    let locations = api
        .get(format!("{}/locations", api.subscription()))
        .await
        .json();
    assert_eq!(locations["value"].as_array().map(Vec::len), Some(4));
}

#[tokio::test]
async fn every_provider_is_registered() {
    let api = Api::open().await;
    let provider = format!("{}/providers/microsoft.labservices", api.subscription());
    assert_snapshot!("provider", shown(&api.get(&provider).await));
    let registered = api
        .call(Method::POST, format!("{provider}/register"), None)
        .await;
    assert_eq!(registered.json()["registrationState"], "Registered");
    let list = api
        .get(format!("{}/providers", api.subscription()))
        .await
        .json();
    assert_eq!(list["value"].as_array().map(Vec::len), Some(6));
}

#[tokio::test]
async fn a_resource_group_is_made_found_changed_and_deleted() {
    let api = Api::open().await;
    let group = format!("{}/resourcegroups/rg-new", api.subscription());
    assert_eq!(api.call(Method::HEAD, &group, None).await.status, 404);
    let body = json!({"location": "northeurope", "tags": {"course": "bio", "old": null}, "properties": {}});
    assert_snapshot!("created", shown(&api.put(&group, body.clone()).await));
    assert_eq!(api.put(&group, body).await.status, 200);
    assert_eq!(api.call(Method::HEAD, &group, None).await.status, 204);
    let list = format!(
        "{}/resourceGroups?$filter=tagname%20eq%20'course'%20and%20tagvalue%20eq%20'bio'",
        api.subscription()
    );
    let found = api.get(&list).await.json();
    assert_eq!(found["value"][0]["name"], "rg-new");
    assert_eq!(found["value"].as_array().map(Vec::len), Some(1));
    let patched = api
        .call(
            Method::PATCH,
            &group,
            Some(json!({"tags": {"course": "math"}})),
        )
        .await;
    assert_eq!(patched.json()["tags"]["course"], "math");
    assert_eq!(api.call(Method::DELETE, &group, None).await.status, 200);
    assert_snapshot!("gone", shown(&api.call(Method::DELETE, &group, None).await));
}
