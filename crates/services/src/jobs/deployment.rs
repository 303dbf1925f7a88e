//! The resources of a template are written, each behind what it depends on.

use domain::deployment::{DeploymentState, Found, Planned};
use domain::job::JobState;
use domain::{Code, OpContext, Origin, Problem, ResourceId, Rule, Violation};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use store::entity::deployment_operation as operation;
use store::entity::{deployment, job};
use uuid::Uuid;

use super::run::answer;
use super::{Run, Step, Stop, step as named};
use crate::deployment::{Prepared, state};
use crate::{Error, Result};

/// States of resources that somebody still works on.
const UNSETTLED: [&str; 4] = ["Accepted", "Creating", "Updating", "Running"];

/// Which deployment is done.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct DeploymentJob {
    /// The deployment.
    pub(crate) deployment: Uuid,
}

impl DeploymentJob {
    /// A step for each resource, and one for the answer.
    pub(crate) fn steps(plan: &[Planned]) -> Vec<Step> {
        let write = |(at, planned): (usize, &Planned)| {
            named(
                format!("write:{at}"),
                format!("Write “{}” ({})", planned.name, planned.kind),
            )
        };
        let mut steps: Vec<Step> = plan.iter().enumerate().map(write).collect();
        steps.push(named("answer", "Work out the outputs"));
        steps
    }
}

pub(crate) async fn step(run: &Run, name: &str) -> std::result::Result<Value, Stop> {
    let services = &run.services;
    let input: DeploymentJob = run.input()?;
    let row = deployment::Entity::find_by_id(input.deployment)
        .one(services.db())
        .await?
        .ok_or_else(|| Error::internal("the deployment's row is gone"))?;
    if state(&row.state) == DeploymentState::Accepted {
        let mut begun = row.clone().into_active_model();
        begun.state = Set(DeploymentState::Running.to_string());
        begun.update(services.db()).await?;
    }
    let ctx = asker(run).await?;
    let prepared = services.deployment_restore(&ctx, &row).await?;
    let plan = prepared.plan()?;
    match name.strip_prefix("write:") {
        Some(at) => {
            let at: usize = at.parse().unwrap_or(usize::MAX);
            let planned = plan
                .get(at)
                .ok_or_else(|| Error::internal("a deployment lost a resource"))?;
            let row = operation::Entity::find()
                .filter(operation::Column::DeploymentId.eq(row.id))
                .filter(operation::Column::Ordinal.eq(i32::try_from(at).unwrap_or(i32::MAX)))
                .one(services.db())
                .await?
                .ok_or_else(|| Error::internal("a deployment lost an operation"))?;
            if state(&row.state) == DeploymentState::Succeeded {
                return answer(&row.target_id);
            }
            match write(run, &ctx, &prepared, planned, &row).await {
                Ok(()) => {
                    settle(run, row, DeploymentState::Succeeded, None).await?;
                    answer(planned.id.as_str())
                }
                Err(Stop::Failed(error)) => {
                    let problem = super::run::shown(error, &run.job.request_id);
                    settle(run, row, DeploymentState::Failed, Some(&problem)).await?;
                    Err(failure(planned, problem).into())
                }
                Err(stop) => Err(stop),
            }
        }
        None => finish(run, &ctx, &prepared, &plan, row).await,
    }
}

/// Who asked for the job, with the rights that they have now.
pub(super) async fn asker(run: &Run) -> Result<OpContext> {
    let principal = run.job.principal_id.unwrap_or_default();
    let caller = run
        .services
        .caller_load(principal, run.job.tenant_id)
        .await?;
    Ok(OpContext {
        caller,
        request_id: run.job.request_id.clone(),
        now: run.services.now(),
        origin: Origin::System,
    })
}

/// Brings a resource one step further; [`Stop::Waiting`] while another job works on it.
async fn write(
    run: &Run,
    ctx: &OpContext,
    prepared: &Prepared,
    planned: &Planned,
    row: &operation::Model,
) -> std::result::Result<(), Stop> {
    let services = &run.services;
    if let Some(job) = row.job_id {
        return ended(run, job).await;
    }
    let operations = services.operations()?;
    if row.started_at.is_some() {
        // Begun before: by a write whose job is not known, or one that was interrupted.
        let there = operations.get(services, ctx, &planned.id).await?;
        if there.as_ref().is_some_and(is_unsettled) {
            return Err(Stop::Waiting);
        }
    }
    let mut begun = row.clone().into_active_model();
    begun.state = Set(DeploymentState::Running.to_string());
    begun.started_at = Set(Some(row.started_at.unwrap_or_else(|| services.now())));
    begun.update(services.db()).await?;
    let found = look_up(run, ctx, &planned.references).await?;
    let body = prepared
        .template
        .body(&prepared.facts, &prepared.parameters, planned, &found)?;
    let written = operations.put(services, ctx, &planned.id, body).await?;
    if let Some(job) = written.job {
        operation::Entity::update_many()
            .col_expr(operation::Column::JobId, Expr::value(job))
            .filter(operation::Column::Id.eq(row.id))
            .exec(services.db())
            .await?;
        return ended(run, job).await;
    }
    if is_unsettled(&written.body) {
        return Err(Stop::Waiting);
    }
    Ok(())
}

