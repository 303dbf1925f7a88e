//! Scopes: where a role can be given.

use domain::rbac::Action;
use domain::{Code, OpContext, Problem, ResourceId};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use store::entity::{gallery, image, image_version, lab, lab_plan, resource_group, subscription};

use crate::find::find;
use crate::{Result, Services, Target};

/// What a scope is, by the last word of its path: the action that reveals it.
pub(crate) fn revealed_by(scope: &str) -> Action {
    let words: Vec<&str> = scope.split('/').collect();
    match words.len().checked_sub(2).and_then(|kind| words.get(kind)) {
        Some(&"subscriptions") => Action::SubscriptionRead,
        Some(&"resourcegroups") => Action::ResourceGroupRead,
        Some(&"galleries") => Action::GalleryRead,
        Some(&"images") => Action::ImageRead,
        Some(&"versions") => Action::VersionRead,
        Some(&"labplans") => Action::LabPlanRead,
        Some(&"labs") => Action::LabRead,
        // The tenant is no secret to those in it, but reading its people is the least that its roles begin with.
        _ => Action::PrincipalRead,
    }
}

/// The scope and everything above it, `/` first.
pub(crate) fn ancestry(scope: &str) -> Vec<String> {
    let mut found = vec!["/".to_owned()];
    let ends = scope
        .match_indices('/')
        .map(|(at, _)| at)
        .skip(1)
        .chain([scope.len()]);
    found.extend(
        ends.filter(|end| *end > 1)
            .map(|end| scope[..end].to_owned()),
    );
    found
}

/// The scope as it is kept: lower case, without a slash at the end.
pub(crate) fn normalize(scope: &str) -> Result<String> {
    if scope.is_empty() || scope == "/" {
        return Ok("/".to_owned());
    }
    let id = ResourceId::parse(scope).map_err(|_| {
        let message = "The scope is not the id of a subscription, resource group or resource.";
        Problem::new(Code::InvalidRequest, message).at("scope")
    })?;
    Ok(id.key())
}

impl Services {
    /// Makes sure that a scope is something of this tenant, or something that another one shares with the caller.
    pub(crate) async fn scope_find(
        &self,
        db: &impl ConnectionTrait,
        ctx: &OpContext,
        scope: &str,
    ) -> Result<()> {
        if scope == "/" {
            return Ok(());
        }
        let id = ResourceId::from_stored(scope.to_owned());
        let target = Target::Arm(id.clone());
        match revealed_by(scope) {
            Action::SubscriptionRead => {
                let missing = || Problem::not_found("The subscription");
                let query =
                    subscription::Entity::find_by_id(id.subscription().ok_or_else(missing)?)
                        .filter(subscription::Column::TenantId.eq(ctx.tenant()));
                query.one(db).await?.ok_or_else(missing)?;
            }
            Action::ResourceGroupRead => {
                drop(find::<resource_group::Entity>(db, ctx, &target).await?);
            }
            Action::GalleryRead => drop(find::<gallery::Entity>(db, ctx, &target).await?),
            Action::ImageRead => drop(find::<image::Entity>(db, ctx, &target).await?),
            Action::VersionRead => drop(find::<image_version::Entity>(db, ctx, &target).await?),
            Action::LabPlanRead => drop(find::<lab_plan::Entity>(db, ctx, &target).await?),
            Action::LabRead => drop(find::<lab::Entity>(db, ctx, &target).await?),
            _ => return Err(Problem::not_found("The scope").into()),
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ancestry_is_every_prefix_of_the_path() {
        assert_eq!(ancestry("/"), ["/"]);
        let found = ancestry("/subscriptions/s/resourcegroups/rg");
        assert_eq!(
            found,
            [
                "/",
                "/subscriptions",
                "/subscriptions/s",
                "/subscriptions/s/resourcegroups",
                "/subscriptions/s/resourcegroups/rg"
            ]
        );
    }

    #[test]
    fn a_scope_is_known_by_its_last_word() {
        let rg = "/subscriptions/s/resourcegroups/rg";
        assert_eq!(revealed_by("/"), Action::PrincipalRead);
        assert_eq!(revealed_by("/subscriptions/s"), Action::SubscriptionRead);
        assert_eq!(revealed_by(rg), Action::ResourceGroupRead);
        assert_eq!(
            revealed_by(&format!(
                "{rg}/providers/microsoft.compute/galleries/g/images/i"
            )),
            Action::ImageRead
        );
        assert_eq!(
            revealed_by(&format!(
                "{rg}/providers/microsoft.labservices/labplans/labs"
            )),
            Action::LabPlanRead
        );
    }

    #[test]
    fn a_scope_that_is_no_path_is_refused() {
        assert!(normalize("subscriptions/s").is_err());
        assert_eq!(
            normalize("/Subscriptions/S/").expect("a scope"),
            "/subscriptions/s"
        );
    }
}
