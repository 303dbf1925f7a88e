//! Every address of the portal.

use leptos::prelude::*;
use leptos_meta::{Title, provide_meta_context};
use leptos_router::components::{ParentRoute, Route, Router, Routes};
use leptos_router::{SsrMode, path};

use crate::design::Design;
use crate::features::account::{SessionsPage, TokenPage};
use crate::shell::{Framed, NotFound};

/// The portal. All routes wait for their data, so that each answers with an honest status.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    view! {
        <Title formatter=|title: String| if title.is_empty() { "Vitrine".to_owned() } else { format!("{title} · Vitrine") } />
        <Router>
            <Routes fallback=NotFound>
                <ParentRoute path=path!("") view=Framed ssr=SsrMode::Async>
                    <Route path=path!("account/sessions") view=SessionsPage ssr=SsrMode::Async />
                    <Route path=path!("account/token") view=TokenPage ssr=SsrMode::Async />
                    <Route path=path!("design") view=DesignPage ssr=SsrMode::Async />
                </ParentRoute>
            </Routes>
        </Router>
    }
    .into_any()
}

/// The gallery of primitives, for those who build the portal.
#[component]
fn DesignPage() -> impl IntoView {
    if cfg!(debug_assertions) {
        view! { <Design /> }.into_any()
    } else {
        view! { <NotFound /> }.into_any()
    }
}
