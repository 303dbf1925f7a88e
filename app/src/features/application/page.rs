//! One application, part by part.

use domain::application::{ApplicationView, ServicePrincipalView};
use domain::rbac::Action;
use leptos::prelude::*;

use super::{credentials, settings};
use crate::refusal::Refusal;
use crate::ssr;
use crate::ui::{
    Badge, Callout, CopyText, Crumb, Fact, Facts, LinkButton, Page, Tab, Tabs, Time, Tone,
};

const PARTS: [(&str, &str); 3] = [
    ("", "Overview"),
    ("credentials", "Credentials"),
    ("settings", "Settings"),
];

/// The page of an application that the organisation registered.
#[component]
pub fn ApplicationPage() -> impl IntoView {
    let key = ssr::id("application");
    ssr::page(async move {
        let (services, op, query) = (ssr::services()?, ssr::op()?, ssr::query());
        let view = services.application_get(&op, key?).await?;
        let may_write = op.may(Action::ApplicationWrite, "/");
        let base = ssr::base()?;
        let id = view.id;
        let address = move |part: &str| {
            let page = format!("/admin/applications/{id}");
            if part.is_empty() {
                page
            } else {
                format!("{page}?tab={part}")
            }
        };
        let part = query.get("tab").unwrap_or_default().to_owned();
        let part = PARTS
            .iter()
            .map(|(key, _)| *key)
            .find(|key| *key == part)
            .unwrap_or_default();
        let matter = match part {
            "credentials" => credentials::panel(&view, may_write, &query),
            "settings" => settings::panel(view.clone(), may_write),
            _ => {
                let program = services.service_principal_of(&op, view.app_id).await?;
                overview(view.clone(), program, &base)
            }
        };
        let tabs = PARTS
            .iter()
            .map(|(key, label)| Tab::new(address(key), *label))
            .collect();
        let mark = view
            .input
            .multi_tenant
            .then(|| view! { <Badge>"Several organisations"</Badge> }.into_any());
        Ok::<_, Refusal>(view! {
            <Page
                title=view.input.display_name.clone()
                crumbs=vec![Crumb::new("/admin?tab=applications", "App registrations")]
                mark
            >
                <Tabs current=address(part) tabs />
                {matter}
            </Page>
        })
    })
}

fn overview(view: ApplicationView, program: Option<ServicePrincipalView>, base: &str) -> AnyView {
    let (app, tenant) = (view.app_id.to_string(), view.tenant.to_string());
    let recipe = format!("az login --service-principal -u {app} -p \"$SECRET\" --tenant {tenant}");
    let none = view.credentials.is_empty().then(|| {
        let href = format!("/admin/applications/{}?tab=credentials", view.id);
        view! {
            <Callout tone=Tone::Warn title="It can’t sign in yet">
                <p>"It has no secret and no certificate."</p>
                <LinkButton href>"Add a credential"</LinkButton>
            </Callout>
        }
    });
    let object = match program {
        Some(program) => view! { <CopyText text=program.id.to_string() /> }.into_any(),
        None => "None: it can be given no roles here".into_any(),
    };
    let invite = view.input.multi_tenant.then(|| {
        let address = format!(
            "{base}/ORGANISATION/oauth2/v2.0/authorize?client_id={app}&response_type=code"
        );
        view! {
            <Callout title="Other organisations admit it at this address">
                <p>"Put their tenant id or domain in the place of ORGANISATION. An administrator there opens it, sees who asks, and agrees."</p>
                <p><CopyText text=address /></p>
            </Callout>
        }
    });
    let by = view.created_by.clone();
    view! {
        <div class="stack">
            {none}
            <Facts>
                <Fact term="Application id"><CopyText text=app /></Fact>
                <Fact term="Tenant id"><CopyText text=tenant /></Fact>
                <Fact term="Object id of its service principal">{object}</Fact>
                <Fact term="Registered"><Time at=view.created_at /> " by " {by}</Fact>
            </Facts>
            <p>"Roles are given to it like to a person, under “Access control” of a resource: its user name there is the application id."</p>
            <p><CopyText text=recipe /></p>
            {invite}
        </div>
    }
    .into_any()
}
