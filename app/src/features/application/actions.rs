//! What is done with applications. Secrets are made elsewhere, because the answer itself shows them.

use leptos::prelude::*;
use uuid::Uuid;

use crate::refusal::Refusal;

/// The page of an application, or a part of it.
#[cfg(feature = "ssr")]
fn address(id: Uuid, tab: &str) -> String {
    format!("/admin/applications/{id}?tab={tab}")
}

/// Addresses as people type them, one a line.
#[cfg(feature = "ssr")]
fn lines(text: &str) -> Vec<String> {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.map(str::to_owned).collect()
}

/// Registers an application, with its service principal here.
#[server(prefix = "/fn", endpoint = "application/create")]
pub async fn application_create(
    #[server(rename = "displayName")] display_name: String,
    #[server(default)]
    #[server(rename = "multiTenant")]
    multi_tenant: bool,
) -> Result<(), Refusal> {
    use domain::application::ApplicationInput;

    use crate::ssr;
    ssr::act(async {
        let input = ApplicationInput {
            display_name,
            multi_tenant,
            ..ApplicationInput::default()
        };
        let made = ssr::services()?
            .application_create(&ssr::op()?, input, true)
            .await?;
        ssr::done(
            &address(made.id, "credentials"),
            "The application is registered. Give it a secret or a certificate, then a role.",
        );
        Ok(())
    })
    .await
}

/// Changes what an application was registered with.
#[server(prefix = "/fn", endpoint = "application/update")]
pub async fn application_update(
    id: Uuid,
    #[server(rename = "displayName")] display_name: String,
    #[server(default)]
    #[server(rename = "multiTenant")]
    multi_tenant: bool,
    #[server(default)]
    #[server(rename = "publicClient")]
    public_client: bool,
    #[server(default)]
    #[server(rename = "redirectUris")]
    redirect_uris: String,
) -> Result<(), Refusal> {
    use domain::application::ApplicationInput;

    use crate::ssr;
    ssr::act(async {
        let input = ApplicationInput {
            display_name,
            multi_tenant,
            public_client,
            redirect_uris: lines(&redirect_uris),
        };
        ssr::services()?
            .application_update(&ssr::op()?, id, input)
            .await?;
        ssr::done(&address(id, "settings"), "The changes hold from now on.");
        Ok(())
    })
    .await
}

/// Deletes an application.
#[server(prefix = "/fn", endpoint = "application/delete")]
pub async fn application_delete(id: Uuid) -> Result<(), Refusal> {
    use crate::ssr;
    ssr::act(async {
        ssr::services()?.application_delete(&ssr::op()?, id).await?;
        ssr::done(
            "/admin?tab=applications",
            "The application was deleted; it can sign in nowhere any more.",
        );
        Ok(())
    })
    .await
}

/// Adds a certificate to an application.
#[server(prefix = "/fn", endpoint = "application/certificate_add")]
pub async fn application_certificate_add(
    id: Uuid,
    #[server(default)]
    #[server(rename = "certificateName")]
    name: String,
    certificate: String,
) -> Result<(), Refusal> {
    use crate::ssr;
    ssr::act(async {
        ssr::services()?
            .application_certificate_add(&ssr::op()?, id, &name, &certificate)
            .await?;
        ssr::done(
            &address(id, "credentials"),
            "The application can sign in with this certificate.",
        );
        Ok(())
    })
    .await
}

/// Trusts the tokens of another issuer for an application.
#[server(prefix = "/fn", endpoint = "application/federated_add")]
pub async fn application_federated_add(
    id: Uuid,
    #[server(rename = "federatedName")] name: String,
    issuer: String,
    subject: String,
    audience: String,
) -> Result<(), Refusal> {
    use domain::application::FederatedInput;

    use crate::ssr;
    ssr::act(async {
        let input = FederatedInput {
            display_name: name,
            issuer,
            subject,
            audience,
        };
        ssr::services()?
            .application_federated_add(&ssr::op()?, id, input)
            .await?;
        ssr::done(
            &address(id, "credentials"),
            "Tokens of that issuer and subject sign the application in.",
        );
        Ok(())
    })
    .await
}

/// Deletes a credential of an application.
#[server(prefix = "/fn", endpoint = "application/credential_delete")]
pub async fn application_credential_delete(id: Uuid, credential: Uuid) -> Result<(), Refusal> {
    use crate::ssr;
    ssr::act(async {
        ssr::services()?
            .application_credential_delete(&ssr::op()?, id, credential)
            .await?;
        ssr::done(
            &address(id, "credentials"),
            "The credential was deleted; whoever still uses it can’t sign in any more.",
        );
        Ok(())
    })
    .await
}

/// Sends an application of another organisation away.
#[server(prefix = "/fn", endpoint = "service_principal/delete")]
pub async fn service_principal_delete(id: Uuid) -> Result<(), Refusal> {
    use crate::ssr;
    ssr::act(async {
        ssr::services()?
            .service_principal_delete(&ssr::op()?, id)
            .await?;
        ssr::done(
            "/admin?tab=applications",
            "The application has no place here any more; its roles went with it.",
        );
        Ok(())
    })
    .await
}

/// Lets a program that showed a code act for the person, or refuses it.
#[server(prefix = "/fn", endpoint = "device/decide")]
pub async fn device_decide(code: String, agrees: bool) -> Result<(), Refusal> {
    use crate::ssr;
    ssr::act(async {
        ssr::services()?
            .device_decide(&ssr::op()?, &code, agrees)
            .await?;
        let sentence = if agrees {
            "Your program is signed in. You can close this page."
        } else {
            "The program was refused."
        };
        ssr::done("/device", sentence);
        Ok(())
    })
    .await
}
