//! What a template says is to be made: loops written out, children with their parents, each with its id.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::evaluate::{Scope, turns};
use super::expression::{Expression, inner, parse};
use super::fault::{Fault, Outcome, invalid};
use super::functions::below;
use super::order::{Known, ordered};
use super::{Facts, Found, LOOPS, Parameters, Template};
use crate::problem::Problem;
use crate::resource_id::ResourceId;

/// Fields of a resource that are the template's matter; the others are what the resource is written with.
const OWN: [&str; 13] = [
    "type",
    "name",
    "apiVersion",
    "dependsOn",
    "condition",
    "copy",
    "resources",
    "scope",
    "comments",
    "metadata",
    "existing",
    "resourceGroup",
    "subscriptionId",
];

/// A resource that is to be written.
#[derive(Debug, Clone, PartialEq)]
pub struct Planned {
    /// Its id.
    pub id: ResourceId,
    /// Provider and kind, as the template writes them.
    pub kind: String,
    /// Its name, with those of its parents.
    pub name: String,
    /// The api-version that it is written with.
    pub api_version: String,
    /// Its body as far as it is known before anything is made: a text that reads from another resource is still an
    /// expression.
    pub preview: Value,
    /// The resources that its body reads from, with the texts that name them.
    pub references: Vec<(String, ResourceId)>,
    /// Positions, in the plan, of what must be there before.
    pub after: Vec<usize>,
    body: Map<String, Value>,
    loops: Vec<(String, i64)>,
    place: String,
}

/// A resource before its dependencies are known.
#[derive(Debug)]
pub(super) struct Draft {
    pub(super) planned: Planned,
    pub(super) symbol: Option<String>,
    /// The loop that it comes from.
    pub(super) copy: Option<String>,
    pub(super) depends_on: Vec<String>,
    /// Left out by its condition, or there already: it counts as a name alone.
    pub(super) is_absent: bool,
}

impl Template {
    /// The resources to write, each behind what it depends on.
    ///
    /// # Errors
    /// `InvalidTemplate`, with the place in the template.
    pub fn plan(&self, facts: &Facts, parameters: &Parameters) -> Result<Vec<Planned>, Problem> {
        let scope = self.scope(facts, parameters, None);
        let mut drafts = Vec::new();
        for (at, (symbol, raw)) in self.resources.iter().enumerate() {
            let place = match symbol {
                Some(symbol) => format!("template.resources.{symbol}"),
                None => format!("template.resources[{at}]"),
            };
            let mut writer = Writer {
                scope: &scope,
                drafts: &mut drafts,
            };
            writer.loops(raw, &place, symbol.as_deref(), None, true)?;
        }
        let mut seen = BTreeSet::new();
        for draft in drafts.iter().filter(|draft| !draft.is_absent) {
            if !seen.insert(draft.planned.id.key()) {
                let message = format!("“{}” is in the template twice.", draft.planned.name);
                return Err(invalid(message, &draft.planned.place));
            }
        }
        let known = Known::new(&drafts);
        for draft in &mut drafts {
            let mentioned = in_loops(&scope, &draft.planned.loops, |scope| {
                Ok(mentions(scope, &draft.planned.body))
            });
            for name in mentioned.unwrap_or_default() {
                let id = known
                    .id(&name)
                    .map_err(|fault| fault.at(&draft.planned.place))?;
                if known.position(&id).is_some() {
                    draft.depends_on.push(id.to_string());
                }
                draft.planned.references.push((name.to_lowercase(), id));
            }
        }
        ordered(drafts, &known)
    }

    /// The body that a resource is written with, once what it reads from is there.
    ///
    /// # Errors
    /// `InvalidTemplate`, with the place in the template.
    pub fn body(
        &self,
        facts: &Facts,
        parameters: &Parameters,
        planned: &Planned,
        found: &Found,
    ) -> Result<Value, Problem> {
        let scope = self.scope(facts, parameters, Some(found));
        in_loops(&scope, &planned.loops, |scope| body(scope, planned, false))
            .map_err(|fault| fault.at(&planned.place))
    }

