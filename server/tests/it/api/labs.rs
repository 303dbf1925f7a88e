//! Labs and their machines.

use axum::http::Method;
use domain::image::OsState;
use insta::assert_snapshot;
use serde_json::json;

use super::versions::follow;
use super::{Api, shown};

#[tokio::test(flavor = "multi_thread")]
async fn a_lab_is_made_started_changed_and_deleted() {
    let api = Api::open().await;
    let (portal, school) = (&api.server.portal, &api.school);
    school.open_plan(portal).await;
    school
        .import(portal, "ubuntu", OsState::Generalized, &[1])
        .await;
    let id = school.lab("biology");
    let body = json!({"location": "West Europe", "properties": {
        "title": "Biology", "labPlanId": school.plan("science").to_string(),
        "virtualMachineProfile": {
            "createOption": "templatevm", "sku": {"name": "Small"}, "usageQuota": "PT0S",
            "imageReference": {"id": api.gallery("images").child("images", "ubuntu").to_string()},
            "adminUser": {"username": "ada", "password": "Correct-horse-1"}
        }
    }});
    let created = api.put(&id, body.clone()).await;
    assert_eq!(created.status, 201, "{}", created.text);
    assert!(!created.text.contains("Correct-horse-1"));
    let operation = follow(&api, &created, "azure-asyncoperation").await.json();
    assert_eq!(operation["status"], "Succeeded", "{operation}");
    assert_snapshot!("lab", shown(&api.get(&id).await));
    assert_eq!(api.put(&id, body).await.status, 200);
    let patched = api
        .call(
            Method::PATCH,
            &id,
            Some(json!({"tags": ["a"], "properties": {"title": "Life"}})),
        )
        .await;
    assert_eq!(
        patched.json()["properties"]["title"],
        "Life",
        "{}",
        patched.text
    );

    let machines = api.get(format!("{id}/virtualMachines")).await;
    assert_snapshot!("machines", shown(&machines));
    let machine = machines.json()["value"][0]["id"]
        .as_str()
        .expect("an id")
        .to_owned();
    for (verb, state) in [("start", "Running"), ("stop", "Stopped")] {
        let accepted = api
            .call(Method::POST, format!("{machine}/{verb}"), None)
            .await;
        assert_eq!(accepted.status, 202, "{}", accepted.text);
        assert_eq!(follow(&api, &accepted, "location").await.status, 204);
        assert_eq!(api.get(&machine).await.json()["properties"]["state"], state);
    }
    let deleted = api.call(Method::DELETE, &id, None).await;
    assert_eq!(deleted.status, 202, "{}", deleted.text);
    assert_eq!(follow(&api, &deleted, "location").await.status, 204);
    assert_eq!(api.get(&id).await.status, 404);
}

#[tokio::test]
async fn sizes_limits_and_actions_are_listed() {
    let api = Api::open().await;
    let provider = format!("{}/providers/Microsoft.LabServices", api.subscription());
    assert_snapshot!("skus", shown(&api.get(format!("{provider}/skus")).await));
    assert_snapshot!(
        "usages",
        shown(
            &api.get(format!("{provider}/locations/westeurope/usages"))
                .await
        )
    );
    let actions = api
        .get("/providers/Microsoft.LabServices/operations")
        .await
        .json();
    assert_eq!(
        actions["value"][0]["display"]["provider"],
        "Microsoft.LabServices"
    );
}
