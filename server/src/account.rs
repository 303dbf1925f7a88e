//! Accounts of the built-in issuer, at the operator's console.

use domain::Problem;
use services::Services;

use crate::config::Config;
use crate::{Failure, serve};

/// Removes the second factor of somebody who lost it. The server may run meanwhile.
///
/// # Errors
/// When there is no such account, or a use case refuses, with its sentence.
pub(crate) async fn reset_factor(config: &Config, email: &str) -> Result<(), Failure> {
    let services = serve::compose(config).await?;
    let removed = reset(&services, email).await;
    services.store().clone().close().await?;
    removed?;
    println!("The second factor of {email} was removed: the password alone is asked for now.");
    Ok(())
}

async fn reset(services: &Services, email: &str) -> Result<(), Failure> {
    let (person, tenant) = services
        .account_find(email)
        .await?
        .ok_or_else(|| Problem::not_found(format!("The account “{email}”")))?;
    let context = services.system(tenant, "console");
    Ok(services.factor_reset(&context, person).await?)
}