    /// The resources that the outputs read from, with the texts that name them.
    ///
    /// # Errors
    /// `InvalidTemplate` for one that can't be found out.
    pub fn output_references(
        &self,
        facts: &Facts,
        parameters: &Parameters,
        plan: &[Planned],
    ) -> Result<Vec<(String, ResourceId)>, Problem> {
        let scope = self.scope(facts, parameters, None);
        let mut found = Vec::new();
        for name in mentions(&scope, &self.outputs) {
            let of_plan = plan.iter().find(|planned| planned.is_called(&name));
            let id = match of_plan {
                Some(planned) => planned.id.clone(),
                None => ResourceId::parse(&name).map_err(|_| {
                    invalid(
                        format!("reference() found no resource “{name}” in the template."),
                        "template.outputs",
                    )
                })?,
            };
            found.push((name.to_lowercase(), id));
        }
        Ok(found)
    }
}

impl Planned {
    fn is_called(&self, name: &str) -> bool {
        self.id.key() == name.to_lowercase()
            || self.name.eq_ignore_ascii_case(name)
            || self.place.strip_prefix("template.resources.") == Some(name)
    }
}

/// Evaluates as in the loops that a resource comes from.
fn in_loops<T>(
    scope: &Scope<'_>,
    loops: &[(String, i64)],
    evaluate: impl FnOnce(&Scope<'_>) -> Outcome<T>,
) -> Outcome<T> {
    match loops.split_first() {
        None => evaluate(scope),
        // A resource is in one loop at the most, and its children in one more.
        Some(((name, index), rest)) => scope.within(name, *index, |scope| match rest.first() {
            Some((name, index)) => scope.within(name, *index, evaluate),
            None => evaluate(scope),
        }),
    }
}

/// The body of a resource; for a look ahead, with what is not known yet as it is written.
fn body(scope: &Scope<'_>, planned: &Planned, ahead: bool) -> Outcome<Value> {
    let is_inner = planned
        .kind
        .eq_ignore_ascii_case("Microsoft.Resources/deployments")
        && planned.body.get("properties").is_some_and(evaluates_inside);
    let mut found = Map::new();
    for (name, raw) in &planned.body {
        let value = match raw {
            Value::Object(fields) if is_inner && name == "properties" => {
                let mut properties = Map::new();
                for (name, raw) in fields {
                    // Its expressions are its own: they are read when it is deployed.
                    let own = name.eq_ignore_ascii_case("template");
                    properties.insert(
                        name.clone(),
                        if own {
                            raw.clone()
                        } else {
                            look(scope, raw, ahead)?
                        },
                    );
                }
                Value::Object(properties)
            }
            raw => look(scope, raw, ahead)?,
        };
        found.insert(name.clone(), value);
    }
    Ok(Value::Object(found))
}

fn evaluates_inside(properties: &Value) -> bool {
    let scope = properties.pointer("/expressionEvaluationOptions/scope");
    scope
        .and_then(Value::as_str)
        .is_some_and(|scope| scope.eq_ignore_ascii_case("inner"))
}

fn look(scope: &Scope<'_>, raw: &Value, ahead: bool) -> Outcome<Value> {
    match (scope.document(raw), raw) {
        (Err(Fault::Later), Value::Array(items)) if ahead => {
            items.iter().map(|item| look(scope, item, true)).collect()
        }
        (Err(Fault::Later), Value::Object(fields)) if ahead => {
            let field =
                |(name, raw): (&String, &Value)| Ok((name.clone(), look(scope, raw, true)?));
            fields
                .iter()
                .map(field)
                .collect::<Outcome<Map<_, _>>>()
                .map(Value::Object)
        }
        (Err(Fault::Later), raw) if ahead => Ok(raw.clone()),
        (found, _) => found,
    }
}

/// The names that `reference()` is called with; those that only a loop of a property knows are left out.
fn mentions(scope: &Scope<'_>, fields: &Map<String, Value>) -> Vec<String> {
    let mut found = Vec::new();
    let mut open: Vec<&Value> = fields.values().collect();
    while let Some(raw) = open.pop() {
        match raw {
            Value::String(text) => {
                if let Some(Ok(expression)) = inner(text).map(parse) {
                    called(scope, &expression, &mut found);
                }
            }
            Value::Array(items) => open.extend(items),
            Value::Object(fields) => open.extend(fields.values()),
            _ => {}
        }
    }
    found
}

fn called(scope: &Scope<'_>, expression: &Expression, found: &mut Vec<String>) {
    match expression {
        Expression::Call(name, arguments) => {
            if name == "reference"
                && let Some(Ok(Value::String(name))) =
                    arguments.first().map(|first| scope.value(first))
                && !found.contains(&name)
            {
                found.push(name);
            }
            for argument in arguments {
                called(scope, argument, found);
            }
        }
        Expression::Field(of, _) => called(scope, of, found),
        Expression::Index(of, index) => {
            called(scope, of, found);
            called(scope, index, found);
        }
        Expression::Text(_) | Expression::Number(_) => {}
    }
}

/// Writes resources out into drafts.
struct Writer<'a, 'b> {
    scope: &'a Scope<'b>,
    drafts: &'a mut Vec<Draft>,
}

/// The type and name of the resource that a child lies in, and the loops around it.
#[derive(Clone)]
struct Parent {
    kind: String,
    name: String,
    loops: Vec<(String, i64)>,
}

impl Writer<'_, '_> {
    fn loops(
        &mut self,
        raw: &Value,
        place: &str,
        symbol: Option<&str>,
        parent: Option<&Parent>,
        is_there: bool,
    ) -> Result<(), Problem> {
        let Some(fields) = raw.as_object() else {
            return Err(invalid("A resource is not an object.", place));
        };
        let outer = parent
            .map(|parent| parent.loops.clone())
            .unwrap_or_default();
        let Some(copy) = fields.get("copy").filter(|copy| !copy.is_null()) else {
            return self.one(fields, place, symbol, parent, outer, None, is_there);
        };
        let at = |fault: Fault| fault.at(&format!("{place}.copy"));
        let count = copy.get("count").cloned().unwrap_or_default();
        let count =
            in_loops(self.scope, &outer, |scope| turns(&scope.document(&count)?)).map_err(at)?;
        let name = copy
            .get("name")
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned();
        for index in 0..count {
            let mut loops = outer.clone();
            loops.push((name.clone(), index));
            self.one(fields, place, symbol, parent, loops, Some(&name), is_there)?;
        }
        Ok(())
    }

    #[expect(
        clippy::too_many_arguments,
        reason = "one place calls it, for each turn of a loop"
    )]
    fn one(
        &mut self,
        fields: &Map<String, Value>,
        place: &str,
        symbol: Option<&str>,
        parent: Option<&Parent>,
        loops: Vec<(String, i64)>,
        copy: Option<&str>,
        is_there: bool,
    ) -> Result<(), Problem> {
        if self.drafts.len() >= usize::try_from(LOOPS).unwrap_or(usize::MAX) {
            return Err(invalid(
                format!("A template makes at most {LOOPS} resources."),
                "template.resources",
            ));
        }
        let mut draft = in_loops(self.scope, &loops, |scope| draft(scope, fields, parent))
            .map_err(|fault| fault.at(place))?;
        draft.planned.loops = loops;
        place.clone_into(&mut draft.planned.place);
        draft.symbol = symbol.map(str::to_owned);
        draft.copy = copy.map(str::to_owned);
        draft.is_absent |= !is_there;
        let is_there = !draft.is_absent;
        if is_there {
            draft.planned.preview = in_loops(self.scope, &draft.planned.loops, |scope| {
                body(scope, &draft.planned, true)
            })
            .map_err(|fault| fault.at(place))?;
        }
        let own = Parent {
            kind: draft.planned.kind.clone(),
            name: draft.planned.name.clone(),
            loops: draft.planned.loops.clone(),
        };
        self.drafts.push(draft);
        let children = fields.get("resources").and_then(Value::as_array);
        for (at, child) in children.into_iter().flatten().enumerate() {
            if own.kind.matches('/').count() > 6 {
                return Err(invalid("Resources nest too deeply.", place));
            }
            self.loops(
                child,
                &format!("{place}.resources[{at}]"),
                None,
                Some(&own),
                is_there,
            )?;
        }
        Ok(())
    }
}

