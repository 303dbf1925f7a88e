//! From what was sent to what is to be written.

use domain::deployment::{DeploymentInput, Facts, Parameters, Planned, Template};
use domain::rbac::Action;
use domain::{OpContext, Problem, ResourceId, name};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::Value;
use store::entity::deployment::Model;
use store::entity::{resource_group, subscription};
use uuid::Uuid;

use crate::find::find;
use crate::{Error, Result, Services};

/// A template with all that it needs to be worked out.
#[derive(Debug)]
pub(crate) struct Prepared {
    pub(crate) facts: Facts,
    pub(crate) template: Template,
    pub(crate) parameters: Parameters,
}

impl Prepared {
    /// The resources to write, in their order.
    ///
    /// # Errors
    /// `InvalidTemplate`, also for a kind of resource that is not made here, by its name.
    pub(crate) fn plan(&self) -> std::result::Result<Vec<Planned>, Problem> {
        let plan = self.template.plan(&self.facts, &self.parameters)?;
        for planned in &plan {
            if Action::writing(&planned.kind).is_none() {
                let message = format!(
                    "“{}” is of the kind {}, which is not made here.",
                    planned.name, planned.kind
                );
                return Err(
                    Problem::new(domain::Code::InvalidTemplate, message).at(planned.id.as_str())
                );
            }
        }
        Ok(plan)
    }
}

impl Services {
    /// Reads what was sent, for a caller who may do this with the deployment.
    ///
    /// # Errors
    /// `InvalidTemplate`, `InvalidRequest`; `ResourceNotFound` for the resource group.
    pub(super) async fn deployment_prepare(
        &self,
        ctx: &OpContext,
        id: &ResourceId,
        input: &DeploymentInput,
        action: Action,
    ) -> Result<Prepared> {
        ctx.authorize(action, Action::ResourceGroupRead, &id.key())?;
        let mut wrong = name::DEPLOYMENT.check("name", id.name());
        wrong.extend(domain::gallery::tags(&input.tags));
        Problem::unless_empty(wrong)?;
        let facts = self
            .deployment_facts(ctx, id, ctx.now, self.new_id())
            .await?;
        let template = Template::read(&input.template)?;
        let parameters = template.parameters(&facts, &input.parameters)?;
        Ok(Prepared {
            facts,
            template,
            parameters,
        })
    }

    /// The same, from a deployment's row: what its job works with.
    pub(crate) async fn deployment_restore(
        &self,
        ctx: &OpContext,
        row: &Model,
    ) -> Result<Prepared> {
        let id = ResourceId::from_stored(row.resource_id.clone());
        let facts = self
            .deployment_facts(ctx, &id, row.started_at, row.id)
            .await?;
        let secret: Value = match &row.secrets {
            Some(sealed) => {
                let text = self.inner.seal.reveal(&super::place(row.id), sealed)?;
                serde_json::from_str(&text)?
            }
            None => Value::Null,
        };
        Ok(Prepared {
            facts,
            template: Template::read(&row.template)?,
            parameters: Parameters::joined(&row.parameters, &secret),
        })
    }

    async fn deployment_facts(
        &self,
        ctx: &OpContext,
        id: &ResourceId,
        now: chrono::DateTime<chrono::Utc>,
        seed: Uuid,
    ) -> Result<Facts> {
        let missing = || Problem::not_found("The resource group");
        let (group, key) = id.group().zip(id.subscription()).ok_or_else(missing)?;
        let row = find::<resource_group::Entity>(self.db(), ctx, &group.into()).await?;
        let subscription = subscription::Entity::find_by_id(key)
            .filter(subscription::Column::TenantId.eq(ctx.tenant()))
            .one(self.db())
            .await?;
        let subscription = subscription.ok_or_else(|| Error::from(missing()))?;
        Ok(Facts {
            group: ResourceId::from_stored(row.resource_id),
            location: row.location,
            tags: serde_json::from_value(row.tags)?,
            subscription_name: subscription.display_name,
            tenant: ctx.tenant(),
            deployment: id.name().to_owned(),
            now,
            seed,
        })
    }
}
