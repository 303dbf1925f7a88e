//! Deployments: the resources of a template, written one after the other by a job. Rule A70.

mod forecast;
mod operations;
mod prepare;
mod view;

use domain::deployment::{
    DeploymentInput, DeploymentOperationView, DeploymentState, DeploymentView, Planned,
};
use domain::job::JobKind;
use domain::rbac::Action;
use domain::tenant::Precondition;
use domain::{Code, OpContext, Page, PageRequest, Problem, ResourceId};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, DatabaseTransaction, EntityTrait,
    IntoActiveModel, QueryFilter, QueryOrder,
};
use serde_json::Value;
use store::entity::deployment::{Column, Entity, Model};
use store::entity::deployment_operation as operation;
use store::{Scopes, in_scopes};
use uuid::Uuid;

use crate::find::{only, visible};
use crate::jobs::DeploymentJob;
use crate::resource::{resource_row, tags_column, touch};
use crate::{Put, Result, Services, Started};

pub use operations::{Operations, Written};
pub(crate) use prepare::Prepared;

impl Services {
    /// The deployments of a resource group that the caller sees.
    ///
    /// # Errors
    /// Internal ones alone.
    pub async fn deployment_list(
        &self,
        ctx: &OpContext,
        group: &ResourceId,
        page: &PageRequest,
    ) -> Result<Page<DeploymentView>> {
        let query = visible::<Entity>(ctx, Action::DeploymentRead, Some(group));
        let rows = self.page(query, Column::Name, page).await?;
        rows.map_all(|rows| self.deployment_views(rows)).await
    }

    /// One deployment.
    ///
    /// # Errors
    /// `ResourceNotFound`.
    pub async fn deployment_get(&self, ctx: &OpContext, id: &ResourceId) -> Result<DeploymentView> {
        let action = Action::DeploymentRead;
        let row = self.find_for::<Entity>(ctx, id, action).await?;
        only(self.deployment_views(vec![row]).await?)
    }

    /// What became of each resource of a deployment, in the order of the work.
    ///
    /// # Errors
    /// `ResourceNotFound`.
    pub async fn deployment_operation_list(
        &self,
        ctx: &OpContext,
        id: &ResourceId,
    ) -> Result<Vec<DeploymentOperationView>> {
        let action = Action::DeploymentRead;
        let row = self.find_for::<Entity>(ctx, id, action).await?;
        let rows = operation::Entity::find()
            .filter(operation::Column::DeploymentId.eq(row.id))
            .order_by_asc(operation::Column::Ordinal)
            .all(self.db())
            .await?;
        let views = rows.into_iter();
        views
            .map(|found| view::operation(&row.resource_id, found))
            .collect()
    }

    /// The template that a deployment was asked for with.
    ///
    /// # Errors
    /// `ResourceNotFound`.
    pub async fn deployment_export_template(
        &self,
        ctx: &OpContext,
        id: &ResourceId,
    ) -> Result<Value> {
        let action = Action::DeploymentRead;
        Ok(self.find_for::<Entity>(ctx, id, action).await?.template)
    }

    /// Deploys a template. What it does not name is left as it is.
    ///
    /// # Errors
    /// `InvalidTemplate` before anything is written; `DeploymentActive` while one of this name goes on.
    pub async fn deployment_put(
        &self,
        ctx: &OpContext,
        id: &ResourceId,
        input: DeploymentInput,
    ) -> Result<Put<Started<DeploymentView>>> {
        let prepared = self
            .deployment_prepare(ctx, id, &input, Action::DeploymentWrite)
            .await?;
        let plan = prepared.plan()?;
        let (tx, found) = self
            .begin_put::<Entity>(ctx, id, &Precondition::None)
            .await?;
        let created = found.is_none();
        let row = self
            .deployment_save(&tx, ctx, id, &input, &prepared, found)
            .await?;
        let job_row = self.deployment_enqueue(&tx, ctx, row, &plan).await?;
        let (row, job) = job_row;
        self.record_begun(&tx, ctx, "deployment_put", &row.resource_id, "asked for")
            .await?;
        let job = self.job_begin(tx, job).await?;
        let value = only(self.deployment_views(vec![row]).await?)?;
        Ok(Put {
            value: Started { value, job },
            created,
        })
    }

    /// Asks a deployment to stop. What is written stays; what is being written goes on.
    ///
    /// # Errors
    /// `ResourceNotFound`, `AuthorizationFailed`; `Conflict` when it is over.
    pub async fn deployment_cancel(&self, ctx: &OpContext, id: &ResourceId) -> Result<()> {
        let action = Action::DeploymentWrite;
        let row = self.find_for::<Entity>(ctx, id, action).await?;
        self.job_cancel(ctx, row.job_id).await?;
        Ok(())
    }

