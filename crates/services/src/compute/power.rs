//! Virtual machines are started, stopped, restarted and generalized. Rules A31, A36.

use std::time::Duration;

use domain::compute::VirtualMachineView;
use domain::job::{JobKind, JobState, JobView};
use domain::machine::MachineState;
use domain::rbac::Action;
use domain::{Code, OpContext, Problem};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, IntoActiveModel};
use store::entity::{machine, virtual_machine};
use uuid::Uuid;

use crate::jobs::{Step, VmJob, generalize_steps};
use crate::machine::held;
use crate::{Result, Services, Target};

/// How long a caller waits for a generalization before they are told to look again.
const PATIENCE: Duration = Duration::from_secs(45);
/// How often somebody who waits looks for the end of a job that another server may run.
const LOOK: Duration = Duration::from_millis(200);

impl Services {
    /// Starts a virtual machine.
    ///
    /// # Errors
    /// `MachineBusy` while another operation works on it, `Conflict` when it was generalized.
    pub async fn virtual_machine_start(
        &self,
        ctx: &OpContext,
        machine: impl Into<Target>,
    ) -> Result<JobView> {
        let kind = JobKind::VmStart;
        self.virtual_machine_power(ctx, machine, kind, VmJob::start())
            .await
    }

    /// Shuts a virtual machine down; it is switched off when it takes longer than the operator's patience.
    ///
    /// # Errors
    /// `MachineBusy` while another operation works on it.
    pub async fn virtual_machine_stop(
        &self,
        ctx: &OpContext,
        machine: impl Into<Target>,
    ) -> Result<JobView> {
        let kind = JobKind::VmStop;
        self.virtual_machine_power(ctx, machine, kind, VmJob::stop())
            .await
    }

    /// Shuts a virtual machine down, and gives its size back until it is started again.
    ///
    /// # Errors
    /// `MachineBusy` while another operation works on it.
    pub async fn virtual_machine_deallocate(
        &self,
        ctx: &OpContext,
        machine: impl Into<Target>,
    ) -> Result<JobView> {
        let kind = JobKind::VmDeallocate;
        self.virtual_machine_power(ctx, machine, kind, VmJob::stop())
            .await
    }

    /// Shuts a virtual machine down and starts it again.
    ///
    /// # Errors
    /// `MachineBusy` while another operation works on it, `Conflict` when it was generalized.
    pub async fn virtual_machine_restart(
        &self,
        ctx: &OpContext,
        machine: impl Into<Target>,
    ) -> Result<JobView> {
        let kind = JobKind::VmRestart;
        self.virtual_machine_power(ctx, machine, kind, VmJob::restart())
            .await
    }

    /// Removes what makes a virtual machine this machine: accounts, keys, names, leases. It never starts again; images are
    /// made of it. Rule A31.
    ///
    /// Waits for the end, because clients take nothing but the end for an answer.
    ///
    /// # Errors
    /// `MachineRunning` while it is on, `MachineBusy` while another operation works on it, `Conflict` when it takes longer
    /// than a request may, and what speaks against the disk.
    pub async fn virtual_machine_generalize(
        &self,
        ctx: &OpContext,
        machine: impl Into<Target>,
    ) -> Result<VirtualMachineView> {
        let target = machine.into();
        let seen = self
            .find_for::<virtual_machine::Entity>(ctx, target, Action::VmGeneralize)
            .await?;
        if !seen.generalized {
            let kind = JobKind::VmGeneralize;
            let job = self
                .virtual_machine_power(ctx, seen.id, kind, generalize_steps())
                .await?;
            self.job_await(ctx, job.id).await?;
        }
        self.virtual_machine_get(ctx, seen.id).await
    }

    async fn virtual_machine_power(
        &self,
        ctx: &OpContext,
        machine: impl Into<Target>,
        kind: JobKind,
        steps: Vec<Step>,
    ) -> Result<JobView> {
        let (action, _) = kind.actions();
        let row = self
            .find_for::<virtual_machine::Entity>(ctx, machine, action)
            .await?;
        let tx = self.inner.store.begin().await?;
        let machine = held(&tx, row.id).await?;
        idle(&machine)?;
        if row.generalized && matches!(kind, JobKind::VmStart | JobKind::VmRestart) {
            let message = format!(
                "“{}” was generalized and can't be started again. Make an image of it, and machines from that.",
                row.name
            );
            return Err(Problem::new(Code::Conflict, message)
                .at(row.resource_id)
                .into());
        }
        if kind == JobKind::VmGeneralize && machine.state != MachineState::Stopped.to_string() {
            let message = format!("“{}” is on. Stop it, then generalize it.", row.name);
            return Err(Problem::new(Code::MachineRunning, message)
                .at(row.resource_id)
                .into());
        }
        let moving = match kind {
            JobKind::VmStart => MachineState::Starting,
            JobKind::VmGeneralize => MachineState::Exporting,
            _ => MachineState::Stopping,
        };
        let work = VmJob::on(row.id);
        let job = self
            .job_enqueue(&tx, ctx, kind, &row.resource_id, &work, steps)
            .await?;
        let mut machine = machine.into_active_model();
        machine.state = Set(moving.to_string());
        machine.state_at = Set(self.now());
        machine.problem = Set(None);
        machine.job_id = Set(Some(job.id));
        machine.update(&tx).await?;
        self.record_begun(&tx, ctx, kind.operation(), &row.resource_id, "")
            .await?;
        self.job_begin(tx, job).await
    }

    /// Waits until a job is over.
    async fn job_await(&self, ctx: &OpContext, id: Uuid) -> Result<()> {
        let ended = async {
            loop {
                let job = self.job_get(ctx, id).await?;
                if job.state.is_over() {
                    return Ok::<_, crate::Error>(job);
                }
                tokio::time::sleep(LOOK).await;
            }
        };
        let late = "It takes longer than a request may. It goes on: look at the machine until it is generalized.";
        let Ok(job) = tokio::time::timeout(PATIENCE, ended).await else {
            return Err(Problem::new(Code::Conflict, late).into());
        };
        match job? {
            job if job.state == JobState::Succeeded => Ok(()),
            job => {
                let unknown = || Problem::new(Code::Conflict, "It was cancelled.");
                Err(job.problem.unwrap_or_else(unknown).into())
            }
        }
    }
}

/// Refuses while another operation works on the machine.
pub(super) fn idle(row: &machine::Model) -> Result<()> {
    if row.job_id.is_none() {
        return Ok(());
    }
    let message = "Another operation works on this machine. Wait until it is over, or cancel it, then try again.";
    Err(Problem::new(Code::MachineBusy, message)
        .at(row.resource_id.clone())
        .into())
}
