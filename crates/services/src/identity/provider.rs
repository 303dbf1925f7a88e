//! Identity providers of tenants.

use domain::activity::ActivityResult;
use domain::identity::{Admission, ProviderInput, ProviderKind, ProviderView};
use domain::rbac::Action;
use domain::{Code, OpContext, Problem, Rule, Violation, identity};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, ModelTrait,
    QueryFilter, QueryOrder,
};
use serde_json::json;
use store::entity::identity_provider::{ActiveModel, Column, Entity, Model};
use store::entity::{login_state, session, tenant_domain};
use uuid::Uuid;

use super::provider_client::{ProviderClient, place};
use crate::{Result, Services};

/// Who changes where people prove who they are, changes who they are and which groups they are in.
pub(super) fn administer(ctx: &OpContext) -> std::result::Result<(), Problem> {
    ctx.authorize(Action::PrincipalWrite, Action::PrincipalRead, "/")?;
    ctx.authorize(Action::RoleAssignmentWrite, Action::PrincipalRead, "/")
}

/// Whom a provider lets in.
pub(super) fn admission(row: &Model) -> Admission {
    Admission {
        by_domain: row.admit_domain,
        by_group: row.admit_group,
        by_invitation: row.admit_invitation,
        group_claim: row.group_claim.clone().unwrap_or_default(),
        allowed_groups: serde_json::from_value(row.allowed_groups.clone()).unwrap_or_default(),
    }
}

pub(super) fn kind(row: &Model) -> ProviderKind {
    ProviderKind::parse(&row.kind).unwrap_or_default()
}

fn view(row: Model) -> ProviderView {
    ProviderView {
        id: row.id,
        kind: kind(&row),
        admission: admission(&row),
        name: row.name,
        issuer: row.issuer,
        tid: row.tid,
        client_id: row.client_id,
        has_secret: row.client_secret.is_some(),
        scopes: row.scopes,
        enabled: row.enabled,
        tested_at: row.tested_at,
        created_at: row.created_at,
    }
}

/// A provider of the tenant.
pub(super) async fn provider_of(
    db: &impl ConnectionTrait,
    tenant: Uuid,
    id: Uuid,
) -> Result<Model> {
    let query = Entity::find_by_id(id).filter(Column::TenantId.eq(tenant));
    let row = query.one(db).await?;
    Ok(row.ok_or_else(|| Problem::not_found("The identity provider"))?)
}

impl Services {
    /// The tenant's providers by name.
    ///
    /// # Errors
    /// `AuthorizationFailed`.
    pub async fn provider_list(&self, ctx: &OpContext) -> Result<Vec<ProviderView>> {
        administer(ctx)?;
        let rows = Entity::find()
            .filter(Column::TenantId.eq(ctx.tenant()))
            .order_by_asc(Column::Name)
            .order_by_asc(Column::Id)
            .all(self.db())
            .await?;
        Ok(rows.into_iter().map(view).collect())
    }

    /// One provider.
    ///
    /// # Errors
    /// `ResourceNotFound`, `AuthorizationFailed`.
    pub async fn provider_get(&self, ctx: &OpContext, id: Uuid) -> Result<ProviderView> {
        administer(ctx)?;
        Ok(view(provider_of(self.db(), ctx.tenant(), id).await?))
    }

    /// Adds a provider. Nobody can sign in there before it was tested and enabled.
    ///
    /// # Errors
    /// `AuthorizationFailed`, `InvalidRequest` with every broken rule, `AlreadyExists` for an issuer that is there.
    pub async fn provider_create(
        &self,
        ctx: &OpContext,
        input: ProviderInput,
    ) -> Result<ProviderView> {
        administer(ctx)?;
        let input = self.provider_settled(input)?;
        let id = self.new_id();
        let tx = self.inner.store.begin().await?;
        unique_issuer(&tx, ctx.tenant(), id, &input).await?;
        let row = ActiveModel {
            id: Set(id),
            tenant_id: Set(ctx.tenant()),
            client_secret: Set(None),
            enabled: Set(false),
            tested_at: Set(None),
            created_at: Set(self.now()),
            created_by: Set(ctx.caller.user_name.clone()),
            ..Default::default()
        };
        let row = self.provider_fill(row, id, input)?.insert(&tx).await?;
        self.provider_record(&tx, ctx, "provider_create", &row)
            .await?;
        tx.commit().await?;
        Ok(view(row))
    }

