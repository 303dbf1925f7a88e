//! Machines of labs: start, stop, look at their consoles. Virtual machines share the consoles and the rows.

use domain::job::{JobKind, JobView};
use domain::machine::{MachineKind, MachineState, MachineView};
use domain::rbac::Action;
use domain::{Code, DiskSize, OpContext, Page, PageRequest, Problem, ResourceId};
use engine::ConsoleStream;
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel,
    QueryFilter, QuerySelect,
};
use store::entity::machine::{Column, Entity, Model};
use store::entity::{lab, role_assignment};
use store::{Cursor, Scopes, in_scopes};
use uuid::Uuid;

use crate::find::{find, hidden};
use crate::jobs::{MachineJob, Step};
use crate::{Error, Result, Services};

impl Services {
    /// One machine.
    ///
    /// # Errors
    /// `ResourceNotFound`.
    pub async fn machine_get(&self, ctx: &OpContext, id: Uuid) -> Result<MachineView> {
        let row = self.find_for::<Entity>(ctx, id, Action::LabVmRead).await?;
        let lab = row
            .lab_id
            .ok_or_else(|| Problem::not_found("The machine"))?;
        let title = self.lab_title(lab).await?;
        Ok(view(row, lab, &title))
    }

    /// The machines that are the caller's own: those of labs that were given to them by name, not by a right above.
    ///
    /// # Errors
    /// Internal ones alone.
    pub async fn machine_list_mine(
        &self,
        ctx: &OpContext,
        page: &PageRequest,
    ) -> Result<Page<MachineView>> {
        let own = role_assignment::Entity::find()
            .filter(role_assignment::Column::PrincipalId.eq(ctx.caller.principal))
            .filter(role_assignment::Column::Scope.contains("/labs/"))
            .all(self.db())
            .await?;
        let allowed = own
            .into_iter()
            .map(|row| row.scope)
            .filter(|scope| ctx.may(Action::LabVmConnect, scope))
            .collect();
        let scopes = Scopes {
            allowed,
            within: None,
        };
        let query = Entity::find()
            .filter(Column::TenantId.eq(ctx.tenant()))
            .filter(Column::LabId.is_not_null())
            .filter(in_scopes(Column::ResourceKey, &scopes));
        let cursor = Cursor {
            sort: Column::ResourceKey,
            descending: false,
            id: Column::Id,
            name: Column::Name,
        };
        let rows = store::fetch(self.db(), query, cursor, page).await?;
        let mut items = Vec::new();
        for row in rows.items {
            let lab = row.lab_id.unwrap_or_default();
            let title = self.lab_title(lab).await?;
            items.push(view(row, lab, &title));
        }
        Ok(Page {
            items,
            next: rows.next,
            total: rows.total,
        })
    }

    /// Starts a machine.
    ///
    /// # Errors
    /// `MachineBusy` while another operation works on it, `Conflict` when it could never be made.
    pub async fn machine_start(&self, ctx: &OpContext, id: Uuid) -> Result<JobView> {
        self.machine_power(
            ctx,
            id,
            Action::LabVmStart,
            JobKind::MachineStart,
            MachineJob::start(),
        )
        .await
    }

    /// Shuts a machine down; it is switched off when it takes longer than the operator's patience.
    ///
    /// # Errors
    /// `MachineBusy` while another operation works on it.
    pub async fn machine_stop(&self, ctx: &OpContext, id: Uuid) -> Result<JobView> {
        self.machine_power(
            ctx,
            id,
            Action::LabVmStop,
            JobKind::MachineStop,
            MachineJob::stop(),
        )
        .await
    }

    /// The screen as raw RFB.
    ///
    /// # Errors
    /// `AuthorizationFailed` without the right to connect, `EngineUnavailable` when the machine is off.
    pub async fn machine_screen(
        &self,
        ctx: &OpContext,
        id: Uuid,
    ) -> Result<Box<dyn ConsoleStream>> {
        self.machine_connect(ctx, id, "screen").await?;
        Ok(self.engine().hypervisor().screen(id).await?)
    }

    /// The serial line.
    ///
    /// # Errors
    /// As [`Services::machine_screen`].
    pub async fn machine_serial(
        &self,
        ctx: &OpContext,
        id: Uuid,
    ) -> Result<Box<dyn ConsoleStream>> {
        self.machine_connect(ctx, id, "serial").await?;
        Ok(self.engine().hypervisor().serial(id).await?)
    }

