//! A lab at a glance: its template VM, and what it was made from.

use domain::OpContext;
use domain::image::OsState;
use domain::lab::{CreateOption, LabView, ProvisioningState};
use domain::machine::{MachineState, MachineView};
use leptos::prelude::*;

use super::page::Shown;
use crate::features::job::JobProgress;
use crate::features::machine::{MachineButtons, MachineFacts, MachineRights, Screenshot};
use crate::ssr;
use crate::ui::{Badge, Callout, Card, CopyText, Fact, Facts, Time, Tone};

/// The overview part.
#[component]
pub(super) fn Overview(shown: Shown, op: OpContext) -> impl IntoView {
    let lab = shown.lab;
    let problem = (lab.provisioning_state == ProvisioningState::Failed).then(|| {
        let text = lab
            .problem
            .clone()
            .unwrap_or_else(|| "The reason is in its activity.".to_owned());
        view! {
            <Callout tone=Tone::Danger title="The lab could not be made">
                <p>{text}</p>
                <p>"Delete it, then create it again."</p>
            </Callout>
        }
    });
    let job = shown.job.map(|job| view! { <JobProgress job /> });
    let machine = lab
        .template
        .clone()
        .map(|machine| machine_card(machine, &op));
    let none = (lab.create_option == CreateOption::Image).then(|| {
        view! {
            <Callout title="This lab has no template VM">
                <p>"Its machines will be made from the image as it is."</p>
            </Callout>
        }
    });
    let description = Some(lab.description.clone()).filter(|text| !text.is_empty());
    view! {
        <div class="columns">
            <div class="stack">
                {problem}
                {description.map(|text| view! { <p>{text}</p> })}
                {job}
                {machine}
                {none}
            </div>
            <LabFacts lab />
        </div>
    }
    .into_any()
}

/// The template VM with its state, its screen and its buttons; kept fresh under the id `machine`.
pub fn machine_card(machine: MachineView, op: &OpContext) -> AnyView {
    let rights = MachineRights::of(op, &machine);
    let screen = (machine.state == MachineState::Running && rights.connect)
        .then(|| view! { <Screenshot machine=machine.clone() /> });
    view! {
        <div id="machine">
            <Card title="Template VM">
                <div class="machine-case">
                    <div class="stack">
                        <MachineFacts machine=machine.clone() />
                        <MachineButtons machine rights />
                    </div>
                    {screen}
                </div>
            </Card>
        </div>
    }
    .into_any()
}

#[component]
fn LabFacts(lab: LabView) -> impl IntoView {
    let settings = ssr::services()
        .ok()
        .map(|services| services.settings().clone());
    let size = settings
        .as_ref()
        .and_then(|s| s.sizes.iter().find(|size| size.name == lab.size));
    let size = size.map_or_else(
        || lab.size.clone(),
        |size| {
            format!(
                "{} · {} vCPU · {} MiB",
                size.display_name, size.vcpus, size.memory_mib
            )
        },
    );
    let region = settings
        .as_ref()
        .and_then(|s| s.regions.find(&lab.meta.location));
    let region = region.map_or_else(
        || lab.meta.location.clone(),
        |region| region.display_name.clone(),
    );
    let plan_name = lab.plan_resource_id.name().to_owned();
    let plan = match lab.plan {
        Some(id) => view! { <a href=format!("/plans/{id}")>{plan_name}</a> }.into_any(),
        None => view! { {plan_name} <span class="muted">" (deleted)"</span> }.into_any(),
    };
    let state = match lab.image.os_state {
        OsState::Generalized => view! { <Badge>"Generalized"</Badge> }.into_any(),
        OsState::Specialized => view! { <Badge tone=Tone::Accent>"Specialized"</Badge> }.into_any(),
    };
    view! {
        <Card title="Lab">
            <Facts>
                <Fact term="Name">{lab.meta.name}</Fact>
                <Fact term="Lab plan">{plan}</Fact>
                <Fact term="Image">{format!("{} {} ", lab.image.name, lab.image.version)}{state}</Fact>
                <Fact term="System">{format!("{:?}", lab.image.os_type)}</Fact>
                <Fact term="Size">{size}</Fact>
                <Fact term="Region">{region}</Fact>
                <Fact term="Created"><Time at=lab.meta.created_at />" by "{lab.meta.created_by}</Fact>
                <Fact term="Resource id"><CopyText text=lab.meta.resource_id.to_string() /></Fact>
            </Facts>
        </Card>
    }
    .into_any()
}
