//! Searching: a GET form, so that every result has an address.

use leptos::prelude::*;

use super::form::Hidden;
use super::icon::{Glyph, Icon};
use super::query::Query;

/// A search field for the list on this page; keeps its order and its filters.
#[component]
pub fn SearchBox(#[prop(into)] label: String, query: Query) -> impl IntoView {
    let others = query
        .others(&["q"])
        .into_iter()
        .map(|(name, value)| view! { <Hidden name value /> })
        .collect_view();
    let action = query.path().to_owned();
    view! {
        <form class="search" role="search" method="get" action=action>
            {others}
            <Icon glyph=Glyph::Search />
            <input
                class="input"
                type="search"
                name="q"
                value=query.get("q").map(str::to_owned)
                placeholder=label.clone()
                aria-label=label
            />
        </form>
    }
    .into_any()
}
