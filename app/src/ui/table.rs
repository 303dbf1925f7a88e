//! Tables whose order, search and page the server decides; each is a link or a GET form.

use leptos::prelude::*;

use super::icon::{Glyph, Icon};
use super::query::Query;
use super::search::SearchBox;
use super::slot::Slot;

/// One column of a [`Table`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    key: &'static str,
    label: &'static str,
    sortable: bool,
    end: bool,
    hidden: bool,
}

impl Column {
    /// A column; `key` is what the list sorts by.
    #[must_use]
    pub const fn new(key: &'static str, label: &'static str) -> Self {
        Self {
            key,
            label,
            sortable: false,
            end: false,
            hidden: false,
        }
    }

    /// The list can be ordered by it.
    #[must_use]
    pub const fn sortable(mut self) -> Self {
        self.sortable = true;
        self
    }

    /// Figures stand at the end of the cell.
    #[must_use]
    pub const fn end(mut self) -> Self {
        self.end = true;
        self
    }

    /// The heading is for listeners alone, as over a column of buttons.
    #[must_use]
    pub const fn hidden(mut self) -> Self {
        self.hidden = true;
        self
    }
}

fn heading(column: Column, query: &Query) -> impl IntoView + use<> {
    let (sorted, descending) = (
        query.get("sort") == Some(column.key),
        query.get("desc").is_some(),
    );
    let order = match (column.sortable && sorted, descending) {
        (false, _) => None,
        (true, false) => Some("ascending"),
        (true, true) => Some("descending"),
    };
    let label = if column.sortable {
        let desc = if sorted && !descending { "1" } else { "" };
        let href = query.link(&[("sort", column.key), ("desc", desc)]);
        view! { <a class="sort" href=href>{column.label}<Icon glyph=Glyph::Arrow /></a> }.into_any()
    } else if column.hidden {
        view! { <span class="visually-hidden">{column.label}</span> }.into_any()
    } else {
        column.label.into_any()
    };
    view! { <th scope="col" class=column.end.then_some("end") aria-sort=order>{label}</th> }
}

/// A table in a card. `children` are the rows, made of [`Cell`]s; `empty` stands in their place when there are none.
#[component]
pub fn Table(
    /// What the table lists, for listeners.
    #[prop(into)]
    label: String,
    columns: Vec<Column>,
    query: Query,
    /// What to say and do when the list has no rows.
    #[prop(optional, into)]
    empty: Slot,
    /// The line under the table: a [`super::Pager`].
    #[prop(optional, into)]
    foot: Slot,
    children: Children,
) -> impl IntoView {
    let span = columns.len();
    let headings = columns
        .into_iter()
        .map(|column| heading(column, &query))
        .collect_view();
    let nothing = empty
        .0
        .map(|text| view! { <tr><td colspan=span>{text}</td></tr> });
    view! {
        <div class="card table-card">
            <div class="table-scroll" role="region" aria-label=label tabindex="0">
                <table class="table table-cards">
                    <thead>
                        <tr>{headings}</tr>
                    </thead>
                    <tbody>{children()} {nothing}</tbody>
                </table>
            </div>
            {foot.0}
        </div>
    }
    .into_any()
}

/// A cell; its label stands before the value where a phone shows the row as a card.
#[component]
pub fn Cell(
    #[prop(optional, into)] label: Option<&'static str>,
    #[prop(optional)] end: bool,
    children: Children,
) -> impl IntoView {
    view! { <td class=end.then_some("end") data-label=label><div class="cell">{children()}</div></td> }.into_any()
}

/// The line above a table: its search, and filters or buttons.
#[component]
pub fn Toolbar(
    query: Query,
    #[prop(into)] search: String,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="toolbar">
            <SearchBox label=search query />
            {children.map(|more| more())}
        </div>
    }
    .into_any()
}
