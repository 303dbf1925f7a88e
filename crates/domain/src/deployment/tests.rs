//! Templates at work: tables of expressions, whole templates, and whatever chance writes.

mod hostile;
mod whole;

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::evaluate::Scope;
use super::{Facts, Found, Template};
use crate::problem::Problem;
use crate::resource_id::ResourceId;

pub(super) fn facts() -> Facts {
    Facts {
        group: ResourceId::resource_group("00000000-0000-0000-0000-000000000001", "rg-labs"),
        location: "westeurope".to_owned(),
        tags: BTreeMap::from([("course".to_owned(), "bio".to_owned())]),
        subscription_name: "School".to_owned(),
        tenant: Uuid::from_u128(2),
        deployment: "main".to_owned(),
        now: chrono::DateTime::from_timestamp(1_788_249_600, 0).expect("a time"),
        seed: Uuid::from_u128(7),
    }
}

pub(super) fn template(document: &Value) -> Template {
    Template::read(document).expect("a template")
}

/// The ids of a plan, by their last names, in its order.
pub(super) fn order(document: &Value) -> Result<Vec<String>, Problem> {
    let template = Template::read(document)?;
    let parameters = template.parameters(&facts(), &Map::new())?;
    let plan = template.plan(&facts(), &parameters)?;
    Ok(plan.iter().map(|planned| planned.name.clone()).collect())
}

fn value(expression: &str) -> Result<Value, String> {
    let facts = facts();
    let parameters = BTreeMap::from([
        ("name".to_owned(), json!("bio")),
        ("list".to_owned(), json!(["a", "b", "c"])),
    ]);
    let variables = json!({"prefix": "[concat(parameters('name'), '-')]", "loop": "[variables('loop')]",
        "copy": [{"name": "disks", "count": 3, "input": "[copyIndex('disks', 1)]"}]});
    let variables = variables.as_object().expect("an object");
    let found = Found::from([(
        "vm".to_owned(),
        json!({"id": "x", "properties": {"vmId": "7"}}),
    )]);
    let scope = Scope::new(&facts, &parameters, variables, Some(&found));
    scope
        .document(&Value::String(format!("[{expression}]")))
        .map_err(|fault| fault.at("here").message)
}

