//! Objects as the directory writes them.

use chrono::{DateTime, Utc};
use domain::application::{ApplicationView, CredentialKind, CredentialView};
use domain::tenant::{PrincipalKind, PrincipalView};
use serde_json::{Value, json};

/// A principal of any kind, with its type where a list mixes them.
pub(super) fn object(who: &PrincipalView) -> Value {
    let mut object = match who.kind {
        PrincipalKind::User => user(who),
        PrincipalKind::Group => group(who),
        PrincipalKind::ServicePrincipal => service_principal(who),
    };
    let name = match who.kind {
        PrincipalKind::User => "#microsoft.graph.user",
        PrincipalKind::Group => "#microsoft.graph.group",
        PrincipalKind::ServicePrincipal => "#microsoft.graph.servicePrincipal",
    };
    object["@odata.type"] = name.into();
    object
}

/// A person.
pub(super) fn user(who: &PrincipalView) -> Value {
    json!({
        "id": who.id,
        "displayName": who.display_name,
        "userPrincipalName": who.user_name,
        "mail": who.user_name,
        "accountEnabled": who.enabled,
    })
}

/// A group.
pub(super) fn group(who: &PrincipalView) -> Value {
    json!({
        "id": who.id,
        "displayName": who.display_name,
        "mailEnabled": false,
        "securityEnabled": true,
    })
}

/// A service principal; its user name is the application's id.
pub(super) fn service_principal(who: &PrincipalView) -> Value {
    json!({
        "id": who.id,
        "appId": who.user_name,
        "displayName": who.display_name,
        "appDisplayName": who.display_name,
        "accountEnabled": who.enabled,
        "servicePrincipalNames": [who.user_name],
        "servicePrincipalType": "Application",
    })
}

/// An application of the caller's tenant.
pub(super) fn application(of: &ApplicationView) -> Value {
    let audience = if of.input.multi_tenant {
        "AzureADMultipleOrgs"
    } else {
        "AzureADMyOrg"
    };
    let credentials = |kind| of.credentials.iter().filter(move |one| one.kind == kind);
    let secrets: Vec<Value> = credentials(CredentialKind::Secret)
        .map(|one| password(one, None))
        .collect();
    let certificates: Vec<Value> = credentials(CredentialKind::Certificate)
        .map(certificate)
        .collect();
    // Redirect addresses of programs that keep no secret stand apart.
    let (web, public) = if of.input.public_client {
        (Vec::new(), of.input.redirect_uris.clone())
    } else {
        (of.input.redirect_uris.clone(), Vec::new())
    };
    json!({
        "id": of.id,
        "appId": of.app_id,
        "displayName": of.input.display_name,
        "signInAudience": audience,
        "isFallbackPublicClient": of.input.public_client,
        "identifierUris": [],
        "web": { "redirectUris": web },
        "publicClient": { "redirectUris": public },
        "passwordCredentials": secrets,
        "keyCredentials": certificates,
        "createdDateTime": time(of.created_at),
    })
}

/// A secret, with its text where it was just made.
pub(super) fn password(of: &CredentialView, secret: Option<&str>) -> Value {
    json!({
        "keyId": of.id,
        "displayName": of.display_name,
        "hint": of.hint,
        "startDateTime": time(of.created_at),
        "endDateTime": time(of.expires_at),
        "secretText": secret,
    })
}

fn certificate(of: &CredentialView) -> Value {
    json!({
        "keyId": of.id,
        "displayName": of.display_name,
        "customKeyIdentifier": of.hint,
        "type": "AsymmetricX509Cert",
        "usage": "Verify",
        "startDateTime": time(of.created_at),
        "endDateTime": time(of.expires_at),
        "key": null,
    })
}

fn time(at: DateTime<Utc>) -> String {
    at.format("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// A list that is always whole.
pub(super) fn list(rows: impl IntoIterator<Item = Value>) -> Value {
    let rows: Vec<Value> = rows.into_iter().collect();
    json!({ "value": rows })
}
