//! What copies cost is counted from when each is ready to when it goes. Rules A62-A65.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use domain::image::ReplicaState;
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait,
    QueryFilter, QuerySelect,
};
use store::entity::{image_version, replica, replica_usage};
use uuid::Uuid;

use crate::{Error, Result, Services};

/// Counts a copy from a moment on, unless it is counted already: bytes that it occupies, and bytes that were sent.
pub(crate) async fn begin(
    services: &Services,
    tx: &impl ConnectionTrait,
    copy: &replica::Model,
    (bytes, sent_bytes): (u64, u64),
    from: DateTime<Utc>,
) -> Result<()> {
    let counted = replica_usage::Entity::find()
        .filter(replica_usage::Column::ReplicaId.eq(copy.id))
        .filter(replica_usage::Column::UntilAt.is_null());
    if counted.one(tx).await?.is_some() {
        return Ok(());
    }
    let version = image_version::Entity::find_by_id(copy.version_id)
        .one(tx)
        .await?;
    let version = version.ok_or_else(|| Error::internal("a copy without version"))?;
    let row = replica_usage::ActiveModel {
        id: Set(services.new_id()),
        tenant_id: Set(version.tenant_id),
        resource_id: Set(version.resource_id),
        resource_key: Set(version.resource_key),
        version_id: Set(version.id),
        replica_id: Set(copy.id),
        region: Set(copy.region.clone()),
        storage: Set(copy.storage.clone()),
        bytes: Set(i64::try_from(bytes).unwrap_or(i64::MAX)),
        sent_bytes: Set(i64::try_from(sent_bytes).unwrap_or(i64::MAX)),
        from_at: Set(from),
        until_at: Set(None),
    };
    row.insert(tx).await?;
    Ok(())
}

/// Ends the count of one copy.
pub(crate) async fn end(
    services: &Services,
    tx: &impl ConnectionTrait,
    replica: Uuid,
) -> Result<()> {
    let of = Condition::all().add(replica_usage::Column::ReplicaId.eq(replica));
    end_where(services, tx, of).await
}

/// Ends the count of all copies of a version.
pub(crate) async fn end_all(
    services: &Services,
    tx: &impl ConnectionTrait,
    version: Uuid,
) -> Result<()> {
    let of = Condition::all().add(replica_usage::Column::VersionId.eq(version));
    end_where(services, tx, of).await
}

async fn end_where(services: &Services, tx: &impl ConnectionTrait, of: Condition) -> Result<()> {
    replica_usage::Entity::update_many()
        .col_expr(
            replica_usage::Column::UntilAt,
            Expr::value(Some(services.now())),
        )
        .filter(replica_usage::Column::UntilAt.is_null())
        .filter(of)
        .exec(tx)
        .await?;
    Ok(())
}

impl Services {
    /// Counts copies that are ready and not counted, as those of an earlier release, and stops counting those that are
    /// gone.
    pub(super) async fn sweep_kept(&self) -> Result<()> {
        let tx = self.store().begin().await?;
        let counted: Vec<Uuid> = replica_usage::Entity::find()
            .select_only()
            .column(replica_usage::Column::ReplicaId)
            .filter(replica_usage::Column::UntilAt.is_null())
            .into_tuple()
            .all(&tx)
            .await?;
        let counted: HashSet<Uuid> = counted.into_iter().collect();
        let ready = replica::Entity::find()
            .filter(replica::Column::State.eq(ReplicaState::Ready.to_string()))
            .all(&tx)
            .await?;
        let held: HashSet<Uuid> = ready.iter().map(|copy| copy.id).collect();
        for copy in ready.iter().filter(|copy| !counted.contains(&copy.id)) {
            let version = image_version::Entity::find_by_id(copy.version_id);
            if let Some(version) = version.one(&tx).await? {
                let bytes = version.occupied_bytes.unsigned_abs();
                begin(self, &tx, copy, (bytes, 0), version.created_at).await?;
            }
        }
        for gone in counted.difference(&held) {
            end(self, &tx, *gone).await?;
        }
        Ok(tx.commit().await?)
    }
}
