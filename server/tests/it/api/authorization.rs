//! Roles, who has them, and what was done.

use axum::http::Method;
use insta::assert_snapshot;
use serde_json::json;

use super::{Api, shown};

const NAME: &str = "11111111-2222-3333-4444-555555555555";
const READER: &str = "acdd72a7-3385-48ef-bd42-f606fba81ae7";

#[tokio::test]
async fn a_role_is_found_by_its_name() {
    let api = Api::open().await;
    let roles = format!(
        "{}/providers/Microsoft.Authorization/roleDefinitions",
        api.subscription()
    );
    let found = api
        .get(format!("{roles}?$filter=roleName%20eq%20'Reader'"))
        .await;
    assert_eq!(found.json()["value"][0]["name"], READER);
    assert_snapshot!("role", shown(&found));
    assert_eq!(
        api.get(format!("{roles}/{READER}")).await.json()["properties"]["roleName"],
        "Reader"
    );
}

#[tokio::test]
async fn a_role_is_assigned_listed_and_taken_away() {
    let api = Api::open().await;
    let list = format!(
        "{}/providers/Microsoft.Authorization/roleAssignments",
        api.school.group
    );
    let role = format!(
        "{}/providers/Microsoft.Authorization/roleDefinitions/{READER}",
        api.subscription()
    );
    let body = json!({"properties": {
        "roleDefinitionId": role, "principalId": api.school.student.id, "principalType": "User"
    }});
    let created = api.put(format!("{list}/{NAME}"), body.clone()).await;
    assert_snapshot!("assignment", shown(&created));
    let other = api
        .put(format!("{list}/{}", NAME.replace('1', "2")), body)
        .await;
    assert_eq!(
        (
            other.status.as_u16(),
            other.json()["error"]["code"].as_str()
        ),
        (409, Some("RoleAssignmentExists"))
    );
    let filter = format!("$filter=principalId%20eq%20'{}'", api.school.student.id);
    let found = api.get(format!("{list}?{filter}")).await.json();
    assert_eq!(found["value"].as_array().map(Vec::len), Some(1));
    assert_eq!(
        api.get(format!("{list}?$filter=atScope()")).await.status,
        200
    );
    assert_eq!(
        api.call(Method::DELETE, format!("{list}/{NAME}"), None)
            .await
            .status,
        200
    );
    assert_eq!(
        api.call(Method::DELETE, format!("{list}/{NAME}"), None)
            .await
            .status,
        204
    );
    assert_eq!(api.get(format!("{list}/{NAME}")).await.status, 404);
}

#[tokio::test]
async fn what_was_done_is_listed() {
    let api = Api::open().await;
    assert_eq!(
        api.put(api.gallery("g"), json!({"location": "westeurope"}))
            .await
            .status,
        201
    );
    let log = "/providers/Microsoft.Insights/eventtypes/management/values";
    let events = api.get(format!("{}{log}", api.gallery("g"))).await.json();
    assert_eq!(
        events["value"][0]["operationName"]["value"], "gallery_put",
        "{events}"
    );
    assert_eq!(events["value"][0]["caller"], "owner@contoso.example");
    let all = api.get(log).await.json();
    assert!(
        all["value"].as_array().is_some_and(|rows| rows.len() > 1),
        "{all}"
    );
}
