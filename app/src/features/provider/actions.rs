//! What is done with providers. A test sign-in leads elsewhere and begins beside the sign-in itself.

use leptos::prelude::*;
use uuid::Uuid;

use super::form::ProviderForm;
use crate::refusal::Refusal;

/// Adds a provider, shut at first.
#[server(prefix = "/fn", endpoint = "provider/create")]
pub async fn provider_create(#[server(flatten)] form: ProviderForm) -> Result<(), Refusal> {
    use crate::ssr;
    ssr::act(async {
        let made = ssr::services()?
            .provider_create(&ssr::op()?, form.read())
            .await?;
        ssr::done(
            &format!("/admin/providers/{}", made.id),
            &format!(
                "“{}” was added. Test the sign-in, then enable it.",
                made.name
            ),
        );
        Ok(())
    })
    .await
}

/// Changes a provider.
#[server(prefix = "/fn", endpoint = "provider/update")]
pub async fn provider_update(
    id: Uuid,
    #[server(flatten)] form: ProviderForm,
) -> Result<(), Refusal> {
    use crate::ssr;
    ssr::act(async {
        let now = ssr::services()?
            .provider_update(&ssr::op()?, id, form.read())
            .await?;
        let sentence = if now.tested_at.is_some() {
            "The provider was changed."
        } else {
            "The provider was changed. Test the sign-in anew, then enable it."
        };
        ssr::done(&format!("/admin/providers/{id}"), sentence);
        Ok(())
    })
    .await
}

/// Opens a provider for sign-in, or shuts it.
#[server(prefix = "/fn", endpoint = "provider/enable")]
pub async fn provider_enable(id: Uuid, #[server(default)] enabled: bool) -> Result<(), Refusal> {
    use crate::ssr;
    ssr::act(async {
        let now = ssr::services()?
            .provider_enable(&ssr::op()?, id, enabled)
            .await?;
        let may = if now.enabled {
            "People can sign in there now."
        } else {
            "Nobody can sign in there any more."
        };
        ssr::done(&format!("/admin/providers/{id}"), may);
        Ok(())
    })
    .await
}

/// Removes a provider.
#[server(prefix = "/fn", endpoint = "provider/delete")]
pub async fn provider_delete(id: Uuid) -> Result<(), Refusal> {
    use crate::ssr;
    ssr::act(async {
        ssr::services()?.provider_delete(&ssr::op()?, id).await?;
        ssr::done("/admin?tab=providers", "The provider was removed.");
        Ok(())
    })
    .await
}

/// Lets a value of the group claim make members of a group.
#[server(prefix = "/fn", endpoint = "group_claim/add")]
pub async fn group_claim_add(provider: Uuid, value: String, group: Uuid) -> Result<(), Refusal> {
    use crate::ssr;
    ssr::act(async {
        ssr::services()?
            .group_claim_add(&ssr::op()?, provider, &value, group)
            .await?;
        ssr::done(
            &format!("/admin/providers/{provider}"),
            "It counts from each person’s next sign-in on.",
        );
        Ok(())
    })
    .await
}

/// Forgets a value of the group claim.
#[server(prefix = "/fn", endpoint = "group_claim/remove")]
pub async fn group_claim_remove(provider: Uuid, id: Uuid) -> Result<(), Refusal> {
    use crate::ssr;
    ssr::act(async {
        ssr::services()?
            .group_claim_remove(&ssr::op()?, provider, id)
            .await?;
        ssr::done(
            &format!("/admin/providers/{provider}"),
            "The rule is gone; who is a member stays one.",
        );
        Ok(())
    })
    .await
}
