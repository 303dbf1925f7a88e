//! Templates by nobody's friend: nothing panics, and nothing takes more than its share.

use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::{facts, order, value};
use crate::deployment::{Found, Template};

#[test]
fn values_that_grow_without_end_are_refused() {
    let mut variables = json!({"v0": "0123456789abcdef"});
    for at in 1..200 {
        variables[format!("v{at}")] = json!(format!(
            "[concat(variables('v{0}'), variables('v{0}'))]",
            at - 1
        ));
    }
    let document = json!({"variables": variables, "resources": [
        {"type": "A.B/c", "apiVersion": "2022-01-01", "name": "[variables('v60')]"}]});
    assert!(order(&document).is_err());
    let mut lists = json!({"v0": [1, 2, 3, 4]});
    for at in 1..200 {
        lists[format!("v{at}")] = json!(format!(
            "[createArray(variables('v{0}'), variables('v{0}'))]",
            at - 1
        ));
    }
    let document = json!({"variables": lists, "resources": [
        {"type": "A.B/c", "apiVersion": "2022-01-01", "name": "x", "properties": "[variables('v60')]"}]});
    assert!(order(&document).is_err());
}

#[test]
fn variables_that_call_each_other_deeply_are_refused_not_followed() {
    let mut variables = json!({"v0": "a"});
    for at in 1..255 {
        variables[format!("v{at}")] = json!(format!("[variables('v{}')]", at - 1));
    }
    let document = json!({"variables": variables, "resources": [
        {"type": "A.B/c", "apiVersion": "2022-01-01", "name": "[variables('v254')]"}]});
    assert!(
        order(&document)
            .expect_err("too deep")
            .message
            .contains("levels")
    );
}

#[test]
fn a_document_of_many_levels_is_refused() {
    let mut deep = json!("x");
    for _ in 0..500 {
        deep = json!([deep]);
    }
    let document = json!({"resources": [{"type": "A.B/c", "apiVersion": "2022-01-01", "name": "x", "properties": deep}]});
    assert!(order(&document).is_err());
}

/// Documents of the words that templates are made of.
fn documents() -> impl Strategy<Value = Value> {
    let word = prop_oneof![
        Just("copy"),
        Just("name"),
        Just("count"),
        Just("input"),
        Just("type"),
        Just("resources"),
        Just("parameters"),
        Just("variables"),
        Just("outputs"),
        Just("properties"),
        Just("dependsOn"),
        Just("condition"),
        Just("value"),
        Just("defaultValue"),
        Just("apiVersion"),
        Just("scope"),
        Just("Microsoft.Compute/galleries"),
        Just("a/b"),
        Just("[parameters('a')]"),
        Just("[variables('a')]"),
        Just("[copyIndex()]"),
        Just("[reference('a').b]"),
        Just("[concat('a', copyIndex(), resourceGroup().id)]"),
        Just("2022-01-01"),
        Just("string"),
        Just("a"),
        Just("[[x]"),
    ];
    let leaf = prop_oneof![
        word.clone().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<bool>().prop_map(Value::from),
        Just(Value::Null),
        ".{0,12}".prop_map(Value::from),
    ];
    leaf.prop_recursive(6, 64, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::btree_map(word.clone(), inner, 0..6).prop_map(|fields| {
                let fields = fields
                    .into_iter()
                    .map(|(name, value)| (name.to_owned(), value));
                Value::Object(fields.collect::<Map<_, _>>())
            }),
        ]
    })
}

proptest! {
    #[test]
    fn no_text_makes_an_expression_panic(text in "[a-zA-Z0-9'(),.\\[\\]{} éü-]{0,60}") {
        let _ = value(&text);
    }

    #[test]
    fn no_arguments_make_a_function_panic(
        name in prop::sample::select(vec![
            "concat", "substring", "format", "split", "join", "replace", "padLeft", "take", "skip", "range", "union",
            "intersection", "createObject", "resourceId", "extensionResourceId", "uri", "base64ToString", "json", "int",
            "min", "div", "mod", "indexOf", "first", "last", "reference", "copyIndex", "utcNow", "tenantResourceId",
        ]),
        arguments in prop::collection::vec(
            prop_oneof![any::<i64>().prop_map(|n| n.to_string()), "[a-zé/{}:]{0,8}".prop_map(|t| format!("'{t}'")),
                Just("createArray(1,'b')".to_owned()), Just("null()".to_owned()), Just("createObject()".to_owned())],
            0..4),
    ) {
        let _ = value(&format!("{name}({})", arguments.join(",")));
    }

    #[test]
    fn no_document_makes_a_template_panic(resources in documents(), parameters in documents(), variables in documents(), outputs in documents()) {
        let document = json!({"resources": [resources], "parameters": parameters, "variables": variables, "outputs": outputs});
        if let Ok(template) = Template::read(&document) {
            let given = Map::from_iter([("a".to_owned(), json!({"value": "x"}))]);
            if let Ok(parameters) = template.parameters(&facts(), &given) {
                if let Ok(plan) = template.plan(&facts(), &parameters) {
                    for planned in &plan {
                        let _ = template.body(&facts(), &parameters, planned, &Found::new());
                    }
                    let _ = template.output_references(&facts(), &parameters, &plan);
                }
                let _ = template.outputs(&facts(), &parameters, &Found::new());
            }
        }
    }
}
