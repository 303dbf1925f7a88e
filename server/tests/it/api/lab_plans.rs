//! Lab plans, their images, the catalog, and exports.

use axum::http::Method;
use domain::image::OsState;
use insta::assert_snapshot;
use serde_json::json;

use super::versions::follow;
use super::{Api, shown};

#[tokio::test]
async fn a_plan_is_made_and_its_gallery_attached_and_detached() {
    let api = Api::open().await;
    let gallery = api.gallery("g");
    assert_eq!(
        api.put(&gallery, json!({"location": "westeurope"}))
            .await
            .status,
        201
    );
    let id = api.school.plan("science");
    let body = json!({"location": "westeurope", "properties": {
        "allowedRegions": ["westeurope"], "sharedGalleryId": gallery.to_string().to_uppercase(),
        "supportInfo": {"email": "help@contoso.example"}, "defaultNetworkProfile": null
    }});
    assert_snapshot!("plan", shown(&api.put(&id, body).await));
    let detached = api
        .call(
            Method::PATCH,
            &id,
            Some(json!({"tags": ["a"], "properties": {"sharedGalleryId": ""}})),
        )
        .await;
    assert_eq!(detached.status, 200, "{}", detached.text);
    assert!(
        detached.json()["properties"]
            .get("sharedGalleryId")
            .is_none()
    );
    assert_eq!(
        detached.json()["properties"]["supportInfo"]["email"],
        "help@contoso.example"
    );
    assert_eq!(api.call(Method::DELETE, &id, None).await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_template_is_exported_and_the_catalog_says_what_labs_may_use() {
    let api = Api::open().await;
    let (portal, school) = (&api.server.portal, &api.school);
    school.open_plan(portal).await;
    school
        .import(portal, "ubuntu", OsState::Specialized, &[1])
        .await;
    school
        .import(portal, "large", OsState::Specialized, &[129])
        .await;
    let lab = school
        .lab_from(portal, school.owner, "lab1", "ubuntu")
        .await;
    let plan = school.plan("science");

    let catalog = api.get(format!("{plan}/catalog")).await.json();
    assert_eq!(catalog["images"][0]["name"], "ubuntu", "{catalog}");
    assert_eq!(catalog["hidden"][0]["reasons"][0]["code"], "OsDiskTooLarge");
    let large = plan.child("images", "LARGE");
    assert_eq!(
        api.get(&large).await.json()["properties"]["enabledState"],
        "Enabled"
    );
    let off = api
        .put(&large, json!({"properties": {"enabledState": "disabled"}}))
        .await;
    assert_eq!(
        (
            off.status.as_u16(),
            off.json()["properties"]["enabledState"].as_str()
        ),
        (200, Some("Disabled"))
    );
    assert_snapshot!(
        "strange_switch",
        shown(
            &api.put(&large, json!({"properties": {"enabledState": "maybe"}}))
                .await
        )
    );

    let preview = api
        .get(format!("{}/exportPreview", school.lab("lab1")))
        .await
        .json();
    assert_eq!(preview["sizeInGB"], 1, "{preview}");
    let machine = lab.template.expect("a template").resource_id.to_string();
    let body = json!({"name": "exported", "labVirtualMachineId": machine});
    let saved = api
        .call(Method::POST, format!("{plan}/saveImage"), Some(body))
        .await;
    assert_eq!(saved.status, 202, "{}", saved.text);
    assert_eq!(follow(&api, &saved, "location").await.status, 204);
    let version = api
        .gallery("images")
        .child("images", "exported")
        .child("versions", "1.0.0");
    let version = api.get(&version).await.json();
    assert_eq!(
        version["properties"]["storageProfile"]["source"]["virtualMachineId"],
        json!(machine),
        "{version}"
    );
    let refused = api
        .call(
            Method::POST,
            format!("{plan}/saveImage"),
            Some(json!({"name": "x"})),
        )
        .await;
    assert_snapshot!("no_machine", shown(&refused));
}
