//! People, groups and programs of a tenant.

use domain::activity::ActivityResult;
use domain::identity::issuer_host;
use domain::rbac::Action;
use domain::tenant::{PrincipalKind, PrincipalView};
use domain::{Code, OpContext, Problem, Rule, Violation, name};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter,
};
use store::entity::{group_member, principal, session};
use uuid::Uuid;

use super::LOCAL_ISSUER;
use crate::{Result, Services};

/// What a principal is created from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewPrincipal {
    /// What it is.
    pub kind: PrincipalKind,
    /// Name for people.
    pub display_name: String,
    /// Name for signing in, unique in the tenant; an e-mail address for people.
    pub user_name: String,
}

impl NewPrincipal {
    fn check(&self) -> Vec<Violation> {
        let mut broken = name::text("displayName", &self.display_name, 1, 100);
        broken.extend(name::text("userName", &self.user_name, 1, 200));
        if self.kind == PrincipalKind::User && broken.is_empty() && !name::is_email(&self.user_name)
        {
            broken.push(Violation::new(Rule::NotAnEmail, "userName"));
        }
        broken
    }
}

/// The spelling by which user names are compared.
pub(super) fn user_name_key(user_name: &str) -> String {
    user_name.trim().to_lowercase()
}

/// The row as the outside sees it.
pub(crate) fn view(row: principal::Model) -> PrincipalView {
    let comes_from = match row.issuer.as_str() {
        LOCAL_ISSUER if row.subject == row.id.to_string() => None,
        LOCAL_ISSUER => Some("another organisation here".to_owned()),
        issuer if issuer.contains("://") => Some(issuer_host(issuer).to_owned()),
        _ => None,
    };
    PrincipalView {
        comes_from,
        id: row.id,
        kind: PrincipalKind::parse(&row.kind).unwrap_or(PrincipalKind::User),
        display_name: row.display_name,
        user_name: row.user_name,
        enabled: row.enabled,
    }
}

impl Services {
    /// Creates a person, group or program.
    ///
    /// # Errors
    /// `AuthorizationFailed`, `InvalidRequest` with every broken rule, `AlreadyExists` for a name that is taken.
    pub async fn principal_create(
        &self,
        ctx: &OpContext,
        new: NewPrincipal,
    ) -> Result<PrincipalView> {
        ctx.authorize(Action::PrincipalWrite, Action::PrincipalRead, "/")?;
        let tx = self.inner.store.begin().await?;
        let row = self.principal_insert(&tx, ctx, new).await?;
        tx.commit().await?;
        Ok(view(row))
    }

    /// Writes the row and its line of the log; the caller was authorised.
    pub(super) async fn principal_insert(
        &self,
        tx: &impl ConnectionTrait,
        ctx: &OpContext,
        new: NewPrincipal,
    ) -> Result<principal::Model> {
        Problem::unless_empty(new.check())?;
        let id = self.new_id();
        let key = user_name_key(&new.user_name);
        let taken = principal::Entity::find()
            .filter(principal::Column::TenantId.eq(ctx.tenant()))
            .filter(principal::Column::UserNameKey.eq(&key));
        if taken.one(tx).await?.is_some() {
            let violation =
                Violation::new(Rule::AlreadyExists, "userName").with("value", &new.user_name);
            return Err(Problem::from_violations(vec![violation]).into());
        }
        let row = principal::ActiveModel {
            id: Set(id),
            tenant_id: Set(ctx.tenant()),
            kind: Set(new.kind.to_string()),
            display_name: Set(new.display_name),
            user_name: Set(new.user_name.trim().to_owned()),
            user_name_key: Set(key),
            issuer: Set(LOCAL_ISSUER.to_owned()),
            subject: Set(id.to_string()),
            enabled: Set(true),
            created_at: Set(self.now()),
        };
        let row = row.insert(tx).await?;
        let (what, detail) = (
            format!("/principals/{id}"),
            format!("{} {}", row.kind, row.user_name),
        );
        self.record(
            tx,
            ctx,
            "principal_create",
            &what,
            ActivityResult::Succeeded,
            detail,
        )
        .await?;
        Ok(row)
    }

