//! The parts of one resource, as links.

use leptos::prelude::*;

/// One part of a resource.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tab {
    href: String,
    label: String,
    count: Option<u64>,
}

impl Tab {
    /// A part and where it is.
    pub fn new(href: impl Into<String>, label: impl Into<String>) -> Self {
        Self {
            href: href.into(),
            label: label.into(),
            count: None,
        }
    }

    /// With the number of things in it.
    #[must_use]
    pub fn count(mut self, count: u64) -> Self {
        self.count = Some(count);
        self
    }
}

/// Links to the parts of a resource; the one whose address is `current` is marked.
#[component]
pub fn Tabs(#[prop(into)] current: String, tabs: Vec<Tab>) -> impl IntoView {
    let links = tabs.into_iter().map(|tab| {
        let here = (tab.href == current).then_some("page");
        view! {
            <a href=tab.href aria-current=here>
                {tab.label}
                {tab.count.map(|n| view! { <span class="count">{n}</span> })}
            </a>
        }
    });
    view! { <nav class="tabs" aria-label="Parts">{links.collect_view()}</nav> }.into_any()
}
