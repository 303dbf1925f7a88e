//! The frame of one page's own matter: where it is, what it is, what can be done.

use leptos::prelude::*;

use super::slot::Slot;
use super::text::MaybeText;
use leptos_meta::Title;

/// One step of the way from the top to a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Crumb {
    href: Option<String>,
    label: String,
}

impl Crumb {
    /// A step and its name.
    pub fn new(href: impl Into<String>, label: impl Into<String>) -> Self {
        Self {
            href: Some(href.into()),
            label: label.into(),
        }
    }

    /// A step that is closed to the reader, who sees what lies in it.
    pub fn closed(label: impl Into<String>) -> Self {
        Self {
            href: None,
            label: label.into(),
        }
    }
}

/// A page: breadcrumbs, title, actions, and its matter.
#[component]
pub fn Page(
    #[prop(into)] title: String,
    /// The way here, without the page itself.
    #[prop(optional)]
    crumbs: Vec<Crumb>,
    /// Beside the title: a state or a badge.
    #[prop(optional, into)]
    mark: Slot,
    /// Buttons, the most important one last.
    #[prop(optional, into)]
    actions: Slot,
    /// A sentence under the title.
    #[prop(optional, into)]
    intro: MaybeText,
    /// For forms and texts.
    #[prop(optional)]
    narrow: bool,
    children: Children,
) -> impl IntoView {
    let intro = intro.0;
    let trail = (!crumbs.is_empty()).then(|| {
        let steps = crumbs.into_iter().map(|c| match c.href {
            Some(href) => view! { <li><a href=href>{c.label}</a></li> }.into_any(),
            None => view! { <li>{c.label}</li> }.into_any(),
        });
        view! {
            <nav aria-label="Breadcrumbs">
                <ol class="crumbs">{steps.collect_view()}</ol>
            </nav>
        }
    });
    view! {
        <Title text=title.clone() />
        <main class=if narrow { "page narrow" } else { "page" } id="main" tabindex="-1">
            <header class="page-head">
                {trail}
                <div class="page-title">
                    <h1>{title}</h1>
                    {mark.0}
                    {actions.0.map(|buttons| view! { <div class="page-actions">{buttons}</div> })}
                </div>
                {intro.map(|text| view! { <p class="page-intro">{text}</p> })}
            </header>
            {children()}
        </main>
    }
    .into_any()
}

/// A titled part of a page.
#[component]
pub fn Section(
    #[prop(into)] title: String,
    #[prop(optional, into)] intro: MaybeText,
    /// Links or buttons at the end of the title's line.
    #[prop(optional, into)]
    actions: Slot,
    /// Id for links and live updates.
    #[prop(optional, into)]
    id: MaybeText,
    children: Children,
) -> impl IntoView {
    let (intro, id) = (intro.0, id.0);
    view! {
        <section class="section" id=id>
            <div class="section-head">
                <h2>{title}</h2>
                {actions.0}
                {intro.map(|text| view! { <p>{text}</p> })}
            </div>
            {children()}
        </section>
    }
    .into_any()
}
