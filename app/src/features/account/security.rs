//! The second factors of one's own account.

use domain::Code;
use domain::factor::{FactorsView, PasskeyView, RECOVERY_CODES};
use leptos::prelude::*;

use super::factor::{
    FactorOpen, NEW_CODES, PasskeyRemove, PasskeyRename, TotpBegin, TotpConfirm, TotpRemove,
};
use crate::ssr;
use crate::ui::{
    Callout, Card, Cell, Column, ConfirmForm, Dialog, DialogButton, EmptyState, FormErrors,
    FormState, Glyph, Hidden, Kind, LinkButton, Page, PostForm, Query, Section, ServerFn as _,
    SubmitButton, Table, TextInput, Time, Tone,
};

const COLUMNS: [Column; 4] = [
    Column::new("name", "Passkey"),
    Column::new("created", "Added"),
    Column::new("used", "Last used"),
    Column::new("actions", "Actions").hidden(),
];

/// What is asked for besides the password, and what of it can be changed.
#[component]
pub fn SecurityPage() -> impl IntoView {
    ssr::page(async move {
        let (services, op, query) = (ssr::services()?, ssr::op()?, ssr::query());
        match services.factor_list(&op, super::session()).await {
            Ok(factors) => Ok(view! { <Security factors query /> }.into_any()),
            Err(error) => {
                let refusal = crate::refusal::Refusal::from(error);
                if refusal.0.code == Code::ResourceNotFound {
                    Ok(view! { <Elsewhere /> }.into_any())
                } else {
                    Err(refusal)
                }
            }
        }
    })
}

const TITLE: &str = "Second factor";

/// For those who have no password at the built-in issuer.
#[component]
fn Elsewhere() -> impl IntoView {
    view! {
        <Page title=TITLE narrow=true>
            <Callout title="You sign in elsewhere.">
                <p>"Your account has no password in this organisation: what is asked for at the sign-in is set up where you sign in."</p>
            </Callout>
        </Page>
    }
}

#[component]
fn Security(factors: FactorsView, query: Query) -> impl IntoView {
    let is_open = factors.open_until.is_some();
    let opening = match factors.open_until {
        Some(until) => view! { <p class="small muted">"Open for changes until " <Time at=until exact=true /> "."</p> }.into_any(),
        None => view! { <Opening /> }.into_any(),
    };
    let lacks_codes = is_open && factors.is_asked() && factors.recovery_left == 0;
    let warning = lacks_codes.then(|| {
        view! {
            <Callout tone=Tone::Warn title="Make recovery codes now.">
                <p>"Without them you can't sign in once your device is lost or broken, until an administrator removes your second factor."</p>
            </Callout>
        }
    });
    let problem = [
        FormState::of::<TotpBegin>(),
        FormState::of::<TotpConfirm>(),
        FormState::of::<TotpRemove>(),
        FormState::of::<PasskeyRename>(),
        FormState::of::<PasskeyRemove>(),
        FormState::at(NEW_CODES),
    ];
    let problems = problem
        .into_iter()
        .map(|state| view! { <FormErrors state /> })
        .collect_view();
    view! {
        <Page
            title=TITLE
            intro="What is asked for besides your password when you sign in: a code of an app, or a passkey. One of them is enough."
            narrow=true
        >
            <div class="stack">
                {problems}
                {opening}
                {warning}
                <App since=factors.app_since is_open />
                <Passkeys factors=factors.clone() query />
                <RecoveryCodes factors />
            </div>
        </Page>
    }
}

/// Asks for the password before anything is changed.
#[component]
fn Opening() -> impl IntoView {
    let state = FormState::of::<FactorOpen>();
    let error = state.error("password");
    view! {
        <Card title="Give your password again to change something" id="open">
            <FormErrors state />
            <PostForm action=FactorOpen::url()>
                <TextInput name="password" label="Password" kind="password" autocomplete="current-password" maxlength=72 error />
                <div class="form-actions">
                    <SubmitButton kind=Kind::Primary>"Go on"</SubmitButton>
                </div>
            </PostForm>
        </Card>
    }
}

#[component]
fn App(since: Option<chrono::DateTime<chrono::Utc>>, is_open: bool) -> impl IntoView {
    let matter = match since {
        Some(at) => {
            let remove = is_open.then(|| {
                view! {
                    <div class="row"><DialogButton dialog="remove-app" kind=Kind::Danger>"Remove the app"</DialogButton></div>
                    <ConfirmForm
                        id="remove-app"
                        title="Remove the authenticator app?"
                        action=TotpRemove::url()
                        fields=Vec::new()
                        verb="Remove the app"
                    >
                        <p>"Its codes are good for nothing then."</p>
                    </ConfirmForm>
                }
            });
            view! { <p>"Codes of your app are asked for since " <Time at exact=true /> "."</p> {remove} }.into_any()
        }
        None => {
            let begin = is_open.then(|| {
                view! {
                    <PostForm action=TotpBegin::url() class="inline">
                        <SubmitButton>"Set up an app"</SubmitButton>
                    </PostForm>
                }
            });
            view! {
                <p class="muted">"An app on your phone shows six digits, new ones every 30 seconds. None is set up."</p>
                {begin}
            }
            .into_any()
        }
    };
    view! { <Section title="Authenticator app" id="app"><div class="stack-tight">{matter}</div></Section> }
}