#[test]
fn functions_answer_as_templates_expect() {
    let group = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg-labs";
    let table = [
        ("concat('a', 1, true())", json!("a1True")),
        ("concat(createArray(1), createArray('b'))", json!([1, "b"])),
        ("parameters('NAME')", json!("bio")),
        ("variables('Prefix')", json!("bio-")),
        ("variables('disks')", json!([1, 2, 3])),
        ("toLower('ABC')", json!("abc")),
        ("toUpper('abc')", json!("ABC")),
        ("trim('  a ')", json!("a")),
        ("format('{0}/{1:D3}{{}}', 'a', 7)", json!("a/007{}")),
        (
            "if(equals(parameters('name'), 'bio'), 'yes', div(1, 0))",
            json!("yes"),
        ),
        ("and(false(), equals(1, div(1, 0)))", json!(false)),
        ("or(equals(1, 1), false())", json!(true)),
        ("not(empty(''))", json!(false)),
        ("length(parameters('list'))", json!(3)),
        ("length('héé')", json!(3)),
        (
            "split('a,b;c', createArray(',', ';'))",
            json!(["a", "b", "c"]),
        ),
        ("join(parameters('list'), '-')", json!("a-b-c")),
        ("replace('a.b.c', '.', '-')", json!("a-b-c")),
        ("substring('abcdef', 2, 3)", json!("cde")),
        ("substring('abcdef', 6)", json!("")),
        ("first('abc')", json!("a")),
        ("last(parameters('list'))", json!("c")),
        ("first(createArray())", Value::Null),
        ("contains(parameters('list'), 'b')", json!(true)),
        ("contains(createObject('Key', 1), 'key')", json!(true)),
        (
            "createObject('a', 1, 'b', createArray())",
            json!({"a": 1, "b": []}),
        ),
        (
            "union(createObject('a', 1), createObject('a', 2, 'b', 3))",
            json!({"a": 2, "b": 3}),
        ),
        (
            "union(createArray(1, 2), createArray(2, 3))",
            json!([1, 2, 3]),
        ),
        (
            "intersection(createArray(1, 2), createArray(2, 3))",
            json!([2]),
        ),
        ("array('a')", json!(["a"])),
        ("int('12')", json!(12)),
        ("string(createObject('a', 1))", json!("{\"a\":1}")),
        ("bool('TRUE')", json!(true)),
        ("add(1, mul(2, 3))", json!(7)),
        ("sub(1, mod(7, 4))", json!(-2)),
        ("min(3, 1, 2)", json!(1)),
        ("max(createArray(3, 1))", json!(3)),
        ("range(2, 3)", json!([2, 3, 4])),
        ("take('abc', 2)", json!("ab")),
        ("skip(parameters('list'), 5)", json!([])),
        ("coalesce(null(), json('null'), 'c')", json!("c")),
        ("startsWith('Abc', 'aB')", json!(true)),
        ("endsWith('abC', 'Bc')", json!(true)),
        ("indexOf('abcb', 'B')", json!(1)),
        ("lastIndexOf('abcb', 'b')", json!(3)),
        ("padLeft(7, 3, '0')", json!("007")),
        ("greater(2, 1)", json!(true)),
        ("lessOrEquals('a', 'b')", json!(true)),
        ("base64('hällo')", json!("aMOkbGxv")),
        ("base64ToString(base64('hällo'))", json!("hällo")),
        ("json('{\"a\": [1]}').a[0]", json!(1)),
        ("uriComponent('a b/ü')", json!("a%20b%2F%C3%BC")),
        (
            "uri('https://x.example/a/b', 'c')",
            json!("https://x.example/a/c"),
        ),
        ("resourceGroup().location", json!("westeurope")),
        ("resourceGroup().tags['Course']", json!("bio")),
        ("subscription().displayName", json!("School")),
        ("deployment().name", json!("main")),
        ("utcNow('yyyy-MM-dd')", json!("2026-09-01")),
        ("newGuid()", json!(Uuid::from_u128(7).to_string())),
        (
            "resourceId('Microsoft.Compute/galleries/images', 'g', 'i')",
            json!(format!(
                "{group}/providers/Microsoft.Compute/galleries/g/images/i"
            )),
        ),
        (
            "resourceId('other', 'Microsoft.Compute/galleries', 'g')",
            json!(
                "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/other/providers/Microsoft.Compute/galleries/g"
            ),
        ),
        (
            "extensionResourceId(resourceGroup().id, 'Microsoft.Authorization/locks', 'l')",
            json!(format!("{group}/providers/Microsoft.Authorization/locks/l")),
        ),
        ("reference('VM').vmId", json!("7")),
        ("reference('vm', '2024-01-01', 'Full').id", json!("x")),
    ];
    for (expression, expected) in table {
        assert_eq!(value(expression), Ok(expected), "{expression}");
    }
}

#[test]
fn what_has_no_value_says_why() {
    let table = [
        ("nothing('a')", "nothing"),
        ("parameters('other')", "other"),
        ("variables('other')", "other"),
        ("variables('loop')", "made of itself"),
        ("div(1, 0)", "no result"),
        ("add(9223372036854775807, 1)", "no result"),
        ("concat()", "at least 1"),
        ("substring('abc', 2, 9)", "more than the text"),
        ("json('{')", "not JSON"),
        ("base64ToString('*')", "base64"),
        ("parameters('list')[7]", "no item 7"),
        ("parameters('list')[-1]", "no item -1"),
        ("createObject('a', 1).b", "no field"),
        ("copyIndex()", "outside"),
        ("range(0, 100000)", "range"),
        ("padLeft('a', 2000000000)", "padLeft"),
        ("format('{1}', 'a')", "format"),
        (
            "resourceId('Microsoft.Compute/galleries', 'a', 'b')",
            "takes a type",
        ),
        ("reference('absent')", "absent"),
        ("if(1, 2, 3)", "true or false"),
    ];
    for (expression, part) in table {
        let message = value(expression).expect_err(expression);
        assert!(message.contains(part), "{expression}: {message}");
    }
}

#[test]
fn a_unique_string_is_thirteen_signs_and_always_the_same() {
    let one = value("uniqueString(resourceGroup().id, 'a')").expect("a text");
    assert_eq!(
        Ok(one.clone()),
        value("uniqueString(resourceGroup().id, 'a')")
    );
    assert_eq!(one.as_str().map(str::len), Some(13));
    assert_ne!(Ok(one), value("uniqueString(resourceGroup().id, 'b')"));
    assert_ne!(value("guid('a')"), value("guid('b')"));
}
