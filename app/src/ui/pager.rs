//! Going through a long list.

use leptos::prelude::*;

use super::query::Query;

/// Says how much of the list is shown, and leads on and back to the start.
#[component]
pub fn Pager(
    query: Query,
    /// Rows on this page.
    shown: usize,
    /// Rows of the whole list.
    total: u64,
    /// Where the next page starts.
    #[prop(optional_no_strip)]
    next: Option<String>,
    /// What one row is.
    one: &'static str,
    /// What the rows are, in the plural.
    what: &'static str,
) -> impl IntoView {
    let first = query.get("cursor").map(|_| query.link(&[]));
    let next = next.map(|cursor| query.link(&[("cursor", &cursor)]));
    let what = if total == 1 { one } else { what };
    let says = if first.is_none() && next.is_none() {
        format!("{total} {what}")
    } else {
        format!("{shown} of {total} {what}")
    };
    view! {
        <div class="pager">
            <span>{says}</span>
            <nav class="row" aria-label="Pages">
                {first.map(|href| view! { <a class="button small" href=href>"First page"</a> })}
                {next.map(|href| view! { <a class="button small" href=href rel="next">"Next page"</a> })}
            </nav>
        </div>
    }
    .into_any()
}
