//! Roles of an organisation's own, and shares with other organisations.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    big_integer, json, pk_uuid, string, string_null, string_uniq, text, timestamp_with_time_zone,
    timestamp_with_time_zone_null, uuid, uuid_null,
};

use crate::columns::{belongs, create, drop, index, reference, unique};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

const TABLES: &[&str] = &["role_definition", "share"];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let role_definition = Table::create()
            .table("role_definition")
            .col(pk_uuid("id"))
            .col(uuid("tenant_id"))
            .col(string("name"))
            .col(string("name_key"))
            .col(text("description"))
            .col(json("actions"))
            .col(json("not_actions"))
            .col(json("assignable_scopes"))
            .col(timestamp_with_time_zone("created_at"))
            .col(string("created_by"))
            .col(timestamp_with_time_zone("updated_at"))
            .foreign_key(&mut reference("role_definition", "tenant_id", "tenant"))
            .to_owned();
        let share = Table::create()
            .table("share")
            .col(pk_uuid("id"))
            .col(uuid("from_tenant"))
            .col(string("scope"))
            .col(string("scope_key"))
            .col(uuid("role_id"))
            .col(text("note"))
            .col(string_uniq("token_hash"))
            .col(timestamp_with_time_zone("created_at"))
            .col(string("created_by"))
            .col(timestamp_with_time_zone_null("expires_at"))
            .col(uuid_null("to_tenant"))
            .col(uuid_null("to_principal"))
            .col(timestamp_with_time_zone_null("accepted_at"))
            .col(string_null("accepted_by"))
            .col(timestamp_with_time_zone_null("revoked_at"))
            .col(string_null("revoked_by"))
            .col(big_integer("use_count"))
            .col(timestamp_with_time_zone_null("last_used_at"))
            .foreign_key(&mut reference("share", "from_tenant", "tenant"))
            .foreign_key(&mut reference("share", "to_tenant", "tenant"))
            .foreign_key(&mut belongs("share", "to_principal", "principal"))
            .to_owned();
        let indexes = vec![
            unique("role_definition", &["tenant_id", "name_key"]),
            index("share", &["from_tenant", "scope_key"]),
            index("share", &["to_tenant"]),
        ];
        create(manager, vec![role_definition, share], indexes).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop(manager, TABLES).await
    }
}
