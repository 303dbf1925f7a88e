//! Image versions, uploads and the operations that make them.

use axum::http::{Method, Request};
use insta::assert_snapshot;
use serde_json::{Value, json};

use super::{Api, shown};
use crate::portal::Answer;

/// Follows a header to the end of the work.
pub(super) async fn follow(api: &Api, answer: &Answer, header: &str) -> Answer {
    let path = answer
        .header(header)
        .strip_prefix("https://localhost:8443")
        .expect("an absolute address")
        .to_owned();
    let workers = api.server.portal.work();
    for _ in 0..3000 {
        let answer = api
            .send(Some(api.school.owner), Method::GET, &path, None)
            .await;
        let running = answer.status == 202
            || (answer.status == 200
                && matches!(
                    answer.json()["status"].as_str(),
                    Some("NotStarted" | "InProgress")
                ));
        if !running {
            workers.stop().await;
            return answer;
        }
        assert_eq!(answer.header("retry-after"), "1");
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    panic!("the work did not end");
}

pub(super) async fn upload(api: &Api, gib: u64) -> Value {
    let file = api.server.portal.folder().join("disk.qcow2");
    testkit::blank_disk(&file, gib);
    let bytes = std::fs::read(&file).expect("the disk");
    let body = json!({"properties": {"fileName": "disk.qcow2", "sizeBytes": bytes.len()}});
    let created = api
        .call(
            Method::POST,
            format!("{}/uploads", api.gallery("images")),
            Some(body),
        )
        .await;
    assert_eq!(created.status, 201, "{}", created.text);
    let path = created
        .header("location")
        .strip_prefix("https://localhost:8443")
        .expect("an address")
        .to_owned();
    let (first, second) = bytes.split_at(bytes.len() / 2);
    for (offset, piece) in [(0, first), (first.len(), second)] {
        let request = Request::patch(&path)
            .header("upload-offset", offset)
            .body(piece.to_vec().into());
        let answer = api
            .send_request(Some(api.school.owner), request.expect("a request"))
            .await;
        assert_eq!(answer.status, 200, "{}", answer.text);
    }
    api.send(Some(api.school.owner), Method::GET, &path, None)
        .await
        .json()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_version_is_made_from_an_upload_watched_changed_copied_and_deleted() {
    let api = Api::open().await;
    api.school.open_plan(&api.server.portal).await;
    let upload = upload(&api, 10).await;
    assert_eq!(
        upload["properties"]["receivedBytes"],
        upload["properties"]["sizeBytes"]
    );
    let image = api.gallery("images").child("images", "ubuntu");
    let body = json!({"location": "westeurope", "properties": {
        "osType": "Linux", "osState": "Specialized",
        "identifier": {"publisher": "school", "offer": "labs", "sku": "ubuntu"}
    }});
    assert_eq!(api.put(&image, body).await.status, 201);
    let id = image.child("versions", "1.0.0");
    let body = json!({"location": "westeurope", "properties": {
        "publishingProfile": {"targetRegions": [{"name": "West Europe"}, {"name": "northeurope", "regionalReplicaCount": 2}]},
        "storageProfile": {"osDiskImage": {"source": {"id": upload["id"]}}}
    }});
    let created = api.put(&id, body.clone()).await;
    assert_eq!(created.status, 201, "{}", created.text);
    assert_eq!(
        created.json()["properties"]["provisioningState"],
        "Creating"
    );
    assert_eq!(created.header("retry-after"), "1");
    assert_eq!(created.header("location"), "");
    let operation = follow(&api, &created, "azure-asyncoperation").await.json();
    assert_eq!(operation["status"], "Succeeded", "{operation}");
    let version = api
        .get(format!("{id}?$expand=replicationstatus"))
        .await
        .json();
    assert_eq!(version["properties"]["provisioningState"], "Succeeded");
    assert_eq!(
        version["properties"]["storageProfile"]["osDiskImage"]["sizeInGB"],
        10
    );
    assert_eq!(
        version["properties"]["replicationStatus"]["aggregatedState"],
        "Completed"
    );

    // As the command line updates: what it read, without the source.
    let mut update = api.get(&id).await.json();
    update["properties"]["publishingProfile"]["excludeFromLatest"] = json!(true);
    update["properties"]["storageProfile"] = json!({"osDiskImage": {}});
    let updated = api.put(&id, update).await;
    assert_eq!(updated.status, 200, "{}", updated.text);
    assert_eq!(
        updated.json()["properties"]["publishingProfile"]["excludeFromLatest"],
        true
    );

    let copy = image.child("versions", "1.0.1");
    let body = json!({"location": "westeurope", "properties": {"storageProfile": {"source": {"id": id.to_string()}}}});
    let copied = api.put(&copy, body).await;
    assert_eq!(copied.status, 201, "{}", copied.text);
    assert_eq!(
        follow(&api, &copied, "azure-asyncoperation").await.json()["status"],
        "Succeeded"
    );
    let listed = api.get(format!("{image}/versions")).await.json();
    assert_eq!(listed["value"].as_array().map(Vec::len), Some(2));

    let deleted = api.call(Method::DELETE, &copy, None).await;
    assert_eq!(deleted.status, 202, "{}", deleted.text);
    assert_eq!(follow(&api, &deleted, "location").await.status, 204);
    assert_eq!(api.call(Method::DELETE, &copy, None).await.status, 204);
}

#[tokio::test]
async fn a_version_without_a_source_or_with_a_strange_one_is_refused() {
    let api = Api::open().await;
    let id = api
        .gallery("g")
        .child("images", "i")
        .child("versions", "1.0.0");
    assert_snapshot!(
        "no_source",
        shown(&api.put(&id, json!({"location": "westeurope"})).await)
    );
    let body = json!({"properties": {"storageProfile": {"source": {"id": "/subscriptions/x/resourceGroups/y"}}}});
    assert_snapshot!("strange_source", shown(&api.put(&id, body).await));
}

#[tokio::test]
async fn an_operation_that_is_not_there_is_not_found() {
    let api = Api::open().await;
    let path = "providers/Microsoft.Compute/locations/westeurope/operations/00000000-0000-0000-0000-000000000000";
    assert_eq!(
        api.get(format!("{}/{path}", api.subscription()))
            .await
            .status,
        404
    );
}

#[tokio::test]
async fn an_upload_is_listed_in_its_gallery_and_found_in_no_other() {
    let api = Api::open().await;
    for name in ["images", "other"] {
        api.put(api.gallery(name), json!({"location": "westeurope"}))
            .await;
    }
    let uploads = |gallery: &str| format!("{}/uploads", api.gallery(gallery));
    let body = json!({"properties": {"fileName": "disk.raw", "sizeBytes": 6}});
    let created = api.call(Method::POST, uploads("images"), Some(body)).await;
    let listed = api.get(uploads("images")).await.json();
    assert_eq!(listed["value"], json!([created.json()]));
    assert_eq!(
        listed["value"][0]["properties"]["galleryId"],
        api.gallery("images").as_str()
    );
    assert_eq!(api.get(uploads("other")).await.json()["value"], json!([]));
    let name = created.json()["name"].as_str().expect("a name").to_owned();
    let elsewhere = format!("{}/{name}", uploads("other"));
    assert_eq!(api.get(&elsewhere).await.status, 404);
    assert_eq!(api.call(Method::DELETE, &elsewhere, None).await.status, 404);
    let here = format!("{}/{name}", uploads("images"));
    assert_eq!(api.call(Method::DELETE, &here, None).await.status, 200);
}
