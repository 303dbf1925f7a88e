//! Tenants, people, rights, sessions and keys.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    boolean, integer, pk_uuid, string, string_null, string_uniq, text, timestamp_with_time_zone,
    timestamp_with_time_zone_null, uuid, uuid_null, uuid_uniq,
};

use crate::columns::{belongs, create, drop, index, reference, unique};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

const TABLES: &[&str] = &[
    "tenant",
    "subscription",
    "principal",
    "group_member",
    "local_account",
    "role_assignment",
    "session",
    "login_state",
    "auth_code",
    "signing_key",
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let tenant = Table::create()
            .table("tenant")
            .col(pk_uuid("id"))
            .col(string("name"))
            .col(string_uniq("domain"))
            .col(timestamp_with_time_zone("created_at"))
            .to_owned();
        let subscription = Table::create()
            .table("subscription")
            .col(pk_uuid("id"))
            .col(uuid("tenant_id"))
            .col(string("display_name"))
            .foreign_key(&mut reference("subscription", "tenant_id", "tenant"))
            .to_owned();
        let principal = Table::create()
            .table("principal")
            .col(pk_uuid("id"))
            .col(uuid("tenant_id"))
            .col(string("kind"))
            .col(string("display_name"))
            .col(string("user_name"))
            .col(string("user_name_key"))
            .col(string("issuer"))
            .col(string("subject"))
            .col(boolean("enabled"))
            .col(timestamp_with_time_zone("created_at"))
            .foreign_key(&mut reference("principal", "tenant_id", "tenant"))
            .to_owned();
        let group_member = Table::create()
            .table("group_member")
            .col(uuid("group_id"))
            .col(uuid("member_id"))
            .primary_key(Index::create().col("group_id").col("member_id"))
            .foreign_key(&mut belongs("group_member", "group_id", "principal"))
            .foreign_key(&mut belongs("group_member", "member_id", "principal"))
            .to_owned();
        let local_account = Table::create()
            .table("local_account")
            .col(pk_uuid("id"))
            .col(uuid_uniq("principal_id"))
            .col(string_uniq("user_name_key"))
            .col(string("password_hash"))
            .col(integer("failed_count"))
            .col(timestamp_with_time_zone_null("locked_until"))
            .col(timestamp_with_time_zone("changed_at"))
            .foreign_key(&mut belongs("local_account", "principal_id", "principal"))
            .to_owned();
        let role_assignment = Table::create()
            .table("role_assignment")
            .col(pk_uuid("id"))
            .col(uuid("tenant_id"))
            .col(uuid("principal_id"))
            .col(uuid("role_id"))
            .col(string("scope"))
            .col(timestamp_with_time_zone("created_at"))
            .col(string("created_by"))
            .foreign_key(&mut reference("role_assignment", "tenant_id", "tenant"))
            .foreign_key(&mut belongs("role_assignment", "principal_id", "principal"))
            .to_owned();
        let session = Table::create()
            .table("session")
            .col(pk_uuid("id"))
            .col(string_uniq("token_hash"))
            .col(uuid_null("grant_id"))
            .col(uuid("principal_id"))
            .col(uuid("tenant_id"))
            .col(string("user_agent"))
            .col(string("address"))
            .col(timestamp_with_time_zone("created_at"))
            .col(timestamp_with_time_zone("seen_at"))
            .col(timestamp_with_time_zone("expires_at"))
            .foreign_key(&mut belongs("session", "principal_id", "principal"))
            .to_owned();
        let login_state = Table::create()
            .table("login_state")
            .col(pk_uuid("id"))
            .col(string_uniq("state_hash"))
            .col(string("browser_hash"))
            .col(string("issuer"))
            .col(string("nonce"))
            .col(string("pkce_verifier"))
            .col(text("return_to"))
            .col(timestamp_with_time_zone("expires_at"))
            .col(timestamp_with_time_zone_null("used_at"))
            .to_owned();
        let auth_code = Table::create()
            .table("auth_code")
            .col(pk_uuid("id"))
            .col(string_uniq("code_hash"))
            .col(string("client_id"))
            .col(uuid("principal_id"))
            .col(uuid("tenant_id"))
            .col(text("redirect_uri"))
            .col(string_null("nonce"))
            .col(string("code_challenge"))
            .col(text("scope"))
            .col(timestamp_with_time_zone("expires_at"))
            .col(timestamp_with_time_zone_null("used_at"))
            .col(timestamp_with_time_zone_null("revoked_at"))
            .foreign_key(&mut belongs("auth_code", "principal_id", "principal"))
            .to_owned();
        let signing_key = Table::create()
            .table("signing_key")
            .col(pk_uuid("id"))
            .col(text("private_pem"))
            .col(timestamp_with_time_zone("created_at"))
            .col(timestamp_with_time_zone_null("retired_at"))
            .to_owned();
        let tables = vec![
            tenant,
            subscription,
            principal,
            group_member,
            local_account,
            role_assignment,
            session,
            login_state,
            auth_code,
            signing_key,
        ];
        let indexes = vec![
            index("subscription", &["tenant_id"]),
            unique("principal", &["tenant_id", "user_name_key"]),
            unique("principal", &["issuer", "subject"]),
            index("group_member", &["member_id"]),
            unique("role_assignment", &["principal_id", "role_id", "scope"]),
            index("role_assignment", &["tenant_id", "scope"]),
            index("session", &["principal_id"]),
            index("session", &["grant_id"]),
            index("session", &["expires_at"]),
            index("login_state", &["expires_at"]),
            index("auth_code", &["expires_at"]),
        ];
        create(manager, tables, indexes).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop(manager, TABLES).await
    }
}