fn draft(
    scope: &Scope<'_>,
    fields: &Map<String, Value>,
    parent: Option<&Parent>,
) -> Outcome<Draft> {
    let optional = |name: &str| match fields.get(name).filter(|raw| !raw.is_null()) {
        None => Ok(None),
        Some(raw) => match scope.document(raw)? {
            Value::String(text) => Ok(Some(text)),
            _ => Err(Fault::new(format!("A resource's {name} is a text."))),
        },
    };
    let text = |name: &str| {
        optional(name)?.ok_or_else(|| Fault::new(format!("A resource needs a {name}.")))
    };
    let is_wanted = match fields.get("condition").filter(|raw| !raw.is_null()) {
        None => true,
        Some(raw) => scope
            .document(raw)?
            .as_bool()
            .ok_or_else(|| Fault::new("A condition is true or false."))?,
    };
    let is_existing = fields.get("existing") == Some(&Value::Bool(true));
    let (mut kind, mut name) = (text("type")?, text("name")?);
    if let Some(parent) = parent {
        let is_whole = kind
            .split('/')
            .next()
            .is_some_and(|first| first.contains('.'));
        if !is_whole {
            kind = format!("{}/{kind}", parent.kind);
        }
        if name.matches('/').count() + 1 < kind.matches('/').count() {
            name = format!("{}/{name}", parent.name);
        }
    }
    let above = match optional("scope")? {
        Some(scope) => scope.trim_end_matches('/').to_owned(),
        None => place(
            scope.facts,
            optional("subscriptionId")?,
            optional("resourceGroup")?,
        )
        .to_string(),
    };
    let id = below(&above, &[kind.clone(), name.clone()])?;
    let id = ResourceId::parse(&id)
        .map_err(|id| Fault::new(format!("“{id}” is not a resource's id.")))?;
    let depends_on = match fields.get("dependsOn").filter(|raw| !raw.is_null()) {
        None => Vec::new(),
        Some(raw) => match scope.document(raw)? {
            Value::Array(items) => items
                .into_iter()
                .map(|item| match item {
                    Value::String(text) => Ok(text),
                    _ => Err(Fault::new("What a resource depends on is named by texts.")),
                })
                .collect::<Outcome<_>>()?,
            _ => return Err(Fault::new("dependsOn is a list.")),
        },
    };
    let body = fields
        .iter()
        .filter(|(name, _)| !OWN.iter().any(|own| own.eq_ignore_ascii_case(name)));
    Ok(Draft {
        planned: Planned {
            id,
            api_version: if is_existing || !is_wanted {
                optional("apiVersion")?.unwrap_or_default()
            } else {
                text("apiVersion")?
            },
            preview: Value::Null,
            references: Vec::new(),
            after: Vec::new(),
            body: body
                .map(|(name, raw)| (name.clone(), raw.clone()))
                .collect(),
            loops: Vec::new(),
            place: String::new(),
            kind,
            name,
        },
        symbol: None,
        copy: None,
        depends_on,
        is_absent: !is_wanted || is_existing,
    })
}

fn place(facts: &Facts, subscription: Option<String>, group: Option<String>) -> ResourceId {
    let subscription = subscription.unwrap_or_else(|| facts.subscription().to_owned());
    let group = group.unwrap_or_else(|| facts.group.name().to_owned());
    ResourceId::resource_group(&subscription, &group)
}