    /// Changes a provider. A change of where people sign in, or as whom we ask, needs a new test before it counts;
    /// until then nobody can sign in there.
    ///
    /// # Errors
    /// As [`Services::provider_create`], and `ResourceNotFound`.
    pub async fn provider_update(
        &self,
        ctx: &OpContext,
        id: Uuid,
        input: ProviderInput,
    ) -> Result<ProviderView> {
        administer(ctx)?;
        let input = self.provider_settled(input)?;
        let tx = self.inner.store.begin().await?;
        let row = provider_of(&tx, ctx.tenant(), id).await?;
        unique_issuer(&tx, ctx.tenant(), id, &input).await?;
        let is_same = row.issuer == input.issuer
            && row.client_id == input.client_id
            && input.client_secret.is_none()
            && row.tid.clone().unwrap_or_default() == input.tid
            && row.scopes == input.scopes;
        let mut change: ActiveModel = row.into();
        if !is_same {
            change.tested_at = Set(None);
            change.enabled = Set(false);
        }
        let row = self.provider_fill(change, id, input)?.update(&tx).await?;
        self.provider_record(&tx, ctx, "provider_update", &row)
            .await?;
        tx.commit().await?;
        Ok(view(row))
    }

    /// Opens a provider for sign-in, or shuts it. Sessions that began there stay; people are barred one by one.
    ///
    /// # Errors
    /// `ResourceNotFound`, `AuthorizationFailed`; `Conflict` before a test sign-in succeeded.
    pub async fn provider_enable(
        &self,
        ctx: &OpContext,
        id: Uuid,
        enabled: bool,
    ) -> Result<ProviderView> {
        administer(ctx)?;
        let tx = self.inner.store.begin().await?;
        let row = provider_of(&tx, ctx.tenant(), id).await?;
        if enabled && row.tested_at.is_none() {
            let message =
                "Test the sign-in first: a provider that does not work would lock people out.";
            return Err(Problem::new(Code::Conflict, message).into());
        }
        let mut change: ActiveModel = row.into();
        change.enabled = Set(enabled);
        change.updated_at = Set(self.now());
        let row = change.update(&tx).await?;
        self.provider_record(&tx, ctx, "provider_enable", &row)
            .await?;
        tx.commit().await?;
        Ok(view(row))
    }

    /// Removes a provider. Its people stay, and can sign in again when a provider with the same issuer comes.
    ///
    /// # Errors
    /// `ResourceNotFound`, `AuthorizationFailed`.
    pub async fn provider_delete(&self, ctx: &OpContext, id: Uuid) -> Result<()> {
        administer(ctx)?;
        let tx = self.inner.store.begin().await?;
        let row = provider_of(&tx, ctx.tenant(), id).await?;
        self.provider_record(&tx, ctx, "provider_delete", &row)
            .await?;
        for_provider(&tx, id).await?;
        row.delete(&tx).await?;
        Ok(tx.commit().await?)
    }

    /// Notes that a test sign-in succeeded with the client that was used for it.
    ///
    /// # Errors
    /// `ResourceNotFound`, `AuthorizationFailed`; `Conflict` when the provider was changed meanwhile.
    pub async fn provider_tested(&self, ctx: &OpContext, used: &ProviderClient) -> Result<()> {
        administer(ctx)?;
        let tx = self.inner.store.begin().await?;
        let row = provider_of(&tx, ctx.tenant(), used.id).await?;
        if self.provider_opened(row.clone())? != *used {
            let message = "The provider was changed while it was tested. Test it again.";
            return Err(Problem::new(Code::Conflict, message).into());
        }
        let mut change: ActiveModel = row.into();
        change.tested_at = Set(Some(self.now()));
        let row = change.update(&tx).await?;
        self.provider_record(&tx, ctx, "provider_tested", &row)
            .await?;
        Ok(tx.commit().await?)
    }

