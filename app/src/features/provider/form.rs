//! A provider as its form sends it, and the fields of that form.

use serde::{Deserialize, Serialize};

/// What of a provider can be set.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct ProviderForm {
    /// `Oidc` or `MultiTenant`.
    pub kind: String,
    pub name: String,
    pub issuer: String,
    pub tid: String,
    pub client_id: String,
    /// Empty keeps the one that is set.
    pub client_secret: String,
    pub scopes: String,
    /// Sent when it is on.
    pub by_domain: String,
    /// Sent when it is on.
    pub by_group: String,
    /// Sent when it is on.
    pub by_invitation: String,
    pub group_claim: String,
    /// A group a line.
    pub allowed_groups: String,
}

impl std::fmt::Debug for ProviderForm {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ProviderForm")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

#[cfg(feature = "ssr")]
mod read {
    use domain::identity::{Admission, ProviderInput, ProviderKind};

    use super::ProviderForm;

    impl ProviderForm {
        /// What the use case takes.
        #[must_use]
        pub fn read(self) -> ProviderInput {
            let groups = self.allowed_groups.lines().map(str::trim);
            ProviderInput {
                kind: ProviderKind::parse(&self.kind).unwrap_or_default(),
                name: self.name,
                issuer: self.issuer,
                tid: self.tid,
                client_id: self.client_id,
                client_secret: Some(self.client_secret),
                scopes: self.scopes,
                admission: Admission {
                    by_domain: !self.by_domain.is_empty(),
                    by_group: !self.by_group.is_empty(),
                    by_invitation: !self.by_invitation.is_empty(),
                    group_claim: self.group_claim,
                    allowed_groups: groups
                        .filter(|group| !group.is_empty())
                        .map(str::to_owned)
                        .collect(),
                },
            }
        }
    }
}

#[cfg(feature = "ssr")]
pub use fields::ProviderFields;

#[cfg(feature = "ssr")]
mod fields {
    use domain::identity::{ProviderKind, ProviderView};
    use leptos::prelude::*;

    use crate::ui::{Checkbox, FormState, Hidden, TextArea, TextInput};

    /// The fields, with what is set now and what was typed before a refusal.
    #[component]
    pub fn ProviderFields(
        kind: ProviderKind,
        /// What is set now; none for a new one.
        of: Option<ProviderView>,
        state: FormState,
    ) -> impl IntoView {
        let has_secret = of.as_ref().is_some_and(|of| of.has_secret);
        let admission = of
            .as_ref()
            .map(|of| of.admission.clone())
            .unwrap_or_default();
        let text =
            |field: &str, set: Option<String>| state.value_or(field, set.unwrap_or_default());
        let name = text("name", of.as_ref().map(|of| of.name.clone()));
        let issuer = text("issuer", of.as_ref().map(|of| of.issuer.clone()));
        let tid = text("tid", of.as_ref().and_then(|of| of.tid.clone()));
        let client_id = text("clientId", of.as_ref().map(|of| of.client_id.clone()));
        let scopes = state.value_or(
            "scopes",
            of.as_ref().map_or("profile email", |of| &of.scopes),
        );
        let group_claim = text("groupClaim", Some(admission.group_claim.clone()));
        let allowed = text("allowedGroups", Some(admission.allowed_groups.join("\n")));
        let secret_hint = if has_secret {
            "A secret is set and never shown. Leave this empty to keep it."
        } else {
            "Leave this empty for a public client. It is never shown again."
        };
        let place = match kind {
            ProviderKind::Oidc => view! {
                <TextInput
                    name="issuer"
                    label="Issuer"
                    kind="url"
                    value=issuer
                    error=state.error("issuer")
                    hint="The address before /.well-known/openid-configuration."
                    placeholder="https://login.school.example"
                    maxlength=300
                />
                <TextInput name="clientId" label="Client ID" value=client_id error=state.error("clientId") maxlength=200 />
                <TextInput
                    name="clientSecret"
                    label="Client secret"
                    kind="password"
                    autocomplete="new-password"
                    hint=secret_hint
                    error=state.error("clientSecret")
                    optional=true
                />
                <TextInput
                    name="tid"
                    label="Organisation ID"
                    value=tid
                    hint="When the issuer serves many organisations: the claim tid must be this one."
                    error=state.error("tid")
                    maxlength=100
                    optional=true
                />
                <TextInput
                    name="scopes"
                    label="Scopes"
                    value=scopes
                    hint="What is asked for besides openid."
                    error=state.error("scopes")
                    maxlength=300
                    optional=true
                />
            }
            .into_any(),
            ProviderKind::MultiTenant => view! {
                <TextInput
                    name="tid"
                    label="Organisation ID"
                    value=tid
                    hint="The claim tid by which the shared issuer tells your people from others."
                    error=state.error("tid")
                    maxlength=100
                />
            }
            .into_any(),
        };
        view! {
            <Hidden name="kind" value=kind.to_string() />
            <TextInput
                name="name"
                label="Name"
                value=name
                error=state.error("name")
                hint="What the button of the sign-in page says."
                maxlength=60
            />
            {place}
            <fieldset class="field">
                <legend>"Let in at the first sign-in"</legend>
                <Checkbox
                    name="byDomain"
                    label="Who has an address in one of our domains"
                    hint="Only when the provider vouches for the address (email_verified)."
                    checked=state.ticked("byDomain", admission.by_domain)
                />
                <Checkbox
                    name="byGroup"
                    label="Who is in one of the groups below"
                    checked=state.ticked("byGroup", admission.by_group)
                />
                <Checkbox
                    name="byInvitation"
                    label="Who follows an invitation"
                    checked=state.ticked("byInvitation", admission.by_invitation)
                />
            </fieldset>
            <TextInput
                name="groupClaim"
                label="Group claim"
                value=group_claim
                hint="The claim that lists a person’s groups, such as groups or realm_access.roles."
                error=state.error("groupClaim")
                maxlength=100
                optional=true
            />
            <TextArea
                name="allowedGroups"
                label="Groups that are let in"
                value=allowed
                hint="A value of the claim on each line."
                error=state.error("allowedGroups")
                rows=3
                optional=true
            />
        }
    }
}