#[component]
fn Passkeys(factors: FactorsView, query: Query) -> impl IntoView {
    let is_open = factors.open_until.is_some();
    let add = (is_open && factors.passkeys_possible)
        .then(|| view! { <div class="row"><LinkButton href="/account/passkey" icon=Glyph::Plus>"Add a passkey"</LinkButton></div> });
    let hindered = (!factors.passkeys_possible).then(|| {
        let text =
            "Browsers bind passkeys to a name, and the address of this portal is of numbers.";
        view! { <p class="muted">{text}</p> }
    });
    let empty = factors.passkeys.is_empty().then(|| {
        let text = "A passkey is kept by your browser, your phone or a security key, and opens with a finger, your face or a PIN.";
        view! { <EmptyState glyph=Glyph::Key title="No passkey yet" text /> }.into_any()
    });
    let dialogs = factors
        .passkeys
        .iter()
        .filter(|_| is_open)
        .map(dialogs)
        .collect_view();
    let rows = factors
        .passkeys
        .into_iter()
        .map(|key| row(key, is_open))
        .collect_view();
    view! {
        <Section title="Passkeys" id="passkeys">
            <div class="stack-tight">
                <Table label="Your passkeys" columns=COLUMNS.to_vec() query empty>{rows}</Table>
                {hindered}
                {add}
                {dialogs}
            </div>
        </Section>
    }
}

fn row(key: PasskeyView, is_open: bool) -> impl IntoView {
    let used = match key.used_at {
        Some(at) => view! { <Time at /> }.into_any(),
        None => "never".into_any(),
    };
    let buttons = is_open.then(|| {
        let (of, away) = (format!(" {}", key.name), format!(" {}", key.name));
        view! {
            <div class="row">
                <DialogButton dialog=format!("rename-{}", key.id) small=true>
                    "Rename" <span class="visually-hidden">{of}</span>
                </DialogButton>
                <DialogButton dialog=format!("remove-{}", key.id) kind=Kind::Danger small=true>
                    "Remove" <span class="visually-hidden">{away}</span>
                </DialogButton>
            </div>
        }
    });
    view! {
        <tr>
            <Cell><span class="strong">{key.name}</span></Cell>
            <Cell label="Added"><Time at=key.created_at /></Cell>
            <Cell label="Last used">{used}</Cell>
            <Cell>{buttons}</Cell>
        </tr>
    }
}

fn dialogs(key: &PasskeyView) -> AnyView {
    let (id, name) = (key.id.to_string(), key.name.clone());
    let (rename, remove) = (format!("rename-{}", key.id), format!("remove-{}", key.id));
    let (form, field) = (format!("{rename}-form"), format!("name-{}", key.id));
    let title = format!("Rename {}", key.name);
    let foot = view! { <SubmitButton kind=Kind::Primary form=form.clone()>"Rename"</SubmitButton> }
        .into_any();
    view! {
        <Dialog id=rename title foot>
            <PostForm id=form action=PasskeyRename::url()>
                <Hidden name="id" value=id />
                <div class="field">
                    <label for=field.clone()>"Name"</label>
                    <input class="input" id=field name="name" value=name maxlength=60 required=true autocomplete="off" />
                </div>
            </PostForm>
        </Dialog>
        <ConfirmForm
            id=remove
            title=format!("Remove {}?", key.name)
            action=PasskeyRemove::url()
            fields=vec![("id", key.id.to_string())]
            verb="Remove the passkey"
        >
            <p>"It signs nobody in any more. Your device keeps its half until you delete it there."</p>
        </ConfirmForm>
    }
    .into_any()
}

#[component]
fn RecoveryCodes(factors: FactorsView) -> impl IntoView {
    let text = match factors.recovery_left {
        _ if !factors.is_asked() => {
            "They stand in for a lost app or passkey. Set up one of those first.".to_owned()
        }
        0 => "You have none.".to_owned(),
        left => format!("{left} of {RECOVERY_CODES} are left. Each is good for one sign-in."),
    };
    let make = (factors.is_asked() && factors.open_until.is_some()).then(|| {
        let kind = if factors.recovery_left == 0 {
            Kind::Primary
        } else {
            Kind::Plain
        };
        view! {
            <PostForm action=NEW_CODES class="inline">
                <SubmitButton kind>"Make new recovery codes"</SubmitButton>
            </PostForm>
        }
    });
    view! {
        <Section title="Recovery codes" id="recovery">
            <div class="stack-tight"><p class="muted">{text}</p> {make}</div>
        </Section>
    }
}

/// Whether the caller's factors can be changed now; a page that changes them leads back to where they are listed when
/// not.
pub(super) async fn is_open() -> Result<bool, crate::refusal::Refusal> {
    let factors = ssr::services()?
        .factor_list(&ssr::op()?, super::session())
        .await;
    let is_open = match factors {
        Ok(factors) => factors.open_until.is_some(),
        Err(error) => {
            let refusal = crate::refusal::Refusal::from(error);
            if refusal.0.code != Code::ResourceNotFound {
                return Err(refusal);
            }
            false
        }
    };
    if !is_open {
        ssr::lead_to(super::factor::FACTORS);
    }
    Ok(is_open)
}

/// The way back from a page that changes a factor.
pub(super) fn crumbs() -> Vec<crate::ui::Crumb> {
    vec![crate::ui::Crumb::new(super::factor::FACTORS, TITLE)]
}
