//! The order in which resources are written: each behind what it depends on, otherwise as the template has them.

use std::collections::BTreeMap;

use super::fault::{Fault, Outcome, invalid};
use super::resource::{Draft, Planned};
use crate::problem::Problem;
use crate::resource_id::ResourceId;

/// The resources of a template by all names that other parts of it may use for them, in lower case.
#[derive(Debug)]
pub(super) struct Known {
    /// A loop's name stands for all that it makes.
    names: BTreeMap<String, Vec<usize>>,
    ids: Vec<ResourceId>,
    is_absent: Vec<bool>,
}

impl Known {
    pub(super) fn new(drafts: &[Draft]) -> Self {
        let mut names: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (at, draft) in drafts.iter().enumerate() {
            let planned = &draft.planned;
            let (kind, name) = (&planned.kind, &planned.name);
            let id = planned.id.key();
            let below = id
                .rsplit_once("/providers/")
                .map(|(_, below)| below.to_owned());
            let mut called = vec![
                id.clone(),
                name.to_lowercase(),
                format!("{kind}/{name}").to_lowercase(),
            ];
            called.extend(below);
            called.extend(draft.symbol.as_ref().map(|symbol| symbol.to_lowercase()));
            called.extend(draft.copy.as_ref().map(|copy| copy.to_lowercase()));
            called.extend(name.rsplit_once('/').map(|(_, last)| last.to_lowercase()));
            called.sort();
            called.dedup();
            for name in called.into_iter().filter(|name| !name.is_empty()) {
                names.entry(name).or_default().push(at);
            }
        }
        Self {
            names,
            ids: drafts
                .iter()
                .map(|draft| draft.planned.id.clone())
                .collect(),
            is_absent: drafts.iter().map(|draft| draft.is_absent).collect(),
        }
    }

    /// The id that a name of `reference()` stands for.
    pub(super) fn id(&self, name: &str) -> Outcome<ResourceId> {
        let at = self
            .names
            .get(&name.to_lowercase())
            .and_then(|found| found.first());
        match at {
            Some(at) => Ok(self.ids[*at].clone()),
            None => ResourceId::parse(name).map_err(|_| {
                Fault::new(format!(
                    "reference() found no resource “{name}” in the template."
                ))
            }),
        }
    }

    /// Where the resource of an id is written.
    pub(super) fn position(&self, id: &ResourceId) -> Option<usize> {
        let found = self.names.get(&id.key())?.first().copied()?;
        (!self.is_absent[found]).then_some(found)
    }
}

/// Puts drafts in order; what is absent is left out.
///
/// # Errors
/// For a dependency on nothing, and for a circle, with the names in it.
pub(super) fn ordered(drafts: Vec<Draft>, known: &Known) -> Result<Vec<Planned>, Problem> {
    let mut waits: Vec<Vec<usize>> = Vec::with_capacity(drafts.len());
    for draft in &drafts {
        waits.push(before(draft, known)?);
    }
    let mut order: Vec<usize> = Vec::with_capacity(drafts.len());
    let mut placed: Vec<Option<usize>> = vec![None; drafts.len()];
    let mut open: Vec<usize> = (0..drafts.len())
        .filter(|at| !drafts[*at].is_absent)
        .collect();
    while !open.is_empty() {
        let ready = |at: &usize| waits[*at].iter().all(|before| placed[*before].is_some());
        let Some(next) = open.iter().position(ready) else {
            let names: Vec<String> = open
                .iter()
                .map(|at| format!("“{}”", drafts[*at].planned.name))
                .collect();
            let message = format!(
                "These resources depend on each other in a circle: {}.",
                names.join(", ")
            );
            return Err(invalid(message, "template.resources"));
        };
        let at = open.remove(next);
        placed[at] = Some(order.len());
        order.push(at);
    }
    let mut drafts: Vec<Option<Draft>> = drafts.into_iter().map(Some).collect();
    let planned = order.into_iter().filter_map(|at| {
        let mut planned = drafts[at].take()?.planned;
        planned.after = waits[at]
            .iter()
            .filter_map(|before| placed[*before])
            .collect();
        Some(planned)
    });
    Ok(planned.collect())
}

/// What a resource waits for: what it names, and what it lies in.
fn before(draft: &Draft, known: &Known) -> Result<Vec<usize>, Problem> {
    let own = draft.planned.id.key();
    let mut found = Vec::new();
    for name in &draft.depends_on {
        let at = known.names.get(&canonical(name)).ok_or_else(|| {
            let message = format!(
                "“{}” depends on “{name}”, which is not in the template.",
                draft.planned.name
            );
            invalid(message, "template.resources")
        })?;
        found.extend(at.iter().copied().filter(|at| !known.is_absent[*at]));
    }
    let mut above = draft.planned.id.parent();
    while let Some(parent) = above {
        found.extend(known.position(&parent));
        above = parent.parent();
    }
    if found.iter().any(|at| known.ids[*at].key() == own) {
        let message = format!("“{}” depends on itself.", draft.planned.name);
        return Err(invalid(message, "template.resources"));
    }
    found.sort_unstable();
    found.dedup();
    Ok(found)
}

fn canonical(name: &str) -> String {
    name.trim().trim_end_matches('/').to_lowercase()
}
