//! Virtual machines, disks, snapshots and managed images in the shapes that clients send and expect.

use axum::http::Method;
use domain::ResourceId;
use domain::image::OsState;
use serde_json::{Value, json};

use super::Api;
use super::versions::follow;

impl Api {
    fn compute(&self, kind: &str, name: &str) -> ResourceId {
        self.school.group.provider("Microsoft.Compute", kind, name)
    }

    async fn made(&self, id: &ResourceId, body: Value, status: u16) -> Value {
        let answer = self.put(id, body).await;
        assert_eq!(answer.status, status, "{}", answer.text);
        assert_eq!(answer.json()["properties"]["provisioningState"], "Creating");
        let ended = follow(self, &answer, "azure-asyncoperation").await.json();
        assert_eq!(ended["status"], "Succeeded", "{ended}");
        self.get(id).await.json()
    }

    /// A machine from a specialized image with Linux on it.
    async fn machine(&self, name: &str) -> Value {
        let portal = &self.server.portal;
        self.school.open_plan(portal).await;
        let file = portal.folder().join("linux.qcow2");
        testkit::linux_disk(&file);
        self.school
            .define(portal, "golden", OsState::Specialized)
            .await;
        self.school.version_of(portal, "golden", vec![file]).await;
        let image = self.gallery("images").child("images", "golden");
        let body = json!({"location": "westeurope", "tags": {"a": "b"}, "properties": {
            "hardwareProfile": {"vmSize": "small"},
            "storageProfile": {
                "imageReference": {"id": image.to_string()},
                "osDisk": {"createOption": "FromImage", "name": "os", "managedDisk": {"storageAccountType": "Premium_LRS"}}
            },
            "networkProfile": {"networkInterfaces": [{"id": "/subscriptions/x/nic"}]}
        }});
        self.made(&self.compute("virtualMachines", name), body, 201)
            .await
    }

    async fn act(&self, id: &ResourceId, action: &str) {
        let answer = self
            .call(Method::POST, format!("{id}/{action}"), None)
            .await;
        assert_eq!(answer.status, 202, "{}", answer.text);
        assert_eq!(follow(self, &answer, "location").await.status, 204);
    }

