//! Invitations: links by which people of elsewhere become guests.

use chrono::{DateTime, TimeDelta, Utc};
use domain::activity::ActivityResult;
use domain::identity::{InvitationState, InvitationView, Proof};
use domain::tenant::PrincipalKind;
use domain::{Caller, Code, OpContext, Problem, Rule, Violation, name};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait,
    QueryFilter, QueryOrder, QuerySelect,
};
use std::collections::HashMap;
use store::entity::invitation::{ActiveModel, Column, Entity, Model};
use store::entity::{group_member, principal, tenant};
use uuid::Uuid;

use super::principal::principal_of;
use super::provider::administer;
use super::tenant::TenantRef;
use super::{Visit, secret};
use crate::{Result, Services};

/// Longest life of an invitation, in days.
const LONGEST: u32 = 30;

/// As many are listed, the newest first.
const LISTED: u64 = 200;

/// An invitation that was just made.
#[derive(Clone, PartialEq, Eq)]
pub struct Invited {
    /// The invitation.
    pub invitation: InvitationView,
    /// What the link holds; told once, kept as a hash.
    pub secret: String,
}

impl std::fmt::Debug for Invited {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Invited")
            .field("invitation", &self.invitation.id)
            .finish_non_exhaustive()
    }
}

/// An open invitation, as the one who follows its link sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenInvitation {
    /// Key of the row.
    pub id: Uuid,
    /// The tenant that invites.
    pub tenant: TenantRef,
    /// Whom it was meant for.
    pub email: String,
    /// Until when it can be accepted.
    pub expires_at: DateTime<Utc>,
}

fn state(row: &Model, now: DateTime<Utc>) -> InvitationState {
    if row.accepted_at.is_some() {
        InvitationState::Accepted
    } else if row.revoked_at.is_some() {
        InvitationState::Revoked
    } else if row.expires_at <= now {
        InvitationState::Expired
    } else {
        InvitationState::Open
    }
}

fn view(row: Model, group: Option<String>, now: DateTime<Utc>) -> InvitationView {
    InvitationView {
        id: row.id,
        state: state(&row, now),
        email: row.email,
        group,
        created_by: row.created_by,
        created_at: row.created_at,
        expires_at: row.expires_at,
    }
}

/// What an invitation must be to be accepted.
fn is_open(now: DateTime<Utc>) -> Condition {
    Condition::all()
        .add(Column::AcceptedAt.is_null())
        .add(Column::RevokedAt.is_null())
        .add(Column::ExpiresAt.gt(now))
}

/// The one answer to whatever is wrong with an invitation.
fn shut() -> Problem {
    Problem::new(
        Code::ResourceNotFound,
        "This invitation was used, was taken back, or has expired. Ask for a new one.",
    )
}

impl Services {
    /// Makes an invitation, into a group when one is named. Its link works once.
    ///
    /// # Errors
    /// `AuthorizationFailed`, `InvalidRequest`, `ResourceNotFound` for the group.
    pub async fn invitation_create(
        &self,
        ctx: &OpContext,
        email: &str,
        group: Option<Uuid>,
        days: u32,
    ) -> Result<Invited> {
        administer(ctx)?;
        let email = email.trim();
        let mut broken = Vec::new();
        if !name::is_email(email) {
            broken.push(Violation::new(Rule::NotAnEmail, "email"));
        }
        if !(1..=LONGEST).contains(&days) {
            broken.push(
                Violation::new(Rule::OutOfRange, "days")
                    .with("min", 1)
                    .with("max", LONGEST),
            );
        }
        Problem::unless_empty(broken)?;
        let tx = self.inner.store.begin().await?;
        let group = match group {
            Some(group) => Some(principal_of(&tx, ctx.tenant(), group).await?),
            None => None,
        };
        let is_group =
            |row: &principal::Model| PrincipalKind::parse(&row.kind) == Some(PrincipalKind::Group);
        if group.as_ref().is_some_and(|group| !is_group(group)) {
            let message = "Only a group can have members.";
            return Err(Problem::new(Code::InvalidRequest, message)
                .at("group")
                .into());
        }
        let secret = self.secret();
        let row = ActiveModel {
            id: Set(self.new_id()),
            tenant_id: Set(ctx.tenant()),
            token_hash: Set(secret::hash(&secret)),
            email: Set(email.to_owned()),
            group_id: Set(group.as_ref().map(|group| group.id)),
            created_at: Set(self.now()),
            created_by: Set(ctx.caller.user_name.clone()),
            expires_at: Set(self.now() + TimeDelta::days(days.into())),
            accepted_at: Set(None),
            accepted_by: Set(None),
            revoked_at: Set(None),
        };
        let row = row.insert(&tx).await?;
        let what = format!("/invitations/{}", row.id);
        self.record(
            &tx,
            ctx,
            "invitation_create",
            &what,
            ActivityResult::Succeeded,
            row.email.clone(),
        )
        .await?;
        tx.commit().await?;
        let invitation = view(row, group.map(|group| group.display_name), self.now());
        Ok(Invited { invitation, secret })
    }

