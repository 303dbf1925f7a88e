//! What a deployment would do: looked at, and nothing written.

use domain::deployment::{Change, DeploymentInput, Forecast, differences};
use domain::rbac::Action;
use domain::{Code, OpContext, Problem, ResourceId};

use crate::{Result, Services};

impl Services {
    /// Judges a deployment as far as that goes before anything is written: the template, its parameters, the order of its
    /// resources, and whether the caller may write each of them.
    ///
    /// # Errors
    /// `InvalidTemplate`, `InvalidRequest`, `AuthorizationFailed`.
    pub async fn deployment_validate(
        &self,
        ctx: &OpContext,
        id: &ResourceId,
        input: &DeploymentInput,
    ) -> Result<Forecast> {
        let prepared = self
            .deployment_prepare(ctx, id, input, Action::DeploymentValidate)
            .await?;
        let plan = prepared.plan()?;
        for planned in &plan {
            // Who makes a lab owns it only then: the lab plan says who may.
            let is_lab = planned
                .kind
                .eq_ignore_ascii_case("Microsoft.LabServices/labs");
            let action = Action::writing(&planned.kind).filter(|_| !is_lab);
            if action.is_some_and(|action| !ctx.may(action, &planned.id.key())) {
                let message = format!("You may not write “{}”.", planned.id);
                return Err(Problem::new(Code::AuthorizationFailed, message)
                    .at(planned.id.as_str())
                    .into());
            }
        }
        let change = |planned: domain::deployment::Planned| Change {
            id: planned.id,
            kind: planned.kind,
            before: None,
            after: planned.preview,
            delta: Vec::new(),
        };
        Ok(Forecast {
            parameters: prepared.template.shown(&prepared.parameters),
            changes: plan.into_iter().map(change).collect(),
        })
    }

    /// What would become of each resource of a template. What it reads from resources that are not there yet is shown as
    /// the template writes it, and secrets are not shown.
    ///
    /// # Errors
    /// `InvalidTemplate`, `InvalidRequest`, `AuthorizationFailed`.
    pub async fn deployment_what_if(
        &self,
        ctx: &OpContext,
        id: &ResourceId,
        input: &DeploymentInput,
    ) -> Result<Forecast> {
        let mut prepared = self
            .deployment_prepare(ctx, id, input, Action::DeploymentWhatIf)
            .await?;
        prepared.plan()?;
        prepared.parameters = prepared.parameters.masked();
        let operations = self.operations()?;
        let mut changes = Vec::new();
        for planned in prepared.plan()? {
            let before = operations.get(self, ctx, &planned.id).await?;
            let delta = match &before {
                Some(before) => differences(before, &planned.preview),
                None => Vec::new(),
            };
            changes.push(Change {
                id: planned.id,
                kind: planned.kind,
                before,
                after: planned.preview,
                delta,
            });
        }
        Ok(Forecast {
            parameters: prepared.template.shown(&prepared.parameters),
            changes,
        })
    }
}
