//! The start page.

use crate::ssr::{Home, Services};
use domain::OpContext;
use domain::machine::HostView;
use leptos::prelude::*;

use super::attention::{Failures, Running};
use super::first_steps::{FirstSteps, Progress};
use super::labs::Labs;
use crate::places;
use crate::refusal::Refusal;
use crate::ssr;
use crate::ui::{Callout, EmptyState, Glyph, Kind, LinkButton, Page, Tone};

/// What needs the visitor now. Whose rights open nothing but machines is led to those.
#[component]
pub fn HomePage() -> impl IntoView {
    ssr::page(async move {
        let (services, op) = (ssr::services()?, ssr::op()?);
        if !places::open_to(&op).contains(&places::HOME) {
            leptos_axum::redirect(places::MACHINES.href);
            return Ok(().into_any());
        }
        let shown = load(&services, &op).await?;
        Ok(view! { <HomeView shown /> }.into_any())
    })
}

#[derive(Debug, Clone)]
struct Shown {
    home: Home,
    /// The host, or why it does not answer.
    host: Result<HostView, String>,
    /// How far the first steps are, until the first lab is made.
    first: Option<Progress>,
}

async fn load(services: &Services, op: &OpContext) -> Result<Shown, Refusal> {
    let home = services.home(op).await?;
    let host = services
        .host(op)
        .await
        .map_err(|error| Refusal::from(error).0.message);
    let first = if home.lab_count == 0 {
        Some(Progress::load(services, op, &home).await?)
    } else {
        None
    };
    Ok(Shown { home, host, first })
}

#[component]
fn HomeView(shown: Shown) -> impl IntoView {
    let Shown { home, host, first } = shown;
    let actions = home.may_create_lab.then(|| {
        let kind = if first.is_some() {
            Kind::Plain
        } else {
            Kind::Primary
        };
        view! { <LinkButton href="/labs/new" icon=Glyph::Plus kind>"Create lab"</LinkButton> }
            .into_any()
    });
    let is_quiet =
        home.labs.is_empty() && home.jobs.is_empty() && home.failures.is_empty() && first.is_none();
    let nothing = is_quiet.then(|| {
        let text = "Running work, failures and the labs that you run are shown here. Labs of others are under Labs.";
        view! { <EmptyState glyph=Glyph::Check title="Nothing needs you now" text /> }
    });
    view! {
        <Page title="Home" actions>
            <div class="stack">
                {host_note(host)}
                {first.map(|progress| view! { <FirstSteps progress /> })}
                <Running jobs=home.jobs />
                <Failures failures=home.failures />
                <Labs labs=home.labs total=home.lab_count />
                {nothing}
            </div>
        </Page>
    }
    .into_any()
}

/// What runs the machines, when that is something to know.
fn host_note(host: Result<HostView, String>) -> Option<AnyView> {
    match host {
        Ok(host) if host.hardware => None,
        Ok(host) => Some(
            view! {
                <Callout tone=Tone::Warn title="Machines run in software emulation here">
                    <p>{host.reason}</p>
                    <p>"They do the same as on a host with KVM, but many times more slowly: expect minutes where you are used to seconds."</p>
                </Callout>
            }
            .into_any(),
        ),
        Err(message) => Some(
            view! {
                <Callout tone=Tone::Danger title="Machines can't run now">
                    <p>{message}</p>
                </Callout>
            }
            .into_any(),
        ),
    }
}
