//! Kinds of stores, copies that machines are layers over, deleted versions that can be restored, and what copies cost.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    big_integer, boolean, integer_null, pk_uuid, string, string_null, timestamp_with_time_zone,
    timestamp_with_time_zone_null, uuid, uuid_null,
};

use crate::columns::{create, drop, index, reference};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

/// Tables with the columns that they get; each as the release before would leave it when it writes a row.
fn added() -> Vec<(&'static str, ColumnDef)> {
    vec![
        ("gallery", boolean("soft_delete").default(false).take()),
        ("gallery", integer_null("retention_days")),
        ("image_version", timestamp_with_time_zone_null("deleted_at")),
        ("image_version", timestamp_with_time_zone_null("purge_at")),
        ("replica", string("storage").default("Standard_LRS").take()),
        // None is the region's usual store.
        ("replica", string_null("store")),
        ("replica", boolean("retiring").default(false).take()),
        ("machine", uuid_null("replica_id")),
    ]
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // One column a statement: SQLite takes no more.
        for (table, mut column) in added() {
            let mut alter = Table::alter();
            alter.table(table).add_column(&mut column);
            manager.alter_table(alter.to_owned()).await?;
        }
        let replica_usage = Table::create()
            .table("replica_usage")
            .col(pk_uuid("id"))
            .col(uuid("tenant_id"))
            .col(string("resource_id"))
            .col(string("resource_key"))
            .col(uuid("version_id"))
            .col(uuid("replica_id"))
            .col(string("region"))
            .col(string("storage"))
            .col(big_integer("bytes"))
            .col(big_integer("sent_bytes"))
            .col(timestamp_with_time_zone("from_at"))
            .col(timestamp_with_time_zone_null("until_at"))
            .foreign_key(&mut reference("replica_usage", "tenant_id", "tenant"))
            .to_owned();
        let indexes = vec![
            index("replica_usage", &["tenant_id", "resource_key"]),
            index("replica_usage", &["replica_id"]),
            index("replica_usage", &["version_id"]),
            index("image_version", &["purge_at"]),
            index("machine", &["replica_id"]),
        ];
        create(manager, vec![replica_usage], indexes).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (table, name) in [
            ("machine", "machine_replica_id_idx"),
            ("image_version", "image_version_purge_at_idx"),
        ] {
            let mut index = Index::drop();
            index.name(name).table(table);
            manager.drop_index(index.to_owned()).await?;
        }
        drop(manager, &["replica_usage"]).await?;
        for (table, column) in added().into_iter().rev() {
            let mut alter = Table::alter();
            alter.table(table).drop_column(column.get_column_name());
            manager.alter_table(alter.to_owned()).await?;
        }
        Ok(())
    }
}
