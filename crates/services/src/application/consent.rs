//! Admitting applications: the service principal that a tenant makes for one. Rule C12.

use domain::activity::ActivityResult;
use domain::application::ServicePrincipalView;
use domain::rbac::Action;
use domain::tenant::PrincipalKind;
use domain::{Code, OpContext, Problem};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, ModelTrait,
    QueryFilter, QueryOrder,
};
use store::entity::{app_registration, principal, tenant};
use uuid::Uuid;

use super::{APPLICATION_ISSUER, by_app_id, is_application, path, principal_in};
use crate::{Error, Result, Services};

/// How an application stands with the caller's tenant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConsentState {
    /// It was admitted before.
    Admitted,
    /// The caller may admit it.
    Open,
    /// Only an administrator may admit it.
    AskAdministrator,
}

/// An application that wants to be admitted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Consent {
    /// The application.
    pub app_id: Uuid,
    /// Its name, as those who registered it chose it.
    pub display_name: String,
    /// Name of the organisation that registered it.
    pub home_name: String,
    /// Domain of that organisation, which nobody else can have.
    pub home_domain: String,
    /// Whether that is the caller's own organisation.
    pub is_home: bool,
    /// How it stands.
    pub state: ConsentState,
}

fn unknown() -> Problem {
    Problem::not_found("The application")
}

impl Services {
    /// Who wants to be admitted, for the person who decides.
    ///
    /// # Errors
    /// `ResourceNotFound` for an application that is not offered to the caller's tenant.
    pub async fn consent_preview(&self, ctx: &OpContext, app_id: Uuid) -> Result<Consent> {
        let row = self.application_offered(self.db(), ctx, app_id).await?;
        let home = tenant::Entity::find_by_id(row.tenant_id)
            .one(self.db())
            .await?
            .ok_or_else(unknown)?;
        let state = if principal_in(self.db(), ctx.tenant(), app_id)
            .await?
            .is_some()
        {
            ConsentState::Admitted
        } else if ctx.may(Action::ApplicationWrite, "/") {
            ConsentState::Open
        } else {
            ConsentState::AskAdministrator
        };
        Ok(Consent {
            app_id,
            display_name: row.display_name,
            home_name: home.name,
            home_domain: home.domain,
            is_home: row.tenant_id == ctx.tenant(),
            state,
        })
    }

    /// Admits an application to the caller's tenant: it gets a principal there, without any role. Rule C12.
    ///
    /// # Errors
    /// `ResourceNotFound` for an application that is not offered to the tenant, `AuthorizationFailed`,
    /// `AlreadyExists`.
    pub async fn service_principal_create(
        &self,
        ctx: &OpContext,
        app_id: Uuid,
    ) -> Result<ServicePrincipalView> {
        ctx.authorize(Action::ApplicationWrite, Action::ApplicationRead, "/")?;
        let tx = self.inner.store.begin().await?;
        let row = self.application_offered(&tx, ctx, app_id).await?;
        let made = self.service_principal_insert(&tx, ctx, &row).await?;
        tx.commit().await?;
        self.service_principal_view(made).await
    }

    /// The applications that the caller's tenant admitted, its own and those of others.
    ///
    /// # Errors
    /// `AuthorizationFailed`.
    pub async fn service_principal_list(
        &self,
        ctx: &OpContext,
    ) -> Result<Vec<ServicePrincipalView>> {
        ctx.authorize(Action::ApplicationRead, Action::PrincipalRead, "/")?;
        let rows = principal::Entity::find()
            .filter(principal::Column::TenantId.eq(ctx.tenant()))
            .filter(principal::Column::Issuer.eq(APPLICATION_ISSUER))
            .order_by_asc(principal::Column::DisplayName)
            .order_by_asc(principal::Column::Id)
            .all(self.db())
            .await?;
        self.service_principal_views(rows).await
    }

    /// The principal of one application in the caller's tenant, if it was admitted.
    ///
    /// # Errors
    /// `AuthorizationFailed`.
    pub async fn service_principal_of(
        &self,
        ctx: &OpContext,
        app_id: Uuid,
    ) -> Result<Option<ServicePrincipalView>> {
        ctx.authorize(Action::ApplicationRead, Action::PrincipalRead, "/")?;
        match principal_in(self.db(), ctx.tenant(), app_id).await? {
            Some(row) => self.service_principal_view(row).await.map(Some),
            None => Ok(None),
        }
    }

    /// Sends an application away: its principal goes with all of its roles here.
    ///
    /// # Errors
    /// `ResourceNotFound`, `AuthorizationFailed`.
    pub async fn service_principal_delete(&self, ctx: &OpContext, id: Uuid) -> Result<()> {
        ctx.authorize(Action::ApplicationWrite, Action::ApplicationRead, "/")?;
        let tx = self.inner.store.begin().await?;
        let row = principal::Entity::find_by_id(id)
            .filter(principal::Column::TenantId.eq(ctx.tenant()))
            .one(&tx)
            .await?
            .filter(is_application)
            .ok_or_else(|| Problem::not_found("The service principal"))?;
        let (app_id, name) = (row.subject.clone(), row.display_name.clone());
        row.delete(&tx).await?;
        self.record(
            &tx,
            ctx,
            "service_principal_delete",
            &format!("/applications/{app_id}"),
            ActivityResult::Succeeded,
            name,
        )
        .await?;
        Ok(tx.commit().await?)
    }

    /// Writes the principal and its line of the log; the caller was authorised.
    pub(super) async fn service_principal_insert(
        &self,
        tx: &impl ConnectionTrait,
        ctx: &OpContext,
        application: &app_registration::Model,
    ) -> Result<principal::Model> {
        let app_id = application.app_id;
        if principal_in(tx, ctx.tenant(), app_id).await?.is_some() {
            let message = format!(
                "“{}” has a service principal here already.",
                application.display_name
            );
            return Err(Problem::new(Code::AlreadyExists, message).into());
        }
        let row = principal::ActiveModel {
            id: Set(self.new_id()),
            tenant_id: Set(ctx.tenant()),
            kind: Set(PrincipalKind::ServicePrincipal.to_string()),
            display_name: Set(application.display_name.clone()),
            user_name: Set(app_id.to_string()),
            user_name_key: Set(app_id.to_string()),
            issuer: Set(APPLICATION_ISSUER.to_owned()),
            subject: Set(app_id.to_string()),
            enabled: Set(true),
            created_at: Set(self.now()),
        };
        let row = row.insert(tx).await?;
        self.record(
            tx,
            ctx,
            "service_principal_create",
            &path(app_id),
            ActivityResult::Succeeded,
            &application.display_name,
        )
        .await?;
        Ok(row)
    }

    /// The application, when the caller's tenant registered it or may admit it. What is not offered is not found.
    async fn application_offered(
        &self,
        db: &impl ConnectionTrait,
        ctx: &OpContext,
        app_id: Uuid,
    ) -> Result<app_registration::Model> {
        let row = by_app_id(db, app_id).await?;
        let row = row.filter(|row| row.multi_tenant || row.tenant_id == ctx.tenant());
        Ok(row.ok_or_else(unknown)?)
    }

    async fn service_principal_view(&self, row: principal::Model) -> Result<ServicePrincipalView> {
        let views = self.service_principal_views(vec![row]).await?;
        let lost = || Error::internal("a service principal bears no application's id");
        views.into_iter().next().ok_or_else(lost)
    }
}
