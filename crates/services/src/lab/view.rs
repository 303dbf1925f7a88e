//! Labs as callers see them, with their template VM.

use std::collections::HashMap;

use domain::ResourceId;
use domain::lab::{CreateOption, LabState, LabView, ProvisioningState};
use domain::machine::{MachineKind, MachineView};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use store::entity::lab::Model;
use store::entity::machine;
use uuid::Uuid;

use crate::resource::meta;
use crate::{Result, Services};

impl Services {
    pub(crate) async fn lab_views(&self, rows: Vec<Model>) -> Result<Vec<LabView>> {
        let templates = machine::Entity::find()
            .filter(machine::Column::LabId.is_in(rows.iter().map(|row| row.id)))
            .filter(machine::Column::Kind.eq(MachineKind::Template.to_string()))
            .all(self.db())
            .await?;
        let mut templates: HashMap<Uuid, machine::Model> = templates
            .into_iter()
            .filter_map(|row| Some((row.lab_id?, row)))
            .collect();
        let views = rows.into_iter().map(|row| {
            let template = templates
                .remove(&row.id)
                .map(|machine| crate::machine::view(machine, row.id, &row.title));
            view(row, template)
        });
        views.collect()
    }
}

fn view(row: Model, template: Option<MachineView>) -> Result<LabView> {
    Ok(LabView {
        meta: meta!(row),
        title: row.title,
        description: row.description,
        plan: row.plan_id,
        plan_resource_id: ResourceId::from_stored(row.plan_resource_id),
        state: LabState::parse(&row.state).unwrap_or(LabState::Draft),
        provisioning_state: ProvisioningState::parse(&row.provisioning_state)
            .unwrap_or(ProvisioningState::Failed),
        problem: row.problem,
        size: row.size,
        create_option: CreateOption::parse(&row.create_option).unwrap_or_default(),
        image: serde_json::from_value(row.image)?,
        template,
        job: row.job_id,
    })
}
