//! Providers as the sign-in needs them: with their secrets, and before anybody is signed in.

use domain::identity::ProviderKind;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use store::entity::identity_provider::{Column, Entity, Model};
use uuid::Uuid;

use super::provider::kind;
use crate::{Result, Services};

/// What the operator's issuer for many organisations is, as far as the use cases need it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SharedIssuer {
    /// The issuer's address with `{tenantid}` where the organisation's id stands.
    pub issuer: String,
}

impl SharedIssuer {
    /// The issuer's address for one organisation.
    #[must_use]
    pub fn of(&self, tid: &str) -> String {
        self.issuer.replace("{tenantid}", tid)
    }
}

/// What the sign-in itself needs of a provider.
#[derive(Clone, PartialEq, Eq)]
pub struct ProviderClient {
    /// Key of the row.
    pub id: Uuid,
    /// The tenant whose people sign in there.
    pub tenant: Uuid,
    /// What kind of issuer it is.
    pub kind: ProviderKind,
    /// Name on the button of the sign-in page.
    pub name: String,
    /// The issuer's address.
    pub issuer: String,
    /// What the claim `tid` must say.
    pub tid: Option<String>,
    /// Our id at the issuer.
    pub client_id: String,
    /// Our secret at the issuer.
    pub client_secret: Option<String>,
    /// What is asked for besides `openid`.
    pub scopes: String,
    /// Whether people may sign in there.
    pub enabled: bool,
    /// The claim that lists groups; empty for none.
    pub group_claim: String,
}

impl std::fmt::Debug for ProviderClient {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ProviderClient")
            .field("id", &self.id)
            .field("issuer", &self.issuer)
            .finish_non_exhaustive()
    }
}

/// Where a secret is sealed for.
pub(super) fn place(provider: Uuid) -> String {
    format!("identity_provider {provider}")
}

impl Services {
    /// The provider as the sign-in needs it, enabled or not; for those who are not signed in yet.
    ///
    /// # Errors
    /// Internal ones alone.
    pub async fn provider_client(&self, id: Uuid) -> Result<Option<ProviderClient>> {
        let row = Entity::find_by_id(id).one(self.db()).await?;
        row.map(|row| self.provider_opened(row)).transpose()
    }

    /// The enabled providers of a tenant by name: the buttons of its sign-in page.
    ///
    /// # Errors
    /// Internal ones alone.
    pub async fn provider_choices(&self, tenant: Uuid) -> Result<Vec<(Uuid, String)>> {
        let rows = Entity::find()
            .filter(Column::TenantId.eq(tenant))
            .filter(Column::Enabled.eq(true))
            .order_by_asc(Column::Name)
            .order_by_asc(Column::Id)
            .all(self.db())
            .await?;
        Ok(rows.into_iter().map(|row| (row.id, row.name)).collect())
    }

    /// The enabled provider to which an organisation's id at the shared issuer leads.
    ///
    /// # Errors
    /// Internal ones alone.
    pub async fn provider_by_tid(&self, tid: &str) -> Result<Option<ProviderClient>> {
        let rows = Entity::find()
            .filter(Column::Kind.eq(ProviderKind::MultiTenant.to_string()))
            .filter(Column::Tid.eq(tid))
            .filter(Column::Enabled.eq(true))
            .all(self.db())
            .await?;
        // Two tenants that claim one organisation: neither gets its people.
        match <[Model; 1]>::try_from(rows) {
            Ok([row]) => self.provider_opened(row).map(Some),
            Err(_) => Ok(None),
        }
    }

    /// The issuer for many organisations, when the operator configured one.
    #[must_use]
    pub fn shared_issuer(&self) -> Option<&SharedIssuer> {
        self.settings().shared_issuer.as_ref()
    }

    pub(super) fn provider_opened(&self, row: Model) -> Result<ProviderClient> {
        let secret = row.client_secret.as_deref();
        let client_secret = secret
            .map(|sealed| self.inner.seal.reveal(&place(row.id), sealed))
            .transpose()?;
        Ok(ProviderClient {
            id: row.id,
            tenant: row.tenant_id,
            kind: kind(&row),
            name: row.name,
            issuer: row.issuer,
            tid: row.tid,
            client_id: row.client_id,
            client_secret,
            scopes: row.scopes,
            enabled: row.enabled,
            group_claim: row.group_claim.unwrap_or_default(),
        })
    }
}
