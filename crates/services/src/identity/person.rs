//! People whom a provider vouches for: found again, or let in for the first time.

use domain::activity::ActivityResult;
use domain::identity::{NotAdmitted, Proof, admit, issuer_host};
use domain::tenant::PrincipalKind;
use domain::{Caller, OpContext, Origin};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter,
};
use store::entity::principal;
use uuid::Uuid;

use super::principal::user_name_key;
use super::provider::{admission, provider_of};
use super::provider_client::ProviderClient;
use super::{Visit, tenant_domain};
use crate::{Result, Services};

/// How a person came to be let in, as the log tells it.
fn road(of: domain::identity::Road) -> &'static str {
    match of {
        domain::identity::Road::Domain => "by the domain of the e-mail address",
        domain::identity::Road::Group => "by a group",
        domain::identity::Road::Invitation => "by an invitation",
    }
}

impl Services {
    /// Finds the person whom a provider's id token proved, or lets them in when the tenant allows it; then brings
    /// their groups up to date.
    ///
    /// The person is known by issuer and subject alone: whoever else bears the same e-mail address stays another.
    ///
    /// # Errors
    /// `AuthenticationFailed` for a person who is barred, and internal ones; why a person is not let in is the inner
    /// result.
    pub async fn person_arrive(
        &self,
        provider: &ProviderClient,
        proof: &Proof,
        invitation: Option<Uuid>,
        visit: &Visit,
    ) -> Result<std::result::Result<Caller, Vec<NotAdmitted>>> {
        let tenant = provider.tenant;
        let tx = self.inner.store.begin().await?;
        self.lock_tenant(&tx, tenant).await?;
        let known = principal::Entity::find()
            .filter(principal::Column::TenantId.eq(tenant))
            .filter(principal::Column::Issuer.eq(&proof.issuer))
            .filter(principal::Column::Subject.eq(&proof.subject))
            .one(&tx)
            .await?;
        let (person, is_new) = match known {
            Some(person) => (self.person_renamed(&tx, person, proof).await?, None),
            None => {
                let policy = admission(&provider_of(&tx, tenant, provider.id).await?);
                let domains = tenant_domain::proved(&tx, tenant).await?;
                let is_invited = match invitation {
                    Some(id) => self.invitation_is_open(&tx, id, tenant).await?,
                    None => false,
                };
                match admit(&policy, proof, &domains, is_invited) {
                    Ok(by) => {
                        let person = self
                            .person_insert(&tx, tenant, &proof.issuer, &proof.subject, proof)
                            .await?;
                        (person, Some(by))
                    }
                    Err(reasons) => {
                        tx.rollback().await?;
                        self.person_refused(tenant, proof, &reasons, visit).await?;
                        return Ok(Err(reasons));
                    }
                }
            }
        };
        let ctx = self.arrival(&person, visit);
        let what = format!("/principals/{}", person.id);
        if let Some(by) = is_new {
            let detail = format!(
                "{} was let in {} at {}",
                person.user_name,
                road(by),
                proof.issuer
            );
            self.record(
                &tx,
                &ctx,
                "person_admit",
                &what,
                ActivityResult::Succeeded,
                detail,
            )
            .await?;
        }
        if let Some(id) = invitation {
            // Of another tenant it is none of this one's business; the callback follows it there.
            self.invitation_take(&tx, &ctx, id, &person).await?;
        }
        let changed = self
            .group_claims_apply(&tx, provider.id, person.id, &proof.groups)
            .await?;
        for (group, is_member) in changed {
            let (what, verb) = (
                format!("/principals/{group}"),
                if is_member { "joins" } else { "leaves" },
            );
            let detail = format!("{} {verb}, as {} says", person.user_name, provider.name);
            self.record(
                &tx,
                &ctx,
                "group_member_set",
                &what,
                ActivityResult::Succeeded,
                detail,
            )
            .await?;
        }
        tx.commit().await?;
        self.caller_load(person.id, tenant).await.map(Ok)
    }

    /// Writes a person of a provider, or a guest; the name for signing in is made unique where it has to be.
    pub(super) async fn person_insert(
        &self,
        tx: &impl ConnectionTrait,
        tenant: Uuid,
        issuer: &str,
        subject: &str,
        proof: &Proof,
    ) -> Result<principal::Model> {
        let id = self.new_id();
        let user_name = self
            .free_name(tx, tenant, &proof.sign_in_name(), issuer, id)
            .await?;
        let row = principal::ActiveModel {
            id: Set(id),
            tenant_id: Set(tenant),
            kind: Set(PrincipalKind::User.to_string()),
            display_name: Set(proof.display_name()),
            user_name_key: Set(user_name_key(&user_name)),
            user_name: Set(user_name),
            issuer: Set(issuer.to_owned()),
            subject: Set(subject.to_owned()),
            enabled: Set(true),
            created_at: Set(self.now()),
        };
        Ok(row.insert(tx).await?)
    }

    /// A name nobody has in the tenant: who comes from a provider must never look like somebody who was here before.
    async fn free_name(
        &self,
        tx: &impl ConnectionTrait,
        tenant: Uuid,
        wanted: &str,
        issuer: &str,
        id: Uuid,
    ) -> Result<String> {
        let wanted: String = wanted.chars().take(100).collect();
        let place: String = issuer_host(issuer).chars().take(60).collect();
        let candidates = [
            wanted.clone(),
            format!("{wanted}#{place}"),
            format!("{wanted}#{}", id.simple()),
        ];
        for name in candidates {
            let taken = principal::Entity::find()
                .filter(principal::Column::TenantId.eq(tenant))
                .filter(principal::Column::UserNameKey.eq(user_name_key(&name)));
            if taken.one(tx).await?.is_none() {
                return Ok(name);
            }
        }
        Err(crate::Error::internal(format!(
            "no name is free for a person of {issuer}"
        )))
    }

    async fn person_renamed(
        &self,
        tx: &impl ConnectionTrait,
        person: principal::Model,
        proof: &Proof,
    ) -> Result<principal::Model> {
        let name = proof.display_name();
        if proof.name.is_none() || person.display_name == name {
            return Ok(person);
        }
        let mut change: principal::ActiveModel = person.into();
        change.display_name = Set(name);
        Ok(change.update(tx).await?)
    }

    async fn person_refused(
        &self,
        tenant: Uuid,
        proof: &Proof,
        reasons: &[NotAdmitted],
        visit: &Visit,
    ) -> Result<()> {
        let caller = Caller {
            user_name: proof.sign_in_name(),
            display_name: proof.display_name(),
            grants: Vec::new(),
            foreign: Vec::new(),
            ..self.system(tenant, &visit.request_id).caller
        };
        let ctx = self.context(caller, visit, Origin::Portal);
        let reasons: Vec<String> = reasons.iter().map(ToString::to_string).collect();
        let detail = format!("at {}: {}", proof.issuer, reasons.join("; "));
        self.record(
            self.db(),
            &ctx,
            "person_admit",
            "/principals",
            ActivityResult::Refused,
            detail,
        )
        .await
    }

    /// The context of a person who is only arriving: it names them, and gives no rights.
    pub(super) fn arrival(&self, person: &principal::Model, visit: &Visit) -> OpContext {
        let caller = Caller {
            principal: person.id,
            display_name: person.display_name.clone(),
            user_name: person.user_name.clone(),
            grants: Vec::new(),
            foreign: Vec::new(),
            ..self.system(person.tenant_id, &visit.request_id).caller
        };
        self.context(caller, visit, Origin::Portal)
    }
}
