//! Applications: programs that sign in for themselves. Rules C9-C13.
//!
//! A registration belongs to one tenant and holds the credentials. In each tenant that admits the application stands
//! a service principal, to which roles are given like to a person; at home it is made together with the registration.

mod certificate;
mod client;
mod consent;
mod credential;
mod directory;
mod registration;

use std::collections::HashMap;

use domain::application::{
    ApplicationInput, ApplicationView, CredentialKind, CredentialView, ServicePrincipalView,
};
use domain::rbac::{Action, allows};
use domain::tenant::PrincipalKind;
use domain::{Caller, Code, OpContext, Problem};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use store::entity::{app_credential, app_registration, principal, tenant};
use uuid::Uuid;

use crate::{Error, Result, Services};

pub use self::certificate::CertificateFacts;
pub use self::client::{ClientView, Program, Proof, ProofKind, SecretVerdict};
pub use self::consent::{Consent, ConsentState};
pub use self::credential::NewSecret;
pub use self::directory::DirectoryQuery;

/// The issuer under which service principals are kept; their subject is the application's id.
pub const APPLICATION_ISSUER: &str = "application";

/// What an activity calls an application.
fn path(app_id: Uuid) -> String {
    format!("/applications/{app_id}")
}

fn view(
    row: app_registration::Model,
    credentials: Vec<app_credential::Model>,
) -> Result<ApplicationView> {
    Ok(ApplicationView {
        id: row.id,
        app_id: row.app_id,
        tenant: row.tenant_id,
        input: ApplicationInput {
            display_name: row.display_name,
            multi_tenant: row.multi_tenant,
            public_client: row.public_client,
            redirect_uris: serde_json::from_value(row.redirect_uris)?,
        },
        created_at: row.created_at,
        created_by: row.created_by,
        credentials: credentials
            .into_iter()
            .map(credential_view)
            .collect::<Result<_>>()?,
    })
}

fn credential_view(row: app_credential::Model) -> Result<CredentialView> {
    let kind = CredentialKind::parse(&row.kind).ok_or_else(|| {
        Error::internal(format!("credential {} is of kind {:?}", row.id, row.kind))
    })?;
    Ok(CredentialView {
        id: row.id,
        kind,
        display_name: row.display_name,
        hint: row.hint,
        created_at: row.created_at,
        expires_at: row.expires_at,
        last_used_at: row.last_used_at,
    })
}

/// The registration of the caller's tenant.
async fn own(
    db: &impl ConnectionTrait,
    ctx: &OpContext,
    id: Uuid,
) -> Result<app_registration::Model> {
    let query = app_registration::Entity::find_by_id(id)
        .filter(app_registration::Column::TenantId.eq(ctx.tenant()));
    let missing = || Problem::not_found("The application");
    Ok(query.one(db).await?.ok_or_else(missing)?)
}

/// The registration of this application id, whoever registered it.
async fn by_app_id(
    db: &impl ConnectionTrait,
    app_id: Uuid,
) -> Result<Option<app_registration::Model>> {
    let query = app_registration::Entity::find().filter(app_registration::Column::AppId.eq(app_id));
    Ok(query.one(db).await?)
}

/// The application's principal in a tenant.
async fn principal_in(
    db: &impl ConnectionTrait,
    tenant: Uuid,
    app_id: Uuid,
) -> Result<Option<principal::Model>> {
    let query = principal::Entity::find()
        .filter(principal::Column::TenantId.eq(tenant))
        .filter(principal::Column::Issuer.eq(APPLICATION_ISSUER))
        .filter(principal::Column::Subject.eq(app_id.to_string()));
    Ok(query.one(db).await?)
}

async fn credentials_of(
    db: &impl ConnectionTrait,
    registration: Uuid,
) -> Result<Vec<app_credential::Model>> {
    Ok(app_credential::Entity::find()
        .filter(app_credential::Column::AppRegistrationId.eq(registration))
        .order_by_desc(app_credential::Column::Id)
        .all(db)
        .await?)
}

/// Refuses what would let the caller act with rights that the application has and the caller has not. Whoever can
/// prove to be the application, can do what it may: nobody gets more than they hold.
fn outranked(ctx: &OpContext, program: &Caller) -> std::result::Result<(), Problem> {
    for grant in &program.grants {
        let held = std::slice::from_ref(grant);
        let beyond = Action::ALL.iter().find(|action| {
            allows(held, **action, &grant.scope)
                && !allows(&ctx.caller.grants, **action, &grant.scope)
        });
        if let Some(beyond) = beyond {
            let message = format!(
                "This application may do more than you (such as “{}” at {}). Only somebody who may do that too can add to its credentials.",
                beyond.as_str(),
                grant.scope
            );
            return Err(Problem::new(Code::AuthorizationFailed, message).at(beyond.as_str()));
        }
    }
    Ok(())
}

impl Services {
    /// Refuses to let the caller prove to be an application that may do more at home than they may.
    async fn application_mastered(
        &self,
        ctx: &OpContext,
        row: &app_registration::Model,
    ) -> Result<()> {
        let Some(principal) = principal_in(self.db(), row.tenant_id, row.app_id).await? else {
            return Ok(());
        };
        // A program that is barred may be let in again, so that its rights count all the same.
        let program = principal::Model {
            enabled: true,
            ..principal
        };
        let program = self.caller_of(program).await?;
        Ok(outranked(ctx, &program)?)
    }

    /// Service principals with the tenants that their applications come from.
    async fn service_principal_views(
        &self,
        rows: Vec<principal::Model>,
    ) -> Result<Vec<ServicePrincipalView>> {
        let app_id = |row: &principal::Model| row.subject.parse::<Uuid>().ok();
        let registrations = app_registration::Entity::find()
            .filter(app_registration::Column::AppId.is_in(rows.iter().filter_map(app_id)))
            .all(self.db())
            .await?;
        let homes: HashMap<Uuid, Uuid> = registrations
            .iter()
            .map(|row| (row.app_id, row.tenant_id))
            .collect();
        let tenants = tenant::Entity::find()
            .filter(tenant::Column::Id.is_in(homes.values().copied()))
            .all(self.db())
            .await?;
        let names: HashMap<Uuid, String> =
            tenants.into_iter().map(|row| (row.id, row.name)).collect();
        let view = |row: principal::Model| {
            let app_id = app_id(&row)?;
            let home = homes.get(&app_id).copied();
            Some(ServicePrincipalView {
                id: row.id,
                app_id,
                display_name: row.display_name,
                enabled: row.enabled,
                home,
                home_name: home
                    .and_then(|home| names.get(&home).cloned())
                    .unwrap_or_default(),
                created_at: row.created_at,
            })
        };
        Ok(rows.into_iter().filter_map(view).collect())
    }
}

/// Whether a row is a service principal of an application.
fn is_application(row: &principal::Model) -> bool {
    row.issuer == APPLICATION_ISSUER
        && PrincipalKind::parse(&row.kind) == Some(PrincipalKind::ServicePrincipal)
}
