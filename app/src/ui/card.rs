//! Cards: a case for a group of things, or for one exhibit.

use leptos::prelude::*;

use super::slot::Slot;
use super::text::MaybeText;

/// A framed part of a page.
#[component]
pub fn Card(
    #[prop(optional, into)] title: MaybeText,
    /// At the end of the title's line.
    #[prop(optional, into)]
    actions: Slot,
    /// Buttons under the matter.
    #[prop(optional, into)]
    foot: Slot,
    #[prop(optional, into)] id: MaybeText,
    children: Children,
) -> impl IntoView {
    let (title, id) = (title.0, id.0);
    let head = title.map(|text| view! { <div class="card-head"><h2>{text}</h2>{actions.0}</div> });
    view! {
        <section class="card" id=id>
            {head}
            <div class="card-body">{children()}</div>
            {foot.0.map(|buttons| view! { <div class="card-foot">{buttons}</div> })}
        </section>
    }
    .into_any()
}

/// One resource among its like; all of it leads there.
#[component]
pub fn Tile(
    #[prop(into)] href: String,
    #[prop(into)] title: String,
    /// State at the end of the title's line.
    #[prop(optional, into)]
    mark: Slot,
    children: Children,
) -> impl IntoView {
    view! {
        <article class="card tile">
            <div class="tile-head">
                <a class="tile-link" href=href>{title}</a>
                {mark.0}
            </div>
            {children()}
        </article>
    }
    .into_any()
}

/// A row of figures.
#[component]
pub fn Stats(children: Children) -> impl IntoView {
    view! { <dl class="card stats">{children()}</dl> }.into_any()
}

/// One figure of [`Stats`].
#[component]
pub fn Stat(
    #[prop(into)] label: String,
    #[prop(into)] value: String,
    #[prop(optional, into)] note: MaybeText,
) -> impl IntoView {
    let note = note.0;
    view! {
        <div class="stat">
            <dt>{label}</dt>
            <dd>{value}</dd>
            {note.map(|text| view! { <dd class="stat-note">{text}</dd> })}
        </div>
    }
}
