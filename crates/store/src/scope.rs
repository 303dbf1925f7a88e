//! Restricting a list to what the caller may see.

use sea_orm::sea_query::{Condition, Expr, ExprTrait, LikeExpr};
use sea_orm::{ColumnTrait, IntoSimpleExpr};

/// The scopes that a caller may see, and the one that was asked for.
#[derive(Debug, Clone)]
pub struct Scopes {
    /// Lower-case scopes; `/` is the whole tenant.
    pub allowed: Vec<String>,
    /// Only what lies at or below this.
    pub within: Option<String>,
}

/// The condition that a resource key lies in one of the scopes, and in the one that was asked for.
pub fn in_scopes<C: ColumnTrait>(column: C, scopes: &Scopes) -> Condition {
    let mut any = Condition::any();
    for scope in &scopes.allowed {
        any = if scope == "/" {
            any.add(Expr::val(1).eq(1))
        } else {
            any.add(at_or_below(column, scope))
        };
    }
    // No scope at all means that nothing is visible, not everything.
    if scopes.allowed.is_empty() {
        any = any.add(Expr::val(1).eq(0));
    }
    let all = Condition::all().add(any);
    match &scopes.within {
        Some(within) => all.add(at_or_below(column, within)),
        None => all,
    }
}

fn at_or_below<C: ColumnTrait>(column: C, scope: &str) -> Condition {
    let escaped = scope
        .replace('\\', "\\\\")
        .replace('%', "\\%")
        .replace('_', "\\_");
    Condition::any().add(column.eq(scope)).add(
        column
            .into_simple_expr()
            .like(LikeExpr::new(format!("{escaped}/%")).escape('\\')),
    )
}
