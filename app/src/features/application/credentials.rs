//! The credentials of an application, and the forms that add one.

use domain::application::{ApplicationView, CredentialKind, CredentialView};
use leptos::prelude::*;

use super::actions::{
    ApplicationCertificateAdd, ApplicationCredentialDelete, ApplicationFederatedAdd,
};
use crate::ui::{
    Card, Cell, Choice, Column, ConfirmForm, DialogButton, EmptyState, FormErrors, FormState,
    Glyph, Hidden, Kind, PostForm, Query, Select, ServerFn as _, SubmitButton, Table, TextArea,
    TextInput, Time,
};

const COLUMNS: [Column; 5] = [
    Column::new("name", "Credential"),
    Column::new("kind", "Kind"),
    Column::new("used", "Last used"),
    Column::new("expires", "Good until"),
    Column::new("actions", "Actions").hidden(),
];

const fn kind(kind: CredentialKind) -> &'static str {
    match kind {
        CredentialKind::Secret => "Secret",
        CredentialKind::Certificate => "Certificate",
        CredentialKind::Federated => "Tokens of another issuer",
    }
}

/// The table, and for those who may the forms.
pub(super) fn panel(of: &ApplicationView, may_write: bool, query: &Query) -> AnyView {
    let empty = of.credentials.is_empty().then(|| {
        let text = "Make a secret, or better: add a certificate, whose private key never leaves the program.";
        view! { <EmptyState glyph=Glyph::Key title="It can’t sign in yet" text /> }.into_any()
    });
    let dialogs = may_write.then(|| {
        let asks = of.credentials.iter().map(|credential| ask(of, credential));
        asks.collect_view()
    });
    let rows = of
        .credentials
        .iter()
        .cloned()
        .map(|credential| row(credential, may_write))
        .collect_view();
    let forms = may_write.then(|| {
        let id = of.id.to_string();
        view! {
            <div class="stack">
                <NewSecret application=id.clone() />
                <NewCertificate application=id.clone() />
                <NewFederation application=id />
            </div>
        }
    });
    let deletion = FormState::of::<ApplicationCredentialDelete>();
    view! {
        <div class="columns">
            <div>
                <FormErrors state=deletion />
                <Table label="Credentials" columns=COLUMNS.to_vec() query=query.clone() empty>
                    {rows}
                </Table>
                {dialogs}
            </div>
            {forms}
        </div>
    }
    .into_any()
}

fn dialog(credential: &CredentialView) -> String {
    format!("delete-{}", credential.id)
}

fn row(credential: CredentialView, may_write: bool) -> AnyView {
    let (dialog, of) = (dialog(&credential), format!(" {}", credential.display_name));
    let delete = may_write.then(|| {
        view! {
            <DialogButton dialog kind=Kind::Danger small=true>
                "Delete" <span class="visually-hidden">{of}</span>
            </DialogButton>
        }
    });
    let hint = match credential.kind {
        CredentialKind::Secret => format!("begins with {}", credential.hint),
        CredentialKind::Certificate | CredentialKind::Federated => credential.hint,
    };
    let used = match credential.last_used_at {
        Some(at) => view! { <Time at /> }.into_any(),
        None => "Never".into_any(),
    };
    let end = match credential.kind {
        CredentialKind::Federated => "It is deleted".into_any(),
        _ => view! { <Time at=credential.expires_at /> }.into_any(),
    };
    let name = if credential.display_name.is_empty() {
        "Without a name".to_owned()
    } else {
        credential.display_name
    };
    view! {
        <tr>
            <Cell><span class="strong">{name}</span><span class="cell-note mono">{hint}</span></Cell>
            <Cell label="Kind">{kind(credential.kind)}</Cell>
            <Cell label="Last used">{used}</Cell>
            <Cell label="Good until">{end}</Cell>
            <Cell>{delete}</Cell>
        </tr>
    }
    .into_any()
}

fn ask(of: &ApplicationView, credential: &CredentialView) -> AnyView {
    view! {
        <ConfirmForm
            id=dialog(credential)
            title="Delete this credential?"
            action=ApplicationCredentialDelete::url()
            fields=vec![("id", of.id.to_string()), ("credential", credential.id.to_string())]
            verb="Delete the credential"
        >
            <p>"Whatever still signs in with it can’t any more. Tokens that were given already are good for an hour at the most."</p>
        </ConfirmForm>
    }
    .into_any()
}

#[component]
fn NewSecret(application: String) -> impl IntoView {
    let lives = vec![
        Choice::new("365", "One year"),
        Choice::new("180", "Half a year"),
        Choice::new("90", "90 days"),
        Choice::new("30", "30 days"),
        Choice::new("730", "Two years"),
    ];
    view! {
        <Card title="New secret" id="new-secret">
            <PostForm action=format!("/admin/applications/{application}/secret")>
                <TextInput name="secretName" label="What it is for" maxlength=100 optional=true />
                <Select name="days" label="Good for" choices=lives value="365" />
                <p class="small muted">"The secret is shown once, on the next page."</p>
                <div class="form-actions">
                    <SubmitButton kind=Kind::Primary>"Make a secret"</SubmitButton>
                </div>
            </PostForm>
        </Card>
    }
    .into_any()
}

#[component]
fn NewCertificate(application: String) -> impl IntoView {
    let state = FormState::of::<ApplicationCertificateAdd>();
    view! {
        <Card title="Add a certificate" id="add-certificate">
            <FormErrors state=state.clone() />
            <PostForm action=ApplicationCertificateAdd::url()>
                <Hidden name="id" value=application />
                <TextInput name="certificateName" label="Name" value=state.value("certificateName") maxlength=100 optional=true />
                <TextArea
                    name="certificate"
                    label="Certificate in PEM"
                    value=state.value("certificate")
                    error=state.error("certificate")
                    hint="The certificate alone; its private key stays with the program."
                    rows=5
                />
                <div class="form-actions">
                    <SubmitButton>"Add certificate"</SubmitButton>
                </div>
            </PostForm>
        </Card>
    }
    .into_any()
}

#[component]
fn NewFederation(application: String) -> impl IntoView {
    let state = FormState::of::<ApplicationFederatedAdd>();
    let (name, issuer, subject, audience) = (
        state.value("federatedName"),
        state.value("issuer"),
        state.value("subject"),
        state.value_or("audience", "api://AzureADTokenExchange"),
    );
    view! {
        <Card title="Trust another issuer’s tokens" id="add-federation">
            <FormErrors state=state.clone() />
            <PostForm action=ApplicationFederatedAdd::url()>
                <Hidden name="id" value=application />
                <TextInput name="federatedName" label="Name" value=name error=state.error("displayName") maxlength=100 />
                <TextInput
                    name="issuer"
                    label="Issuer"
                    kind="url"
                    value=issuer
                    error=state.error("issuer")
                    hint="As its tokens name it; its keys are found from there."
                    placeholder="https://ci.example"
                />
                <TextInput name="subject" label="Subject" value=subject error=state.error("subject") maxlength=600 />
                <TextInput name="audience" label="Audience" value=audience error=state.error("audience") maxlength=600 />
                <div class="form-actions">
                    <SubmitButton>"Trust these tokens"</SubmitButton>
                </div>
            </PostForm>
        </Card>
    }
    .into_any()
}
