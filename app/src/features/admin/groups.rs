//! Subscriptions and their resource groups.

use crate::ssr::Services;
use domain::rbac::Action;
use domain::region::Regions;
use domain::tenant::{ResourceGroupView, SubscriptionView};
use domain::{OpContext, ResourceId};
use leptos::prelude::*;

use super::actions::{ResourceGroupDelete, ResourceGroupPut};
use crate::features::access::access_to;
use crate::features::typed::{region_choices, region_name};
use crate::refusal::Refusal;
use crate::ui::{
    Card, Cell, Choice, Column, ConfirmForm, CopyText, DialogButton, EmptyState, FormErrors,
    FormState, Glyph, Kind, LinkButton, PostForm, Query, Section, Select, ServerFn as _,
    SubmitButton, Table, TextInput, Time,
};

const COLUMNS: [Column; 4] = [
    Column::new("name", "Name"),
    Column::new("location", "Region"),
    Column::new("created", "Created"),
    Column::new("actions", "Actions").hidden(),
];

/// Every subscription with its groups, and for those who may the form that creates a group.
pub(super) async fn load(
    services: &Services,
    op: &OpContext,
    query: Query,
) -> Result<AnyView, Refusal> {
    let subscriptions = services.subscription_list(op).await?;
    let regions = services.settings().regions.clone();
    let may_create = |of: &&SubscriptionView| {
        op.may(
            Action::ResourceGroupWrite,
            &format!("/subscriptions/{}", of.id),
        )
    };
    let open: Vec<_> = subscriptions
        .iter()
        .filter(may_create)
        .map(|of| Choice::new(of.id.to_string(), &of.display_name))
        .collect();
    let create = (!open.is_empty())
        .then(|| view! { <NewGroup subscriptions=open regions=regions.clone() /> });
    let mut sections = Vec::new();
    for of in subscriptions {
        let groups = services.resource_group_list(op, Some(of.id)).await?;
        let rows = groups.into_iter().map(|group| {
            let deletes = op.may(Action::ResourceGroupDelete, group.meta.resource_id.as_str());
            (deletes, group)
        });
        let rows = rows.collect();
        sections
            .push(view! { <Subscription of rows query=query.clone() regions=regions.clone() /> });
    }
    let deletion = FormState::of::<ResourceGroupDelete>();
    Ok(view! {
        <div class="columns">
            <div class="stack">
                <FormErrors state=deletion />
                {sections}
            </div>
            {create}
        </div>
    }
    .into_any())
}

#[component]
fn Subscription(
    of: SubscriptionView,
    rows: Vec<(bool, ResourceGroupView)>,
    query: Query,
    regions: Regions,
) -> impl IntoView {
    let empty = rows.is_empty().then(|| {
        let text =
            "Galleries, lab plans and labs lie in resource groups; roles can be given at them.";
        view! { <EmptyState glyph=Glyph::Gallery title="No resource group yet" text /> }.into_any()
    });
    let dialogs = rows
        .iter()
        .filter(|(deletes, _)| *deletes)
        .map(|(_, group)| ask(group))
        .collect_view();
    let rows = rows
        .into_iter()
        .map(|(deletes, group)| row(deletes, group, &regions))
        .collect_view();
    let scope = ResourceId::from_stored(format!("/subscriptions/{}", of.id));
    let to = format!(" to {}", of.display_name);
    let id = view! {
        <CopyText text=of.id.to_string() />
        <LinkButton href=access_to(&scope) small=true>
            "Access" <span class="visually-hidden">{to}</span>
        </LinkButton>
    }
    .into_any();
    view! {
        <Section title=of.display_name.clone() actions=id>
            <Table label=format!("Resource groups of {}", of.display_name) columns=COLUMNS.to_vec() query empty>
                {rows}
            </Table>
            {dialogs}
        </Section>
    }
    .into_any()
}

fn dialog(group: &ResourceGroupView) -> String {
    format!("delete-{}", group.meta.id)
}

fn row(deletes: bool, group: ResourceGroupView, regions: &Regions) -> AnyView {
    let (dialog, what) = (dialog(&group), format!(" {}", group.meta.name));
    let delete = deletes.then(|| {
        view! {
            <DialogButton dialog kind=Kind::Danger small=true>
                "Delete" <span class="visually-hidden">{what}</span>
            </DialogButton>
        }
    });
    let region = region_name(regions, &group.meta.location);
    let by = group.meta.created_by.clone();
    view! {
        <tr>
            <Cell><a class="cell-title" href=access_to(&group.meta.resource_id)>{group.meta.name}</a></Cell>
            <Cell label="Region">{region}</Cell>
            <Cell label="Created"><Time at=group.meta.created_at /><span class="cell-note">{by}</span></Cell>
            <Cell>{delete}</Cell>
        </tr>
    }
    .into_any()
}

fn ask(group: &ResourceGroupView) -> AnyView {
    view! {
        <ConfirmForm
            id=dialog(group)
            title=format!("Delete {}?", group.meta.name)
            action=ResourceGroupDelete::url()
            fields=vec![("id", group.meta.resource_id.to_string())]
            verb="Delete the resource group"
            typed=group.meta.name.clone()
        >
            <p>"Only an empty group can be deleted. The roles that were given at it go with it."</p>
        </ConfirmForm>
    }
    .into_any()
}

#[component]
fn NewGroup(subscriptions: Vec<Choice>, regions: Regions) -> impl IntoView {
    let state = FormState::of::<ResourceGroupPut>();
    view! {
        <Card title="New resource group" id="new-group">
            <FormErrors state=state.clone() />
            <PostForm action=ResourceGroupPut::url()>
                <Select name="subscription" label="Subscription" choices=subscriptions value=state.value("subscription") />
                <TextInput name="name" label="Group name" value=state.value("name") error=state.error("name") maxlength=90 />
                <Select
                    name="location"
                    label="Region"
                    choices=region_choices(&regions)
                    value=state.value("location")
                    error=state.error("location")
                    hint="Where the group is registered; what lies in it may be elsewhere."
                />
                <div class="form-actions">
                    <SubmitButton kind=Kind::Primary>"Create group"</SubmitButton>
                </div>
            </PostForm>
        </Card>
    }
    .into_any()
}
