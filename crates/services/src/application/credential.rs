//! The credentials of applications: several at a time, so that one can be replaced before the other ends. Rule C10.

use chrono::{DateTime, Utc};
use domain::activity::ActivityResult;
use domain::application::{
    CredentialKind, CredentialView, FederatedInput, MOST_CREDENTIALS, secret_end,
};
use domain::rbac::Action;
use domain::{Code, OpContext, Problem, name};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, ModelTrait, QueryFilter,
};
use store::entity::{app_credential, app_registration};
use uuid::Uuid;

use super::{certificate, credential_view, credentials_of, own, path};
use crate::identity::secret;
use crate::{Result, Services};

/// Characters of a secret by which people tell it from others.
const HINT: usize = 3;

/// A secret that was just made.
#[derive(Clone, PartialEq, Eq)]
pub struct NewSecret {
    /// What is kept of it.
    pub credential: CredentialView,
    /// The secret itself; told once.
    pub secret: String,
}

impl std::fmt::Debug for NewSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("NewSecret")
            .field("credential", &self.credential)
            .finish_non_exhaustive()
    }
}

/// A row without what only one kind has.
fn blank(
    id: Uuid,
    application: Uuid,
    kind: CredentialKind,
    display_name: &str,
    times: (DateTime<Utc>, DateTime<Utc>),
) -> app_credential::ActiveModel {
    app_credential::ActiveModel {
        id: Set(id),
        app_registration_id: Set(application),
        kind: Set(kind.to_string()),
        display_name: Set(display_name.trim().to_owned()),
        hint: Set(String::new()),
        secret_hash: Set(None),
        certificate: Set(None),
        issuer: Set(None),
        subject: Set(None),
        audience: Set(None),
        created_at: Set(times.0),
        expires_at: Set(times.1),
        last_used_at: Set(None),
    }
}

impl Services {
    /// Makes a secret, good until `end` or for a year.
    ///
    /// # Errors
    /// `ResourceNotFound`; `AuthorizationFailed` without the right, or for an application that may do more than the
    /// caller; `InvalidRequest`; `QuotaExceeded`.
    pub async fn application_secret_create(
        &self,
        ctx: &OpContext,
        id: Uuid,
        display_name: &str,
        end: Option<DateTime<Utc>>,
    ) -> Result<NewSecret> {
        let row = self.application_to_credit(ctx, id).await?;
        let mut broken = name::text("displayName", display_name, 0, 100);
        let end = secret_end(ctx.now, end)
            .map_err(|violation| broken.push(violation))
            .unwrap_or(ctx.now);
        Problem::unless_empty(broken)?;
        let secret = self.typeable_secret();
        let mut credential = blank(
            self.new_id(),
            row.id,
            CredentialKind::Secret,
            display_name,
            (self.now(), end),
        );
        credential.hint = Set(secret.chars().take(HINT).collect());
        credential.secret_hash = Set(Some(secret::hash(&secret)));
        let credential = self.credential_insert(ctx, &row, credential).await?;
        Ok(NewSecret { credential, secret })
    }

    /// Adds a certificate, given in PEM; it is good as long as it says itself.
    ///
    /// # Errors
    /// As [`Services::application_secret_create`].
    pub async fn application_certificate_add(
        &self,
        ctx: &OpContext,
        id: Uuid,
        display_name: &str,
        certificate: &str,
    ) -> Result<CredentialView> {
        let row = self.application_to_credit(ctx, id).await?;
        let mut broken = name::text("displayName", display_name, 0, 100);
        let read = certificate::read(certificate, ctx.now)
            .map_err(|violation| broken.push(violation))
            .ok();
        Problem::unless_empty(broken)?;
        let Some(facts) = read else {
            return Err(Problem::new(Code::InvalidRequest, "There is no certificate.").into());
        };
        let mut credential = blank(
            self.new_id(),
            row.id,
            CredentialKind::Certificate,
            if display_name.trim().is_empty() {
                &facts.subject
            } else {
                display_name
            },
            (self.now(), facts.not_after),
        );
        credential.hint = Set(facts.thumbprint_hex());
        credential.certificate = Set(Some(facts.to_text()));
        self.credential_insert(ctx, &row, credential).await
    }

