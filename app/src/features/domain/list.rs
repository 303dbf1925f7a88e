//! The organisation's domains, and where their people sign in.

use domain::OpContext;
use domain::identity::{DomainView, ProviderView};
use leptos::prelude::*;

use super::actions::{DomainAdd, DomainLead, DomainRemove};
use crate::refusal::Refusal;
use crate::ssr::Services;
use crate::ui::{
    Badge, Card, Cell, Column, ConfirmForm, CopyText, DialogButton, FormErrors, FormState, Hidden,
    Kind, PostForm, Query, ServerFn as _, StateDot, SubmitButton, Table, TextInput, Tone,
};

const COLUMNS: [Column; 4] = [
    Column::new("name", "Domain"),
    Column::new("proof", "Proof"),
    Column::new("lead", "Its people sign in"),
    Column::new("actions", "Actions").hidden(),
];

/// The list, and the form that claims one.
pub(crate) async fn load(
    services: &Services,
    op: &OpContext,
    query: Query,
) -> Result<AnyView, Refusal> {
    let domains = services.domain_list(op).await?;
    let providers = services.provider_list(op).await?;
    let (adding, leading, removing) = (
        FormState::of::<DomainAdd>(),
        FormState::of::<DomainLead>(),
        FormState::of::<DomainRemove>(),
    );
    let dialogs = domains
        .iter()
        .filter(|of| !of.is_primary)
        .map(ask)
        .collect_view();
    let proofs = domains
        .iter()
        .filter(|of| of.verified_at.is_none())
        .map(|of| view! { <Proof of=of.clone() /> })
        .collect_view();
    let rows = domains
        .into_iter()
        .map(|of| row(of, &providers))
        .collect_view();
    Ok(view! {
        <div class="columns">
            <div class="stack">
                <FormErrors state=leading />
                <FormErrors state=removing />
                <Table label="Domains" columns=COLUMNS.to_vec() query>
                    {rows}
                </Table>
                {dialogs}
                {proofs}
            </div>
            <Card title="Add a domain" id="add-domain">
                <FormErrors state=adding.clone() />
                <PostForm action=DomainAdd::url()>
                    <TextInput
                        name="domain"
                        label="Domain"
                        value=adding.value("domain")
                        error=adding.error("domain")
                        hint="The part behind the @ of your people’s addresses."
                        placeholder="school.example"
                        maxlength=253
                    />
                    <div class="form-actions">
                        <SubmitButton kind=Kind::Primary>"Add domain"</SubmitButton>
                    </div>
                </PostForm>
            </Card>
        </div>
    }
    .into_any())
}

fn row(of: DomainView, providers: &[ProviderView]) -> AnyView {
    let id = of.id.to_string();
    let proof = match of.verified_at {
        Some(_) => view! { <StateDot tone=Tone::Ok label="Proved" /> }.into_any(),
        None => view! { <StateDot tone=Tone::Warn label="Not proved" /> }.into_any(),
    };
    let lead = of
        .verified_at
        .map(|_| view! { <Lead of=of.clone() providers=providers.to_vec() /> });
    let name = format!(" {}", of.name);
    let remove = (!of.is_primary).then(|| {
        view! {
            <DialogButton dialog=format!("remove-{id}") kind=Kind::Danger small=true>
                "Remove" <span class="visually-hidden">{name}</span>
            </DialogButton>
        }
    });
    view! {
        <tr>
            <Cell>
                <span class="strong">{of.name}</span>
                {of.is_primary.then(|| view! { <Badge>"First"</Badge> })}
            </Cell>
            <Cell label="Proof">{proof}</Cell>
            <Cell label="Its people sign in">{lead}</Cell>
            <Cell>{remove}</Cell>
        </tr>
    }
    .into_any()
}

/// What the domain's web server must show, and the button that looks for it.
#[component]
fn Proof(of: DomainView) -> impl IntoView {
    let place = format!("https://{}/.well-known/vitrine.txt", of.name);
    let label = format!(" for {}", of.name);
    let look = format!("/admin/domains/{}/prove", of.id);
    view! {
        <Card title=format!("Prove that {} is yours", of.name)>
            <p>"Put this line into " <code>{place}</code> ", or ask the operator to add the domain:"</p>
            <p><CopyText text=of.proof /></p>
            <PostForm action=look class="inline">
                <SubmitButton>"Look for it" <span class="visually-hidden">{label}</span></SubmitButton>
            </PostForm>
        </Card>
    }
}

/// Where people of the domain are led.
#[component]
fn Lead(of: DomainView, providers: Vec<ProviderView>) -> impl IntoView {
    let field = format!("lead-{}", of.id);
    let label = format!("Where people of {} sign in", of.name);
    let chosen = of.provider;
    let options = providers.into_iter().map(|provider| {
        let name = if provider.enabled {
            provider.name
        } else {
            format!("{} (shut)", provider.name)
        };
        view! { <option value=provider.id.to_string() selected=chosen == Some(provider.id)>{name}</option> }
    });
    let options = options.collect_view();
    view! {
        <PostForm action=DomainLead::url() class="inline row">
            <Hidden name="id" value=of.id.to_string() />
            <label class="visually-hidden" for=field.clone()>{label}</label>
            <select class="input" id=field name="provider">
                <option value="" selected=chosen.is_none()>"Where they choose"</option>
                {options}
            </select>
            <SubmitButton small=true>"Set" <span class="visually-hidden">{format!(" for {}", of.name)}</span></SubmitButton>
        </PostForm>
    }
}

fn ask(of: &DomainView) -> AnyView {
    view! {
        <ConfirmForm
            id=format!("remove-{}", of.id)
            title=format!("Remove {}?", of.name)
            action=DomainRemove::url()
            fields=vec![("id", of.id.to_string())]
            verb="Remove domain"
        >
            <p>"Addresses of this domain lead nobody here any more. People and accounts stay."</p>
        </ConfirmForm>
    }
    .into_any()
}
