//! People who act in several tenants: the same issuer and subject there.

use std::collections::{HashMap, HashSet};

use domain::activity::ActivityResult;
use domain::identity::TenantChoice;
use domain::{OpContext, Origin, Problem};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, ModelTrait,
    QueryFilter, QueryOrder,
};
use store::entity::{identity_provider, invitation, principal, session, tenant};
use uuid::Uuid;

use super::principal::principal_of;
use super::session::id_token_place;
use super::{LOCAL_ISSUER, Opened, Visit, secret};
use crate::application::APPLICATION_ISSUER;
use crate::{Result, Services};

/// The person's rows in every tenant that lets them in now.
async fn rows_of(
    db: &impl ConnectionTrait,
    person: &principal::Model,
) -> Result<Vec<principal::Model>> {
    let rows = principal::Entity::find()
        .filter(principal::Column::Issuer.eq(&person.issuer))
        .filter(principal::Column::Subject.eq(&person.subject))
        .filter(principal::Column::Enabled.eq(true))
        .all(db)
        .await?;
    let (here, elsewhere): (Vec<_>, Vec<_>) = rows
        .into_iter()
        .partition(|row| row.tenant_id == person.tenant_id);
    let mut rows = with_way_in(db, elsewhere).await?;
    rows.extend(here);
    Ok(rows)
}

/// Of a person's rows those by which they still come in: their tenant has a provider of theirs that is enabled, or has
/// none and invited them, or is the home of their local account. A tenant that has shut or removed its own door to
/// these people has not opened a back door by it. Programs come in by their row alone.
pub(super) async fn with_way_in(
    db: &impl ConnectionTrait,
    mut rows: Vec<principal::Model>,
) -> Result<Vec<principal::Model>> {
    let Some(issuer) = rows.first().map(|row| row.issuer.clone()) else {
        return Ok(rows);
    };
    if issuer == APPLICATION_ISSUER {
        return Ok(rows);
    }
    let doors: HashMap<Uuid, bool> = identity_provider::Entity::find()
        .filter(identity_provider::Column::Issuer.eq(issuer))
        .all(db)
        .await?
        .into_iter()
        .map(|provider| (provider.tenant_id, provider.enabled))
        .collect();
    let invited: HashSet<Uuid> = invitation::Entity::find()
        .filter(invitation::Column::AcceptedBy.is_in(rows.iter().map(|row| row.id)))
        .all(db)
        .await?
        .into_iter()
        .filter_map(|row| row.accepted_by)
        .collect();
    rows.retain(|row| match doors.get(&row.tenant_id) {
        Some(is_open) => *is_open,
        None => is_home(row) || invited.contains(&row.id),
    });
    Ok(rows)
}

/// Whether the row is that of a local account itself, not of its owner as a guest elsewhere.
pub(super) fn is_home(row: &principal::Model) -> bool {
    row.issuer == LOCAL_ISSUER && row.subject == row.id.to_string()
}

impl Services {
    /// The tenants in which the caller may act, by name; the present one is among them.
    ///
    /// # Errors
    /// Internal ones alone.
    pub async fn tenant_choices(&self, ctx: &OpContext) -> Result<Vec<TenantChoice>> {
        let person = principal_of(self.db(), ctx.tenant(), ctx.caller.principal).await?;
        let rows = rows_of(self.db(), &person).await?;
        let tenants = tenant::Entity::find()
            .filter(tenant::Column::Id.is_in(rows.iter().map(|row| row.tenant_id)))
            .order_by_asc(tenant::Column::Name)
            .order_by_asc(tenant::Column::Id)
            .all(self.db())
            .await?;
        Ok(tenants
            .into_iter()
            .map(|row| TenantChoice {
                current: row.id == ctx.tenant(),
                tenant: row.id,
                name: row.name,
                domain: row.domain,
            })
            .collect())
    }

    /// Goes on in another tenant: the session ends and one takes its place there, which lasts no longer.
    ///
    /// # Errors
    /// `ResourceNotFound` for a tenant in which the caller may not act, and for a session that is over.
    pub async fn tenant_switch(
        &self,
        ctx: &OpContext,
        session: Uuid,
        tenant: Uuid,
        visit: &Visit,
    ) -> Result<Opened> {
        let tx = self.inner.store.begin().await?;
        let person = principal_of(&tx, ctx.tenant(), ctx.caller.principal).await?;
        let there = rows_of(&tx, &person)
            .await?
            .into_iter()
            .find(|row| row.tenant_id == tenant)
            .ok_or_else(|| Problem::not_found("The organisation"))?;
        let held = session::Entity::find_by_id(session)
            .filter(session::Column::PrincipalId.eq(person.id))
            .one(&tx)
            .await?
            .ok_or_else(|| Problem::not_found("The session"))?;
        let (id, secret) = (self.new_id(), self.secret());
        // What is sealed for one row does not open in another.
        let id_token = held
            .id_token
            .as_deref()
            .map(|sealed| {
                let opened = self.inner.seal.reveal(&id_token_place(held.id), sealed)?;
                self.inner
                    .seal
                    .close(&id_token_place(id), &opened, &*self.inner.ids)
            })
            .transpose()?;
        let row = session::ActiveModel {
            id: Set(id),
            token_hash: Set(secret::hash(&secret)),
            grant_id: Set(held.grant_id),
            principal_id: Set(there.id),
            tenant_id: Set(tenant),
            user_agent: Set(held.user_agent.clone()),
            address: Set(held.address.clone()),
            created_at: Set(held.created_at),
            seen_at: Set(self.now()),
            expires_at: Set(held.expires_at),
            provider_id: Set(held.provider_id),
            id_token: Set(id_token),
            proved_at: Set(None),
        };
        row.insert(&tx).await?;
        held.delete(&tx).await?;
        let arrival = OpContext {
            origin: Origin::Portal,
            ..self.arrival(&there, visit)
        };
        for (at, detail) in [
            (ctx, "left for another organisation"),
            (&arrival, "came from another organisation"),
        ] {
            self.record(
                &tx,
                at,
                "tenant_switch",
                &format!("/sessions/{id}"),
                ActivityResult::Succeeded,
                detail,
            )
            .await?;
        }
        tx.commit().await?;
        Ok(Opened { id, secret })
    }
}
