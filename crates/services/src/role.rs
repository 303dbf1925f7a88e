use domain::rbac::RoleDefinition;
use domain::tenant::{PrincipalView, RoleAssignmentView};
use domain::{OpContext, Page, PageRequest};
use uuid::Uuid;

use crate::{Put, Result, Services};

impl Services {
    pub fn role_list(&self) -> &'static [RoleDefinition] { domain::rbac::BUILT_IN }
    pub async fn role_assignment_list(&self, ctx: &OpContext, scope: &str) -> Result<Vec<RoleAssignmentView>> { todo!() }
    pub async fn role_assignment_create(&self, ctx: &OpContext, id: Uuid, scope: &str, principal: Uuid, role: Uuid) -> Result<Put<RoleAssignmentView>> { todo!() }
    pub async fn role_assignment_delete(&self, ctx: &OpContext, id: Uuid) -> Result<()> { todo!() }
    pub async fn principal_list(&self, ctx: &OpContext, page: &PageRequest) -> Result<Page<PrincipalView>> { todo!() }
    pub async fn access_check(&self, ctx: &OpContext, scope: &str, principal: Uuid) -> Result<Vec<RoleAssignmentView>> { todo!() }
}
