//! Groups whose members a provider's group claim names.

use std::collections::HashMap;

use domain::activity::ActivityResult;
use domain::identity::GroupClaimView;
use domain::tenant::PrincipalKind;
use domain::{Code, OpContext, Problem, Rule, Violation, name};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, ModelTrait,
    QueryFilter, QueryOrder,
};
use store::entity::group_claim::{ActiveModel, Column, Entity};
use store::entity::{group_member, principal};
use uuid::Uuid;

use super::principal::principal_of;
use super::provider::{administer, provider_of};
use crate::{Result, Services};

impl Services {
    /// The values of a provider's group claim that make members here.
    ///
    /// # Errors
    /// `ResourceNotFound`, `AuthorizationFailed`.
    pub async fn group_claim_list(
        &self,
        ctx: &OpContext,
        provider: Uuid,
    ) -> Result<Vec<GroupClaimView>> {
        administer(ctx)?;
        provider_of(self.db(), ctx.tenant(), provider).await?;
        let rows = Entity::find()
            .filter(Column::ProviderId.eq(provider))
            .order_by_asc(Column::Value)
            .order_by_asc(Column::Id)
            .all(self.db())
            .await?;
        let groups = principal::Entity::find()
            .filter(principal::Column::Id.is_in(rows.iter().map(|row| row.group_id)))
            .all(self.db())
            .await?;
        let names: HashMap<Uuid, String> = groups
            .into_iter()
            .map(|group| (group.id, group.display_name))
            .collect();
        let view = |row: store::entity::group_claim::Model| GroupClaimView {
            id: row.id,
            value: row.value,
            group: row.group_id,
            group_name: names.get(&row.group_id).cloned().unwrap_or_default(),
        };
        Ok(rows.into_iter().map(view).collect())
    }

    /// Lets a value of the group claim make members of a group, from each person's next sign-in on.
    ///
    /// # Errors
    /// `ResourceNotFound` for provider or group, `AuthorizationFailed`, `InvalidRequest` for what is no group,
    /// `AlreadyExists`.
    pub async fn group_claim_add(
        &self,
        ctx: &OpContext,
        provider: Uuid,
        value: &str,
        group: Uuid,
    ) -> Result<()> {
        administer(ctx)?;
        let value = value.trim();
        Problem::unless_empty(name::text("value", value, 1, 200))?;
        let tx = self.inner.store.begin().await?;
        let provider = provider_of(&tx, ctx.tenant(), provider).await?;
        let group = principal_of(&tx, ctx.tenant(), group).await?;
        if PrincipalKind::parse(&group.kind) != Some(PrincipalKind::Group) {
            let message = "Only a group can have members.";
            return Err(Problem::new(Code::InvalidRequest, message)
                .at("group")
                .into());
        }
        let same = Entity::find()
            .filter(Column::ProviderId.eq(provider.id))
            .filter(Column::Value.eq(value))
            .filter(Column::GroupId.eq(group.id));
        if same.one(&tx).await?.is_some() {
            let violation = Violation::new(Rule::AlreadyExists, "value").with("value", value);
            return Err(Problem::from_violations(vec![violation]).into());
        }
        ActiveModel {
            id: Set(self.new_id()),
            provider_id: Set(provider.id),
            value: Set(value.to_owned()),
            group_id: Set(group.id),
        }
        .insert(&tx)
        .await?;
        let (what, detail) = (
            format!("/providers/{}", provider.id),
            format!("{value} makes members of {}", group.display_name),
        );
        self.record(
            &tx,
            ctx,
            "group_claim_add",
            &what,
            ActivityResult::Succeeded,
            detail,
        )
        .await?;
        Ok(tx.commit().await?)
    }

    /// Forgets a value of the group claim. Who is a member stays one until taken out by hand.
    ///
    /// # Errors
    /// `ResourceNotFound`, `AuthorizationFailed`.
    pub async fn group_claim_remove(
        &self,
        ctx: &OpContext,
        provider: Uuid,
        id: Uuid,
    ) -> Result<()> {
        administer(ctx)?;
        let tx = self.inner.store.begin().await?;
        let provider = provider_of(&tx, ctx.tenant(), provider).await?;
        let row = Entity::find_by_id(id).filter(Column::ProviderId.eq(provider.id));
        let row = row
            .one(&tx)
            .await?
            .ok_or_else(|| Problem::not_found("The rule for groups"))?;
        let (what, detail) = (
            format!("/providers/{}", provider.id),
            format!("{} makes members no more", row.value),
        );
        row.delete(&tx).await?;
        self.record(
            &tx,
            ctx,
            "group_claim_remove",
            &what,
            ActivityResult::Succeeded,
            detail,
        )
        .await?;
        Ok(tx.commit().await?)
    }

    /// Makes a person a member of exactly those mapped groups that their provider names now, and leaves all other
    /// groups alone. Answers what changed, for the log.
    pub(super) async fn group_claims_apply(
        &self,
        tx: &impl ConnectionTrait,
        provider: Uuid,
        person: Uuid,
        told: &[String],
    ) -> Result<Vec<(Uuid, bool)>> {
        let rows = Entity::find()
            .filter(Column::ProviderId.eq(provider))
            .order_by_asc(Column::GroupId)
            .all(tx)
            .await?;
        // Several values may make members of one group: one of them is enough.
        let mut wanted: Vec<(Uuid, bool)> = Vec::new();
        for row in rows {
            let is_told = told.contains(&row.value);
            match wanted
                .last_mut()
                .filter(|(group, _)| *group == row.group_id)
            {
                Some((_, is_member)) => *is_member |= is_told,
                None => wanted.push((row.group_id, is_told)),
            }
        }
        let mut changed = Vec::new();
        for (group, is_member) in wanted {
            let held = group_member::Entity::find_by_id((group, person))
                .one(tx)
                .await?;
            if held.is_some() == is_member {
                continue;
            }
            match held {
                Some(row) => {
                    row.delete(tx).await?;
                }
                None => {
                    let row = group_member::ActiveModel {
                        group_id: Set(group),
                        member_id: Set(person),
                    };
                    row.insert(tx).await?;
                }
            }
            changed.push((group, is_member));
        }
        Ok(changed)
    }
}
