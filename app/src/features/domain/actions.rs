//! What is done with domains. Proving one asks its web server, and begins beside the sign-in.

use leptos::prelude::*;
use uuid::Uuid;

use crate::refusal::Refusal;

/// Claims a domain.
#[server(prefix = "/fn", endpoint = "domain/add")]
pub async fn domain_add(domain: String) -> Result<(), Refusal> {
    use crate::ssr;
    ssr::act(async {
        let made = ssr::services()?.domain_add(&ssr::op()?, &domain).await?;
        ssr::done(
            "/admin?tab=domains",
            &format!("{} was added. Prove that it is yours.", made.name),
        );
        Ok(())
    })
    .await
}

/// Leads people of a domain to one provider, or to the choice.
#[server(prefix = "/fn", endpoint = "domain/lead")]
pub async fn domain_lead(id: Uuid, #[server(default)] provider: String) -> Result<(), Refusal> {
    use crate::ssr;
    ssr::act(async {
        let provider = match provider.as_str() {
            "" => None,
            text => Some(
                Uuid::parse_str(text)
                    .map_err(|_| domain::Problem::not_found("The identity provider"))?,
            ),
        };
        let now = ssr::services()?
            .domain_lead(&ssr::op()?, id, provider)
            .await?;
        ssr::done(
            "/admin?tab=domains",
            &format!("People of {} are led there now.", now.name),
        );
        Ok(())
    })
    .await
}

/// Gives a domain up.
#[server(prefix = "/fn", endpoint = "domain/remove")]
pub async fn domain_remove(id: Uuid) -> Result<(), Refusal> {
    use crate::ssr;
    ssr::act(async {
        ssr::services()?.domain_remove(&ssr::op()?, id).await?;
        ssr::done("/admin?tab=domains", "The domain was given up.");
        Ok(())
    })
    .await
}
