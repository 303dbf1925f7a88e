//! Virtual machines: made from a version, a managed image or a disk; listed, relabelled, removed. Rules A5, A23, A29, A32-A36,
//! A57, A74.

mod create;
mod source;

use std::collections::BTreeMap;

use domain::compute::VirtualMachineView;
use domain::job::{JobKind, JobView};
use domain::lab::ProvisioningState;
use domain::rbac::Action;
use domain::tenant::Precondition;
use domain::{OpContext, Page, PageRequest, Problem, ResourceId};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, IntoActiveModel};
use store::entity::virtual_machine::{Column, Entity};

pub(super) use self::source::MachineSource;
use crate::find::{only, visible};
use crate::jobs::VmJob;
use crate::machine::held;
use crate::resource::{tags_column, touch};
use crate::{Result, Services, Target};

impl Services {
    /// The virtual machines that the caller sees, in the whole tenant or within a scope.
    ///
    /// # Errors
    /// Internal ones alone.
    pub async fn virtual_machine_list(
        &self,
        ctx: &OpContext,
        scope: Option<&ResourceId>,
        page: &PageRequest,
    ) -> Result<Page<VirtualMachineView>> {
        let query = visible::<Entity>(ctx, Action::VmRead, scope);
        let sort = match page.sort.as_deref() {
            Some("createdAt") => Column::CreatedAt,
            Some("location") => Column::Location,
            _ => Column::Name,
        };
        let rows = self.page(query, sort, page).await?;
        rows.map_all(|rows| self.virtual_machine_views(rows)).await
    }

    /// One virtual machine.
    ///
    /// # Errors
    /// `ResourceNotFound`.
    pub async fn virtual_machine_get(
        &self,
        ctx: &OpContext,
        machine: impl Into<Target>,
    ) -> Result<VirtualMachineView> {
        let row = self
            .find_for::<Entity>(ctx, machine, Action::VmRead)
            .await?;
        only(self.virtual_machine_views(vec![row]).await?)
    }

    /// Changes a virtual machine's tags.
    ///
    /// # Errors
    /// `ResourceNotFound`, `AuthorizationFailed`, `InvalidRequest`, `PreconditionFailed`.
    pub async fn virtual_machine_update(
        &self,
        ctx: &OpContext,
        machine: impl Into<Target>,
        tags: Option<BTreeMap<String, String>>,
        precondition: Precondition,
    ) -> Result<VirtualMachineView> {
        let (tx, row) = self
            .begin_change::<Entity>(ctx, machine, Action::VmWrite, &precondition)
            .await?;
        let tags = tags.unwrap_or(serde_json::from_value(row.tags.clone())?);
        Problem::unless_empty(domain::gallery::tags(&tags))?;
        let mut row = row.into_active_model();
        row.tags = tags_column(&tags)?;
        touch!(self, ctx, row);
        let row = row.update(&tx).await?;
        let operation = "virtual_machine_update";
        self.record_done(&tx, ctx, operation, &row.resource_id, "changed")
            .await?;
        tx.commit().await?;
        only(self.virtual_machine_views(vec![row]).await?)
    }

    /// Deletes a virtual machine. Its disks are kept by themselves, but for those that go with it.
    ///
    /// # Errors
    /// `MachineBusy` while another operation works on it; `PreconditionFailed`.
    pub async fn virtual_machine_delete(
        &self,
        ctx: &OpContext,
        machine: impl Into<Target>,
        precondition: Precondition,
    ) -> Result<JobView> {
        let (tx, row) = self
            .begin_change::<Entity>(ctx, machine, Action::VmDelete, &precondition)
            .await?;
        let machine = held(&tx, row.id).await?;
        super::power::idle(&machine)?;
        let work = VmJob::on(row.id);
        let (kind, steps) = (JobKind::VmDelete, VmJob::remove());
        let job = self
            .job_enqueue(&tx, ctx, kind, &row.resource_id, &work, steps)
            .await?;
        let mut machine = machine.into_active_model();
        machine.job_id = Set(Some(job.id));
        machine.update(&tx).await?;
        let mut row = row.into_active_model();
        row.provisioning_state = Set(ProvisioningState::Deleting.to_string());
        touch!(self, ctx, row);
        let row = row.update(&tx).await?;
        self.record_begun(&tx, ctx, kind.operation(), &row.resource_id, "")
            .await?;
        self.job_begin(tx, job).await
    }
}
