//! The applications of the organisation: its own, and those of others that it admitted.

use crate::ssr::Services;
use domain::OpContext;
use domain::application::{ApplicationView, ServicePrincipalView};
use domain::rbac::Action;
use leptos::prelude::*;

use super::actions::{ApplicationCreate, ServicePrincipalDelete};
use crate::refusal::Refusal;
use crate::ui::{
    Badge, Card, Cell, Checkbox, Column, ConfirmForm, CopyText, DialogButton, EmptyState,
    FormErrors, FormState, Glyph, Kind, Pager, PostForm, Query, Section, ServerFn as _,
    SubmitButton, Table, TextInput, Time, Toolbar,
};

const OWN: [Column; 4] = [
    Column::new("displayName", "Name").sortable(),
    Column::new("appId", "Application id"),
    Column::new("credentials", "Credentials"),
    Column::new("createdAt", "Registered").sortable(),
];

const FOREIGN: [Column; 4] = [
    Column::new("name", "Name"),
    Column::new("home", "Organisation"),
    Column::new("admitted", "Admitted"),
    Column::new("actions", "Actions").hidden(),
];

/// Both lists, and for those who may the form that registers an application.
pub async fn load(services: &Services, op: &OpContext, query: Query) -> Result<AnyView, Refusal> {
    let own = services.application_list(op, &query.page_request()).await?;
    let foreign: Vec<_> = services
        .service_principal_list(op)
        .await?
        .into_iter()
        .filter(|program| program.home != Some(op.tenant()))
        .collect();
    let may_write = op.may(Action::ApplicationWrite, "/");
    let empty = own.items.is_empty().then(|| {
        let text = "Register one for each script or service that signs in for itself; a secret or a certificate is its password.";
        view! { <EmptyState glyph=Glyph::Key title="No application here" text /> }.into_any()
    });
    let foot = {
        let (shown, total, next) = (own.items.len(), own.total, own.next);
        view! { <Pager query=query.clone() shown total next one="application" what="applications" /> }.into_any()
    };
    let rows = own.items.into_iter().map(row).collect_view();
    let table = view! {
        <Table label="Applications registered here" columns=OWN.to_vec() query=query.clone() empty foot>
            {rows}
        </Table>
    };
    let toolbar = view! { <Toolbar query=query.clone() search="Find an application" /> };
    let deletion = FormState::of::<ServicePrincipalDelete>();
    Ok(view! {
        <div class="columns">
            <div class="stack">
                <FormErrors state=deletion />
                <Section title="Registered here">
                    {toolbar}
                    {table}
                </Section>
                <Foreign programs=foreign may_write query />
            </div>
            {may_write.then(|| view! { <NewApplication /> })}
        </div>
    }
    .into_any())
}

fn row(of: ApplicationView) -> AnyView {
    let count = match of.credentials.len() {
        0 => "None yet".to_owned(),
        1 => "1".to_owned(),
        many => many.to_string(),
    };
    let by = of.created_by.clone();
    let several = of
        .input
        .multi_tenant
        .then(|| view! { <Badge>"Several organisations"</Badge> });
    view! {
        <tr>
            <Cell>
                <a class="strong" href=format!("/admin/applications/{}", of.id)>{of.input.display_name}</a>
                " " {several}
            </Cell>
            <Cell label="Application id"><CopyText text=of.app_id.to_string() /></Cell>
            <Cell label="Credentials">{count}</Cell>
            <Cell label="Registered"><Time at=of.created_at /><span class="cell-note">{by}</span></Cell>
        </tr>
    }
    .into_any()
}

#[component]
fn Foreign(programs: Vec<ServicePrincipalView>, may_write: bool, query: Query) -> impl IntoView {
    if programs.is_empty() {
        return ().into_any();
    }
    let dialogs = may_write.then(|| programs.iter().map(ask).collect_view());
    let rows = programs.into_iter().map(|program| {
        let home = match program.home {
            Some(_) => program.home_name.clone(),
            None => "Deleted there; it can’t sign in".to_owned(),
        };
        let delete = may_write.then(|| {
            let of = format!(" {}", program.display_name);
            view! {
                <DialogButton dialog=dialog(&program) kind=Kind::Danger small=true>
                    "Send away" <span class="visually-hidden">{of}</span>
                </DialogButton>
            }
        });
        view! {
            <tr>
                <Cell>
                    <span class="strong">{program.display_name.clone()}</span>
                    <span class="cell-note mono">{program.app_id.to_string()}</span>
                </Cell>
                <Cell label="Organisation">{home}</Cell>
                <Cell label="Admitted"><Time at=program.created_at /></Cell>
                <Cell>{delete}</Cell>
            </tr>
        }
    });
    let rows = rows.collect_view();
    view! {
        <Section title="Of other organisations" intro="They can do here what roles allow them, and nothing else.">
            <Table label="Applications of other organisations" columns=FOREIGN.to_vec() query>
                {rows}
            </Table>
            {dialogs}
        </Section>
    }
    .into_any()
}

fn dialog(program: &ServicePrincipalView) -> String {
    format!("send-away-{}", program.id)
}

fn ask(program: &ServicePrincipalView) -> AnyView {
    view! {
        <ConfirmForm
            id=dialog(program)
            title=format!("Send {} away?", program.display_name)
            action=ServicePrincipalDelete::url()
            fields=vec![("id", program.id.to_string())]
            verb="Send away"
        >
            <p>"It can’t sign in here any more, and the roles that it was given here are gone. An administrator can admit it again."</p>
        </ConfirmForm>
    }
    .into_any()
}

#[component]
fn NewApplication() -> impl IntoView {
    let state = FormState::of::<ApplicationCreate>();
    view! {
        <Card title="Register an application" id="register">
            <FormErrors state=state.clone() />
            <PostForm action=ApplicationCreate::url()>
                <TextInput name="displayName" label="Name" value=state.value("displayName") error=state.error("displayName") maxlength=100 />
                <Checkbox
                    name="multiTenant"
                    label="Other organisations may admit it"
                    hint="For sharing images at scale: one application that signs in to both organisations."
                    checked=state.ticked("multiTenant", false)
                />
                <div class="form-actions">
                    <SubmitButton kind=Kind::Primary>"Register"</SubmitButton>
                </div>
            </PostForm>
        </Card>
    }
    .into_any()
}