    /// Forgets a deployment that is over; what it wrote stays.
    ///
    /// # Errors
    /// `ResourceNotFound`, `AuthorizationFailed`; `DeploymentActive` while it goes on.
    pub async fn deployment_delete(&self, ctx: &OpContext, id: &ResourceId) -> Result<()> {
        let (tx, row) = self
            .begin_change::<Entity>(ctx, id, Action::DeploymentDelete, &Precondition::None)
            .await?;
        over(&row)?;
        self.end_delete::<Entity>(tx, ctx, "deployment_delete", &row)
            .await
    }

    /// Forgets the deployments to a group that is deleted.
    ///
    /// # Errors
    /// `DeploymentActive` while one goes on.
    pub(crate) async fn deployments_forget(
        &self,
        tx: &DatabaseTransaction,
        ctx: &OpContext,
        group: &str,
    ) -> Result<()> {
        let scopes = Scopes {
            allowed: vec![group.to_owned()],
            within: None,
        };
        let place = in_scopes(Column::ResourceKey, &scopes);
        let own = Entity::find().filter(Column::TenantId.eq(ctx.tenant()));
        for row in own.filter(place).all(tx).await? {
            over(&row)?;
            Entity::delete_by_id(row.id).exec(tx).await?;
        }
        Ok(())
    }

    /// Writes the row, anew or over that of an earlier deployment of this name.
    async fn deployment_save(
        &self,
        tx: &DatabaseTransaction,
        ctx: &OpContext,
        id: &ResourceId,
        input: &DeploymentInput,
        prepared: &Prepared,
        found: Option<Model>,
    ) -> Result<Model> {
        let (plain, secret) = prepared.parameters.parted();
        let key = found.as_ref().map_or_else(|| self.new_id(), |row| row.id);
        let secrets =
            self.inner
                .seal
                .close(&place(key), &secret.to_string(), self.inner.ids.as_ref())?;
        let state = DeploymentState::Accepted.to_string();
        let Some(row) = found else {
            let mut columns = resource_row!(
                self,
                ctx,
                id,
                prepared.facts.location,
                &input.tags,
                deployment {
                    state: state,
                    template: input.template.clone(),
                    parameters: plain,
                    secrets: Some(secrets),
                    outputs: None,
                    problem: None,
                    job_id: Uuid::nil(),
                    started_at: ctx.now,
                    finished_at: None,
                }
            );
            columns.id = Set(key);
            return Ok(columns.insert(tx).await?);
        };
        over(&row)?;
        operation::Entity::delete_many()
            .filter(operation::Column::DeploymentId.eq(row.id))
            .exec(tx)
            .await?;
        let mut row = row.into_active_model();
        row.tags = tags_column(&input.tags)?;
        row.state = Set(state);
        row.template = Set(input.template.clone());
        row.parameters = Set(plain);
        row.secrets = Set(Some(secrets));
        row.outputs = Set(None);
        row.problem = Set(None);
        row.started_at = Set(ctx.now);
        row.finished_at = Set(None);
        touch!(self, ctx, row);
        Ok(row.update(tx).await?)
    }

    /// Writes a row for each resource, and the job.
    async fn deployment_enqueue(
        &self,
        tx: &DatabaseTransaction,
        ctx: &OpContext,
        row: Model,
        plan: &[Planned],
    ) -> Result<(Model, store::entity::job::Model)> {
        let operations = plan
            .iter()
            .enumerate()
            .map(|(ordinal, planned)| operation::ActiveModel {
                id: Set(self.new_id()),
                deployment_id: Set(row.id),
                ordinal: Set(i32::try_from(ordinal).unwrap_or(i32::MAX)),
                target_id: Set(planned.id.to_string()),
                kind: Set(planned.kind.clone()),
                state: Set(DeploymentState::Accepted.to_string()),
                job_id: Set(None),
                problem: Set(None),
                started_at: Set(None),
                finished_at: Set(None),
            });
        if !plan.is_empty() {
            operation::Entity::insert_many(operations).exec(tx).await?;
        }
        let work = DeploymentJob { deployment: row.id };
        let job = self
            .job_enqueue(
                tx,
                ctx,
                JobKind::Deployment,
                &row.resource_id,
                &work,
                DeploymentJob::steps(plan),
            )
            .await?;
        let mut row = row.into_active_model();
        row.job_id = Set(job.id);
        Ok((row.update(tx).await?, job))
    }
}

/// Where a deployment's secrets are sealed for.
pub(crate) fn place(id: Uuid) -> String {
    format!("deployment {id}")
}

/// How far a row says that it is.
pub(crate) fn state(text: &str) -> DeploymentState {
    DeploymentState::parse(text).unwrap_or(DeploymentState::Failed)
}

/// Refuses while a deployment goes on.
fn over(row: &Model) -> std::result::Result<(), Problem> {
    if state(&row.state).is_over() {
        return Ok(());
    }
    let message = format!(
        "The deployment “{}” still goes on. Wait for its end, cancel it, or choose another name.",
        row.name
    );
    Err(Problem::new(Code::DeploymentActive, message).at(&row.resource_id))
}
