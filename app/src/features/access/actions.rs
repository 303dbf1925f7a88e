//! Giving and taking roles.

use leptos::prelude::*;
use uuid::Uuid;

use crate::refusal::Refusal;

/// Gives a role at a scope to whom the user name belongs; leads back to the page `from`.
#[server(prefix = "/fn", endpoint = "role_assignment/create")]
pub async fn role_assignment_create(
    scope: String,
    principal: String,
    role: Uuid,
    #[server(default)] from: String,
) -> Result<(), Refusal> {
    use super::queries;
    use crate::ssr;
    ssr::act(async {
        let (services, op) = (ssr::services()?, ssr::op()?);
        let who = queries::principal(&services, &op, &principal).await?;
        let given = services
            .role_assignment_create(&op, services.new_id(), &scope, who.id, role)
            .await?
            .value;
        ssr::done(
            &from,
            &format!("{} now has the role {}.", who.display_name, given.role_name),
        );
        Ok(())
    })
    .await
}

/// Takes a role away; leads back to the page `from`.
#[server(prefix = "/fn", endpoint = "role_assignment/delete")]
pub async fn role_assignment_delete(
    id: Uuid,
    #[server(default)] from: String,
) -> Result<(), Refusal> {
    use crate::ssr;
    ssr::act(async {
        ssr::services()?
            .role_assignment_delete(&ssr::op()?, id)
            .await?;
        ssr::done(&from, "The role was taken away.");
        Ok(())
    })
    .await
}
