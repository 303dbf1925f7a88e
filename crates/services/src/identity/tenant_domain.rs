//! Domains of tenants: by the domain of somebody's address sign-in finds where they belong.

use domain::activity::ActivityResult;
use domain::identity::{DomainView, domain_of, is_domain};
use domain::{Code, OpContext, Origin, Problem, Rule, Violation};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, ModelTrait,
    QueryFilter, QueryOrder,
};
use store::entity::tenant;
use store::entity::tenant_domain::{ActiveModel, Column, Entity, Model};
use uuid::Uuid;

use super::provider::{administer, provider_of};
use super::tenant::TenantRef;
use crate::{Result, Services};

/// Most domains of one tenant.
const MOST: usize = 100;

/// Where people of a domain belong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HomeRealm {
    /// Their tenant.
    pub tenant: TenantRef,
    /// The provider to which they are led; none for the choice.
    pub provider: Option<Uuid>,
}

fn view(row: Model, primary: &str) -> DomainView {
    DomainView {
        id: row.id,
        is_primary: row.name == primary,
        name: row.name,
        provider: row.provider_id,
        proof: row.proof,
        verified_at: row.verified_at,
    }
}

/// The tenant's domains that are proved to be its own.
pub(super) async fn proved(db: &impl ConnectionTrait, tenant: Uuid) -> Result<Vec<String>> {
    let rows = Entity::find()
        .filter(Column::TenantId.eq(tenant))
        .filter(Column::VerifiedAt.is_not_null())
        .order_by_asc(Column::Name)
        .all(db)
        .await?;
    Ok(rows.into_iter().map(|row| row.name).collect())
}

impl Services {
    /// The tenant's domains by name.
    ///
    /// # Errors
    /// `AuthorizationFailed`.
    pub async fn domain_list(&self, ctx: &OpContext) -> Result<Vec<DomainView>> {
        administer(ctx)?;
        let primary = self.primary_domain(self.db(), ctx.tenant()).await?;
        let rows = Entity::find()
            .filter(Column::TenantId.eq(ctx.tenant()))
            .order_by_asc(Column::Name)
            .all(self.db())
            .await?;
        Ok(rows.into_iter().map(|row| view(row, &primary)).collect())
    }

    /// One of the tenant's domains.
    ///
    /// # Errors
    /// `ResourceNotFound`, `AuthorizationFailed`.
    pub async fn domain_get(&self, ctx: &OpContext, id: Uuid) -> Result<DomainView> {
        administer(ctx)?;
        let primary = self.primary_domain(self.db(), ctx.tenant()).await?;
        Ok(view(
            domain_row(self.db(), ctx.tenant(), id).await?,
            &primary,
        ))
    }

    /// Claims a domain. It leads nobody here before it is proved; what the operator adds needs no proof.
    ///
    /// # Errors
    /// `AuthorizationFailed`, `InvalidRequest`, `AlreadyExists` for a domain that a tenant has proved.
    pub async fn domain_add(&self, ctx: &OpContext, name: &str) -> Result<DomainView> {
        administer(ctx)?;
        let name = name.trim().to_lowercase();
        if !is_domain(&name) {
            let violation = Violation::new(Rule::NotADomain, "domain");
            return Err(Problem::from_violations(vec![violation]).into());
        }
        let tx = self.inner.store.begin().await?;
        let own = Entity::find().filter(Column::TenantId.eq(ctx.tenant()));
        if own.all(&tx).await?.len() >= MOST {
            let violation = Violation::new(Rule::LimitReached, "domain")
                .with("max", MOST)
                .with("what", "domains");
            return Err(Problem::from_violations(vec![violation]).into());
        }
        if let Some(held) = Entity::find()
            .filter(Column::Name.eq(&name))
            .one(&tx)
            .await?
        {
            if held.verified_at.is_some() || held.tenant_id == ctx.tenant() {
                let violation = Violation::new(Rule::AlreadyExists, "domain").with("value", &name);
                return Err(Problem::from_violations(vec![violation]).into());
            }
            // A claim without proof gives way: whoever proves the domain shall have it.
            held.delete(&tx).await?;
        }
        let is_operator = ctx.origin == Origin::System;
        let row = ActiveModel {
            id: Set(self.new_id()),
            tenant_id: Set(ctx.tenant()),
            name: Set(name),
            provider_id: Set(None),
            proof: Set(format!("vitrine={}", self.inner.ids.secret_hex(16))),
            verified_at: Set(is_operator.then(|| self.now())),
            created_at: Set(self.now()),
        };
        let row = row.insert(&tx).await?;
        self.domain_record(&tx, ctx, "domain_add", &row).await?;
        tx.commit().await?;
        Ok(view(row, ""))
    }