    /// Lets a principal sign in, or shuts it out at once: its sessions end, its tokens count no more.
    ///
    /// # Errors
    /// `ResourceNotFound`, `AuthorizationFailed`; `Conflict` for the last owner of the tenant.
    pub async fn principal_enable(
        &self,
        ctx: &OpContext,
        id: Uuid,
        enabled: bool,
    ) -> Result<PrincipalView> {
        ctx.authorize(Action::PrincipalWrite, Action::PrincipalRead, "/")?;
        let tx = self.inner.store.begin().await?;
        self.lock_tenant(&tx, ctx.tenant()).await?;
        let row = principal_of(&tx, ctx.tenant(), id).await?;
        if !enabled
            && self
                .is_last_owner(&tx, ctx.tenant(), |assignment| {
                    assignment.principal_id == id
                })
                .await?
        {
            return Err(crate::role::last_owner().into());
        }
        let mut change: principal::ActiveModel = row.into();
        change.enabled = Set(enabled);
        let row = change.update(&tx).await?;
        if !enabled {
            session::Entity::delete_many()
                .filter(session::Column::PrincipalId.eq(id))
                .exec(&tx)
                .await?;
            self.refresh_revoke_of(&tx, id).await?;
        }
        let detail = if enabled {
            "may sign in"
        } else {
            "may not sign in"
        };
        self.record(
            &tx,
            ctx,
            "principal_enable",
            &format!("/principals/{id}"),
            ActivityResult::Succeeded,
            detail,
        )
        .await?;
        tx.commit().await?;
        Ok(view(row))
    }

    /// Puts a person or program into a group, or takes it out. Groups hold no groups.
    ///
    /// # Errors
    /// `ResourceNotFound` for either, `AuthorizationFailed`, `InvalidRequest` when the group is none or the member is one.
    pub async fn group_member_set(
        &self,
        ctx: &OpContext,
        group: Uuid,
        member: Uuid,
        is_member: bool,
    ) -> Result<()> {
        // A member gains the group's roles, so this needs the right to give roles as well.
        ctx.authorize(Action::PrincipalWrite, Action::PrincipalRead, "/")?;
        ctx.authorize(Action::RoleAssignmentWrite, Action::PrincipalRead, "/")?;
        let tx = self.inner.store.begin().await?;
        let (group_row, member_row) = (
            principal_of(&tx, ctx.tenant(), group).await?,
            principal_of(&tx, ctx.tenant(), member).await?,
        );
        let kind = |row: &principal::Model| PrincipalKind::parse(&row.kind);
        if kind(&group_row) != Some(PrincipalKind::Group)
            || kind(&member_row) == Some(PrincipalKind::Group)
        {
            let message = "Only people and programs can be put into groups.";
            return Err(Problem::new(Code::InvalidRequest, message)
                .at("group")
                .into());
        }
        group_member::Entity::delete_by_id((group, member))
            .exec(&tx)
            .await?;
        if is_member {
            group_member::ActiveModel {
                group_id: Set(group),
                member_id: Set(member),
            }
            .insert(&tx)
            .await?;
        }
        let detail = format!(
            "{} {} {}",
            member_row.user_name,
            if is_member { "joins" } else { "leaves" },
            group_row.user_name
        );
        self.record(
            &tx,
            ctx,
            "group_member_set",
            &format!("/principals/{group}"),
            ActivityResult::Succeeded,
            detail,
        )
        .await?;
        Ok(tx.commit().await?)
    }

    /// The principal that an issuer knows by this subject. Bound by issuer and subject, never by e-mail address.
    ///
    /// # Errors
    /// Internal ones alone.
    pub async fn principal_by_subject(
        &self,
        tenant: Uuid,
        issuer: &str,
        subject: &str,
    ) -> Result<Option<Uuid>> {
        let query = principal::Entity::find()
            .filter(principal::Column::TenantId.eq(tenant))
            .filter(principal::Column::Issuer.eq(issuer))
            .filter(principal::Column::Subject.eq(subject));
        Ok(query.one(self.db()).await?.map(|row| row.id))
    }
}

/// A principal of the tenant.
///
/// # Errors
/// `ResourceNotFound`.
pub(crate) async fn principal_of(
    db: &impl ConnectionTrait,
    tenant: Uuid,
    id: Uuid,
) -> Result<principal::Model> {
    let query = principal::Entity::find_by_id(id).filter(principal::Column::TenantId.eq(tenant));
    match query.one(db).await? {
        Some(row) => Ok(row),
        None => Err(Problem::not_found("The person, group or program").into()),
    }
}
