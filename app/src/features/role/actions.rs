//! What is done with roles.

use leptos::prelude::*;
use uuid::Uuid;

use crate::refusal::Refusal;

/// Patterns and ids as people type them, one a line.
#[cfg(feature = "ssr")]
fn lines(text: &str) -> Vec<String> {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.map(str::to_owned).collect()
}

/// Defines a role, or changes the one of this id.
#[server(prefix = "/fn", endpoint = "role/put")]
pub async fn role_put(
    #[server(default)] id: Option<Uuid>,
    name: String,
    #[server(default)] description: String,
    #[server(default)] actions: String,
    #[server(default)]
    #[server(rename = "notActions")]
    not_actions: String,
    #[server(default)]
    #[server(rename = "assignableScopes")]
    assignable_scopes: String,
) -> Result<(), Refusal> {
    use domain::rbac::RoleInput;

    use crate::ssr;
    ssr::act(async {
        let services = ssr::services()?;
        let input = RoleInput {
            name,
            description,
            actions: lines(&actions),
            not_actions: lines(&not_actions),
            assignable_scopes: lines(&assignable_scopes),
        };
        let id = id.unwrap_or_else(|| services.new_id());
        let put = services.role_put(&ssr::op()?, id, input).await?;
        let verb = if put.created {
            "is defined"
        } else {
            "was changed"
        };
        ssr::done(
            "/admin/roles",
            &format!("The role “{}” {verb}.", put.value.name),
        );
        Ok(())
    })
    .await
}

/// Deletes a role that nobody has.
#[server(prefix = "/fn", endpoint = "role/delete")]
pub async fn role_delete(id: Uuid) -> Result<(), Refusal> {
    use crate::ssr;
    ssr::act(async {
        let role = ssr::services()?.role_delete(&ssr::op()?, id).await?;
        ssr::done(
            "/admin/roles",
            &format!("The role “{}” was deleted.", role.name),
        );
        Ok(())
    })
    .await
}