    /// The tenant's invitations, the newest first; at most 200.
    ///
    /// # Errors
    /// `AuthorizationFailed`.
    pub async fn invitation_list(&self, ctx: &OpContext) -> Result<Vec<InvitationView>> {
        administer(ctx)?;
        let rows = Entity::find()
            .filter(Column::TenantId.eq(ctx.tenant()))
            .order_by_desc(Column::CreatedAt)
            .order_by_desc(Column::Id)
            .limit(LISTED)
            .all(self.db())
            .await?;
        let groups = principal::Entity::find()
            .filter(principal::Column::Id.is_in(rows.iter().filter_map(|row| row.group_id)))
            .all(self.db())
            .await?;
        let names: HashMap<Uuid, String> = groups
            .into_iter()
            .map(|group| (group.id, group.display_name))
            .collect();
        let now = self.now();
        Ok(rows
            .into_iter()
            .map(|row| {
                let group = row.group_id.and_then(|id| names.get(&id).cloned());
                view(row, group, now)
            })
            .collect())
    }

    /// Takes an open invitation back.
    ///
    /// # Errors
    /// `ResourceNotFound`, `AuthorizationFailed`; `Conflict` for one that is not open any more.
    pub async fn invitation_revoke(&self, ctx: &OpContext, id: Uuid) -> Result<()> {
        administer(ctx)?;
        let tx = self.inner.store.begin().await?;
        let row = Entity::find_by_id(id).filter(Column::TenantId.eq(ctx.tenant()));
        let row = row
            .one(&tx)
            .await?
            .ok_or_else(|| Problem::not_found("The invitation"))?;
        if state(&row, self.now()) != InvitationState::Open {
            return Err(
                Problem::new(Code::Conflict, "The invitation is not open any more.").into(),
            );
        }
        let (what, email) = (format!("/invitations/{id}"), row.email.clone());
        let mut change: ActiveModel = row.into();
        change.revoked_at = Set(Some(self.now()));
        change.update(&tx).await?;
        self.record(
            &tx,
            ctx,
            "invitation_revoke",
            &what,
            ActivityResult::Succeeded,
            email,
        )
        .await?;
        Ok(tx.commit().await?)
    }

    /// The open invitation of a link.
    ///
    /// # Errors
    /// `ResourceNotFound` with one sentence for every kind of wrong.
    pub async fn invitation_find(&self, secret: &str) -> Result<OpenInvitation> {
        let row = Entity::find()
            .filter(Column::TokenHash.eq(secret::hash(secret)))
            .filter(is_open(self.now()));
        let row = row.one(self.db()).await?.ok_or_else(shut)?;
        let tenant = tenant::Entity::find_by_id(row.tenant_id)
            .one(self.db())
            .await?;
        let tenant = tenant.ok_or_else(shut)?;
        Ok(OpenInvitation {
            id: row.id,
            tenant: tenant.into(),
            email: row.email,
            expires_at: row.expires_at,
        })
    }

