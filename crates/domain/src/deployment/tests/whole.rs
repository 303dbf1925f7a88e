//! Whole templates: parameters, order, loops, children, bodies and outputs.

use serde_json::{Map, Value, json};

use super::{facts, order, template};
use crate::deployment::Found;

fn resource(name: &str, depends_on: &[&str]) -> Value {
    json!({"type": "Microsoft.Network/networkInterfaces", "apiVersion": "2022-01-01", "name": name,
        "location": "[resourceGroup().location]", "dependsOn": depends_on})
}

#[test]
fn resources_come_behind_what_they_depend_on_by_any_name() {
    let document = json!({"resources": [
        resource("by-id", &["[resourceId('Microsoft.Network/networkInterfaces', 'last')]"]),
        resource("by-type", &["microsoft.network/NETWORKINTERFACES/by-id"]),
        resource("by-name", &["BY-TYPE"]),
        resource("last", &[]),
    ]});
    assert_eq!(
        order(&document),
        Ok(["last", "by-id", "by-type", "by-name"]
            .map(str::to_owned)
            .to_vec())
    );
}

#[test]
fn a_circle_is_told_with_its_names() {
    let document =
        json!({"resources": [resource("free", &[]), resource("a", &["b"]), resource("b", &["a"])]});
    let problem = order(&document).expect_err("a circle");
    assert!(
        problem.message.contains("“a”, “b”") && !problem.message.contains("free"),
        "{problem}"
    );
    let problem = order(&json!({"resources": [resource("a", &["a"])]})).expect_err("itself");
    assert!(problem.message.contains("itself"), "{problem}");
    let problem = order(&json!({"resources": [resource("a", &["gone"])]})).expect_err("nothing");
    assert!(problem.message.contains("gone"), "{problem}");
}

#[test]
fn loops_are_written_out_and_awaited_by_their_name() {
    let document = json!({"resources": [
        resource("behind", &["nics"]),
        {"type": "Microsoft.Network/networkInterfaces", "apiVersion": "2022-01-01", "name": "[concat('nic', copyIndex(1))]",
            "copy": {"name": "nics", "count": "[add(1, 1)]"}},
    ]});
    assert_eq!(
        order(&document),
        Ok(["nic1", "nic2", "behind"].map(str::to_owned).to_vec())
    );
    let many = json!({"resources": [{"type": "A.B/c", "apiVersion": "2022-01-01", "name": "[string(copyIndex())]",
        "copy": {"name": "c", "count": 801}}]});
    assert!(order(&many).is_err());
}

#[test]
fn a_condition_leaves_out_what_it_stands_at_and_nobody_waits_for_it() {
    let mut left_out = resource("left-out", &[]);
    left_out["condition"] = json!("[equals(1, 2)]");
    left_out["resources"] = json!([{"type": "child", "apiVersion": "2022-01-01", "name": "c"}]);
    let document = json!({"resources": [resource("kept", &["left-out"]), left_out]});
    assert_eq!(order(&document), Ok(vec!["kept".to_owned()]));
}

#[test]
fn children_lie_in_their_parents_and_come_behind_them() {
    let document = json!({"resources": [
        {"type": "Microsoft.Compute/galleries/images/versions", "apiVersion": "2024-03-03", "name": "g/i/1.0.0"},
        {"type": "Microsoft.Compute/galleries", "apiVersion": "2024-03-03", "name": "g", "resources": [
            {"type": "images", "apiVersion": "2024-03-03", "name": "i"},
        ]},
    ]});
    assert_eq!(
        order(&document),
        Ok(["g", "g/i", "g/i/1.0.0"].map(str::to_owned).to_vec())
    );
    let template = template(&document);
    let parameters = template
        .parameters(&facts(), &Map::new())
        .expect("parameters");
    let plan = template.plan(&facts(), &parameters).expect("a plan");
    assert!(
        plan[1]
            .id
            .as_str()
            .ends_with("/providers/Microsoft.Compute/galleries/g/images/i"),
        "{:?}",
        plan[1].id
    );
    assert_eq!(plan[2].after, [0, 1]);
}

