//! Finding rows for a caller: bound to the tenant, and by either of a resource's two names.

use domain::{Code, OpContext, Problem, ResourceId};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

use crate::Result;

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

/// The columns by which a table's rows are found.
pub(crate) trait Findable: EntityTrait {
    const ID: Self::Column;
    const KEY: Self::Column;
    const TENANT: Self::Column;
    /// What it is called in "… was not found".
    const WHAT: &'static str;
}

macro_rules! findable {
    ($($module:ident => $what:literal),+ $(,)?) => {$(
        impl Findable for store::entity::$module::Entity {
            const ID: Self::Column = store::entity::$module::Column::Id;
            const KEY: Self::Column = store::entity::$module::Column::ResourceKey;
            const TENANT: Self::Column = store::entity::$module::Column::TenantId;
            const WHAT: &'static str = $what;
        }
    )+};
}
findable! {
    resource_group => "The resource group",
    gallery => "The gallery",
    image => "The image definition",
    image_version => "The image version",
    lab_plan => "The lab plan",
    lab => "The lab",
    machine => "The machine",
}

/// Finds a row of the caller's tenant.
///
/// # Errors
/// `ResourceNotFound` when there is none.
pub(crate) async fn find<E: Findable>(
    db: &impl ConnectionTrait,
    ctx: &OpContext,
    target: &Target,
) -> Result<E::Model> {
    match find_optional::<E>(db, ctx.tenant(), target).await? {
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
    let query = E::find().filter(E::TENANT.eq(tenant));
    let query = match target {
        Target::Id(id) => query.filter(E::ID.eq(*id)),
        Target::Arm(id) => query.filter(E::KEY.eq(id.key())),
    };
    Ok(query.one(db).await?)
}
