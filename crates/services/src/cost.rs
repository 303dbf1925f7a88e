//! What copies cost, month by month. Rules A62-A65.

use chrono::Months;
use domain::cost::{CostReport, KeptCopy};
use domain::image::StorageType;
use domain::rbac::Action;
use domain::{OpContext, Problem, ResourceId};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter};
use store::entity::replica_usage::{Column, Entity, Model};
use store::entity::{gallery, image, image_version, resource_group};
use store::{Scopes, in_scopes};

use crate::{Result, Services};

/// Months of a report at the most.
pub const MONTHS_MAX: u32 = 36;

impl Services {
    /// What a version, a definition, a gallery or a resource group cost in the last months, the running one included;
    /// versions that are gone count for the time that they were kept.
    ///
    /// # Errors
    /// `ResourceNotFound` for what the caller may not know of, and for what another organisation pays.
    pub async fn cost_report(
        &self,
        ctx: &OpContext,
        scope: &ResourceId,
        months: u32,
    ) -> Result<CostReport> {
        if scope.segment("versions").is_some() {
            self.find_for::<image_version::Entity>(ctx, scope, Action::VersionRead)
                .await?;
        } else if scope.segment("images").is_some() {
            self.find_for::<image::Entity>(ctx, scope, Action::ImageRead)
                .await?;
        } else if scope.segment("galleries").is_some() {
            self.find_for::<gallery::Entity>(ctx, scope, Action::GalleryRead)
                .await?;
        } else {
            self.find_for::<resource_group::Entity>(ctx, scope, Action::ResourceGroupRead)
                .await?;
        }
        if ctx.is_abroad(&scope.key()) {
            return Err(Problem::not_found("What it costs").into());
        }
        let months = months.clamp(1, MONTHS_MAX);
        let scopes = Scopes {
            allowed: ctx.scopes(Action::VersionRead),
            within: Some(scope.key()),
        };
        // A month more than is shown: which day it is matters less than that none is cut off.
        let since = ctx.now.checked_sub_months(Months::new(months));
        let still = Condition::any()
            .add(Column::UntilAt.is_null())
            .add(Column::UntilAt.gte(since));
        let rows = Entity::find()
            .filter(Column::TenantId.eq(ctx.tenant()))
            .filter(in_scopes(Column::ResourceKey, &scopes))
            .filter(still)
            .all(self.db())
            .await?;
        let facts: Vec<KeptCopy> = rows.into_iter().map(kept).collect();
        let prices = &self.settings().prices;
        Ok(CostReport::of(&facts, ctx.now, months, prices))
    }
}

fn kept(row: Model) -> KeptCopy {
    KeptCopy {
        resource_id: row.resource_id,
        region: row.region,
        storage: StorageType::parse(&row.storage).unwrap_or_default(),
        bytes: row.bytes.unsigned_abs(),
        sent_bytes: row.sent_bytes.unsigned_abs(),
        from: row.from_at,
        until: row.until_at,
    }
}
