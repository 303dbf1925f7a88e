//! Deployments as they are shown.

use std::collections::HashMap;

use domain::ResourceId;
use domain::deployment::{DeploymentOperationView, DeploymentView, Parameters, Template};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use serde_json::Value;
use store::entity::deployment::Model;
use store::entity::deployment_operation as operation;
use uuid::Uuid;

use super::state;
use crate::resource::meta;
use crate::{Result, Services};

impl Services {
    pub(super) async fn deployment_views(&self, rows: Vec<Model>) -> Result<Vec<DeploymentView>> {
        let found = operation::Entity::find()
            .filter(operation::Column::DeploymentId.is_in(rows.iter().map(|row| row.id)))
            .order_by_asc(operation::Column::Ordinal)
            .all(self.db())
            .await?;
        let mut resources: HashMap<Uuid, Vec<ResourceId>> = HashMap::new();
        for row in found {
            let ids = resources.entry(row.deployment_id).or_default();
            ids.push(ResourceId::from_stored(row.target_id));
        }
        rows.into_iter()
            .map(|row| view(resources.remove(&row.id).unwrap_or_default(), row))
            .collect()
    }
}

fn view(resources: Vec<ResourceId>, row: Model) -> Result<DeploymentView> {
    let parameters = Parameters::joined(&row.parameters, &Value::Null);
    Ok(DeploymentView {
        meta: meta!(row),
        state: state(&row.state),
        parameters: Template::read(&row.template)?.shown(&parameters),
        outputs: row.outputs,
        resources,
        problem: row.problem.map(serde_json::from_value).transpose()?,
        job: row.job_id,
        started_at: row.started_at,
        finished_at: row.finished_at,
    })
}

pub(super) fn operation(
    deployment: &str,
    row: operation::Model,
) -> Result<DeploymentOperationView> {
    Ok(DeploymentOperationView {
        id: row.id,
        deployment: ResourceId::from_stored(deployment.to_owned()),
        target: ResourceId::from_stored(row.target_id),
        kind: row.kind,
        state: state(&row.state),
        problem: row.problem.map(serde_json::from_value).transpose()?,
        started_at: row.started_at,
        finished_at: row.finished_at,
    })
}
