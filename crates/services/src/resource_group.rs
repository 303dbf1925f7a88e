//! Subscriptions and their resource groups: the folders that rights are given at and limits count in.

use domain::job::{JobKind, JobView};
use domain::rbac::{Action, covers};
use domain::tenant::{ResourceGroupInput, ResourceGroupView, SubscriptionView};
use domain::{OpContext, Problem, ResourceId, name};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter,
    QueryOrder, QuerySelect,
};
use store::entity::resource_group::{Column, Entity, Model};
use store::entity::{
    disk, gallery, job, lab, lab_plan, network_resource, subscription, virtual_machine,
};
use store::{Scopes, in_scopes};
use uuid::Uuid;

use crate::find::{Findable, find_optional, visible};
use crate::jobs::GroupJob;
use crate::lock::unlocked;
use crate::resource::{fixed, in_use, meta, resource_row, tags_column, touch};
use crate::{Put, Result, Services};

/// As many of a group's resources are named when it can't be deleted.
const NAMED: usize = 5;

impl Services {
    /// The tenant's subscriptions in which the caller has a role, wherever in them it was given.
    ///
    /// # Errors
    /// Internal ones alone.
    pub async fn subscription_list(&self, ctx: &OpContext) -> Result<Vec<SubscriptionView>> {
        let rows = subscription::Entity::find()
            .filter(subscription::Column::TenantId.eq(ctx.tenant()))
            .order_by_asc(subscription::Column::DisplayName)
            .order_by_asc(subscription::Column::Id)
            .all(self.db())
            .await?;
        let views = rows.into_iter().filter(|row| has_role_in(ctx, row.id));
        Ok(views
            .map(|row| SubscriptionView {
                id: row.id,
                tenant: row.tenant_id,
                display_name: row.display_name,
            })
            .collect())
    }

    /// The resource groups that the caller sees, in the whole tenant or in one subscription, by name.
    ///
    /// Who has a role only at a resource in a group does not see the group.
    ///
    /// # Errors
    /// Internal ones alone.
    pub async fn resource_group_list(
        &self,
        ctx: &OpContext,
        subscription: Option<Uuid>,
    ) -> Result<Vec<ResourceGroupView>> {
        let within = subscription.map(|id| ResourceId::from_stored(format!("/subscriptions/{id}")));
        let rows = visible::<Entity>(ctx, Action::ResourceGroupRead, within.as_ref())
            .order_by_asc(Column::Name)
            .order_by_asc(Column::Id)
            .all(self.db())
            .await?;
        rows.iter().map(view).collect()
    }

    /// One resource group.
    ///
    /// # Errors
    /// `ResourceNotFound`.
    pub async fn resource_group_get(
        &self,
        ctx: &OpContext,
        id: &ResourceId,
    ) -> Result<ResourceGroupView> {
        let action = Action::ResourceGroupRead;
        view(&self.find_for::<Entity>(ctx, id, action).await?)
    }

    /// Creates a resource group, or changes the tags of one that exists.
    ///
    /// # Errors
    /// `InvalidRequest` with every broken rule, also for another location than the group has; `ResourceNotFound`
    /// when the subscription is not the tenant's.
    pub async fn resource_group_put(
        &self,
        ctx: &OpContext,
        id: &ResourceId,
        input: ResourceGroupInput,
    ) -> Result<Put<ResourceGroupView>> {
        ctx.authorize(
            Action::ResourceGroupWrite,
            Action::ResourceGroupRead,
            &id.key(),
        )?;
        let regions = &self.settings().regions;
        let mut found = name::RESOURCE_GROUP.check("name", id.name());
        found.extend(domain::gallery::location(&input.location, regions));
        found.extend(domain::gallery::tags(&input.tags));
        Problem::unless_empty(found)?;
        let location = regions.short_name(&input.location);
        let tx = self.inner.store.begin().await?;
        self.subscription_check(&tx, ctx, id).await?;
        let found = find_optional::<Entity>(&tx, ctx.tenant(), &id.into()).await?;
        let created = found.is_none();
        let row = match found {
            Some(row) => {
                fixed("location", &row.location, &location)?;
                unlocked(&tx, ctx, Action::ResourceGroupWrite, &row.resource_key).await?;
                let mut row = row.into_active_model();
                row.tags = tags_column(&input.tags)?;
                touch!(self, ctx, row);
                row.update(&tx).await?
            }
            None => {
                let columns =
                    resource_row!(self, ctx, id, location, &input.tags, resource_group {});
                columns.insert(&tx).await?
            }
        };
        self.end_put(tx, ctx, "resource_group_put", &row.resource_id, created)
            .await?;
        Ok(Put {
            value: view(&row)?,
            created,
        })
    }

    /// Deletes an empty resource group, and the roles that were given at it.
    ///
    /// # Errors
    /// `ResourceInUse` while it holds anything; up to five are named.
    pub async fn resource_group_delete(&self, ctx: &OpContext, id: &ResourceId) -> Result<()> {
        let action = Action::ResourceGroupDelete;
        let row = self.find_for::<Entity>(ctx, id, action).await?;
        // Waits for creations in the subscription, and they for this.
        let tx = self.begin_at(ctx, id).await?;
        empty(&tx, &row).await?;
        self.deployments_forget(&tx, ctx, &row.resource_key).await?;
        self.end_delete::<Entity>(tx, ctx, "resource_group_delete", &row)
            .await
    }

