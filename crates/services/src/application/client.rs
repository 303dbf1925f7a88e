//! Applications as the token endpoint meets them: who is it, and is it really?

use chrono::TimeDelta;
use domain::application::{ApplicationInput, CredentialKind, FederatedInput};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};
use store::entity::{app_credential, principal};
use uuid::Uuid;

use super::certificate::{self, CertificateFacts};
use super::{by_app_id, is_application, principal_in};
use crate::identity::secret;
use crate::{Result, Services};

/// How old `last_used_at` may grow before a sign-in writes it again: a script signs in hundreds of times a second.
const TOUCH: TimeDelta = TimeDelta::minutes(5);

/// A registered application.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientView {
    /// Key of the registration.
    pub registration: Uuid,
    /// The id by which it introduces itself.
    pub app_id: Uuid,
    /// The tenant that registered it.
    pub home: Uuid,
    /// What was registered.
    pub input: ApplicationInput,
}

/// What a credential can be compared with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ProofKind {
    /// Assertions that this certificate's key signed.
    Certificate(Box<CertificateFacts>),
    /// Tokens of this issuer for this subject and audience.
    Federated(FederatedInput),
}

/// A credential against which an assertion is held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proof {
    /// The credential.
    pub id: Uuid,
    /// What it is.
    pub kind: ProofKind,
}

/// A program that was admitted to a tenant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Program {
    /// Its principal there.
    pub principal: Uuid,
    /// Name for people.
    pub display_name: String,
    /// Whether it may sign in.
    pub enabled: bool,
}

/// How a secret fares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SecretVerdict {
    /// It is one of the application's; its credential is named.
    Good(Uuid),
    /// It was one of the application's.
    Expired,
    /// It is none.
    Wrong,
}

impl Services {
    /// The application that introduces itself by this id.
    ///
    /// # Errors
    /// Internal ones alone.
    pub async fn client_find(&self, app_id: Uuid) -> Result<Option<ClientView>> {
        let Some(row) = by_app_id(self.db(), app_id).await? else {
            return Ok(None);
        };
        Ok(Some(ClientView {
            registration: row.id,
            app_id: row.app_id,
            home: row.tenant_id,
            input: ApplicationInput {
                display_name: row.display_name,
                multi_tenant: row.multi_tenant,
                public_client: row.public_client,
                redirect_uris: serde_json::from_value(row.redirect_uris)?,
            },
        }))
    }

    /// Compares a secret with those of an application.
    ///
    /// # Errors
    /// Internal ones alone.
    pub async fn client_secret_verify(
        &self,
        client: &ClientView,
        given: &str,
    ) -> Result<SecretVerdict> {
        let rows = self
            .client_credentials(client, CredentialKind::Secret)
            .await?;
        let hash = secret::hash(given);
        let mut verdict = SecretVerdict::Wrong;
        for row in rows {
            let is_same = row
                .secret_hash
                .as_deref()
                .is_some_and(|kept| secret::equal(kept, &hash));
            if !is_same {
                continue;
            }
            if row.expires_at <= self.now() {
                verdict = SecretVerdict::Expired;
            } else {
                let id = row.id;
                self.credential_touch(row).await?;
                return Ok(SecretVerdict::Good(id));
            }
        }
        Ok(verdict)
    }

    /// The certificates and outside issuers that an assertion of the application may come from, those that expired
    /// left out.
    ///
    /// # Errors
    /// Internal ones alone.
    pub async fn client_proofs(&self, client: &ClientView) -> Result<Vec<Proof>> {
        let rows = app_credential::Entity::find()
            .filter(app_credential::Column::AppRegistrationId.eq(client.registration))
            .filter(app_credential::Column::ExpiresAt.gt(self.now()))
            .all(self.db())
            .await?;
        let proof = |row: app_credential::Model| {
            let kind = match CredentialKind::parse(&row.kind)? {
                CredentialKind::Secret => return None,
                CredentialKind::Certificate => {
                    ProofKind::Certificate(Box::new(certificate::stored(&row.certificate?)?))
                }
                CredentialKind::Federated => ProofKind::Federated(FederatedInput {
                    display_name: row.display_name,
                    issuer: row.issuer?,
                    subject: row.subject?,
                    audience: row.audience?,
                }),
            };
            Some(Proof { id: row.id, kind })
        };
        Ok(rows.into_iter().filter_map(proof).collect())
    }

    /// Remembers that a credential was good for a sign-in.
    ///
    /// # Errors
    /// Internal ones alone.
    pub async fn credential_used(&self, id: Uuid) -> Result<()> {
        match app_credential::Entity::find_by_id(id)
            .one(self.db())
            .await?
        {
            Some(row) => self.credential_touch(row).await,
            None => Ok(()),
        }
    }

    /// The application's principal in a tenant; none where it was not admitted.
    ///
    /// # Errors
    /// Internal ones alone.
    pub async fn client_program(&self, app_id: Uuid, tenant: Uuid) -> Result<Option<Program>> {
        let row: Option<principal::Model> = principal_in(self.db(), tenant, app_id).await?;
        Ok(row.filter(is_application).map(|row| Program {
            principal: row.id,
            display_name: row.display_name,
            enabled: row.enabled,
        }))
    }

    async fn client_credentials(
        &self,
        client: &ClientView,
        kind: CredentialKind,
    ) -> Result<Vec<app_credential::Model>> {
        Ok(app_credential::Entity::find()
            .filter(app_credential::Column::AppRegistrationId.eq(client.registration))
            .filter(app_credential::Column::Kind.eq(kind.to_string()))
            .all(self.db())
            .await?)
    }

    async fn credential_touch(&self, row: app_credential::Model) -> Result<()> {
        let now = self.now();
        if row.last_used_at.is_some_and(|at| at + TOUCH > now) {
            return Ok(());
        }
        let mut change: app_credential::ActiveModel = row.into();
        change.last_used_at = Set(Some(now));
        change.update(self.db()).await?;
        Ok(())
    }
}
