//! Galleries and image definitions.

use axum::http::{Method, Request};
use insta::assert_snapshot;
use serde_json::json;

use super::{Api, shown};

#[tokio::test]
async fn a_gallery_is_made_changed_and_deleted() {
    let api = Api::open().await;
    let id = api.gallery("Biology");
    let body = json!({"location": "West Europe", "tags": {"a": "b"}, "properties": {"description": "Images.", "identifier": {}}});
    assert_snapshot!("created", shown(&api.put(&id, body.clone()).await));
    assert_eq!(api.put(&id, body).await.status, 200);
    let patched = api
        .call(
            Method::PATCH,
            &id,
            Some(json!({"properties": {"description": "More images."}})),
        )
        .await;
    assert_eq!(patched.status, 200, "{}", patched.text);
    assert_eq!(patched.json()["properties"]["description"], "More images.");
    assert_eq!(patched.json()["tags"]["a"], "b");
    assert_eq!(api.call(Method::DELETE, &id, None).await.status, 200);
    assert_eq!(api.call(Method::DELETE, &id, None).await.status, 204);
    assert_snapshot!("gone", shown(&api.get(&id).await));
}

#[tokio::test]
async fn an_etag_guards_against_the_changes_of_others() {
    let api = Api::open().await;
    let id = api.gallery("Biology");
    let body = json!({"location": "westeurope"});
    let etag = api.put(&id, body.clone()).await.json()["etag"]
        .as_str()
        .expect("an etag")
        .to_owned();
    let send = async |name: &str, value: &str| {
        let path = format!("{id}?api-version=2024-03-03");
        let request = Request::put(path)
            .header(name, value)
            .body(body.to_string().into())
            .expect("a request");
        api.send_request(Some(api.school.owner), request)
            .await
            .status
            .as_u16()
    };
    assert_eq!(send("if-none-match", "*").await, 412);
    assert_eq!(send("if-match", "\"stale\"").await, 412);
    assert_eq!(send("if-match", &format!("\"{etag}\"")).await, 200);
    assert_eq!(send("if-match", "*").await, 200);
    assert_eq!(send("if-none-match", "\"some\"").await, 400);
}

#[tokio::test]
async fn an_image_definition_is_made_as_the_command_line_asks_for_it() {
    let api = Api::open().await;
    assert_eq!(
        api.put(api.gallery("g"), json!({"location": "westeurope"}))
            .await
            .status,
        201
    );
    let id = api.gallery("g").child("images", "Ubuntu");
    let body = json!({"location": "westeurope", "properties": {
        "osType": "linux", "osState": "specialized", "hyperVGeneration": "v2",
        "identifier": {"publisher": "school", "offer": "labs", "sku": "ubuntu"},
        "disallowed": {}, "features": [{"name": "SecurityType", "value": "TrustedLaunchSupported"}],
        "endOfLifeDate": "2030-01-01T12:59:59.000Z", "recommended": {"vCPUs": {"min": 1, "max": 4}}
    }});
    assert_snapshot!("image", shown(&api.put(&id, body).await));
    let patched = api
        .call(
            Method::PATCH,
            &id,
            Some(json!({"properties": {"description": "For the first year."}})),
        )
        .await;
    assert_eq!(
        patched.json()["properties"]["osState"],
        "Specialized",
        "{}",
        patched.text
    );
    let refused = api
        .put(
            &id,
            json!({"location": "westeurope", "properties": {"osType": "BeOS"}}),
        )
        .await;
    assert_snapshot!("refused_image", shown(&refused));
    let listed = api.get(format!("{}/images", api.gallery("g"))).await.json();
    assert_eq!(listed["value"][0]["name"], "Ubuntu");
    assert_eq!(
        api.call(Method::DELETE, api.gallery("g"), None)
            .await
            .status,
        409
    );
    assert_eq!(api.call(Method::DELETE, &id, None).await.status, 200);
}

#[tokio::test]
async fn rules_a23_and_a24_unfit_disks_and_a_purchase_plan_are_given_at_creation() {
    let api = Api::open().await;
    api.put(api.gallery("g"), json!({"location": "westeurope"}))
        .await;
    let id = api.gallery("g").child("images", "Microscope");
    let body = |disallowed: serde_json::Value, plan: serde_json::Value| {
        json!({"location": "westeurope", "properties": {
            "osType": "Linux", "osState": "Generalized",
            "identifier": {"publisher": "school", "offer": "labs", "sku": "microscope"},
            "disallowed": disallowed, "purchasePlan": plan
        }})
    };
    let kinds = json!({"diskTypes": ["standard_lrs", "Standard_LRS", "UltraSSD_LRS"]});
    let plan = json!({"name": "hourly", "publisher": "contoso", "product": "microscope"});
    let refused = body(
        json!({"diskTypes": ["Floppy"]}),
        json!({"name": "hourly", "publisher": "con toso"}),
    );
    assert_snapshot!("refused_market", shown(&api.put(&id, refused).await));
    let created = api.put(&id, body(kinds.clone(), plan.clone())).await;
    assert_snapshot!("market", shown(&created));
    assert_eq!(api.put(&id, body(kinds, plan)).await.status, 200);
    // What a client leaves out of a PATCH stays.
    let patch = |properties| api.call(Method::PATCH, &id, Some(json!({"properties": properties})));
    assert_eq!(patch(json!({"description": "Cells."})).await.status, 200);
    let fixed = patch(
        json!({"purchasePlan": {"name": "daily", "publisher": "contoso", "product": "microscope"}}),
    );
    assert_snapshot!("fixed_market", shown(&fixed.await));
}
