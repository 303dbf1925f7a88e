//! The people, groups and programs of the organisation.

use crate::ssr::Services;
use domain::OpContext;
use domain::rbac::Action;
use domain::tenant::{PrincipalKind, PrincipalView};
use leptos::prelude::*;

use super::actions::{
    AccountCreate, AccountPasswordSet, FactorReset, GroupCreate, PrincipalEnable,
};
use crate::features::access::{glyph, kind};
use crate::refusal::Refusal;
use crate::ui::{
    Badge, Card, Cell, Column, ConfirmForm, Dialog, DialogButton, EmptyState, FormErrors,
    FormState, Glyph, Hidden, Icon, Kind, Pager, PostForm, Query, ServerFn as _, StateDot,
    SubmitButton, Table, TextInput, Tone, Toolbar,
};

const COLUMNS: [Column; 4] = [
    Column::new("displayName", "Name").sortable(),
    Column::new("kind", "Kind").sortable(),
    Column::new("state", "Sign-in"),
    Column::new("actions", "Actions").hidden(),
];

/// The list, and for those who may the form that adds a person.
pub(super) async fn load(
    services: &Services,
    op: &OpContext,
    query: &Query,
) -> Result<AnyView, Refusal> {
    let people = services.principal_list(op, &query.page_request()).await?;
    let may_write = op.may(Action::PrincipalWrite, "/");
    let empty = people.items.is_empty().then(|| {
        let text = "Search for another part of the user name.";
        view! { <EmptyState glyph=Glyph::Search title="Nobody’s user name has this in it" text /> }
            .into_any()
    });
    let foot = {
        let (shown, total, next) = (people.items.len(), people.total, people.next);
        view! { <Pager query=query.clone() shown total next one="person" what="people, groups and programs" /> }
            .into_any()
    };
    let ids: Vec<_> = people.items.iter().map(|who| who.id).collect();
    let secured = services.factor_holders(op, &ids).await?;
    let own = op.caller.principal;
    let changes = |who: &PrincipalView| may_write && who.id != own;
    let dialogs = people
        .items
        .iter()
        .filter(|who| changes(who))
        .map(|who| dialogs(who, secured.contains(&who.id)))
        .collect_view();
    let rows = people
        .items
        .into_iter()
        .map(|who| row(changes(&who), who.id == own, secured.contains(&who.id), who))
        .collect_view();
    let (enabling, password, factor) = (
        FormState::of::<PrincipalEnable>(),
        FormState::of::<AccountPasswordSet>(),
        FormState::of::<FactorReset>(),
    );
    let adding = may_write.then(FormState::of::<AccountCreate>);
    let list = view! {
        <FormErrors state=enabling />
        <FormErrors state=password />
        <FormErrors state=factor />
        <Toolbar query=query.clone() search="Find a user name" />
        <Table label="People, groups and programs" columns=COLUMNS.to_vec() query=query.clone() empty foot>
            {rows}
        </Table>
        {dialogs}
    };
    Ok(view! {
        <div class="columns">
            <div>{list}</div>
            {adding.map(|state| view! { <div class="stack"><AddPerson state /> <AddGroup /></div> })}
        </div>
    }
    .into_any())
}

#[component]
fn AddPerson(state: FormState) -> impl IntoView {
    view! {
        <Card title="Add a person" id="add">
            <FormErrors state=state.clone() />
            <PostForm action=AccountCreate::url()>
                <TextInput name="displayName" label="Name" value=state.value("displayName") error=state.error("displayName") maxlength=100 />
                <TextInput
                    name="userName"
                    label="User name"
                    kind="email"
                    value=state.value("userName")
                    error=state.error("userName")
                    hint="An e-mail address in the organisation’s domain."
                    maxlength=200
                />
                <TextInput
                    name="password"
                    label="First password"
                    kind="password"
                    autocomplete="new-password"
                    error=state.error("password")
                    hint="8 to 72 characters, with three of: lower case, upper case, digit, other sign."
                />
                <div class="form-actions">
                    <SubmitButton kind=Kind::Primary>"Add person"</SubmitButton>
                </div>
            </PostForm>
        </Card>
    }
    .into_any()
}

#[component]
fn AddGroup() -> impl IntoView {
    let state = FormState::of::<GroupCreate>();
    let error = state
        .error("displayName")
        .or_else(|| state.error("userName"));
    view! {
        <Card title="Add a group" id="add-group">
            <FormErrors state=state.clone() />
            <PostForm action=GroupCreate::url()>
                // Its own id: a person's name stands on the same page.
                <div class="field">
                    <label for="group-name">"Group name"</label>
                    <input
                        class="input"
                        id="group-name"
                        name="displayName"
                        value=state.value("displayName")
                        maxlength=100
                        required=true
                        autocomplete="off"
                        aria-invalid=error.is_some().then_some("true")
                    />
                    {error.map(|text| view! { <p class="error">{text}</p> })}
                </div>
                <div class="form-actions">
                    <SubmitButton>"Add group"</SubmitButton>
                </div>
            </PostForm>
        </Card>
    }
    .into_any()
}