/// What another job came to; [`Stop::Waiting`] while it goes on.
pub(super) async fn ended(run: &Run, job: Uuid) -> std::result::Result<(), Stop> {
    let row = job::Entity::find_by_id(job).one(run.services.db()).await?;
    let row = row.ok_or_else(|| Error::internal("a job's row is gone"))?;
    let problem: Option<Problem> = row.problem.map(serde_json::from_value).transpose()?;
    match JobState::parse(&row.state) {
        Some(JobState::Succeeded) => Ok(()),
        Some(JobState::Failed | JobState::Canceled) | None => {
            // Its cancellation is not ours: here it is a failure.
            let failed = problem.filter(|problem| problem.code != Code::OperationCanceled);
            let failed = failed.unwrap_or_else(|| {
                Problem::new(Code::Conflict, "The work on it was canceled or failed.")
            });
            Err(failed.into())
        }
        Some(_) => Err(Stop::Waiting),
    }
}

fn is_unsettled(body: &Value) -> bool {
    let state = body.pointer("/properties/provisioningState");
    state
        .and_then(Value::as_str)
        .is_some_and(|state| UNSETTLED.contains(&state))
}

/// Resources as they are, by the names that a template calls them by.
async fn look_up(run: &Run, ctx: &OpContext, references: &[(String, ResourceId)]) -> Result<Found> {
    let services = &run.services;
    let mut found = Found::new();
    for (name, id) in references {
        if let Some(body) = services.operations()?.get(services, ctx, id).await? {
            found.insert(name.clone(), body);
        }
    }
    Ok(found)
}

/// Works out the outputs and ends the deployment.
async fn finish(
    run: &Run,
    ctx: &OpContext,
    prepared: &Prepared,
    plan: &[Planned],
    row: deployment::Model,
) -> std::result::Result<Value, Stop> {
    let Prepared {
        facts,
        template,
        parameters,
    } = prepared;
    let references = template.output_references(facts, parameters, plan)?;
    let found = look_up(run, ctx, &references).await?;
    let outputs = template.outputs(facts, parameters, &found)?;
    let id = row.resource_id.clone();
    let mut row = row.into_active_model();
    row.state = Set(DeploymentState::Succeeded.to_string());
    row.outputs = Set(Some(outputs));
    row.secrets = Set(None);
    row.finished_at = Set(Some(run.services.now()));
    row.update(run.services.db()).await?;
    answer(id)
}

async fn settle(
    run: &Run,
    row: operation::Model,
    state: DeploymentState,
    problem: Option<&Problem>,
) -> Result<()> {
    let now = run.services.now();
    let mut row = row.into_active_model();
    row.state = Set(state.to_string());
    row.problem = Set(problem.map(serde_json::to_value).transpose()?);
    row.finished_at = Set(Some(now));
    row.update(run.services.db()).await?;
    Ok(())
}

/// What a deployment says of the resource that stopped it.
fn failure(planned: &Planned, problem: Problem) -> Problem {
    let own = Violation::new(Rule::ResourceFailed, planned.id.as_str())
        .with("code", problem.code)
        .with("message", &problem.message);
    let message = format!(
        "“{}” ({}) could not be written: {}",
        planned.name, planned.kind, problem.message
    );
    Problem {
        details: std::iter::once(own).chain(problem.details).collect(),
        ..Problem::new(Code::DeploymentFailed, message).at(planned.id.as_str())
    }
}

/// A deployment that stopped leaves what it wrote, and says why; nobody needs its secrets any more.
pub(crate) async fn undo(run: &Run) -> Result<()> {
    let input: DeploymentJob = run.input()?;
    let services = &run.services;
    let problem = run.problem().await?;
    let is_canceled = problem
        .as_ref()
        .is_some_and(|problem| problem.code == Code::OperationCanceled);
    let state = if is_canceled {
        DeploymentState::Canceled
    } else {
        DeploymentState::Failed
    };
    operation::Entity::update_many()
        .col_expr(operation::Column::State, Expr::value(state.to_string()))
        .filter(operation::Column::DeploymentId.eq(input.deployment))
        .filter(operation::Column::State.eq(DeploymentState::Running.to_string()))
        .exec(services.db())
        .await?;
    let row = deployment::Entity::find_by_id(input.deployment)
        .one(services.db())
        .await?;
    let Some(row) = row else {
        return Ok(());
    };
    let mut row = row.into_active_model();
    row.state = Set(state.to_string());
    row.problem = Set(problem.map(serde_json::to_value).transpose()?);
    row.secrets = Set(None);
    row.finished_at = Set(Some(services.now()));
    row.update(services.db()).await?;
    Ok(())
}