    /// Takes a domain as proved when its web server shows the proof as a line of its own.
    ///
    /// # Errors
    /// `ResourceNotFound`, `AuthorizationFailed`; `Conflict` when the line is missing.
    pub async fn domain_prove(&self, ctx: &OpContext, id: Uuid, shown: &str) -> Result<DomainView> {
        administer(ctx)?;
        let tx = self.inner.store.begin().await?;
        let row = domain_row(&tx, ctx.tenant(), id).await?;
        if row.verified_at.is_none() && !shown.lines().any(|line| line.trim() == row.proof) {
            let message = format!("The file at {} does not hold the line.", row.name);
            return Err(Problem::new(Code::Conflict, message).into());
        }
        let verified_at = row.verified_at.or(Some(self.now()));
        let mut change: ActiveModel = row.into();
        change.verified_at = Set(verified_at);
        let row = change.update(&tx).await?;
        self.domain_record(&tx, ctx, "domain_prove", &row).await?;
        tx.commit().await?;
        Ok(view(row, ""))
    }

    /// Leads people of a domain to one provider, or to the choice.
    ///
    /// # Errors
    /// `ResourceNotFound` for domain or provider, `AuthorizationFailed`.
    pub async fn domain_lead(
        &self,
        ctx: &OpContext,
        id: Uuid,
        provider: Option<Uuid>,
    ) -> Result<DomainView> {
        administer(ctx)?;
        let tx = self.inner.store.begin().await?;
        let row = domain_row(&tx, ctx.tenant(), id).await?;
        if let Some(provider) = provider {
            provider_of(&tx, ctx.tenant(), provider).await?;
        }
        let mut change: ActiveModel = row.into();
        change.provider_id = Set(provider);
        let row = change.update(&tx).await?;
        self.domain_record(&tx, ctx, "domain_lead", &row).await?;
        tx.commit().await?;
        Ok(view(row, ""))
    }

    /// Gives a domain up. People and accounts of it stay.
    ///
    /// # Errors
    /// `ResourceNotFound`, `AuthorizationFailed`; `Conflict` for the tenant's first domain.
    pub async fn domain_remove(&self, ctx: &OpContext, id: Uuid) -> Result<()> {
        administer(ctx)?;
        let tx = self.inner.store.begin().await?;
        let row = domain_row(&tx, ctx.tenant(), id).await?;
        if row.name == self.primary_domain(&tx, ctx.tenant()).await? {
            let message = "The organisation's first domain stays: scripts name it by that.";
            return Err(Problem::new(Code::Conflict, message).into());
        }
        self.domain_record(&tx, ctx, "domain_remove", &row).await?;
        row.delete(&tx).await?;
        Ok(tx.commit().await?)
    }

    /// Where the owner of an e-mail address signs in, by its domain.
    ///
    /// # Errors
    /// Internal ones alone.
    pub async fn home_realm(&self, email: &str) -> Result<Option<HomeRealm>> {
        let Some(domain) = domain_of(email) else {
            return Ok(None);
        };
        let row = Entity::find()
            .filter(Column::Name.eq(domain))
            .filter(Column::VerifiedAt.is_not_null());
        let Some(row) = row.one(self.db()).await? else {
            return Ok(None);
        };
        let tenant = tenant::Entity::find_by_id(row.tenant_id)
            .one(self.db())
            .await?;
        Ok(tenant.map(|tenant| HomeRealm {
            tenant: tenant.into(),
            provider: row.provider_id,
        }))
    }

    async fn primary_domain(&self, db: &impl ConnectionTrait, tenant: Uuid) -> Result<String> {
        let row = tenant::Entity::find_by_id(tenant).one(db).await?;
        Ok(row.map(|row| row.domain).unwrap_or_default())
    }

    async fn domain_record(
        &self,
        tx: &impl ConnectionTrait,
        ctx: &OpContext,
        operation: &str,
        row: &Model,
    ) -> Result<()> {
        let what = format!("/domains/{}", row.id);
        self.record(
            tx,
            ctx,
            operation,
            &what,
            ActivityResult::Succeeded,
            row.name.clone(),
        )
        .await
    }
}

async fn domain_row(db: &impl ConnectionTrait, tenant: Uuid, id: Uuid) -> Result<Model> {
    let query = Entity::find_by_id(id).filter(Column::TenantId.eq(tenant));
    let row = query.one(db).await?;
    Ok(row.ok_or_else(|| Problem::not_found("The domain"))?)
}
