//! Organisations, made by the operator at the console.

use domain::Problem;
use domain::rbac::BUILT_IN;
use services::identity::{NewAccount, NewTenant};
use services::{Services, SystemIds};

use crate::config::Config;
use crate::demo::new_password;
use crate::{Failure, serve};

/// Makes an organisation with a subscription and an owner, and tells how the owner signs in. The server may run
/// meanwhile.
///
/// # Errors
/// When a use case refuses, with its sentence.
pub(crate) async fn add(
    config: &Config,
    name: String,
    domain: String,
    owner: &str,
) -> Result<(), Failure> {
    serve::make_data_folder(config)?;
    let services = serve::compose(config).await?;
    let told = make(&services, name, domain, owner).await;
    services.store().clone().close().await?;
    println!("{}", told?);
    Ok(())
}

/// Gives an organisation a further domain. The operator's word is the proof.
///
/// # Errors
/// When there is no such organisation, or a use case refuses, with its sentence.
pub(crate) async fn domain(config: &Config, tenant: &str, domain: &str) -> Result<(), Failure> {
    let services = serve::compose(config).await?;
    let added = async {
        let tenant = services
            .tenant_find(tenant)
            .await?
            .ok_or_else(|| Problem::not_found("The organisation"))?;
        let context = services.system(tenant.id, "console");
        services.domain_add(&context, domain).await
    };
    let added = added.await;
    services.store().clone().close().await?;
    println!("domain        {}", added?.name);
    Ok(())
}

async fn make(
    services: &Services,
    name: String,
    domain: String,
    owner: &str,
) -> Result<String, Failure> {
    let tenant = services.tenant_create(NewTenant { name, domain }).await?;
    let context = services.system(tenant.id, "console");
    let subscription = services.subscription_create(&context, &tenant.name).await?;
    let (user_name, password) = (
        format!("{owner}@{}", tenant.domain),
        new_password(&SystemIds),
    );
    let new = NewAccount {
        display_name: owner.to_owned(),
        user_name: user_name.clone(),
        password: password.clone(),
    };
    let person = services.account_create(&context, new).await?;
    let role = BUILT_IN.iter().find(|role| role.name == "Owner");
    let role = role.ok_or("the role of owners is not built in")?.id;
    services
        .role_assignment_create(&context, services.new_id(), "/", person.id, role)
        .await?;
    Ok(format!(
        "tenant        {}\nsubscription  {}\nowner         {user_name}\npassword      {password}",
        tenant.id, subscription.id
    ))
}