fn row(may_change: bool, is_self: bool, is_secured: bool, who: PrincipalView) -> impl IntoView {
    let state = if who.enabled {
        view! { <StateDot tone=Tone::Ok label="Allowed" /> }
    } else {
        view! { <StateDot label="Barred" /> }
    };
    let buttons = may_change.then(|| {
        let (of, to) = (format!(" {}", who.display_name), format!(" for {}", who.display_name));
        let change = if who.enabled {
            view! {
                <DialogButton dialog=format!("bar-{}", who.id) kind=Kind::Danger small=true>
                    "Bar" <span class="visually-hidden">{of}</span>
                </DialogButton>
            }
            .into_any()
        } else {
            view! {
                <PostForm action=PrincipalEnable::url() class="inline">
                    <Hidden name="id" value=who.id.to_string() />
                    <Hidden name="enabled" value="true" />
                    <SubmitButton small=true>"Allow" <span class="visually-hidden">{of}</span></SubmitButton>
                </PostForm>
            }
            .into_any()
        };
        let password = has_password(&who).then(|| {
            view! {
                <DialogButton dialog=format!("password-{}", who.id) small=true>
                    "New password" <span class="visually-hidden">{to}</span>
                </DialogButton>
            }
        });
        let whose = format!(" of {}", who.display_name);
        let factor = is_secured.then(|| {
            view! {
                <DialogButton dialog=format!("factor-{}", who.id) small=true>
                    "Remove second factor" <span class="visually-hidden">{whose}</span>
                </DialogButton>
            }
        });
        view! { <div class="row">{password} {factor} {change}</div> }
    });
    let secured =
        is_secured.then(|| view! { <span class="cell-note">"with a second factor"</span> });
    let (icon, name) = (glyph(who.kind), name(&who));
    let from = who
        .comes_from
        .clone()
        .map(|place| view! { <span class="cell-note">{format!("from {place}")}</span> });
    view! {
        <tr>
            <Cell>
                <span class="with-icon">
                    <Icon glyph=icon /> {name}
                    {is_self.then(|| view! { <Badge tone=Tone::Accent>"You"</Badge> })}
                </span>
                <span class="cell-note">{who.user_name}</span>
            </Cell>
            <Cell label="Kind">{kind(who.kind)}</Cell>
            <Cell label="Sign-in">{state} {from} {secured}</Cell>
            <Cell>{buttons}</Cell>
        </tr>
    }
}

/// Whether it has an account at the built-in issuer here.
fn has_password(who: &PrincipalView) -> bool {
    who.kind == PrincipalKind::User && who.comes_from.is_none()
}

/// The name; a group's leads to its members.
fn name(who: &PrincipalView) -> AnyView {
    let text = who.display_name.clone();
    if who.kind == PrincipalKind::Group {
        view! { <a class="strong" href=format!("/admin/groups/{}", who.id)>{text}</a> }.into_any()
    } else {
        view! { <span class="strong">{text}</span> }.into_any()
    }
}

/// What asks before somebody is shut out or loses their second factor, and for a new password.
fn dialogs(who: &PrincipalView, is_secured: bool) -> AnyView {
    let bar = who
        .enabled
        .then(|| bar(who.id.to_string(), &who.display_name));
    let password = has_password(who).then(|| password(who.id.to_string(), &who.display_name));
    let factor = is_secured.then(|| factor(who.id.to_string(), &who.display_name));
    view! { {bar} {password} {factor} }.into_any()
}

fn factor(who: String, name: &str) -> AnyView {
    view! {
        <ConfirmForm
            id=format!("factor-{who}")
            title=format!("Remove the second factor of {name}?")
            action=FactorReset::url()
            fields=vec![("principal", who)]
            verb="Remove second factor"
        >
            <p>"Their app, passkeys and recovery codes count no more, and the password alone is asked for. Make sure that it is they who ask."</p>
        </ConfirmForm>
    }
    .into_any()
}

fn bar(who: String, name: &str) -> AnyView {
    let (id, title) = (format!("bar-{who}"), format!("Bar {name} from signing in?"));
    let form = format!("{id}-form");
    let foot = view! { <SubmitButton kind=Kind::DangerSolid form=form.clone()>"Bar from signing in"</SubmitButton> }.into_any();
    view! {
        <Dialog id title foot>
            <p>"All their sessions end at once and their tokens count no more. Labs and images stay; you can allow them again at any time."</p>
            <PostForm id=form action=PrincipalEnable::url()>
                <Hidden name="id" value=who />
            </PostForm>
        </Dialog>
    }
    .into_any()
}

fn password(who: String, name: &str) -> AnyView {
    let (id, field, title) = (
        format!("password-{who}"),
        format!("new-{who}"),
        format!("New password for {name}"),
    );
    let form = format!("{id}-form");
    let foot = view! { <SubmitButton kind=Kind::Primary form=form.clone()>"Set the password"</SubmitButton> }.into_any();
    view! {
        <Dialog id title foot>
            <PostForm id=form action=AccountPasswordSet::url()>
                <Hidden name="principal" value=who />
                <div class="field">
                    <label for=field.clone()>"New password"</label>
                    <input class="input" type="password" id=field name="newPassword" autocomplete="new-password" required=true />
                </div>
                <p class="small muted">"8 to 72 characters, with three of: lower case, upper case, digit, other sign. All their sessions end."</p>
            </PostForm>
        </Dialog>
    }
    .into_any()
}
