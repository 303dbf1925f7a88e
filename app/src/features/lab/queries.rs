//! What the pages of labs look up.

use crate::ssr::{Services, Target};
use domain::lab::{LabView, ProvisioningState};
use domain::plan::PlanView;
use domain::{OpContext, PageRequest, Problem, ResourceId, name};
use leptos::prelude::*;
use uuid::Uuid;

use crate::features::machine::MachineMark;
use crate::refusal::Refusal;
use crate::ui::{StateDot, Tone};

/// More plans than a school has; the select shows them all.
const PLANS: u32 = 500;

/// The plan that a form names, by key or by ARM id.
pub(super) fn plan_target(plan: &str) -> Result<Target, Refusal> {
    if let Ok(id) = Uuid::parse_str(plan) {
        return Ok(id.into());
    }
    let id = ResourceId::parse(plan).map_err(|_| Problem::not_found("The lab plan").at("plan"))?;
    Ok(id.into())
}

/// The ARM id of a new lab: in the resource group of its plan.
pub(super) async fn lab_id(
    services: &Services,
    op: &OpContext,
    plan: &str,
    lab: &str,
) -> Result<ResourceId, Refusal> {
    // A name with a slash would be read as a longer path; all other rules are the service's to tell, all at once.
    if lab.contains('/') {
        Problem::unless_empty(name::LAB.check("name", lab))?;
    }
    let plan = services.plan_get(op, plan_target(plan)?).await?;
    let group = plan
        .meta
        .resource_id
        .group()
        .ok_or_else(|| Problem::not_found("The resource group"))?;
    Ok(group.provider("Microsoft.LabServices", "labs", lab))
}

/// The plans that the caller may create labs from.
pub(super) async fn plans(services: &Services, op: &OpContext) -> Result<Vec<PlanView>, Refusal> {
    let page = PageRequest {
        limit: PLANS,
        ..PageRequest::default()
    };
    let mut plans = services.plan_list(op, None, &page).await?.items;
    plans.retain(|plan| {
        op.may(
            domain::rbac::Action::LabCreate,
            plan.meta.resource_id.as_str(),
        )
    });
    Ok(plans)
}

/// A lab's state in one dot: the template VM's, or that of the lab where there is none.
#[component]
pub fn LabState(lab: LabView) -> impl IntoView {
    match (lab.provisioning_state, lab.template) {
        (ProvisioningState::Deleting, _) => {
            view! { <StateDot tone=Tone::Warn busy=true label="Being deleted" /> }.into_any()
        }
        (ProvisioningState::Failed, _) => {
            view! { <StateDot tone=Tone::Danger label="Failed" /> }.into_any()
        }
        (_, Some(machine)) => view! { <MachineMark state=machine.state /> }.into_any(),
        (ProvisioningState::Creating, None) => {
            view! { <StateDot tone=Tone::Info busy=true label="Being created" /> }.into_any()
        }
        (_, None) => view! { <StateDot label="No template VM" /> }.into_any(),
    }
}
