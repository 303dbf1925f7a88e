//! The demo organisation: made once, through the same use cases as everybody's, and told at every start.

mod accounts;

use std::collections::BTreeMap;
use std::path::Path;

use domain::gallery::GalleryInput;
use domain::plan::PlanInput;
use domain::rbac::BUILT_IN;
use domain::tenant::{Precondition, ResourceGroupInput};
use domain::{Code, OpContext, PageRequest, Problem, ResourceId};
use services::identity::{NewAccount, NewTenant};
use services::{Error, Ids, Services};
use uuid::Uuid;

use accounts::{DOMAIN, PEOPLE, Person, Scope, read_passwords, write_private};

use crate::Failure;
use crate::config::Config;

pub(crate) use accounts::{Accounts, new_password};

const REGION: &str = "westeurope";
const FILE: &str = "demo-accounts.txt";

/// Makes what is missing of the demo organisation.
///
/// # Errors
/// When a use case refuses, or the file of passwords can't be written.
pub(crate) async fn make(
    services: &Services,
    config: &Config,
    ids: &dyn Ids,
) -> Result<Accounts, Failure> {
    let tenant = match services.tenant_find(DOMAIN).await? {
        Some(tenant) => tenant,
        None => {
            let new = NewTenant {
                name: "Contoso School".to_owned(),
                domain: DOMAIN.to_owned(),
            };
            services.tenant_create(new).await?
        }
    };
    let context = services.system(tenant.id, "demo");
    let group = make_resources(services, config, &context).await?;
    make_people(services, config, &context, &group, ids).await
}

/// Subscription, resource group, gallery and lab plan; gives the resource group.
async fn make_resources(
    services: &Services,
    config: &Config,
    context: &OpContext,
) -> Result<ResourceId, Failure> {
    let regions = &services.settings().regions;
    let region = if regions.find(REGION).is_some() {
        REGION
    } else {
        &config.regions[0].name
    };
    let subscription = match services
        .subscription_list(context)
        .await?
        .into_iter()
        .next()
    {
        Some(subscription) => subscription,
        None => {
            services
                .subscription_create(context, "Contoso labs")
                .await?
        }
    };
    let group = ResourceId::resource_group(&subscription.id.to_string(), "rg-labs");
    if is_missing(services.resource_group_get(context, &group).await)? {
        let input = ResourceGroupInput {
            location: region.to_owned(),
            ..ResourceGroupInput::default()
        };
        services.resource_group_put(context, &group, input).await?;
    }
    let gallery = group.provider("Microsoft.Compute", "galleries", "demo_gallery");
    if is_missing(services.gallery_get(context, &gallery).await)? {
        let description = "Images of the demo's labs.".to_owned();
        let input = GalleryInput {
            location: region.to_owned(),
            description,
            ..GalleryInput::default()
        };
        services
            .gallery_put(context, &gallery, input, Precondition::MustNotExist)
            .await?;
    }
    let plan = group.provider("Microsoft.LabServices", "labPlans", "science");
    if is_missing(services.plan_get(context, &plan).await)? {
        let input = PlanInput {
            location: region.to_owned(),
            allowed_regions: regions
                .in_geography_of(region)
                .into_iter()
                .map(|r| r.name.clone())
                .collect(),
            gallery: Some(gallery),
            ..PlanInput::default()
        };
        services
            .plan_put(context, &plan, input, Precondition::MustNotExist)
            .await?;
    }
    Ok(group)
}

/// Whether a look-up found nothing; other refusals are failures.
fn is_missing<T>(found: services::Result<T>) -> Result<bool, Error> {
    match found {
        Ok(_) => Ok(false),
        Err(Error::Problem(Problem {
            code: Code::ResourceNotFound,
            ..
        })) => Ok(true),
        Err(error) => Err(error),
    }
}

/// People with passwords and roles. The file is written before the accounts: a password is never set and then lost.
async fn make_people(
    services: &Services,
    config: &Config,
    context: &OpContext,
    group: &ResourceId,
    ids: &dyn Ids,
) -> Result<Accounts, Failure> {
    let file = config.in_data(Path::new(FILE));
    let mut passwords = read_passwords(&file);
    let fresh: Vec<&Person> = PEOPLE
        .iter()
        .filter(|person| !passwords.contains_key(&person.user_name()))
        .collect();
    for person in &fresh {
        passwords.insert(person.user_name(), new_password(ids));
    }
    let accounts = Accounts { file, passwords };
    if !fresh.is_empty() {
        write_private(&accounts.file, &format!("{accounts}\n"))?;
    }
    let known = principals(services, context).await?;
    for person in &PEOPLE {
        let user_name = person.user_name();
        let password = accounts
            .passwords
            .get(&user_name)
            .cloned()
            .unwrap_or_default();
        let principal = match known.get(&user_name) {
            Some(id) => {
                if fresh.iter().any(|other| other.name == person.name) {
                    services
                        .account_password_set(context, *id, &password)
                        .await?;
                }
                *id
            }
            None => {
                let new = NewAccount {
                    display_name: person.title.to_owned(),
                    user_name,
                    password,
                };
                services.account_create(context, new).await?.id
            }
        };
        if let Some((role, scope)) = person.role {
            let scope = if scope == Scope::Tenant {
                "/"
            } else {
                group.as_str()
            };
            give_role(services, context, principal, role, scope).await?;
        }
    }
    Ok(accounts)
}

async fn principals(
    services: &Services,
    context: &OpContext,
) -> Result<BTreeMap<String, Uuid>, Error> {
    let page = PageRequest {
        limit: 1000,
        filter: Some(DOMAIN.to_owned()),
        ..PageRequest::default()
    };
    let found = services.principal_list(context, &page).await?.items;
    Ok(found
        .into_iter()
        .map(|principal| (principal.user_name.to_lowercase(), principal.id))
        .collect())
}

async fn give_role(
    services: &Services,
    context: &OpContext,
    principal: Uuid,
    role: &str,
    scope: &str,
) -> Result<(), Failure> {
    let role = BUILT_IN
        .iter()
        .find(|known| known.name == role)
        .ok_or("a role of the demo is not built in")?;
    let held = services.role_assignment_list(context, scope).await?;
    if !held
        .iter()
        .any(|held| held.principal.id == principal && held.role == role.id && !held.inherited)
    {
        services
            .role_assignment_create(context, services.new_id(), scope, principal, role.id)
            .await?;
    }
    Ok(())
}