    async fn power(&self, id: &ResourceId) -> String {
        let seen = self.get(format!("{id}?$expand=instanceView")).await.json();
        let statuses = &seen["properties"]["instanceView"]["statuses"];
        assert_eq!(statuses[0]["code"], "ProvisioningState/succeeded");
        statuses[1]["code"].as_str().expect("a code").to_owned()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_virtual_machine_is_made_stopped_generalized_captured_and_deleted() {
    let api = Api::open().await;
    let machine = api.machine("web").await;
    let id = api.compute("virtualMachines", "web");
    assert_eq!(machine["type"], "Microsoft.Compute/virtualMachines");
    assert_eq!(machine["properties"]["hardwareProfile"]["vmSize"], "Small");
    assert_eq!(machine["properties"]["instanceView"], Value::Null);
    assert_eq!(machine["properties"]["osProfile"], Value::Null);
    let nics = &machine["properties"]["networkProfile"]["networkInterfaces"];
    assert_eq!(nics[0]["id"], "/subscriptions/x/nic");
    let os_disk = &machine["properties"]["storageProfile"]["osDisk"];
    assert_eq!(
        (&os_disk["osType"], &os_disk["name"]),
        (&json!("Linux"), &json!("os"))
    );
    assert_eq!(
        os_disk["managedDisk"]["id"],
        api.compute("disks", "os").as_str()
    );
    assert_eq!(api.power(&id).await, "PowerState/running");

    // What the command line sends before it makes an image.
    api.act(&id, "powerOff").await;
    api.act(&id, "deallocate").await;
    assert_eq!(api.power(&id).await, "PowerState/deallocated");
    let workers = api.server.portal.work();
    let answer = api
        .call(Method::POST, format!("{id}/generalize"), None)
        .await;
    workers.stop().await;
    assert_eq!((answer.status.as_u16(), answer.text.as_str()), (200, ""));
    let refused = api.call(Method::POST, format!("{id}/start"), None).await;
    assert_eq!(
        (refused.status.as_u16(), &refused.json()["error"]["code"]),
        (409, &json!("Conflict"))
    );

    let image = api.compute("images", "captured");
    let body = json!({"location": "westeurope", "properties": {
        "sourceVirtualMachine": {"id": id.to_string()}, "hyperVGeneration": "V1"
    }});
    let made = api.made(&image, body, 201).await;
    assert_eq!(
        made["properties"]["sourceVirtualMachine"]["id"],
        id.as_str()
    );
    assert_eq!(
        made["properties"]["storageProfile"]["osDisk"]["osState"],
        "Generalized"
    );

    let definition = api.gallery("images").child("images", "captured");
    let body = json!({"location": "westeurope", "properties": {
        "osType": "Linux", "osState": "Generalized", "hyperVGeneration": "V1",
        "identifier": {"publisher": "school", "offer": "labs", "sku": "captured"}
    }});
    assert_eq!(api.put(&definition, body).await.status, 201);
    let version = definition.child("versions", "1.0.0");
    let body = json!({"location": "westeurope", "properties": {"storageProfile": {"source": {"id": image.to_string()}}}});
    let made = api.made(&version, body, 201).await;
    assert_eq!(
        made["properties"]["storageProfile"]["source"]["id"],
        image.as_str()
    );

    let deleted = api.call(Method::DELETE, &id, None).await;
    assert_eq!(deleted.status, 202, "{}", deleted.text);
    assert_eq!(follow(&api, &deleted, "location").await.status, 204);
    assert_eq!(api.call(Method::DELETE, &id, None).await.status, 204);
    let kept = api.get(api.compute("disks", "os")).await.json();
    assert_eq!(kept["properties"]["diskState"], "Unattached");
}

#[tokio::test(flavor = "multi_thread")]
async fn disks_and_snapshots_answer_200_and_never_201() {
    let api = Api::open().await;
    let disk = api.compute("disks", "data");
    let body = json!({"location": "westeurope", "sku": {"name": "premium_lrs"}, "properties": {
        "creationData": {"createOption": "Empty"}, "diskSizeGB": 2
    }});
    let made = api.made(&disk, body.clone(), 200).await;
    assert_eq!(
        (&made["properties"]["diskSizeGB"], &made["sku"]["name"]),
        (&json!(2), &json!("Premium_LRS"))
    );
    assert_eq!(api.put(&disk, body).await.status, 200);
    let snapshot = api.compute("snapshots", "before");
    let body = json!({"location": "westeurope", "properties": {
        "creationData": {"createOption": "Copy", "sourceResourceId": disk.to_string()}
    }});
    let made = api.made(&snapshot, body, 200).await;
    assert_eq!(
        made["properties"]["creationData"]["sourceResourceId"],
        disk.as_str()
    );
    let changed = api
        .call(Method::PATCH, &snapshot, Some(json!({"tags": {"a": "b"}})))
        .await;
    assert_eq!(
        (changed.status.as_u16(), &changed.json()["tags"]),
        (200, &json!({"a": "b"}))
    );
    for (kind, id) in [("snapshots", &snapshot), ("disks", &disk)] {
        let place = format!("{}/providers/Microsoft.Compute/{kind}", api.subscription());
        assert_eq!(api.get(place).await.json()["value"][0]["id"], id.as_str());
        let deleted = api.call(Method::DELETE, id, None).await;
        assert_eq!(deleted.status, 202, "{}", deleted.text);
        assert_eq!(follow(&api, &deleted, "location").await.status, 204);
        assert_eq!(api.get(id).await.status, 404);
    }
}

#[tokio::test]
async fn sizes_are_listed_as_clients_read_them() {
    let api = Api::open().await;
    let place = format!(
        "{}/providers/Microsoft.Compute/locations/westeurope/vmSizes",
        api.subscription()
    );
    let listed = api.get(place).await.json();
    assert_eq!(listed["value"][0]["name"], "Small");
    assert_eq!(listed["value"][0]["memoryInMB"], 512);
    let nowhere = format!(
        "{}/providers/Microsoft.Compute/locations/mars/vmSizes",
        api.subscription()
    );
    assert_eq!(api.get(nowhere).await.status, 404);
}
