//! Finding rows for a caller: bound to the tenant, by either of a resource's two names, and no more than may be known.

use domain::rbac::Action;
use domain::{Code, OpContext, Page, PageRequest, Problem, ResourceId};
use sea_orm::sea_query::SimpleExpr;
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, Select};
use store::{Cursor, Scopes, in_scopes};
use uuid::Uuid;

use crate::lock::unlocked;
use crate::{Error, Result, Services};

/// How a caller names a resource: the portal by key, REST by ARM id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// The row's key.
    Id(Uuid),
    /// The ARM id.
    Arm(ResourceId),
}

impl From<Uuid> for Target {
    fn from(id: Uuid) -> Self {
        Self::Id(id)
    }
}

impl From<ResourceId> for Target {
    fn from(id: ResourceId) -> Self {
        Self::Arm(id)
    }
}

impl From<&ResourceId> for Target {
    fn from(id: &ResourceId) -> Self {
        Self::Arm(id.clone())
    }
}

/// A table whose rows callers name and see.
pub(crate) trait Findable: EntityTrait<Model: Sync> {
    const ID: Self::Column;
    const KEY: Self::Column;
    const NAME: Self::Column;
    const TENANT: Self::Column;
    /// What it is called in "… was not found".
    const WHAT: &'static str;
    /// Who may do this to a row may know that it is there.
    const READ: Action;

    /// The rows that are there for callers; a version that was deleted is kept for a while, and is not.
    fn live() -> Condition {
        Condition::all()
    }

    /// Who may do this to the row may know that it is there: [`Findable::READ`], unless rows differ.
    fn read(_row: &Self::Model) -> Action {
        Self::READ
    }

    /// What rights to the row are given at.
    fn key(row: &Self::Model) -> &str;

    /// The row's ARM id, as its creator wrote it.
    fn resource_id(row: &Self::Model) -> &str;
}

macro_rules! findable {
    ($($module:ident: $read:ident, $what:literal $(, unless $gone:ident)? $(, by $reading:path)?;)+) => {$(
        impl Findable for store::entity::$module::Entity {
            const ID: Self::Column = store::entity::$module::Column::Id;
            const KEY: Self::Column = store::entity::$module::Column::ResourceKey;
            const NAME: Self::Column = store::entity::$module::Column::Name;
            const TENANT: Self::Column = store::entity::$module::Column::TenantId;
            const WHAT: &'static str = $what;
            const READ: Action = Action::$read;

            $(fn read(row: &Self::Model) -> Action {
                $reading(row)
            })?

            $(fn live() -> Condition {
                Condition::all().add(store::entity::$module::Column::$gone.is_null())
            })?

            fn key(row: &Self::Model) -> &str {
                &row.resource_key
            }

            fn resource_id(row: &Self::Model) -> &str {
                &row.resource_id
            }
        }
    )+};
}
findable! {
    resource_group: ResourceGroupRead, "The resource group";
    gallery: GalleryRead, "The gallery";
    image: ImageRead, "The image definition";
    image_version: VersionRead, "The image version", unless DeletedAt;
    lab_plan: LabPlanRead, "The lab plan";
    lab: LabRead, "The lab";
    machine: LabVmRead, "The machine", by crate::machine::reading;
    disk: DiskRead, "The disk", by crate::compute::disk_reading;
    virtual_machine: VmRead, "The virtual machine";
    network_resource: InterfaceRead, "The resource", by crate::network::reading;
    deployment: DeploymentRead, "The deployment";
}

impl Services {
    /// Finds a row and authorises an action on it.
    ///
    /// # Errors
    /// `ResourceNotFound` in the same words for what is not there and for what the caller may not know of,
    /// `AuthorizationFailed` for what the caller may only see, `ScopeLocked` for what a lock keeps as it is.
    pub(crate) async fn find_for<E: Findable>(
        &self,
        ctx: &OpContext,
        target: impl Into<Target>,
        action: Action,
    ) -> Result<E::Model> {
        let row = find::<E>(self.db(), ctx, &target.into()).await?;
        ctx.authorize(action, E::read(&row), E::key(&row))
            .map_err(hidden::<E>)?;
        unlocked(self.db(), ctx, action, E::key(&row)).await?;
        Ok(row)
    }

