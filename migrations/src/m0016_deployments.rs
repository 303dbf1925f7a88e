//! Deployments, records of networks, and locks.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    integer, json, json_null, pk_uuid, string, text, text_null, timestamp_with_time_zone,
    timestamp_with_time_zone_null, uuid, uuid_null,
};

use crate::columns::{belongs, create, drop, index, reference, resource, unique};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

const TABLES: &[&str] = &[
    "network_resource",
    "deployment",
    "deployment_operation",
    "resource_lock",
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let network_resource = resource("network_resource")
            .col(string("kind"))
            .col(json("properties"))
            .to_owned();
        let deployment = resource("deployment")
            .col(string("state"))
            .col(json("template"))
            .col(json("parameters"))
            // Sealed, and gone when the deployment is over.
            .col(text_null("secrets"))
            .col(json_null("outputs"))
            .col(json_null("problem"))
            .col(uuid("job_id"))
            .col(timestamp_with_time_zone("started_at"))
            .col(timestamp_with_time_zone_null("finished_at"))
            .to_owned();
        let deployment_operation = Table::create()
            .table("deployment_operation")
            .col(pk_uuid("id"))
            .col(uuid("deployment_id"))
            .col(integer("ordinal"))
            .col(string("target_id"))
            .col(string("kind"))
            .col(string("state"))
            .col(uuid_null("job_id"))
            .col(json_null("problem"))
            .col(timestamp_with_time_zone_null("started_at"))
            .col(timestamp_with_time_zone_null("finished_at"))
            .foreign_key(&mut belongs(
                "deployment_operation",
                "deployment_id",
                "deployment",
            ))
            .to_owned();
        let resource_lock = Table::create()
            .table("resource_lock")
            .col(pk_uuid("id"))
            .col(uuid("tenant_id"))
            .col(string("scope"))
            .col(string("scope_key"))
            .col(string("name"))
            .col(string("name_key"))
            .col(string("level"))
            .col(text("notes"))
            .col(timestamp_with_time_zone("created_at"))
            .col(string("created_by"))
            .foreign_key(&mut reference("resource_lock", "tenant_id", "tenant"))
            .to_owned();
        let indexes = vec![
            index("network_resource", &["tenant_id", "kind", "resource_key"]),
            index("deployment", &["tenant_id", "resource_key"]),
            unique("deployment_operation", &["deployment_id", "ordinal"]),
            unique("resource_lock", &["tenant_id", "scope_key", "name_key"]),
        ];
        create(
            manager,
            vec![
                network_resource,
                deployment,
                deployment_operation,
                resource_lock,
            ],
            indexes,
        )
        .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop(manager, TABLES).await
    }
}
