//! What administrators do.

use leptos::prelude::*;
use uuid::Uuid;

use crate::refusal::Refusal;

/// Creates a person with a password at the built-in issuer.
#[server(prefix = "/fn", endpoint = "account/create")]
pub async fn account_create(
    #[server(rename = "displayName")] display_name: String,
    #[server(rename = "userName")] user_name: String,
    password: String,
) -> Result<(), Refusal> {
    use crate::ssr::NewAccount;

    use crate::ssr;
    ssr::act(async {
        let new = NewAccount {
            display_name,
            user_name,
            password,
        };
        let made = ssr::services()?.account_create(&ssr::op()?, new).await?;
        ssr::done(
            "/admin",
            &format!(
                "{} can sign in now, and has no rights yet.",
                made.display_name
            ),
        );
        Ok(())
    })
    .await
}

/// Lets somebody sign in, or shuts them out at once.
#[server(prefix = "/fn", endpoint = "principal/enable")]
pub async fn principal_enable(id: Uuid, #[server(default)] enabled: bool) -> Result<(), Refusal> {
    use crate::ssr;
    ssr::act(async {
        let who = ssr::services()?
            .principal_enable(&ssr::op()?, id, enabled)
            .await?;
        let may = if who.enabled {
            "may sign in again"
        } else {
            "was signed out, and may not sign in any more"
        };
        ssr::done("/admin", &format!("{} {may}.", who.display_name));
        Ok(())
    })
    .await
}

/// Adds a group, with nobody in it.
#[server(prefix = "/fn", endpoint = "group/create")]
pub async fn group_create(
    #[server(rename = "displayName")] display_name: String,
) -> Result<(), Refusal> {
    use domain::tenant::PrincipalKind;

    use crate::ssr;
    ssr::act(async {
        let new = ssr::NewPrincipal {
            kind: PrincipalKind::Group,
            display_name: display_name.clone(),
            user_name: display_name,
        };
        let made = ssr::services()?.principal_create(&ssr::op()?, new).await?;
        ssr::done(
            &format!("/admin/groups/{}", made.id),
            &format!(
                "The group “{}” is there. Add its members.",
                made.display_name
            ),
        );
        Ok(())
    })
    .await
}

/// Puts a person or program into a group.
#[server(prefix = "/fn", endpoint = "group_member/add")]
pub async fn group_member_add(group: Uuid, member: String) -> Result<(), Refusal> {
    use crate::features::access::principal_named;
    use crate::ssr;
    ssr::act(async {
        let (services, op) = (ssr::services()?, ssr::op()?);
        let who = principal_named(&services, &op, &member).await?;
        services.group_member_set(&op, group, who.id, true).await?;
        ssr::done(
            &format!("/admin/groups/{group}"),
            &format!("{} is a member now.", who.display_name),
        );
        Ok(())
    })
    .await
}

/// Takes a person or program out of a group.
#[server(prefix = "/fn", endpoint = "group_member/remove")]
pub async fn group_member_remove(group: Uuid, member: Uuid) -> Result<(), Refusal> {
    use crate::ssr;
    ssr::act(async {
        ssr::services()?
            .group_member_set(&ssr::op()?, group, member, false)
            .await?;
        ssr::done(
            &format!("/admin/groups/{group}"),
            "They are no member any more.",
        );
        Ok(())
    })
    .await
}

/// Gives an account a new password and ends its sessions.
#[server(prefix = "/fn", endpoint = "account/password_set")]
pub async fn account_password_set(
    principal: Uuid,
    #[server(rename = "newPassword")] new_password: String,
) -> Result<(), Refusal> {
    use crate::ssr;
    ssr::act(async {
        ssr::services()?
            .account_password_set(&ssr::op()?, principal, &new_password)
            .await?;
        ssr::done(
            "/admin",
            "The new password holds from now on; the old sessions are over.",
        );
        Ok(())
    })
    .await
}

/// Removes all second factors of a person.
#[server(prefix = "/fn", endpoint = "factor/reset")]
pub async fn factor_reset(principal: Uuid) -> Result<(), Refusal> {
    use crate::ssr;
    ssr::act(async {
        ssr::services()?
            .factor_reset(&ssr::op()?, principal)
            .await?;
        ssr::done(
            "/admin",
            "The second factor was removed: the password alone is asked for until they set up a new one.",
        );
        Ok(())
    })
    .await
}

/// Creates a resource group in a subscription.
#[server(prefix = "/fn", endpoint = "resource_group/put")]
pub async fn resource_group_put(
    subscription: Uuid,
    name: String,
    location: String,
) -> Result<(), Refusal> {
    use domain::tenant::ResourceGroupInput;
    use domain::{ResourceId, name};

    use crate::ssr;
    ssr::act(async {
        domain::Problem::unless_empty(name::RESOURCE_GROUP.check("name", &name))?;
        let id = ResourceId::resource_group(&subscription.to_string(), &name);
        let input = ResourceGroupInput {
            location,
            ..ResourceGroupInput::default()
        };
        ssr::services()?
            .resource_group_put(&ssr::op()?, &id, input)
            .await?;
        ssr::done(
            "/admin?tab=groups",
            &format!("The resource group “{name}” is there."),
        );
        Ok(())
    })
    .await
}

/// Deletes an empty resource group.
#[server(prefix = "/fn", endpoint = "resource_group/delete")]
pub async fn resource_group_delete(id: String) -> Result<(), Refusal> {
    use crate::features::typed;
    use crate::ssr;
    ssr::act(async {
        let id = typed::resource_id("id", &id)?;
        ssr::services()?
            .resource_group_delete(&ssr::op()?, &id)
            .await?;
        ssr::done(
            "/admin?tab=groups",
            &format!("The resource group “{}” was deleted.", id.name()),
        );
        Ok(())
    })
    .await
}
