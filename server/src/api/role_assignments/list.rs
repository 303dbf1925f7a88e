use axum::Json;
use axum::extract::{Path, State};
use domain::Problem;
use services::Services;
use uuid::Uuid;

use super::wire::RoleAssignment;
use crate::api::error::ApiResult;
use crate::api::extract::{Caller, Params};
use crate::api::links::Links;
use crate::api::list::{ListQuery, ListResult, equals, unknown_filter};

const FILTERS: &str =
    "atScope(), principalId eq 'id' and assignedTo('id'), and atScope() with one of the others";

/// List the role assignments that hold at a scope: its own, those above it, and those at what lies in it.
///
/// The scope is a resource's path; it is empty for the whole tenant. `$filter` takes `atScope()`, which leaves out
/// what lies in the scope, `principalId eq 'id'`, and `assignedTo('id')`, which finds what a principal has itself and
/// through its groups.
#[utoipa::path(
    get,
    path = "/{scope}/providers/Microsoft.Authorization/roleAssignments",
    tag = super::TAG,
    params(ListQuery),
    responses((status = 200, body = ListResult<RoleAssignment>))
)]
pub(crate) async fn role_assignment_list(
    Caller(ctx): Caller,
    State(services): State<Services>,
    Path(scope): Path<String>,
    Params(query): Params<ListQuery>,
    links: Links,
) -> ApiResult<Json<ListResult<RoleAssignment>>> {
    let wanted = query.filter().map_or(Ok(Wanted::default()), Wanted::read)?;
    let assignments = match (wanted.assigned_to, wanted.at_scope) {
        (Some(principal), _) => services.access_check(&ctx, &scope, principal).await?,
        (None, true) => services.role_assignment_list(&ctx, &scope).await?,
        (None, false) => services.role_assignment_list_within(&ctx, &scope).await?,
    };
    let of_principal = assignments
        .into_iter()
        .filter(|given| wanted.principal.is_none_or(|id| id == given.principal.id));
    query.cut(
        of_principal.map(|given| RoleAssignment::seen_from(&scope, given)),
        &links,
    )
}

/// Which assignments a filter asks for.
#[derive(Debug, Default, PartialEq, Eq)]
struct Wanted {
    at_scope: bool,
    principal: Option<Uuid>,
    assigned_to: Option<Uuid>,
}

impl Wanted {
    /// Reads conditions that are joined by `and`.
    fn read(filter: &str) -> Result<Self, Problem> {
        let unknown = || unknown_filter(filter, FILTERS);
        let mut wanted = Self::default();
        for part in filter.split(" and ").map(str::trim) {
            if part.eq_ignore_ascii_case("atScope()") {
                wanted.at_scope = true;
            } else if let Some(id) = equals(part, "principalId") {
                wanted.principal = Some(id.parse().map_err(|_| unknown())?);
            } else {
                let id = assigned_to(part).and_then(|id| id.parse().ok());
                wanted.assigned_to = Some(id.ok_or_else(unknown)?);
            }
        }
        Ok(wanted)
    }
}

/// The id in `assignedTo('id')`.
fn assigned_to(part: &str) -> Option<&str> {
    let (word, rest) = part.split_once('(')?;
    let id = rest.strip_suffix(')')?.trim();
    let is_known = word.trim().eq_ignore_ascii_case("assignedTo");
    is_known
        .then(|| id.strip_prefix('\'')?.strip_suffix('\''))
        .flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conditions_are_read_alone_and_together() {
        let id = Uuid::from_u128(7);
        let of = |principal, assigned_to, at_scope| Wanted {
            at_scope,
            principal,
            assigned_to,
        };
        let cases = [
            ("atScope()".to_owned(), of(None, None, true)),
            (format!("principalId eq '{id}'"), of(Some(id), None, false)),
            (format!("assignedTo('{id}')"), of(None, Some(id), false)),
            (
                format!("atScope() and assignedTo('{id}')"),
                of(None, Some(id), true),
            ),
            (
                format!("atScope() and principalId eq '{id}'"),
                of(Some(id), None, true),
            ),
        ];
        for (filter, wanted) in cases {
            assert_eq!(Wanted::read(&filter).expect("a filter"), wanted, "{filter}");
        }
        for bad in [
            "",
            "x",
            "principalId eq 'x'",
            "assignedTo(x)",
            "atScope() or atScope()",
        ] {
            assert!(Wanted::read(bad).is_err(), "{bad}");
        }
    }
}
