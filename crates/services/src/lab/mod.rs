//! Labs. Rules B19, B20, A32-A35.

mod create;
mod view;

use domain::job::{JobKind, JobView};
use domain::lab::{LabUpdate, LabView, ProvisioningState};
use domain::rbac::Action;
use domain::tenant::Precondition;
use domain::{Code, OpContext, Page, PageRequest, Problem, ResourceId, name};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter,
    QuerySelect,
};
use store::entity::lab::{Column, Entity};
use store::entity::machine;

use crate::find::{only, visible};
use crate::jobs::LabJob;
use crate::resource::{tags_column, touch};
use crate::{Result, Services, Target};

/// What the caller may do with a lab: for showing and hiding buttons.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LabRights {
    /// Change title and description.
    pub edit: bool,
    /// Delete the lab with its machines.
    pub delete: bool,
    /// Start machines.
    pub start: bool,
    /// Stop machines.
    pub stop: bool,
    /// Open consoles.
    pub connect: bool,
    /// Export the template VM.
    pub export: bool,
    /// See and give rights.
    pub access: bool,
}

impl Services {
    /// The labs that the caller sees, in the whole tenant or within a scope.
    ///
    /// # Errors
    /// Internal ones alone.
    pub async fn lab_list(
        &self,
        ctx: &OpContext,
        scope: Option<&ResourceId>,
        page: &PageRequest,
    ) -> Result<Page<LabView>> {
        let sort = match page.sort.as_deref() {
            Some("title") => Column::Title,
            Some("location") => Column::Location,
            Some("createdAt") => Column::CreatedAt,
            Some("size") => Column::Size,
            _ => Column::Name,
        };
        let query = visible::<Entity>(ctx, Action::LabRead, scope);
        let rows = self.page(query, sort, page).await?;
        rows.map_all(|rows| self.lab_views(rows)).await
    }

    /// One lab with its template VM.
    ///
    /// # Errors
    /// `ResourceNotFound`.
    pub async fn lab_get(&self, ctx: &OpContext, lab: impl Into<Target>) -> Result<LabView> {
        let row = self.find_for::<Entity>(ctx, lab, Action::LabRead).await?;
        only(self.lab_views(vec![row]).await?)
    }

    /// What the caller may do with the lab, by the functions that enforce it.
    #[must_use]
    pub fn lab_rights(&self, ctx: &OpContext, lab: &LabView) -> LabRights {
        let may = |action| ctx.may(action, &lab.meta.resource_id.key());
        LabRights {
            edit: may(Action::LabWrite),
            delete: may(Action::LabDelete),
            start: may(Action::LabVmStart),
            stop: may(Action::LabVmStop),
            connect: may(Action::LabVmConnect),
            export: may(Action::LabWrite)
                && lab.plan.is_some()
                && ctx.may(Action::LabPlanSaveImage, &lab.plan_resource_id.key()),
            access: may(Action::RoleAssignmentRead),
        }
    }

    /// Changes title, description and tags.
    ///
    /// # Errors
    /// `ResourceNotFound`, `AuthorizationFailed`, `InvalidRequest`, `PreconditionFailed`.
    pub async fn lab_update(
        &self,
        ctx: &OpContext,
        lab: impl Into<Target>,
        update: LabUpdate,
        precondition: Precondition,
    ) -> Result<LabView> {
        let (tx, row) = self
            .begin_change::<Entity>(ctx, lab, Action::LabWrite, &precondition)
            .await?;
        check(&update)?;
        let mut row = row.into_active_model();
        if let Some(title) = update.title {
            row.title = Set(title.trim().to_owned());
        }
        if let Some(description) = update.description {
            row.description = Set(description.trim().to_owned());
        }
        if let Some(tags) = &update.tags {
            row.tags = tags_column(tags)?;
        }
        touch!(self, ctx, row);
        let row = row.update(&tx).await?;
        self.record_done(&tx, ctx, "lab_update", &row.resource_id, "changed")
            .await?;
        tx.commit().await?;
        only(self.lab_views(vec![row]).await?)
    }

    /// Deletes a lab with its machines and their disks. Images that it exported stay.
    ///
    /// # Errors
    /// `MachineBusy` while an operation works on the lab or its template VM; `PreconditionFailed`.
    pub async fn lab_delete(
        &self,
        ctx: &OpContext,
        lab: impl Into<Target>,
        precondition: Precondition,
    ) -> Result<JobView> {
        let (tx, row) = self
            .begin_change::<Entity>(ctx, lab, Action::LabDelete, &precondition)
            .await?;
        let machines = machine::Entity::find()
            .filter(machine::Column::LabId.eq(row.id))
            .lock_exclusive()
            .all(&tx)
            .await?;
        if row.job_id.is_some() || machines.iter().any(|machine| machine.job_id.is_some()) {
            let message = "Another operation works on this lab. Wait until it is over, or cancel it, then delete the lab.";
            return Err(Problem::new(Code::MachineBusy, message)
                .at(row.resource_id)
                .into());
        }
        let work = LabJob {
            lab: row.id,
            machine: None,
        };
        let (kind, steps) = (JobKind::LabDelete, LabJob::remove());
        let job = self
            .job_enqueue(&tx, ctx, kind, &row.resource_id, &work, steps)
            .await?;
        let mut row = row.into_active_model();
        row.provisioning_state = Set(ProvisioningState::Deleting.to_string());
        row.job_id = Set(Some(job.id));
        touch!(self, ctx, row);
        let row = row.update(&tx).await?;
        for machine in machines {
            let mut machine = machine.into_active_model();
            machine.job_id = Set(Some(job.id));
            machine.update(&tx).await?;
        }
        self.record_begun(&tx, ctx, "lab_delete", &row.resource_id, "")
            .await?;
        self.job_begin(tx, job).await
    }
}

/// The rules for what of a lab can be changed.
fn check(update: &LabUpdate) -> std::result::Result<(), Problem> {
    let mut found = Vec::new();
    if let Some(title) = &update.title {
        found.extend(name::text("title", title, 1, 120));
    }
    if let Some(description) = &update.description {
        found.extend(name::text("description", description, 0, 500));
    }
    if let Some(tags) = &update.tags {
        found.extend(domain::gallery::tags(tags));
    }
    Problem::unless_empty(found)
}
