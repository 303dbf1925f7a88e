//! A resource group is deleted with all that lies in it.

use domain::{Code, Problem, ResourceId};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use store::entity::job_step;
use uuid::Uuid;

use super::deployment::{asker, ended};
use super::run::answer;
use super::{Run, Step, Stop, step as named};
use crate::{Error, Result};

/// Which group is deleted.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct GroupJob {
    /// The group's id.
    pub(crate) group: String,
    /// What lies in it, in the order in which it goes.
    pub(crate) resources: Vec<String>,
}

impl GroupJob {
    /// A step for each resource, and one for the group.
    pub(crate) fn steps(&self) -> Vec<Step> {
        let name = |id: &String| ResourceId::from_stored(id.clone()).name().to_owned();
        let resources = self.resources.iter().enumerate();
        let mut steps: Vec<Step> = resources
            .map(|(at, id)| named(format!("delete:{at}"), format!("Delete “{}”", name(id))))
            .collect();
        steps.push(named("group", "Delete the resource group"));
        steps
    }
}

pub(crate) async fn step(run: &Run, name: &str) -> std::result::Result<Value, Stop> {
    let input: GroupJob = run.input()?;
    let services = &run.services;
    let ctx = asker(run).await?;
    let Some(at) = name.strip_prefix("delete:") else {
        let id = ResourceId::from_stored(input.group);
        let deleted = services.resource_group_delete(&ctx, &id).await;
        return match deleted {
            // Deleted before the step was interrupted.
            Err(Error::Problem(problem)) if problem.code == Code::ResourceNotFound => answer(()),
            deleted => answer(deleted?),
        };
    };
    let id = at
        .parse::<usize>()
        .ok()
        .and_then(|at| input.resources.get(at));
    let id = id.ok_or_else(|| Error::internal("a job lost a resource"))?;
    if let Some(job) = begun(run, name).await? {
        ended(run, job).await?;
        return answer(());
    }
    let id = ResourceId::from_stored(id.clone());
    let deleted = services.operations()?.delete(services, &ctx, &id).await;
    let job = match deleted {
        Err(Error::Problem(problem)) if problem.code == Code::ResourceNotFound => return answer(()),
        Err(Error::Problem(problem)) => {
            let message = format!("“{}” could not be deleted: {}", id.name(), problem.message);
            return Err(Problem { message, ..problem }.at(id.as_str()).into());
        }
        deleted => deleted?,
    };
    let Some(job) = job else {
        return answer(());
    };
    job_step::Entity::update_many()
        .col_expr(
            job_step::Column::Output,
            Expr::value(serde_json::to_value(job)?),
        )
        .filter(job_step::Column::JobId.eq(run.job.id))
        .filter(job_step::Column::Name.eq(name))
        .exec(services.db())
        .await?;
    ended(run, job).await?;
    answer(())
}

/// The job that deletes what the step is about, when it was asked for before.
async fn begun(run: &Run, name: &str) -> Result<Option<Uuid>> {
    let row = job_step::Entity::find()
        .filter(job_step::Column::JobId.eq(run.job.id))
        .filter(job_step::Column::Name.eq(name))
        .one(run.services.db())
        .await?;
    let output = row.and_then(|row| row.output);
    Ok(output.map(serde_json::from_value).transpose()?)
}