    /// Finds what a new resource is to lie in, and authorises an action on the new one.
    ///
    /// # Errors
    /// As [`Services::find_for`].
    pub(crate) async fn find_parent<E: Findable>(
        &self,
        ctx: &OpContext,
        id: &ResourceId,
        action: Action,
    ) -> Result<E::Model> {
        let parent = id.parent().ok_or_else(|| Problem::not_found(E::WHAT))?;
        let row = find::<E>(self.db(), ctx, &parent.into()).await?;
        ctx.authorize(action, E::READ, &id.key())
            .map_err(hidden::<E>)?;
        Ok(row)
    }

    /// One page of a query.
    pub(crate) async fn page<E: Findable>(
        &self,
        query: Select<E>,
        sort: E::Column,
        page: &PageRequest,
    ) -> Result<Page<E::Model>> {
        let cursor = Cursor {
            sort,
            descending: page.descending,
            id: E::ID,
            name: E::NAME,
        };
        Ok(store::fetch(self.db(), query, cursor, page).await?)
    }
}

/// The rows of the caller's tenant on which an action is allowed, everywhere or within a scope; within what another
/// tenant shares, that tenant's.
pub(crate) fn visible<E: Findable>(
    ctx: &OpContext,
    action: Action,
    within: Option<&ResourceId>,
) -> Select<E> {
    let within = within.map(ResourceId::key);
    let is_abroad = within.as_ref().is_some_and(|key| ctx.is_abroad(key));
    let scopes = Scopes {
        allowed: if is_abroad {
            ctx.foreign_scopes(action)
        } else {
            ctx.scopes(action)
        },
        within,
    };
    let rows = E::find()
        .filter(E::live())
        .filter(in_scopes(E::KEY, &scopes));
    if is_abroad {
        rows
    } else {
        rows.filter(E::TENANT.eq(ctx.tenant()))
    }
}

/// Finds a row of the caller's tenant, or one that another tenant shares with the caller.
///
/// # Errors
/// `ResourceNotFound` when there is none.
pub(crate) async fn find<E: Findable>(
    db: &impl ConnectionTrait,
    ctx: &OpContext,
    target: &Target,
) -> Result<E::Model> {
    let mut known = Condition::any().add(E::TENANT.eq(ctx.tenant()));
    let abroad = Scopes {
        allowed: ctx.foreign_scopes(E::READ),
        within: None,
    };
    if !abroad.allowed.is_empty() {
        known = known.add(in_scopes(E::KEY, &abroad));
    }
    let row = E::find()
        .filter(E::live())
        .filter(bears::<E>(target))
        .filter(known)
        .one(db);
    match row.await? {
        Some(model) => Ok(model),
        None => Err(Problem::not_found(E::WHAT).into()),
    }
}

/// Words a refusal as if the row were not there, so that the answer does not tell a hidden row from a missing one.
pub(crate) fn hidden<E: Findable>(problem: Problem) -> Problem {
    if problem.code == Code::ResourceNotFound {
        Problem::not_found(E::WHAT)
    } else {
        problem
    }
}

/// Finds a row of a tenant, or nothing.
pub(crate) async fn find_optional<E: Findable>(
    db: &impl ConnectionTrait,
    tenant: Uuid,
    target: &Target,
) -> Result<Option<E::Model>> {
    Ok(named::<E>(tenant, target).one(db).await?)
}

/// The row of a tenant that bears a name.
pub(crate) fn named<E: Findable>(tenant: Uuid, target: &Target) -> Select<E> {
    E::find()
        .filter(E::live())
        .filter(E::TENANT.eq(tenant))
        .filter(bears::<E>(target))
}

/// Bears the name.
pub(crate) fn bears<E: Findable>(target: &Target) -> SimpleExpr {
    match target {
        Target::Id(id) => E::ID.eq(*id),
        Target::Arm(id) => E::KEY.eq(id.key()),
    }
}

/// The view of the one row that was asked for.
pub(crate) fn only<T>(views: Vec<T>) -> Result<T> {
    let view = views.into_iter().next();
    view.ok_or_else(|| Error::internal("a row lost its view"))
}