    /// The input with what follows from other parts of it, when it breaks no rule.
    fn provider_settled(&self, mut input: ProviderInput) -> Result<ProviderInput> {
        for text in [
            &mut input.name,
            &mut input.issuer,
            &mut input.tid,
            &mut input.client_id,
            &mut input.scopes,
            &mut input.admission.group_claim,
        ] {
            *text = text.trim().to_owned();
        }
        input.client_secret = input.client_secret.filter(|secret| !secret.is_empty());
        if input.kind == ProviderKind::MultiTenant {
            let shared = self.shared_issuer().ok_or_else(|| {
                let message = "The operator has configured no issuer for many organisations.";
                Problem::new(Code::InvalidRequest, message).at("kind")
            })?;
            // A slash or a sign of its own would make another issuer of it.
            let is_id = !input.tid.is_empty()
                && input
                    .tid
                    .chars()
                    .all(|c| c.is_ascii_alphanumeric() || c == '-');
            if !is_id {
                let violation = Violation::new(Rule::BadCharacters, "tid")
                    .with("allowed", "letters, digits and hyphens");
                return Err(Problem::from_violations(vec![violation]).into());
            }
            input.issuer = shared.of(&input.tid);
            input.client_id = String::new();
            input.client_secret = None;
        }
        Problem::unless_empty(identity::provider(&input, self.settings().provider_reach))?;
        Ok(input)
    }

    fn provider_fill(
        &self,
        mut row: ActiveModel,
        id: Uuid,
        input: ProviderInput,
    ) -> Result<ActiveModel> {
        let text = |text: String| Some(text).filter(|text| !text.is_empty());
        row.kind = Set(input.kind.to_string());
        row.name = Set(input.name);
        row.issuer = Set(input.issuer);
        row.tid = Set(text(input.tid));
        row.client_id = Set(input.client_id);
        row.scopes = Set(input.scopes);
        row.admit_domain = Set(input.admission.by_domain);
        row.admit_group = Set(input.admission.by_group);
        row.admit_invitation = Set(input.admission.by_invitation);
        row.group_claim = Set(text(input.admission.group_claim));
        row.allowed_groups = Set(json!(input.admission.allowed_groups));
        row.updated_at = Set(self.now());
        if let Some(secret) = input.client_secret {
            let sealed = self
                .inner
                .seal
                .close(&place(id), &secret, &*self.inner.ids)?;
            row.client_secret = Set(Some(sealed));
        }
        Ok(row)
    }

    async fn provider_record(
        &self,
        tx: &impl ConnectionTrait,
        ctx: &OpContext,
        operation: &str,
        row: &Model,
    ) -> Result<()> {
        let (what, detail) = (
            format!("/providers/{}", row.id),
            format!(
                "{} at {}, {}",
                row.name,
                row.issuer,
                if row.enabled { "open" } else { "shut" }
            ),
        );
        self.record(tx, ctx, operation, &what, ActivityResult::Succeeded, detail)
            .await
    }
}

/// One provider an issuer, so that an issuer's people have one set of rules.
async fn unique_issuer(
    tx: &impl ConnectionTrait,
    tenant: Uuid,
    id: Uuid,
    input: &ProviderInput,
) -> Result<()> {
    let same = Entity::find()
        .filter(Column::TenantId.eq(tenant))
        .filter(Column::Issuer.eq(&input.issuer))
        .filter(Column::Id.ne(id));
    if same.one(tx).await?.is_some() {
        let violation = Violation::new(Rule::AlreadyExists, "issuer").with("value", &input.issuer);
        return Err(Problem::from_violations(vec![violation]).into());
    }
    Ok(())
}

/// Takes a provider that goes out of what refers to it.
async fn for_provider(tx: &impl ConnectionTrait, id: Uuid) -> Result<()> {
    tenant_domain::Entity::update_many()
        .set(tenant_domain::ActiveModel {
            provider_id: Set(None),
            ..Default::default()
        })
        .filter(tenant_domain::Column::ProviderId.eq(id))
        .exec(tx)
        .await?;
    session::Entity::update_many()
        .set(session::ActiveModel {
            provider_id: Set(None),
            id_token: Set(None),
            ..Default::default()
        })
        .filter(session::Column::ProviderId.eq(id))
        .exec(tx)
        .await?;
    login_state::Entity::delete_many()
        .filter(login_state::Column::ProviderId.eq(id))
        .exec(tx)
        .await?;
    Ok(())
}
