//! The shape of something that is still on its way.

use leptos::prelude::*;

/// Grey lines in place of text; listeners hear that it is loading.
#[component]
pub fn Skeleton(#[prop(default = 3)] lines: usize) -> impl IntoView {
    let lines = (0..lines).map(|_| view! { <div class="skeleton">"\u{a0}"</div> });
    view! {
        <div class="stack-tight" role="status" aria-label="Loading">
            {lines.collect_view()}
        </div>
    }
}
