//! All that an organisation shares with others, and all that others share with it.

use domain::rbac::Action;
use domain::share::ShareView;
use domain::{Code, Problem};
use leptos::prelude::*;

use super::actions::ShareRevoke;
use super::table::ShareTable;
use crate::ssr;
use crate::ui::{Crumb, FormErrors, FormState, LinkButton, Page, Query, Section};

/// Both lists; each side sees the same lines.
#[component]
pub fn SharesPage() -> impl IntoView {
    ssr::page(async move {
        let (services, op, query) = (ssr::services()?, ssr::op()?, ssr::query());
        if op.scopes(Action::ShareRead).is_empty() {
            let message = "Shares are shown to those who may read them. Ask an administrator of your organisation.";
            return Err(Problem::new(Code::AuthorizationFailed, message).into());
        }
        let all = services.share_list(&op, None).await?;
        let (given, got): (Vec<_>, Vec<_>) = all.into_iter().partition(|share| share.is_given);
        let sees_all = op.may(Action::ShareRead, "/");
        Ok(view! { <Shares given got query sees_all /> })
    })
}

#[component]
fn Shares(
    given: Vec<ShareView>,
    got: Vec<ShareView>,
    query: Query,
    sees_all: bool,
) -> impl IntoView {
    let actions =
        view! { <LinkButton href="/images/shared">"Shared with me"</LinkButton> }.into_any();
    let got = sees_all.then(|| {
        let query = query.clone();
        view! {
            <Section title="Shared with your organisation">
                <ShareTable
                    label="What other organisations share with yours"
                    shares=got
                    query
                    nothing="When somebody sends you a share link, open it to accept what it offers."
                />
            </Section>
        }
    });
    view! {
        <Page
            title="Shares"
            crumbs=vec![Crumb::new("/admin", "Administration")]
            intro="Images that cross the border of an organisation. Both sides see the same lines, and either can revoke."
            actions
        >
            <FormErrors state={FormState::of::<ShareRevoke>()} />
            <Section title="Shared with others">
                <ShareTable
                    label="What your organisation shares"
                    shares=given
                    query=query.clone()
                    nothing="Open a gallery, image definition or version, choose Access, and make a link."
                />
            </Section>
            {got}
        </Page>
    }
}
