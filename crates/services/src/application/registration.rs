//! Registering applications, changing and deleting them.

use domain::activity::ActivityResult;
use domain::application::{ApplicationInput, ApplicationView};
use domain::rbac::Action;
use domain::{OpContext, Page, PageRequest, Problem};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, ModelTrait, QueryFilter,
};
use store::Cursor;
use store::entity::{app_registration, principal};
use uuid::Uuid;

use super::{credentials_of, own, path, principal_in, view};
use crate::{Result, Services};

impl Services {
    /// The applications that the caller's tenant registered. The page's text is looked for in their names.
    ///
    /// # Errors
    /// `AuthorizationFailed`.
    pub async fn application_list(
        &self,
        ctx: &OpContext,
        page: &PageRequest,
    ) -> Result<Page<ApplicationView>> {
        ctx.authorize(Action::ApplicationRead, Action::PrincipalRead, "/")?;
        let cursor = Cursor {
            sort: match page.sort.as_deref() {
                Some("createdAt") => app_registration::Column::CreatedAt,
                _ => app_registration::Column::DisplayName,
            },
            descending: page.descending,
            id: app_registration::Column::Id,
            name: app_registration::Column::DisplayName,
        };
        let query = app_registration::Entity::find()
            .filter(app_registration::Column::TenantId.eq(ctx.tenant()));
        let rows = store::fetch(self.db(), query, cursor, page).await?;
        let mut items = Vec::with_capacity(rows.items.len());
        for row in rows.items {
            let credentials = credentials_of(self.db(), row.id).await?;
            items.push(view(row, credentials)?);
        }
        Ok(Page {
            items,
            next: rows.next,
            total: rows.total,
        })
    }

    /// An application of the caller's tenant.
    ///
    /// # Errors
    /// `ResourceNotFound`, `AuthorizationFailed`.
    pub async fn application_get(&self, ctx: &OpContext, id: Uuid) -> Result<ApplicationView> {
        ctx.authorize(Action::ApplicationRead, Action::PrincipalRead, "/")?;
        let row = own(self.db(), ctx, id).await?;
        let credentials = credentials_of(self.db(), row.id).await?;
        view(row, credentials)
    }

    /// Registers an application. Rule C9.
    ///
    /// `admitted` makes its service principal at home in the same step; scripts do that in a step of their own.
    ///
    /// # Errors
    /// `AuthorizationFailed`, `InvalidRequest` with every broken rule.
    pub async fn application_create(
        &self,
        ctx: &OpContext,
        input: ApplicationInput,
        admitted: bool,
    ) -> Result<ApplicationView> {
        ctx.authorize(Action::ApplicationWrite, Action::ApplicationRead, "/")?;
        Problem::unless_empty(input.check())?;
        let tx = self.inner.store.begin().await?;
        let row = app_registration::ActiveModel {
            id: Set(self.new_id()),
            tenant_id: Set(ctx.tenant()),
            app_id: Set(self.random_id()),
            display_name: Set(input.display_name.trim().to_owned()),
            multi_tenant: Set(input.multi_tenant),
            public_client: Set(input.public_client),
            redirect_uris: Set(serde_json::to_value(&input.redirect_uris)?),
            created_at: Set(self.now()),
            created_by: Set(ctx.caller.user_name.clone()),
        };
        let row = row.insert(&tx).await?;
        self.record(
            &tx,
            ctx,
            "application_create",
            &path(row.app_id),
            ActivityResult::Succeeded,
            &row.display_name,
        )
        .await?;
        if admitted {
            self.service_principal_insert(&tx, ctx, &row).await?;
        }
        tx.commit().await?;
        view(row, Vec::new())
    }

    /// Changes what an application was registered with.
    ///
    /// # Errors
    /// `ResourceNotFound`; `AuthorizationFailed` without the right, or for an application that may do more than the
    /// caller; `InvalidRequest` with every broken rule.
    pub async fn application_update(
        &self,
        ctx: &OpContext,
        id: Uuid,
        input: ApplicationInput,
    ) -> Result<ApplicationView> {
        ctx.authorize(Action::ApplicationWrite, Action::ApplicationRead, "/")?;
        Problem::unless_empty(input.check())?;
        let row = own(self.db(), ctx, id).await?;
        self.application_mastered(ctx, &row).await?;
        let tx = self.inner.store.begin().await?;
        // Other tenants keep the name under which they admitted it, so that nobody renames what they trust.
        if let Some(at_home) = principal_in(&tx, row.tenant_id, row.app_id).await? {
            let mut change: principal::ActiveModel = at_home.into();
            change.display_name = Set(input.display_name.trim().to_owned());
            change.update(&tx).await?;
        }
        let mut change: app_registration::ActiveModel = row.into();
        change.display_name = Set(input.display_name.trim().to_owned());
        change.multi_tenant = Set(input.multi_tenant);
        change.public_client = Set(input.public_client);
        change.redirect_uris = Set(serde_json::to_value(&input.redirect_uris)?);
        let row = change.update(&tx).await?;
        let reach = if row.multi_tenant {
            "other organisations may admit it"
        } else {
            "for this organisation alone"
        };
        self.record(
            &tx,
            ctx,
            "application_update",
            &path(row.app_id),
            ActivityResult::Succeeded,
            format!("{}, {reach}", row.display_name),
        )
        .await?;
        tx.commit().await?;
        let credentials = credentials_of(self.db(), row.id).await?;
        view(row, credentials)
    }

    /// Deletes an application with its credentials and its roles at home. It can sign in nowhere any more.
    ///
    /// # Errors
    /// `ResourceNotFound`, `AuthorizationFailed`.
    pub async fn application_delete(&self, ctx: &OpContext, id: Uuid) -> Result<()> {
        ctx.authorize(Action::ApplicationWrite, Action::ApplicationRead, "/")?;
        let tx = self.inner.store.begin().await?;
        let row = own(&tx, ctx, id).await?;
        let (app_id, name) = (row.app_id, row.display_name.clone());
        if let Some(at_home) = principal_in(&tx, row.tenant_id, app_id).await? {
            at_home.delete(&tx).await?;
        }
        row.delete(&tx).await?;
        self.record(
            &tx,
            ctx,
            "application_delete",
            &path(app_id),
            ActivityResult::Succeeded,
            name,
        )
        .await?;
        Ok(tx.commit().await?)
    }

    /// An id that tells nothing about when it was made, for what outsiders get to see.
    fn random_id(&self) -> Uuid {
        let mut bytes = [0; 16];
        self.inner.ids.fill(&mut bytes);
        uuid::Builder::from_random_bytes(bytes).into_uuid()
    }
}
