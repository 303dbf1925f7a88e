//! Long work and the activity log.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    boolean, integer, json, json_null, pk_uuid, string, string_null, text,
    timestamp_with_time_zone, timestamp_with_time_zone_null, uuid, uuid_null,
};

use crate::columns::{belongs, create, drop, index, reference};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

const TABLES: &[&str] = &["job", "job_step", "activity"];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let job = Table::create()
            .table("job")
            .col(pk_uuid("id"))
            .col(uuid("tenant_id"))
            .col(string("kind"))
            .col(string("resource_id"))
            .col(string("resource_key"))
            .col(json("input"))
            .col(string_null("result"))
            .col(string("state"))
            .col(boolean("cancel_requested"))
            .col(string_null("lease_owner"))
            .col(timestamp_with_time_zone_null("lease_until"))
            .col(integer("attempts"))
            .col(json_null("problem"))
            .col(timestamp_with_time_zone("created_at"))
            .col(timestamp_with_time_zone_null("finished_at"))
            .col(string("created_by"))
            .col(uuid_null("principal_id"))
            .col(string("request_id"))
            .foreign_key(&mut reference("job", "tenant_id", "tenant"))
            .to_owned();
        let job_step = Table::create()
            .table("job_step")
            .col(uuid("job_id"))
            .col(integer("ordinal"))
            .col(string("name"))
            .col(string("title"))
            .col(string("state"))
            .col(integer("percent"))
            .col(json_null("output"))
            .col(timestamp_with_time_zone_null("started_at"))
            .col(timestamp_with_time_zone_null("finished_at"))
            .primary_key(Index::create().col("job_id").col("ordinal"))
            .foreign_key(&mut belongs("job_step", "job_id", "job"))
            .to_owned();
        let activity = Table::create()
            .table("activity")
            .col(pk_uuid("id"))
            .col(uuid("tenant_id"))
            .col(timestamp_with_time_zone("at"))
            .col(string("caller"))
            .col(uuid_null("principal_id"))
            .col(string("operation"))
            .col(string("resource_id"))
            .col(string("resource_key"))
            .col(string("result"))
            .col(text("detail"))
            .col(string("origin"))
            .col(string("request_id"))
            .foreign_key(&mut reference("activity", "tenant_id", "tenant"))
            .to_owned();
        let indexes = vec![
            index("job", &["state", "created_at"]),
            index("job", &["tenant_id", "resource_key"]),
            index("activity", &["tenant_id", "id"]),
            index("activity", &["resource_key", "id"]),
        ];
        create(manager, vec![job, job_step, activity], indexes).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop(manager, TABLES).await
    }
}
