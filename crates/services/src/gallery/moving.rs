//! Why galleries stay where they are, and what to do instead. Rules A75, A77.

use std::convert::Infallible;

use domain::rbac::Action;
use domain::{Code, OpContext, Problem, ResourceId, Rule, Violation};
use store::entity::resource_group;

use crate::{Result, Services};

impl Services {
    /// Refuses to move resources to another resource group or subscription, with what to do instead.
    ///
    /// # Errors
    /// `ResourceNotFound`, `AuthorizationFailed`, `InvalidRequest` when nothing is named; else `Conflict`.
    pub async fn resource_move(
        &self,
        ctx: &OpContext,
        group: &ResourceId,
        resources: &[String],
    ) -> Result<Infallible> {
        self.find_for::<resource_group::Entity>(ctx, group, Action::ResourceGroupWrite)
            .await?;
        let Some(first) = resources.first() else {
            let missing = Violation::new(Rule::Required, "resources");
            return Err(Problem::from_violations(vec![missing]).into());
        };
        let is_gallery =
            |id: &&String| ResourceId::parse(id).is_ok_and(|id| id.segment("galleries").is_some());
        let message = match resources.iter().find(is_gallery) {
            Some(_) => {
                "A gallery can't be moved to another resource group or subscription. Create a gallery there and copy \
                 its versions into it (“Copy” on a version's page, or a new version whose source is the id of the old \
                 one). To use its images from another subscription, leave it where it is, replicate the versions to \
                 the regions in question, and give roles at the gallery."
            }
            None => {
                "Resources can't be moved to another resource group or subscription. Create them there anew, then \
                 delete the old ones."
            }
        };
        Err(Problem::new(Code::Conflict, message)
            .at(first.clone())
            .into())
    }
}