    /// The screen now, as PNG.
    ///
    /// # Errors
    /// As [`Services::machine_screen`].
    pub async fn machine_screenshot(&self, ctx: &OpContext, id: Uuid) -> Result<Vec<u8>> {
        self.machine_reach(ctx, id).await?;
        Ok(self.engine().hypervisor().screenshot(id).await?)
    }

    async fn machine_connect(&self, ctx: &OpContext, id: Uuid, console: &str) -> Result<()> {
        let row = self.machine_reach(ctx, id).await?;
        let (db, operation) = (self.db(), "machine_connect");
        self.record_done(db, ctx, operation, &row.resource_id, console)
            .await
    }

    /// The machine, for who may connect to it: a lab's by the lab's rights, another by its own.
    async fn machine_reach(&self, ctx: &OpContext, id: Uuid) -> Result<Model> {
        let row = find::<Entity>(self.db(), ctx, &id.into()).await?;
        let action = match row.lab_id {
            Some(_) => Action::LabVmConnect,
            None => Action::VmConnect,
        };
        ctx.authorize(action, reading(&row), &row.resource_key)
            .map_err(hidden::<Entity>)?;
        Ok(row)
    }

    async fn machine_power(
        &self,
        ctx: &OpContext,
        id: Uuid,
        action: Action,
        kind: JobKind,
        steps: Vec<Step>,
    ) -> Result<JobView> {
        let seen = self.find_for::<Entity>(ctx, id, action).await?;
        seen.lab_id
            .ok_or_else(|| Problem::not_found("The machine"))?;
        let tx = self.inner.store.begin().await?;
        let row = held(&tx, seen.id).await?;
        machine_idle(&row)?;
        let work = MachineJob { machine: id };
        let job = self
            .job_enqueue(&tx, ctx, kind, &row.resource_id, &work, steps)
            .await?;
        let moving = if kind == JobKind::MachineStart {
            MachineState::Starting
        } else {
            MachineState::Stopping
        };
        let mut active = row.into_active_model();
        active.state = Set(moving.to_string());
        active.state_at = Set(self.now());
        active.problem = Set(None);
        active.job_id = Set(Some(job.id));
        let row = active.update(&tx).await?;
        self.record_begun(&tx, ctx, kind.operation(), &row.resource_id, "")
            .await?;
        self.job_begin(tx, job).await
    }

    async fn lab_title(&self, id: Uuid) -> Result<String> {
        let row = lab::Entity::find_by_id(id).one(self.db()).await?;
        Ok(row
            .ok_or_else(|| Error::internal("a machine without lab"))?
            .title)
    }
}

/// A machine's row, held until the transaction ends: of two operations at the same moment one finds it busy.
pub(crate) async fn held(tx: &impl ConnectionTrait, id: Uuid) -> Result<Model> {
    let row = Entity::find_by_id(id).lock_exclusive().one(tx).await?;
    Ok(row.ok_or_else(|| Problem::not_found("The machine"))?)
}

/// Refuses while another operation works on the machine, or when it could not be made.
pub(crate) fn machine_idle(row: &Model) -> Result<()> {
    if row.job_id.is_some() {
        let message = "Another operation works on this machine. Wait until it is over, or cancel it, then try again.";
        return Err(Problem::new(Code::MachineBusy, message)
            .at(row.resource_id.clone())
            .into());
    }
    if row.state == MachineState::Failed.to_string() {
        let message = "This machine could not be made. Delete it and create it again.";
        return Err(Problem::new(Code::Conflict, message)
            .at(row.resource_id.clone())
            .into());
    }
    Ok(())
}

/// The right to see a machine: a lab's by the lab's rights, another by its own.
pub(crate) fn reading(row: &Model) -> Action {
    match row.lab_id {
        Some(_) => Action::LabVmRead,
        None => Action::VmRead,
    }
}

/// The view of a lab's machine.
pub(crate) fn view(row: Model, lab: Uuid, lab_title: &str) -> MachineView {
    MachineView {
        id: row.id,
        resource_id: ResourceId::from_stored(row.resource_id),
        name: row.name,
        lab,
        lab_title: lab_title.to_owned(),
        kind: MachineKind::parse(&row.kind).unwrap_or(MachineKind::User),
        state: MachineState::parse(&row.state).unwrap_or(MachineState::Failed),
        problem: row.problem,
        region: row.region,
        size: row.size,
        computer_name: row.computer_name,
        user_name: row.user_name,
        os_disk: DiskSize::from_bytes(row.os_disk_bytes.unsigned_abs()),
        disk_count: row.disk_count.unsigned_abs(),
        state_at: row.state_at,
    }
}