    /// Trusts the tokens of another issuer for one subject.
    ///
    /// # Errors
    /// As [`Services::application_secret_create`].
    pub async fn application_federated_add(
        &self,
        ctx: &OpContext,
        id: Uuid,
        input: FederatedInput,
    ) -> Result<CredentialView> {
        let row = self.application_to_credit(ctx, id).await?;
        Problem::unless_empty(input.check(self.settings().provider_reach))?;
        let mut credential = blank(
            self.new_id(),
            row.id,
            CredentialKind::Federated,
            &input.display_name,
            // It ends when somebody deletes it.
            (self.now(), far(self.now())),
        );
        credential.hint = Set(format!("{} · {}", input.issuer, input.subject));
        credential.issuer = Set(Some(input.issuer));
        credential.subject = Set(Some(input.subject));
        credential.audience = Set(Some(input.audience));
        self.credential_insert(ctx, &row, credential).await
    }

    /// Deletes a credential; it is good for nothing from now on.
    ///
    /// # Errors
    /// `ResourceNotFound`, `AuthorizationFailed`.
    pub async fn application_credential_delete(
        &self,
        ctx: &OpContext,
        id: Uuid,
        credential: Uuid,
    ) -> Result<()> {
        ctx.authorize(Action::ApplicationWrite, Action::ApplicationRead, "/")?;
        let tx = self.inner.store.begin().await?;
        let application = own(&tx, ctx, id).await?;
        let row = app_credential::Entity::find_by_id(credential)
            .filter(app_credential::Column::AppRegistrationId.eq(application.id))
            .one(&tx)
            .await?
            .ok_or_else(|| Problem::not_found("The credential"))?;
        let detail = format!("{} {}", row.kind, row.display_name);
        row.delete(&tx).await?;
        self.record(
            &tx,
            ctx,
            "application_credential_delete",
            &path(application.app_id),
            ActivityResult::Succeeded,
            detail,
        )
        .await?;
        Ok(tx.commit().await?)
    }

    /// A secret that can be typed behind an option: command lines take one that begins with a hyphen for another.
    fn typeable_secret(&self) -> String {
        loop {
            let secret = self.secret();
            if !secret.starts_with('-') {
                return secret;
            }
        }
    }

    /// The application, when the caller may give it credentials.
    async fn application_to_credit(
        &self,
        ctx: &OpContext,
        id: Uuid,
    ) -> Result<app_registration::Model> {
        ctx.authorize(Action::ApplicationWrite, Action::ApplicationRead, "/")?;
        let row = own(self.db(), ctx, id).await?;
        self.application_mastered(ctx, &row).await?;
        Ok(row)
    }

    async fn credential_insert(
        &self,
        ctx: &OpContext,
        application: &app_registration::Model,
        credential: app_credential::ActiveModel,
    ) -> Result<CredentialView> {
        let tx = self.inner.store.begin().await?;
        if credentials_of(&tx, application.id).await?.len() >= MOST_CREDENTIALS {
            let message = format!(
                "An application has {MOST_CREDENTIALS} credentials at the most. Delete one that nothing uses any more."
            );
            return Err(Problem::new(Code::QuotaExceeded, message).into());
        }
        let row = credential.insert(&tx).await?;
        let detail = format!("{} {}", row.kind, row.display_name);
        self.record(
            &tx,
            ctx,
            "application_credential_create",
            &path(application.app_id),
            ActivityResult::Succeeded,
            detail,
        )
        .await?;
        tx.commit().await?;
        credential_view(row)
    }
}

/// A century from now: later than anybody will ask.
fn far(now: DateTime<Utc>) -> DateTime<Utc> {
    now + chrono::TimeDelta::days(36_525)
}