#[test]
fn what_is_read_from_a_resource_waits_for_it() {
    let document = json!({
        "resources": [
            {"type": "A.B/c", "apiVersion": "2022-01-01", "name": "reads",
                "properties": {"known": "[toUpper('a')]", "later": "[reference('made').address]"}},
            {"type": "A.B/c", "apiVersion": "2022-01-01", "name": "made"},
        ],
        "outputs": {"address": {"type": "string", "value": "[reference('made').address]"},
            "password": {"type": "securestring", "value": "x"}},
    });
    let template = template(&document);
    let parameters = template
        .parameters(&facts(), &Map::new())
        .expect("parameters");
    let plan = template.plan(&facts(), &parameters).expect("a plan");
    assert_eq!(plan[0].name, "made");
    assert_eq!(
        plan[1].preview["properties"],
        json!({"known": "A", "later": "[reference('made').address]"})
    );
    assert_eq!(
        plan[1].references,
        [("made".to_owned(), plan[0].id.clone())]
    );
    let found = Found::from([(
        "made".to_owned(),
        json!({"properties": {"address": "10.0.0.4"}}),
    )]);
    let body = template
        .body(&facts(), &parameters, &plan[1], &found)
        .expect("a body");
    assert_eq!(
        body,
        json!({"properties": {"known": "A", "later": "10.0.0.4"}})
    );
    let references = template
        .output_references(&facts(), &parameters, &plan)
        .expect("references");
    assert_eq!(references, [("made".to_owned(), plan[0].id.clone())]);
    let outputs = template
        .outputs(&facts(), &parameters, &found)
        .expect("outputs");
    assert_eq!(
        outputs["address"],
        json!({"type": "String", "value": "10.0.0.4"})
    );
    assert_eq!(outputs["password"], json!({"type": "SecureString"}));
}

#[test]
fn parameters_are_checked_all_at_once_and_secrets_are_never_shown() {
    let document = json!({"resources": [], "parameters": {
        "password": {"type": "securestring"},
        "size": {"type": "int", "minValue": 1, "maxValue": 3},
        "region": {"type": "string", "allowedValues": ["westeurope"], "defaultValue": "[resourceGroup().location]"},
        "name": {"type": "String", "defaultValue": "[concat(parameters('region'), '-vm')]", "maxLength": 20},
    }});
    let template = template(&document);
    let given = json!({"PASSWORD": {"value": "Secret1!"}, "size": {"value": 2}});
    let parameters = template
        .parameters(&facts(), given.as_object().expect("an object"))
        .expect("parameters");
    let shown = template.shown(&parameters);
    assert_eq!(shown["password"], json!({"type": "SecureString"}));
    assert_eq!(
        shown["name"],
        json!({"type": "String", "value": "westeurope-vm"})
    );
    assert!(!format!("{parameters:?}").contains("Secret1"));
    let (plain, secret) = parameters.parted();
    assert!(!plain.to_string().contains("Secret1"));
    assert_eq!(
        super::super::Parameters::joined(&plain, &secret),
        parameters
    );

    let given = json!({"size": {"value": 9}, "region": {"value": "moon"}, "other": {"value": 1}});
    let problem = template
        .parameters(&facts(), given.as_object().expect("an object"))
        .expect_err("refused");
    for part in ["password", "size", "region", "other"] {
        assert!(problem.message.contains(&format!("“{part}”")), "{problem}");
    }
}

#[test]
fn a_nested_deployment_keeps_its_own_expressions() {
    let inner = json!({"resources": [], "outputs": {"a": {"type": "string", "value": "[parameters('b')]"}}});
    let nested = |scope: &str| {
        json!({"resources": [{"type": "Microsoft.Resources/deployments", "apiVersion": "2022-09-01", "name": "n",
            "properties": {"mode": "Incremental", "template": inner,
                "expressionEvaluationOptions": {"scope": scope}}}]})
    };
    assert_eq!(order(&nested("inner")), Ok(vec!["n".to_owned()]));
    assert!(
        order(&nested("outer")).is_err(),
        "the outer template has no parameter b"
    );
}

#[test]
fn what_is_not_offered_is_refused_by_name() {
    use crate::deployment::Template;
    for (document, part) in [
        (json!([]), "not an object"),
        (
            json!({"functions": [{"namespace": "x"}], "resources": []}),
            "functions",
        ),
        (
            json!({"$schema": "https://x/subscriptionDeploymentTemplate.json#", "resources": []}),
            "subscription",
        ),
        (json!({"resources": "none"}), "resources"),
    ] {
        let problem = Template::read(&document).expect_err("refused");
        assert!(problem.message.contains(part), "{problem}");
    }
    let twice = json!({"resources": [resource("a", &[]), resource("A", &[])]});
    assert!(order(&twice).expect_err("twice").message.contains("twice"));
}
