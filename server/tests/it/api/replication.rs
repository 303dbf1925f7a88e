//! What the stock command line sends of copies, deleted versions and limits.

use axum::http::Method;
use serde_json::{Value, json};

use super::Api;
use super::versions::{follow, upload};

/// A gallery with an image whose version 1.0.0 lies in two regions, as the command line makes it; its path.
async fn replicated(api: &Api) -> String {
    api.school.open_plan(&api.server.portal).await;
    let upload = upload(api, 1).await;
    let image = api.gallery("images").child("images", "ubuntu");
    let body = json!({"location": "southcentralus", "properties": {
        "osType": "Linux", "osState": "Specialized",
        "identifier": {"publisher": "school", "offer": "labs", "sku": "ubuntu"}
    }});
    assert_eq!(api.put(&image, body).await.status, 201);
    let id = image.child("versions", "1.0.0").to_string();
    // --replica-count 2 --target-regions southcentralus=2=standard_zrs eastus=1
    let body = json!({"location": "southcentralus", "tags": {}, "properties": {
        "publishingProfile": {"replicaCount": 2, "targetRegions": [
            {"name": "southcentralus", "regionalReplicaCount": 2, "storageAccountType": "standard_zrs"},
            {"name": "eastus", "regionalReplicaCount": 1}
        ]},
        "storageProfile": {"osDiskImage": {"source": {"id": upload["id"]}}}
    }});
    let created = api.put(&id, body).await;
    assert_eq!(created.status, 201, "{}", created.text);
    let ended = follow(api, &created, "azure-asyncoperation").await.json();
    assert_eq!(ended["status"], "Succeeded", "{ended}");
    id
}

#[tokio::test(flavor = "multi_thread")]
async fn rules_a46_a50_and_a54_counts_kinds_and_progress_are_as_the_command_line_writes_them() {
    let api = Api::open().await;
    let id = replicated(&api).await;
    let version = api
        .get(format!("{id}?$expand=ReplicationStatus"))
        .await
        .json();
    let properties = &version["properties"];
    let expected = json!([
        {"name": "eastus", "regionalReplicaCount": 1, "storageAccountType": "Standard_LRS"},
        {"name": "southcentralus", "regionalReplicaCount": 2, "storageAccountType": "Standard_ZRS"}
    ]);
    assert_eq!(properties["publishingProfile"]["targetRegions"], expected);
    let status = &properties["replicationStatus"];
    assert_eq!(status["aggregatedState"], "Completed");
    assert_eq!(status["summary"][1]["progress"], 100);

    // As the command line updates: what it read, without the source, and with one copy more.
    let mut body = version.clone();
    body["properties"]["storageProfile"]["source"] = Value::Null;
    body["properties"]["publishingProfile"]["targetRegions"][0]["regionalReplicaCount"] = json!(2);
    let updated = api.put(&id, body.clone()).await;
    assert_eq!(updated.status, 200, "{}", updated.text);
    let ended = follow(&api, &updated, "azure-asyncoperation").await.json();
    assert_eq!(ended["status"], "Succeeded", "{ended}");

    // Rule A68: anything else is refused by the field's name.
    body["location"] = json!("eastus");
    body["properties"]["storageProfile"] = json!({"source": {"id": format!("{id}x")}});
    let refused = api.put(&id, body).await;
    assert_eq!(refused.status, 400, "{}", refused.text);
    let details = refused.json()["error"]["details"].clone();
    let details = details.as_array().expect("details").iter();
    let fields: Vec<_> = details
        .map(|row| (row["code"].as_str(), row["target"].as_str()))
        .collect();
    let fixed = |field| (Some("NotUpdatable"), Some(field));
    assert_eq!(fields, [fixed("location"), fixed("storageProfile.source")]);

    let costs = api.get(format!("{id}/costs")).await.json();
    assert_eq!(costs["months"].as_array().map(Vec::len), Some(12));
    let csv = api.get(format!("{id}/costs?format=csv")).await;
    assert!(csv.header("content-type").starts_with("text/csv"));
    // The clock stands still, so nothing was kept for any time: what remains is the copy that was sent.
    assert_eq!(csv.text.lines().count(), 2, "{}", csv.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deleted_version_is_listed_and_restored_as_the_command_line_does_it() {
    let api = Api::open().await;
    let id = replicated(&api).await;
    let gallery = api.gallery("images").to_string();
    let mut body = api.get(&gallery).await.json();
    assert_eq!(
        body["properties"]["softDeletePolicy"],
        json!({"isSoftDeleteEnabled": false})
    );
    body["properties"]["softDeletePolicy"] = json!({"isSoftDeleteEnabled": true});
    let updated = api.put(&gallery, body).await;
    assert_eq!(updated.status, 200, "{}", updated.text);
    assert_eq!(
        updated.json()["properties"]["softDeletePolicy"]["isSoftDeleteEnabled"],
        true
    );

    let deleted = api.call(Method::DELETE, &id, None).await;
    assert_eq!(deleted.status, 200, "{}", deleted.text);
    assert_eq!(api.get(&id).await.status, 404);
    let list = format!("{gallery}/softdeletedartifacttypes/images/artifacts/ubuntu/versions");
    let listed = api.get(&list).await.json();
    assert_eq!(listed["value"][0]["properties"]["resourceArmId"], id);
    assert_eq!(listed["value"][0]["name"], "1.0.0");
    // sig image-version undelete
    let restored = api
        .put(
            &id,
            json!({"location": "southcentralus", "tags": {}, "properties": {}}),
        )
        .await;
    assert_eq!(restored.status, 200, "{}", restored.text);
    assert_eq!(api.get(&id).await.status, 200);
    assert_eq!(api.get(&list).await.json()["value"], json!([]));
}

#[tokio::test]
async fn rules_a43_a66_and_a75_usage_is_shown_and_a_gallery_stays_where_it_is() {
    let api = Api::open().await;
    let gallery = api.gallery("images").to_string();
    assert_eq!(
        api.put(&gallery, json!({"location": "westeurope"}))
            .await
            .status,
        201
    );
    let refused = api
        .call(Method::PATCH, &gallery, Some(json!({"location": "eastus"})))
        .await;
    assert_eq!(
        (
            refused.status.as_u16(),
            &refused.json()["error"]["details"][0]["target"]
        ),
        (400, &json!("location"))
    );

    let usages = format!(
        "{}/providers/Microsoft.Compute/locations/westeurope/usages",
        api.subscription()
    );
    let usages = api.get(&usages).await.json();
    assert_eq!(usages["value"][0]["name"]["value"], "galleries");
    assert_eq!(
        (
            &usages["value"][0]["currentValue"],
            &usages["value"][0]["limit"]
        ),
        (&json!(1), &json!(100))
    );

    let moving = format!("{}/moveResources", api.school.group);
    let body = json!({"resources": [gallery], "targetResourceGroup": api.school.group.to_string()});
    let refused = api.call(Method::POST, moving, Some(body)).await;
    assert_eq!(refused.status, 409);
    let message = refused.json()["error"]["message"]
        .as_str()
        .unwrap_or_default()
        .to_owned();
    assert!(message.contains("copy its versions"), "{message}");
}
