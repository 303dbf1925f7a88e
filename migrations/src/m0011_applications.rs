//! Applications with their credentials, and what programs hold between their requests: refresh tokens, device codes.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    boolean, json, pk_uuid, string, string_null, string_uniq, text, text_null,
    timestamp_with_time_zone, timestamp_with_time_zone_null, uuid, uuid_null, uuid_uniq,
};

use crate::columns::{belongs, create, drop, index};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

const TABLES: &[&str] = &[
    "app_registration",
    "app_credential",
    "refresh_token",
    "device_code",
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let app_registration = Table::create()
            .table("app_registration")
            .col(pk_uuid("id"))
            .col(uuid("tenant_id"))
            .col(uuid_uniq("app_id"))
            .col(string("display_name"))
            .col(boolean("multi_tenant"))
            .col(boolean("public_client"))
            .col(json("redirect_uris"))
            .col(timestamp_with_time_zone("created_at"))
            .col(string("created_by"))
            .foreign_key(&mut belongs("app_registration", "tenant_id", "tenant"))
            .to_owned();
        let app_credential = Table::create()
            .table("app_credential")
            .col(pk_uuid("id"))
            .col(uuid("app_registration_id"))
            .col(string("kind"))
            .col(string("display_name"))
            .col(string("hint"))
            .col(string_null("secret_hash"))
            .col(text_null("certificate"))
            .col(string_null("issuer"))
            .col(string_null("subject"))
            .col(string_null("audience"))
            .col(timestamp_with_time_zone("created_at"))
            .col(timestamp_with_time_zone("expires_at"))
            .col(timestamp_with_time_zone_null("last_used_at"))
            .foreign_key(&mut belongs(
                "app_credential",
                "app_registration_id",
                "app_registration",
            ))
            .to_owned();
        let refresh_token = Table::create()
            .table("refresh_token")
            .col(pk_uuid("id"))
            .col(uuid("family"))
            .col(string_uniq("token_hash"))
            .col(string("client_id"))
            .col(uuid("principal_id"))
            .col(uuid("tenant_id"))
            .col(text("scope"))
            .col(timestamp_with_time_zone("created_at"))
            .col(timestamp_with_time_zone("expires_at"))
            .col(timestamp_with_time_zone_null("used_at"))
            .col(timestamp_with_time_zone_null("revoked_at"))
            .foreign_key(&mut belongs("refresh_token", "principal_id", "principal"))
            .to_owned();
        let device_code = Table::create()
            .table("device_code")
            .col(pk_uuid("id"))
            .col(string_uniq("device_hash"))
            .col(string_uniq("user_code_hash"))
            .col(string("client_id"))
            .col(uuid_null("tenant_id"))
            .col(text("scope"))
            .col(string("address"))
            .col(string("status"))
            .col(uuid_null("principal_id"))
            .col(uuid_null("principal_tenant_id"))
            .col(timestamp_with_time_zone("created_at"))
            .col(timestamp_with_time_zone("expires_at"))
            .col(timestamp_with_time_zone_null("polled_at"))
            .foreign_key(&mut belongs("device_code", "principal_id", "principal"))
            .to_owned();
        let tables = vec![app_registration, app_credential, refresh_token, device_code];
        let indexes = vec![
            index("app_registration", &["tenant_id"]),
            index("app_credential", &["app_registration_id"]),
            index("refresh_token", &["family"]),
            index("refresh_token", &["principal_id"]),
            index("refresh_token", &["expires_at"]),
            index("device_code", &["expires_at"]),
        ];
        create(manager, tables, indexes).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop(manager, TABLES).await
    }
}
