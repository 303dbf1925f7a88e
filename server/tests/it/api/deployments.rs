//! Deployments of templates, and the records, tags and locks around them.

use axum::http::Method;
use serde_json::{Value, json};

use super::Api;
use super::versions::follow;
use crate::portal::Answer;

fn group(api: &Api) -> String {
    api.school.group.to_string()
}

fn deployment(api: &Api, name: &str) -> String {
    format!(
        "{}/providers/Microsoft.Resources/deployments/{name}",
        group(api)
    )
}

fn body(template: &Value, parameters: &Value) -> Value {
    json!({"properties": {"mode": "incremental", "template": template, "parameters": parameters}})
}

/// Deploys, waits for the end, and answers the deployment.
async fn deploy(api: &Api, name: &str, template: &Value, parameters: &Value) -> Value {
    let answer = api
        .put(deployment(api, name), body(template, parameters))
        .await;
    assert!(
        [200, 201].contains(&answer.status.as_u16()),
        "{}",
        answer.text
    );
    let operation = follow(api, &answer, "azure-asyncoperation").await;
    let found = api.get(deployment(api, name)).await.json();
    assert_eq!(
        found["properties"]["provisioningState"],
        operation.json()["status"],
        "{}",
        operation.text
    );
    found
}

/// The first quick start: a gallery and a definition in it.
fn gallery_and_definition() -> Value {
    json!({
        "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
        "contentVersion": "1.0.0.0",
        "parameters": {
            "galleryName": {"type": "string"},
            "definitionName": {"type": "string", "defaultValue": "debian"},
            "location": {"type": "string", "defaultValue": "[resourceGroup().location]"}
        },
        "resources": [
            {"type": "Microsoft.Compute/galleries/images", "apiVersion": "2021-10-01",
                "name": "[format('{0}/{1}', parameters('galleryName'), parameters('definitionName'))]",
                "location": "[parameters('location')]",
                "properties": {"osType": "Linux", "osState": "Specialized",
                    "identifier": {"publisher": "school", "offer": "labs", "sku": "[parameters('definitionName')]"}},
                "dependsOn": ["[resourceId('Microsoft.Compute/galleries', parameters('galleryName'))]"]},
            {"type": "Microsoft.Compute/galleries", "apiVersion": "2021-10-01",
                "name": "[parameters('galleryName')]", "location": "[parameters('location')]",
                "properties": {"description": "Deployed"}}
        ],
        "outputs": {
            "unique": {"type": "string", "value": "[reference(parameters('galleryName')).identifier.uniqueName]"}
        }
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_a70_a_template_makes_a_gallery_and_a_definition_in_it() {
    let api = Api::open().await;
    let parameters = json!({"galleryName": {"value": "deployed"}});
    let template = gallery_and_definition();
    let validated = api
        .call(
            Method::POST,
            format!("{}/validate", deployment(&api, "main")),
            Some(body(&template, &parameters)),
        )
        .await;
    assert_eq!(validated.status, 200, "{}", validated.text);
    let resources = validated.json()["properties"]["validatedResources"].clone();
    assert_eq!(resources.as_array().map(Vec::len), Some(2));
    let forecast = async || {
        let answer = api
            .call(
                Method::POST,
                format!("{}/whatIf", deployment(&api, "main")),
                Some(body(&template, &parameters)),
            )
            .await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        let changes = answer.json()["properties"]["changes"].clone();
        changes
            .as_array()
            .expect("changes")
            .iter()
            .map(|change| change["changeType"].as_str().unwrap_or_default().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(forecast().await, ["Create", "Create"]);
    assert_eq!(api.get(api.gallery("deployed")).await.status, 404);

    let found = deploy(&api, "main", &template, &parameters).await;
    assert_eq!(
        found["properties"]["provisioningState"], "Succeeded",
        "{found}"
    );
    let unique = found["properties"]["outputs"]["unique"]["value"].clone();
    assert!(
        unique
            .as_str()
            .is_some_and(|name| name.ends_with("-DEPLOYED")),
        "{unique}"
    );
    let image = api.gallery("deployed").child("images", "debian");
    assert_eq!(api.get(&image).await.status, 200);
    assert_eq!(forecast().await, ["NoChange", "NoChange"]);

    let operations = api
        .get(format!("{}/operations", deployment(&api, "main")))
        .await
        .json();
    let kinds: Vec<_> = operations["value"]
        .as_array()
        .expect("operations")
        .iter()
        .map(|row| {
            (
                row["properties"]["targetResource"]["resourceType"].clone(),
                row["properties"]["provisioningState"].clone(),
            )
        })
        .collect();
    assert_eq!(
        kinds,
        [
            (json!("Microsoft.Compute/galleries"), json!("Succeeded")),
            (
                json!("Microsoft.Compute/galleries/images"),
                json!("Succeeded")
            )
        ]
    );
    // Again, with another description: the deployment is replaced, the gallery changed.
    let mut changed = template.clone();
    changed["resources"][1]["properties"]["description"] = json!("Changed");
    let found = deploy(&api, "main", &changed, &parameters).await;
    assert_eq!(found["properties"]["provisioningState"], "Succeeded");
    let gallery = api.get(api.gallery("deployed")).await.json();
    assert_eq!(gallery["properties"]["description"], "Changed");
    let exported = api
        .call(
            Method::POST,
            format!("{}/exportTemplate", deployment(&api, "main")),
            None,
        )
        .await
        .json();
    assert_eq!(exported["template"], changed);
    let gone = api
        .call(Method::DELETE, deployment(&api, "main"), None)
        .await;
    assert_eq!(gone.status, 204);
    assert_eq!(api.get(&image).await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_a70_a_template_makes_a_version_and_waits_for_it() {
    let api = Api::open().await;
    api.school.open_plan(&api.server.portal).await;
    let source = api
        .school
        .import(
            &api.server.portal,
            "ubuntu",
            domain::image::OsState::Specialized,
            &[1],
        )
        .await;
    let _ = source;
    let copy = json!({
        "parameters": {"version": {"type": "string"}},
        "variables": {"source": "[resourceId('Microsoft.Compute/galleries/images/versions', 'images', 'ubuntu', '1.0.0')]"},
        "resources": [
            {"type": "Microsoft.Compute/galleries/images/versions", "apiVersion": "2021-10-01",
                "name": "[concat('images/ubuntu/', parameters('version'))]", "location": "westeurope",
                "properties": {"storageProfile": {"source": {"id": "[variables('source')]"}},
                    "publishingProfile": {"targetRegions": [{"name": "westeurope"}]}}}
        ],
        "outputs": {"state": {"type": "string",
            "value": "[reference(resourceId('Microsoft.Compute/galleries/images/versions', 'images', 'ubuntu', parameters('version'))).provisioningState]"}}
    });
    let found = deploy(&api, "copy", &copy, &json!({"version": {"value": "2.0.0"}})).await;
    assert_eq!(
        found["properties"]["provisioningState"], "Succeeded",
        "{found}"
    );
    assert_eq!(
        found["properties"]["outputs"]["state"]["value"],
        "Succeeded"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deployment_that_fails_names_the_resource_and_its_own_error() {
    let api = Api::open().await;
    let template = json!({"resources": [
        {"type": "Microsoft.Compute/galleries", "apiVersion": "2021-10-01", "name": "kept", "location": "westeurope"},
        {"type": "Microsoft.Compute/galleries", "apiVersion": "2021-10-01", "name": "lost", "location": "atlantis",
            "dependsOn": ["kept"]},
        {"type": "Microsoft.Compute/galleries", "apiVersion": "2021-10-01", "name": "never", "location": "westeurope",
            "dependsOn": ["lost"]},
    ]});
    let found = deploy(&api, "failing", &template, &json!({})).await;
    assert_eq!(found["properties"]["provisioningState"], "Failed");
    let error = &found["properties"]["error"];
    assert_eq!(error["code"], "DeploymentFailed");
    assert!(
        error["message"]
            .as_str()
            .is_some_and(|text| text.contains("“lost”")),
        "{error}"
    );
    assert_eq!(error["details"][0]["code"], "InvalidRequest");
    assert!(
        error["details"].to_string().contains("RegionUnknown"),
        "{error}"
    );
    assert_eq!(api.get(api.gallery("kept")).await.status, 200);
    assert_eq!(api.get(api.gallery("never")).await.status, 404);
}

#[tokio::test]
async fn what_a_deployment_may_not_be_is_refused_by_name() {
    let api = Api::open().await;
    let refused = async |body: Value| {
        let answer = api.put(deployment(&api, "refused"), body).await;
        let error = answer.json()["error"].clone();
        (
            answer.status.as_u16(),
            error["code"].clone(),
            error["target"].clone(),
        )
    };
    let empty = json!({"resources": []});
    for (properties, code, target) in [
        (
            json!({"mode": "Complete", "template": empty}),
            "InvalidRequest",
            "properties.mode",
        ),
        (
            json!({"templateLink": {"uri": "https://x.example"}}),
            "InvalidRequest",
            "properties.templateLink",
        ),
        (json!({}), "InvalidRequest", "properties.template"),
        (
            json!({"template": empty, "parameters": {"a": {"value": 1}}}),
            "InvalidTemplate",
            "parameters",
        ),
        (
            json!({"template": {"resources": [{"type": "A.B/c"}]}}),
            "InvalidTemplate",
            "template.resources[0]",
        ),
    ] {
        assert_eq!(
            refused(json!({"properties": properties})).await,
            (400, json!(code), json!(target))
        );
    }
    let unknown = json!({"template": {"resources": [
        {"type": "Microsoft.Storage/storageAccounts", "apiVersion": "2021-01-01", "name": "s"}]}});
    let (status, code, _) = refused(json!({"properties": unknown})).await;
    assert_eq!((status, code), (400, json!("InvalidTemplate")));
}

#[tokio::test(flavor = "multi_thread")]
async fn secret_parameters_are_never_shown_again() {
    let api = Api::open().await;
    let template = json!({
        "parameters": {"password": {"type": "securestring"}},
        "resources": [{"type": "Microsoft.Compute/galleries", "apiVersion": "2021-10-01", "name": "g",
            "location": "westeurope", "tags": {"length": "[string(length(parameters('password')))]"}}],
        "outputs": {"password": {"type": "securestring", "value": "[parameters('password')]"}}
    });
    let parameters = json!({"password": {"value": "Kirschbaum-7"}});
    let what_if = api
        .call(
            Method::POST,
            format!("{}/whatIf", deployment(&api, "secret")),
            Some(body(&template, &parameters)),
        )
        .await;
    assert!(!what_if.text.contains("Kirschbaum"), "{}", what_if.text);
    let found = deploy(&api, "secret", &template, &parameters).await;
    assert_eq!(found["properties"]["provisioningState"], "Succeeded");
    assert!(!found.to_string().contains("Kirschbaum"));
    assert_eq!(
        found["properties"]["parameters"]["password"],
        json!({"type": "SecureString"})
    );
    let tags = api.get(api.gallery("g")).await.json()["tags"].clone();
    assert_eq!(tags["length"], "12");
}

fn network(api: &Api, kind: &str, name: &str) -> String {
    format!("{}/providers/Microsoft.Network/{kind}/{name}", group(api))
}

async fn put(api: &Api, id: &str, mut properties: Value) -> Answer {
    properties["location"] = json!("westeurope");
    api.put(id, properties).await
}

#[tokio::test]
async fn an_interface_needs_its_subnet_and_keeps_what_it_uses() {
    let api = Api::open().await;
    let (net, nic) = (
        network(&api, "virtualNetworks", "net"),
        network(&api, "networkInterfaces", "nic"),
    );
    let address = network(&api, "publicIpAddresses", "ip");
    let wish = json!({"properties": {"ipConfigurations": [{"name": "main", "properties": {
        "subnet": {"id": format!("{net}/subnets/inner")}, "publicIPAddress": {"id": address},
        "privateIPAllocationMethod": "Dynamic"}}]}});
    let refused = put(&api, &nic, wish.clone()).await;
    assert_eq!(refused.status, 404, "{}", refused.text);
    let made = put(
        &api,
        &net,
        json!({"properties": {"addressSpace": {"addressPrefixes": ["10.0.0.0/16"]},
        "subnets": [{"name": "inner", "properties": {"addressPrefix": "10.0.0.0/24"}}]}}),
    )
    .await;
    assert_eq!(made.status, 201, "{}", made.text);
    let subnet = made.json()["properties"]["subnets"][0]["id"].clone();
    assert_eq!(subnet, json!(format!("{net}/subnets/inner")));
    assert_eq!(
        put(&api, &address, json!({"sku": {"name": "Standard"}}))
            .await
            .status,
        201
    );
    let shown = api.get(&address).await.json();
    assert_eq!(shown["type"], "Microsoft.Network/publicIPAddresses");
    assert_eq!(shown["properties"]["ipAddress"], Value::Null);
    assert_eq!(put(&api, &nic, wish).await.status, 201);
    for id in [&net, &address] {
        let refused = api.call(Method::DELETE, id, None).await;
        assert_eq!(refused.json()["error"]["code"], "ResourceInUse");
    }
    assert_eq!(api.call(Method::DELETE, &nic, None).await.status, 200);
    assert_eq!(api.call(Method::DELETE, &nic, None).await.status, 204);
    assert_eq!(api.call(Method::DELETE, &net, None).await.status, 200);
    let unknown = api.get(network(&api, "routeTables", "x")).await;
    assert_eq!(unknown.status, 404);
}

#[tokio::test]
async fn a_lock_keeps_what_lies_in_its_scope() {
    let api = Api::open().await;
    let gallery = api.gallery("kept");
    let place = json!({"location": "westeurope"});
    assert_eq!(api.put(&gallery, place.clone()).await.status, 201);
    let lock = format!(
        "{}/providers/Microsoft.Authorization/locks/keep",
        group(&api)
    );
    let level = |level: &str| json!({"properties": {"level": level, "notes": "exams"}});
    let made = api.put(&lock, level("cannotdelete")).await;
    assert_eq!(made.status, 201, "{}", made.text);
    assert_eq!(made.json()["properties"]["level"], "CanNotDelete");
    let refused = api.call(Method::DELETE, &gallery, None).await;
    assert_eq!(refused.status, 409);
    let error = refused.json()["error"].clone();
    assert_eq!(error["code"], "ScopeLocked");
    assert!(
        error["message"]
            .as_str()
            .is_some_and(|text| text.contains("“keep”"))
    );
    let group = group(&api);
    assert_eq!(
        api.call(Method::DELETE, &group, None).await.json()["error"]["code"],
        "ScopeLocked"
    );
    assert_eq!(api.put(&gallery, place.clone()).await.status, 200);
    assert_eq!(api.put(&lock, level("ReadOnly")).await.status, 200);
    for answer in [
        api.put(&gallery, place.clone()).await,
        api.put(api.gallery("new"), place.clone()).await,
        api.call(Method::PATCH, &gallery, Some(json!({"tags": {}})))
            .await,
        api.put(&group, place.clone()).await,
    ] {
        assert_eq!(
            answer.json()["error"]["code"],
            "ScopeLocked",
            "{}",
            answer.text
        );
    }
    let below = api
        .get(format!(
            "{gallery}/providers/Microsoft.Authorization/locks?$filter=atScope()"
        ))
        .await
        .json();
    assert_eq!(below["value"][0]["name"], "keep");
    assert_eq!(api.call(Method::DELETE, &lock, None).await.status, 200);
    assert_eq!(api.call(Method::DELETE, &lock, None).await.status, 204);
    assert_eq!(api.call(Method::DELETE, &gallery, None).await.status, 200);
}

#[tokio::test]
async fn resources_of_all_kinds_are_listed_filtered_and_paged() {
    let api = Api::open().await;
    for name in ["one", "two", "three"] {
        let body = json!({"location": "westeurope", "tags": {"course": name}});
        assert_eq!(api.put(api.gallery(name), body).await.status, 201);
    }
    let ip = network(&api, "publicIPAddresses", "ip");
    assert_eq!(put(&api, &ip, json!({})).await.status, 201);
    let names = async |query: &str| {
        let mut path = format!("{}/resources?{query}", api.subscription());
        let mut found = Vec::new();
        loop {
            let page = api.get(&path).await;
            assert_eq!(page.status, 200, "{}", page.text);
            let page = page.json();
            for row in page["value"].as_array().expect("rows") {
                found.push(row["name"].as_str().unwrap_or_default().to_owned());
            }
            match page["nextLink"].as_str() {
                Some(next) => {
                    let next = next
                        .strip_prefix("https://localhost:8443")
                        .expect("absolute");
                    path = next.replace("&api-version=2022-08-01", "");
                }
                None => return found,
            }
        }
    };
    let kind = "$filter=resourceType%20eq%20'microsoft.compute/galleries'";
    let galleries = names(kind).await;
    assert!(
        ["one", "two", "three"]
            .iter()
            .all(|name| galleries.contains(&(*name).to_owned()))
    );
    assert!(!galleries.contains(&"ip".to_owned()));
    let paged = names(&format!("{kind}&$top=1")).await;
    assert_eq!(paged, galleries);
    assert_eq!(
        names("$filter=tagName%20eq%20'course'%20and%20tagValue%20eq%20'two'").await,
        ["two"]
    );
    assert_eq!(names("$filter=name%20eq%20'IP'").await, ["ip"]);
    let expanded = api
        .get(format!(
            "{}/resources?$expand=createdTime&$filter=name%20eq%20'ip'",
            group(&api)
        ))
        .await
        .json();
    assert!(expanded["value"][0]["createdTime"].is_string());
    assert_eq!(expanded["value"][0]["changedTime"], Value::Null);
    let refused = api
        .get(format!(
            "{}/resources?$filter=color%20eq%20'red'",
            group(&api)
        ))
        .await;
    assert_eq!(refused.status, 400);
}

#[tokio::test]
async fn tags_are_set_merged_and_taken_from_any_resource() {
    let api = Api::open().await;
    let ip = network(&api, "publicIPAddresses", "ip");
    assert_eq!(
        put(&api, &ip, json!({"tags": {"a": "1"}})).await.status,
        201
    );
    for id in [ip, group(&api)] {
        let tags = format!("{id}/providers/microsoft.resources/tags/default");
        let set = |tags: Value| json!({"properties": {"tags": tags}});
        let put = api.put(&tags, set(json!({"b": "2"}))).await;
        assert_eq!(put.status, 200, "{}", put.text);
        let patch = json!({"operation": "Merge", "properties": {"tags": {"c": "3"}}});
        let merged = api.call(Method::PATCH, &tags, Some(patch)).await.json();
        assert_eq!(merged["properties"]["tags"], json!({"b": "2", "c": "3"}));
        assert_eq!(
            api.get(&id).await.json()["tags"],
            json!({"b": "2", "c": "3"})
        );
        assert_eq!(api.call(Method::DELETE, &tags, None).await.status, 200);
        assert_eq!(api.get(&tags).await.json()["properties"]["tags"], json!({}));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_resource_group_goes_with_all_that_lies_in_it() {
    let api = Api::open().await;
    let group = format!("{}/resourceGroups/rg-whole", api.subscription());
    let place = json!({"location": "westeurope"});
    assert_eq!(api.put(&group, place.clone()).await.status, 201);
    let gallery = format!("{group}/providers/Microsoft.Compute/galleries/g");
    assert_eq!(api.put(&gallery, place.clone()).await.status, 201);
    let image = json!({"location": "westeurope", "properties": {"osType": "Linux", "osState": "Specialized",
        "identifier": {"publisher": "p", "offer": "o", "sku": "s"}}});
    assert_eq!(
        api.put(format!("{gallery}/images/i"), image).await.status,
        201
    );
    let ip = format!("{group}/providers/Microsoft.Network/publicIPAddresses/ip");
    assert_eq!(api.put(&ip, place).await.status, 201);
    let begun = api.call(Method::DELETE, &group, None).await;
    assert_eq!(begun.status, 202, "{}", begun.text);
    let ended = follow(&api, &begun, "location").await;
    assert_eq!(ended.status, 204, "{}", ended.text);
    assert_eq!(api.get(&group).await.status, 404);
}
