//! Lines of the log as a table, with its search and filter.

use domain::Page as Rows;
use domain::activity::{ActivityResult, ActivityView};
use leptos::prelude::*;

use super::words;
use crate::features::search::Named;
use crate::ui::{Cell, Column, CopyText, EmptyState, Glyph, Pager, Query, Table, Time, Toolbar};

const COLUMNS: [Column; 6] = [
    Column::new("at", "When"),
    Column::new("caller", "Who"),
    Column::new("operation", "What"),
    Column::new("resource", "Resource"),
    Column::new("result", "Result"),
    Column::new("request", "Request"),
];

/// The result that the query asks for.
pub(super) fn wanted(query: &Query) -> Option<ActivityResult> {
    query.get("result").and_then(ActivityResult::parse)
}

/// The lines, newest first.
#[component]
pub(super) fn ActivityTable(lines: Rows<ActivityView>, query: Query) -> impl IntoView {
    let empty = lines.items.is_empty().then(|| nothing(&query));
    let foot = (lines.total > 0).then(|| {
        let (shown, total, next) = (lines.items.len(), lines.total, lines.next);
        view! { <Pager query=query.clone() shown total next one="line" what="lines" /> }.into_any()
    });
    let rows = lines.items.into_iter().map(row).collect_view();
    let filter = filter(&query);
    view! {
        <div>
            <Toolbar query=query.clone() search="Find a person, resource or detail">{filter}</Toolbar>
            <Table label="Activity" columns=COLUMNS.to_vec() query empty foot>
                {rows}
            </Table>
        </div>
    }
    .into_any()
}

/// Links that keep the search and choose a result.
fn filter(query: &Query) -> AnyView {
    let chosen = wanted(query);
    let link = |label: &'static str, result: Option<ActivityResult>| {
        let value = result.map(|r| r.to_string()).unwrap_or_default();
        let href = query.link(&[("result", &value)]);
        let here = (result == chosen).then_some("true");
        view! { <a class="button small" href=href aria-current=here>{label}</a> }
    };
    let results = ActivityResult::ALL.map(|result| link(words::result(result), Some(result)));
    view! {
        <nav class="button-group" aria-label="Result">
            {link("All", None)} {results.collect_view()}
        </nav>
    }
    .into_any()
}

fn nothing(query: &Query) -> AnyView {
    if query.get("q").is_some() || query.get("result").is_some() {
        view! { <EmptyState glyph=Glyph::Search title="No line matches" text="Search for another word, or choose another result." /> }
            .into_any()
    } else {
        view! { <EmptyState glyph=Glyph::Activity title="Nothing was done here yet" text="Every change, and every one that failed or was refused, is told here." /> }
            .into_any()
    }
}

fn row(line: ActivityView) -> impl IntoView {
    let named = Named::of(&line.resource_id);
    view! {
        <tr>
            <Cell><Time at=line.at /></Cell>
            <Cell label="Who">
                <span>{line.caller}</span>
                <span class="cell-note">{words::origin(line.origin)}</span>
            </Cell>
            <Cell label="What">
                <span class="strong">{words::operation(&line.operation)}</span>
                <span class="cell-note">{line.detail}</span>
            </Cell>
            <Cell label="Resource">{named.link()}<span class="cell-note">{named.kind}</span></Cell>
            <Cell label="Result">{words::result_mark(line.result)}</Cell>
            <Cell label="Request"><CopyText text=line.request_id /></Cell>
        </tr>
    }
}