    /// The tenant of an invitation, open or not.
    ///
    /// # Errors
    /// Internal ones alone.
    pub async fn invitation_tenant(&self, id: Uuid) -> Result<Option<Uuid>> {
        let row = Entity::find_by_id(id).one(self.db()).await?;
        Ok(row.map(|row| row.tenant_id))
    }

    /// Makes a person of another tenant a guest in the one that invites; whoever is there already only joins the
    /// group. Answers the person as the inviting tenant knows them.
    ///
    /// # Errors
    /// `ResourceNotFound` for an invitation that is not open, `AuthenticationFailed` for a guest who is barred there.
    pub async fn invitation_accept(
        &self,
        caller: &Caller,
        invitation: Uuid,
        visit: &Visit,
    ) -> Result<Caller> {
        let tx = self.inner.store.begin().await?;
        let home = principal_of(&tx, caller.tenant, caller.principal).await?;
        let row = Entity::find_by_id(invitation).filter(is_open(self.now()));
        let row = row.one(&tx).await?.ok_or_else(shut)?;
        self.lock_tenant(&tx, row.tenant_id).await?;
        let known = principal::Entity::find()
            .filter(principal::Column::TenantId.eq(row.tenant_id))
            .filter(principal::Column::Issuer.eq(&home.issuer))
            .filter(principal::Column::Subject.eq(&home.subject))
            .one(&tx)
            .await?;
        let guest = match known {
            Some(guest) => guest,
            None => {
                let named = Proof {
                    name: Some(home.display_name.clone()),
                    user_name: Some(home.user_name.clone()),
                    ..Proof::default()
                };
                self.person_insert(&tx, row.tenant_id, &home.issuer, &home.subject, &named)
                    .await?
            }
        };
        let ctx = self.arrival(&guest, visit);
        if !self.invitation_take(&tx, &ctx, invitation, &guest).await? {
            return Err(shut().into());
        }
        tx.commit().await?;
        self.caller_load(guest.id, guest.tenant_id).await
    }

    /// Whether an invitation of the tenant can be accepted now.
    pub(super) async fn invitation_is_open(
        &self,
        tx: &impl ConnectionTrait,
        id: Uuid,
        tenant: Uuid,
    ) -> Result<bool> {
        let row = Entity::find_by_id(id)
            .filter(Column::TenantId.eq(tenant))
            .filter(is_open(self.now()));
        Ok(row.one(tx).await?.is_some())
    }

    /// Marks an open invitation of the person's tenant as accepted by them and lets them join its group; false when
    /// it is not open, or not of that tenant.
    pub(super) async fn invitation_take(
        &self,
        tx: &impl ConnectionTrait,
        ctx: &OpContext,
        id: Uuid,
        person: &principal::Model,
    ) -> Result<bool> {
        // One statement decides who comes first.
        let taken = Entity::update_many()
            .set(ActiveModel {
                accepted_at: Set(Some(self.now())),
                accepted_by: Set(Some(person.id)),
                ..Default::default()
            })
            .filter(Column::Id.eq(id))
            .filter(Column::TenantId.eq(person.tenant_id))
            .filter(is_open(self.now()))
            .exec(tx)
            .await?;
        if taken.rows_affected == 0 {
            return Ok(false);
        }
        let row = Entity::find_by_id(id).one(tx).await?;
        if let Some(group) = row.and_then(|row| row.group_id) {
            let held = group_member::Entity::find_by_id((group, person.id));
            if held.one(tx).await?.is_none() {
                let member = group_member::ActiveModel {
                    group_id: Set(group),
                    member_id: Set(person.id),
                };
                member.insert(tx).await?;
            }
        }
        let (what, detail) = (
            format!("/invitations/{id}"),
            format!("accepted by {}", person.user_name),
        );
        self.record(
            tx,
            ctx,
            "invitation_accept",
            &what,
            ActivityResult::Succeeded,
            detail,
        )
        .await?;
        Ok(true)
    }
}
