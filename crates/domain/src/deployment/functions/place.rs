//! Functions that tell of the deployment: its parameters and variables, where it goes, what it made.

use serde_json::{Value, json};

use super::Arguments;
use crate::deployment::evaluate::Scope;
use crate::deployment::fault::{Fault, Outcome, wanted};
use crate::resource_id::ResourceId;

pub(super) fn call(scope: &Scope<'_>, arguments: &Arguments<'_>) -> Option<Outcome<Value>> {
    let facts = scope.facts;
    Some(match arguments.name {
        "parameters" => parameter(scope, arguments),
        "variables" => arguments
            .count(1, 1)
            .and_then(|()| scope.variable(arguments.text(0)?)),
        "copyindex" => copy_index(scope, arguments),
        "resourcegroup" => Ok(json!({
            "id": facts.group.as_str(),
            "name": facts.group.name(),
            "type": "Microsoft.Resources/resourceGroups",
            "location": facts.location,
            "tags": facts.tags,
            "properties": {"provisioningState": "Succeeded"},
        })),
        "subscription" => Ok(json!({
            "id": format!("/subscriptions/{}", facts.subscription()),
            "subscriptionId": facts.subscription(),
            "tenantId": facts.tenant,
            "displayName": facts.subscription_name,
        })),
        "tenant" => Ok(json!({"tenantId": facts.tenant})),
        "deployment" => Ok(json!({
            "name": facts.deployment,
            "properties": {"mode": "Incremental", "provisioningState": "Running"},
        })),
        "utcnow" => utc_now(scope, arguments),
        "newguid" => Ok(Value::String(facts.seed.to_string())),
        "resourceid" => resource_id(scope, arguments),
        "subscriptionresourceid" => subscription_resource_id(scope, arguments),
        "tenantresourceid" => arguments
            .written()
            .and_then(|texts| below("", &texts))
            .map(Value::String),
        "extensionresourceid" => extension_resource_id(arguments),
        "reference" => reference(scope, arguments),
        _ => return None,
    })
}

fn parameter(scope: &Scope<'_>, arguments: &Arguments<'_>) -> Outcome<Value> {
    arguments.count(1, 1)?;
    let name = arguments.text(0)?;
    scope
        .parameters
        .get(&name.to_lowercase())
        .cloned()
        .ok_or_else(|| Fault::new(format!("The template has no parameter “{name}”.")))
}

fn copy_index(scope: &Scope<'_>, arguments: &Arguments<'_>) -> Outcome<Value> {
    arguments.count(0, 2)?;
    let (name, offset) = match arguments.values.as_slice() {
        [] => (None, 0),
        [Value::String(name)] => (Some(name.as_str()), 0),
        [Value::String(name), _] => (Some(name.as_str()), arguments.int(1)?),
        _ => (None, arguments.int(0)?),
    };
    let index = scope
        .turn(name)
        .ok_or_else(|| Fault::new("copyIndex is asked for outside of its loop."))?;
    let index = index.checked_add(offset);
    index
        .map(Value::from)
        .ok_or_else(|| wanted("copyIndex", "a smaller offset"))
}

fn utc_now(scope: &Scope<'_>, arguments: &Arguments<'_>) -> Outcome<Value> {
    arguments.count(0, 1)?;
    let style = if arguments.values.is_empty() {
        ""
    } else {
        arguments.text(0)?
    };
    let pattern = match style {
        "" => "%Y%m%dT%H%M%SZ",
        "u" => "%Y-%m-%d %H:%M:%SZ",
        "d" => "%m/%d/%Y",
        "yyyy-MM-dd" => "%Y-%m-%d",
        "yyyyMMdd" => "%Y%m%d",
        "yyyyMMddHHmmss" => "%Y%m%d%H%M%S",
        other => {
            return Err(Fault::new(format!(
                "utcNow does not know the style “{other}”."
            )));
        }
    };
    Ok(Value::String(scope.facts.now.format(pattern).to_string()))
}

/// `resourceId([subscription], [group], 'Type/child', 'name', 'childName')`
fn resource_id(scope: &Scope<'_>, arguments: &Arguments<'_>) -> Outcome<Value> {
    let texts = arguments.written()?;
    let facts = scope.facts;
    let kind = texts.iter().position(|text| text.contains('/'));
    let kind =
        kind.ok_or_else(|| wanted("resourceId", "a type such as Microsoft.Compute/galleries"))?;
    let (subscription, group) = match &texts[..kind] {
        [] => (facts.subscription(), facts.group.name()),
        [group] => (facts.subscription(), group.as_str()),
        [subscription, group] => (subscription.as_str(), group.as_str()),
        _ => {
            return Err(wanted(
                "resourceId",
                "at most a subscription and a group before the type",
            ));
        }
    };
    let above = ResourceId::resource_group(subscription, group);
    below(above.as_str(), &texts[kind..]).map(Value::String)
}

fn subscription_resource_id(scope: &Scope<'_>, arguments: &Arguments<'_>) -> Outcome<Value> {
    let texts = arguments.written()?;
    let (subscription, rest) = match texts.split_first() {
        Some((first, rest)) if !first.contains('/') => (first.as_str(), rest),
        _ => (scope.facts.subscription(), texts.as_slice()),
    };
    below(&format!("/subscriptions/{subscription}"), rest).map(Value::String)
}

fn extension_resource_id(arguments: &Arguments<'_>) -> Outcome<Value> {
    let texts = arguments.written()?;
    match texts.split_first() {
        Some((base, rest)) => below(base.trim_end_matches('/'), rest).map(Value::String),
        None => Err(wanted("extensionResourceId", "an id, a type and names")),
    }
}

/// The id of a type and its names below something.
pub(in crate::deployment) fn below(above: &str, texts: &[String]) -> Outcome<String> {
    let bad = || {
        Fault::new(
            "A resource's id takes a type, such as Microsoft.Compute/galleries/images, and a name for each of its parts.",
        )
    };
    let (kind, names) = texts.split_first().ok_or_else(bad)?;
    let mut parts = kind.split('/').filter(|part| !part.is_empty());
    let namespace = parts.next().ok_or_else(bad)?;
    let kinds: Vec<&str> = parts.collect();
    let names: Vec<&str> = names.iter().flat_map(|name| name.split('/')).collect();
    if kinds.is_empty() || kinds.len() != names.len() || names.iter().any(|name| name.is_empty()) {
        return Err(bad());
    }
    let mut id = format!("{above}/providers/{namespace}");
    for (kind, name) in kinds.iter().zip(names) {
        id = format!("{id}/{kind}/{name}");
    }
    Ok(id)
}

/// What a resource says of itself; the name or symbol of one in the template stands for its id.
fn reference(scope: &Scope<'_>, arguments: &Arguments<'_>) -> Outcome<Value> {
    arguments.count(1, 3)?;
    let name = arguments.text(0)?;
    let Some(found) = scope.found else {
        return Err(Fault::Later);
    };
    let whole = found
        .get(&name.to_lowercase())
        .ok_or_else(|| Fault::new(format!("reference() found no resource “{name}”.")))?;
    let is_full = arguments.values.len() == 3 && arguments.text(2)?.eq_ignore_ascii_case("full");
    Ok(if is_full {
        whole.clone()
    } else {
        whole.get("properties").cloned().unwrap_or_default()
    })
}
