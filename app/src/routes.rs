//! Every address of the portal.

use leptos::prelude::*;
use leptos_meta::{Title, provide_meta_context};
use leptos_router::components::{ParentRoute, Route, Router, Routes};
use leptos_router::{SsrMode, path};

use crate::design::Design;
use crate::features::access::AccessPage;
use crate::features::account::{
    AppPage, OrganisationsPage, PasskeyPage, SecurityPage, SessionsPage, TokenPage,
};
use crate::features::activity::ActivityPage;
use crate::features::admin::{AdminPage, GroupPage};
use crate::features::application::{ApplicationPage, DevicePage};
use crate::features::gallery::{GalleriesPage, GalleryPage, NewGalleryPage};
use crate::features::home::HomePage;
use crate::features::image::{ComparePage, ImagePage, NewImagePage};
use crate::features::lab::{ConsolePage, LabPage, LabsPage, NewLabPage};
use crate::features::machine::MachinesPage;
use crate::features::plan::{NewPlanPage, PlanPage, PlansPage};
use crate::features::provider::{NewProviderPage, ProviderPage};
use crate::features::role::{NewRolePage, RolePage, RolesPage};
use crate::features::search::{ResourcePage, SearchPage};
use crate::features::share::{AcceptPage, SharedPage, SharesPage, WayPage};
use crate::features::upload::UploadPage;
use crate::features::version::VersionPage;
use crate::shell::{Framed, NotFound, Nowhere};

/// The portal. All routes wait for their data, so that each answers with an honest status.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    view! {
        <Title formatter=|title: String| if title.is_empty() { "Vitrine".to_owned() } else { format!("{title} · Vitrine") } />
        <Router>
            <Routes fallback=Nowhere>
                <ParentRoute path=path!("") view=Framed ssr=SsrMode::Async>
                    <Route path=path!("") view=HomePage ssr=SsrMode::Async />
                    <Route path=path!("search") view=SearchPage ssr=SsrMode::Async />
                    <Route path=path!("resource") view=ResourcePage ssr=SsrMode::Async />
                    <Route path=path!("activity") view=ActivityPage ssr=SsrMode::Async />
                    <Route path=path!("admin") view=AdminPage ssr=SsrMode::Async />
                    <Route path=path!("admin/applications/:application") view=ApplicationPage ssr=SsrMode::Async />
                    <Route path=path!("device") view=DevicePage ssr=SsrMode::Async />
                    <Route path=path!("admin/roles") view=RolesPage ssr=SsrMode::Async />
                    <Route path=path!("admin/roles/new") view=NewRolePage ssr=SsrMode::Async />
                    <Route path=path!("admin/roles/:role") view=RolePage ssr=SsrMode::Async />
                    <Route path=path!("access") view=AccessPage ssr=SsrMode::Async />
                    <Route path=path!("shares") view=SharesPage ssr=SsrMode::Async />
                    <Route path=path!("shares/accept") view=AcceptPage ssr=SsrMode::Async />
                    <Route path=path!("admin/providers/new") view=NewProviderPage ssr=SsrMode::Async />
                    <Route path=path!("admin/providers/:provider") view=ProviderPage ssr=SsrMode::Async />
                    <Route path=path!("admin/groups/:team") view=GroupPage ssr=SsrMode::Async />
                    <Route path=path!("account/organisations") view=OrganisationsPage ssr=SsrMode::Async />
                    <Route path=path!("account/security") view=SecurityPage ssr=SsrMode::Async />
                    <Route path=path!("account/app") view=AppPage ssr=SsrMode::Async />
                    <Route path=path!("account/passkey") view=PasskeyPage ssr=SsrMode::Async />
                    <Route path=path!("account/sessions") view=SessionsPage ssr=SsrMode::Async />
                    <Route path=path!("account/token") view=TokenPage ssr=SsrMode::Async />
                    <Route path=path!("labs") view=LabsPage ssr=SsrMode::Async />
                    <Route path=path!("labs/new") view=NewLabPage ssr=SsrMode::Async />
                    <Route path=path!("labs/:lab") view=LabPage ssr=SsrMode::Async />
                    <Route path=path!("labs/:lab/console") view=ConsolePage ssr=SsrMode::Async />
                    <Route path=path!("machines") view=MachinesPage ssr=SsrMode::Async />
                    <Route path=path!("images") view=GalleriesPage ssr=SsrMode::Async />
                    <Route path=path!("images/shared") view=SharedPage ssr=SsrMode::Async />
                    <Route path=path!("images/shared/test") view=WayPage ssr=SsrMode::Async />
                    <Route path=path!("images/new") view=NewGalleryPage ssr=SsrMode::Async />
                    <Route path=path!("images/:gallery") view=GalleryPage ssr=SsrMode::Async />
                    <Route path=path!("images/:gallery/new") view=NewImagePage ssr=SsrMode::Async />
                    <Route path=path!("images/:gallery/upload") view=UploadPage ssr=SsrMode::Async />
                    <Route path=path!("images/:gallery/:image") view=ImagePage ssr=SsrMode::Async />
                    <Route path=path!("images/:gallery/:image/compare") view=ComparePage ssr=SsrMode::Async />
                    <Route path=path!("images/:gallery/:image/:version") view=VersionPage ssr=SsrMode::Async />
                    <Route path=path!("plans") view=PlansPage ssr=SsrMode::Async />
                    <Route path=path!("plans/new") view=NewPlanPage ssr=SsrMode::Async />
                    <Route path=path!("plans/:plan") view=PlanPage ssr=SsrMode::Async />
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
