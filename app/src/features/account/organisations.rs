//! The organisations in which a person may act.

use domain::identity::TenantChoice;
use leptos::prelude::*;

use crate::ssr;
use crate::ui::{Badge, Cell, Column, Hidden, Page, PostForm, Query, SubmitButton, Table, Tone};

const COLUMNS: [Column; 3] = [
    Column::new("name", "Organisation"),
    Column::new("domain", "Domain"),
    Column::new("actions", "Actions").hidden(),
];

/// The page on which to go on in another organisation.
#[component]
pub fn OrganisationsPage() -> impl IntoView {
    ssr::page(async move {
        let choices = ssr::services()?.tenant_choices(&ssr::op()?).await?;
        Ok(view! { <Organisations choices query=ssr::query() /> })
    })
}

#[component]
fn Organisations(choices: Vec<TenantChoice>, query: Query) -> impl IntoView {
    let intro = if choices.len() > 1 {
        "You have an account in each of these. Rights in one count nowhere else."
    } else {
        "You have an account in this organisation alone. Others may invite you."
    };
    view! {
        <Page title="Organisations" intro>
            <Table label="Your organisations" columns=COLUMNS.to_vec() query>
                {choices.into_iter().map(row).collect_view()}
            </Table>
        </Page>
    }
}

fn row(choice: TenantChoice) -> impl IntoView {
    let label = format!(" to {}", choice.name);
    let go = if choice.current {
        view! { <Badge tone=Tone::Accent>"Here"</Badge> }.into_any()
    } else {
        view! {
            <PostForm action="/account/organisation" class="inline">
                <Hidden name="tenant" value=choice.tenant.to_string() />
                <SubmitButton small=true>"Switch" <span class="visually-hidden">{label}</span></SubmitButton>
            </PostForm>
        }
        .into_any()
    };
    view! {
        <tr>
            <Cell><span class="strong">{choice.name}</span></Cell>
            <Cell label="Domain">{choice.domain}</Cell>
            <Cell>{go}</Cell>
        </tr>
    }
}
