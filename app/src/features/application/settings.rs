//! What an application was registered with.

use domain::application::ApplicationView;
use leptos::prelude::*;

use super::actions::{ApplicationDelete, ApplicationUpdate};
use crate::ui::{
    Card, Checkbox, ConfirmForm, DialogButton, FormErrors, FormState, Hidden, Kind, PostForm,
    ServerFn as _, SubmitButton, TextArea, TextInput,
};

/// The form that changes it and the one that deletes it, or what it is for those who may only look.
pub(super) fn panel(of: ApplicationView, may_write: bool) -> AnyView {
    let addresses = of.input.redirect_uris.join("\n");
    let name = of.input.display_name.clone();
    if !may_write {
        return view! { <p class="muted">"You may look at this application, not change it."</p> }
            .into_any();
    }
    let state = FormState::of::<ApplicationUpdate>();
    let dialog = format!("delete-{}", of.id);
    let deletion = FormState::of::<ApplicationDelete>();
    view! {
        <div class="stack">
            <Card title="Settings">
                <FormErrors state=state.clone() />
                <PostForm action=ApplicationUpdate::url()>
                    <Hidden name="id" value=of.id.to_string() />
                    <TextInput
                        name="displayName"
                        label="Name"
                        value=state.value_or("displayName", of.input.display_name.clone())
                        error=state.error("displayName")
                        maxlength=100
                    />
                    <Checkbox
                        name="multiTenant"
                        label="Other organisations may admit it"
                        hint="Those that did can let it in no more when this is taken back."
                        checked=state.ticked("multiTenant", of.input.multi_tenant)
                    />
                    <Checkbox
                        name="publicClient"
                        label="It runs where it can keep no secret"
                        hint="Such as on people’s own computers; then it signs people in without a secret."
                        checked=state.ticked("publicClient", of.input.public_client)
                    />
                    <TextArea
                        name="redirectUris"
                        label="Redirect addresses"
                        value=state.value_or("redirectUris", addresses)
                        error=state.error("redirectUris")
                        hint="One a line; only where it signs people in. https:// addresses, or http://localhost."
                        optional=true
                    />
                    <div class="form-actions">
                        <SubmitButton kind=Kind::Primary>"Save"</SubmitButton>
                    </div>
                </PostForm>
            </Card>
            <FormErrors state=deletion />
            <div>
                <DialogButton dialog=dialog.clone() kind=Kind::Danger>"Delete the application"</DialogButton>
            </div>
            <ConfirmForm
                id=dialog
                title=format!("Delete {name}?")
                action=ApplicationDelete::url()
                fields=vec![("id", of.id.to_string())]
                verb="Delete the application"
                typed=name
            >
                <p>"Its credentials and its roles here go with it, and it can sign in nowhere any more, at other organisations neither."</p>
            </ConfirmForm>
        </div>
    }
    .into_any()
}