    /// Deletes a resource group with all that lies in it: an empty one at once, any other by a job, which deletes each
    /// resource as the caller could.
    ///
    /// # Errors
    /// `ResourceNotFound`, `AuthorizationFailed`; `ScopeLocked` for a lock at the group, above it or within it.
    pub async fn resource_group_delete_all(
        &self,
        ctx: &OpContext,
        id: &ResourceId,
    ) -> Result<Option<JobView>> {
        let action = Action::ResourceGroupDelete;
        let row = self.find_for::<Entity>(ctx, id, action).await?;
        let begun = job::Entity::find()
            .filter(job::Column::TenantId.eq(ctx.tenant()))
            .filter(job::Column::ResourceKey.eq(&row.resource_key))
            .filter(job::Column::Kind.eq(JobKind::GroupDelete.to_string()))
            .filter(job::Column::FinishedAt.is_null())
            .one(self.db())
            .await?;
        if let Some(job) = begun {
            return Ok(Some(self.job_view(self.db(), job).await?));
        }
        let resources = self.group_contents(ctx, &row.resource_key).await?;
        if resources.is_empty() {
            self.resource_group_delete(ctx, id).await?;
            return Ok(None);
        }
        let work = GroupJob {
            group: row.resource_id.clone(),
            resources,
        };
        let tx = self.inner.store.begin().await?;
        let kind = JobKind::GroupDelete;
        let job = self
            .job_enqueue(&tx, ctx, kind, &row.resource_id, &work, work.steps())
            .await?;
        let detail = format!("with {} resources", work.resources.len());
        self.record_begun(&tx, ctx, "resource_group_delete", &row.resource_id, detail)
            .await?;
        Ok(Some(self.job_begin(tx, job).await?))
    }

    /// Refuses an id that is not that of a group in one of the tenant's subscriptions.
    async fn subscription_check(
        &self,
        tx: &impl ConnectionTrait,
        ctx: &OpContext,
        id: &ResourceId,
    ) -> Result<()> {
        let written = id.segment("subscriptions").unwrap_or("?");
        let missing = || Problem::not_found(format!("The subscription “{written}”"));
        let subscription_id = id.subscription().ok_or_else(missing)?;
        // One spelling alone, so that a group's key always lies below its subscription's.
        let group = ResourceId::resource_group(&subscription_id.to_string(), id.name());
        if group.key() != id.key() {
            return Err(missing().into());
        }
        let found = subscription::Entity::find_by_id(subscription_id)
            .filter(subscription::Column::TenantId.eq(ctx.tenant()))
            .one(tx)
            .await?;
        found.ok_or_else(missing)?;
        Ok(())
    }
}

/// Whether the caller has any role at the subscription, above it or within it.
fn has_role_in(ctx: &OpContext, subscription: Uuid) -> bool {
    let key = format!("/subscriptions/{subscription}");
    ctx.caller
        .grants
        .iter()
        .any(|grant| covers(&grant.scope, &key) || covers(&key, &grant.scope))
}

/// Refuses while the group holds anything.
async fn empty(tx: &impl ConnectionTrait, row: &Model) -> Result<()> {
    let mut held = names::<gallery::Entity>(tx, row).await?;
    held.extend(names::<lab_plan::Entity>(tx, row).await?);
    held.extend(names::<lab::Entity>(tx, row).await?);
    held.extend(names::<virtual_machine::Entity>(tx, row).await?);
    held.extend(names::<disk::Entity>(tx, row).await?);
    held.extend(names::<network_resource::Entity>(tx, row).await?);
    if held.is_empty() {
        return Ok(());
    }
    let named = held.iter().take(NAMED).map(|name| format!("“{name}”"));
    let named = named.collect::<Vec<_>>().join(", ");
    let more = if held.len() > NAMED { " and more" } else { "" };
    let message = format!(
        "“{}” still holds {named}{more}. Delete what it holds first.",
        row.name
    );
    Err(in_use(&row.resource_id, message))
}

/// Names of a kind of resource in the group, one more than are told.
async fn names<E: Findable>(tx: &impl ConnectionTrait, group: &Model) -> Result<Vec<String>> {
    let scopes = Scopes {
        allowed: vec!["/".to_owned()],
        within: Some(group.resource_key.clone()),
    };
    let query = E::find()
        .select_only()
        .column(E::NAME)
        .filter(in_scopes(E::KEY, &scopes))
        .order_by_asc(E::NAME);
    Ok(query.limit(NAMED as u64 + 1).into_tuple().all(tx).await?)
}

fn view(row: &Model) -> Result<ResourceGroupView> {
    Ok(ResourceGroupView { meta: meta!(row) })
}

#[cfg(test)]
mod tests {
    use domain::rbac::{Grant, OWNER};
    use domain::{Caller, Origin};

    use super::*;

    fn context(scope: &str) -> OpContext {
        let caller = Caller {
            principal: Uuid::nil(),
            tenant: Uuid::nil(),
            display_name: String::new(),
            user_name: String::new(),
            grants: vec![Grant::of(OWNER, scope)],
            foreign: Vec::new(),
        };
        let now = chrono::DateTime::from_timestamp(0, 0).expect("a date");
        OpContext {
            caller,
            request_id: String::new(),
            now,
            origin: Origin::Rest,
        }
    }

    #[test]
    fn a_role_anywhere_in_a_subscription_shows_the_subscription() {
        let subscription = Uuid::from_u128(1);
        let key = format!("/subscriptions/{subscription}");
        for scope in [
            "/".to_owned(),
            key.clone(),
            format!("{key}/resourcegroups/labs"),
        ] {
            assert!(has_role_in(&context(&scope), subscription), "{scope}");
        }
        let other = Uuid::from_u128(2);
        assert!(!has_role_in(&context(&key), other));
        assert!(!has_role_in(&context(&format!("{key}0")), subscription));
    }
}
