//! Second factors of local accounts: codes of an app, passkeys, and recovery codes.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    big_integer, pk_uuid, string, string_uniq, text, text_null, timestamp_with_time_zone,
    timestamp_with_time_zone_null, uuid, uuid_uniq,
};

use crate::columns::{belongs, create, drop, index};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

const TABLES: &[&str] = &[
    "totp",
    "passkey",
    "recovery_code",
    "passkey_ceremony",
    "second_step",
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let totp = Table::create()
            .table("totp")
            .col(pk_uuid("id"))
            .col(uuid_uniq("principal_id"))
            .col(text("secret"))
            .col(big_integer("last_step"))
            .col(timestamp_with_time_zone("created_at"))
            .col(timestamp_with_time_zone_null("confirmed_at"))
            .foreign_key(&mut belongs("totp", "principal_id", "principal"))
            .to_owned();
        let passkey = Table::create()
            .table("passkey")
            .col(pk_uuid("id"))
            .col(uuid("principal_id"))
            .col(string_uniq("credential_key"))
            .col(string("name"))
            .col(text("credential"))
            .col(timestamp_with_time_zone("created_at"))
            .col(timestamp_with_time_zone_null("used_at"))
            .foreign_key(&mut belongs("passkey", "principal_id", "principal"))
            .to_owned();
        let recovery_code = Table::create()
            .table("recovery_code")
            .col(pk_uuid("id"))
            .col(uuid("principal_id"))
            .col(string("code_hash"))
            .col(timestamp_with_time_zone("created_at"))
            .col(timestamp_with_time_zone_null("used_at"))
            .foreign_key(&mut belongs("recovery_code", "principal_id", "principal"))
            .to_owned();
        let passkey_ceremony = Table::create()
            .table("passkey_ceremony")
            .col(pk_uuid("id"))
            .col(uuid_uniq("principal_id"))
            .col(text("state"))
            .col(timestamp_with_time_zone("expires_at"))
            .foreign_key(&mut belongs(
                "passkey_ceremony",
                "principal_id",
                "principal",
            ))
            .to_owned();
        let second_step = Table::create()
            .table("second_step")
            .col(pk_uuid("id"))
            .col(string_uniq("token_hash"))
            .col(uuid("principal_id"))
            .col(text_null("ceremony"))
            .col(timestamp_with_time_zone("created_at"))
            .col(timestamp_with_time_zone("expires_at"))
            .col(timestamp_with_time_zone_null("used_at"))
            .foreign_key(&mut belongs("second_step", "principal_id", "principal"))
            .to_owned();
        let tables = vec![totp, passkey, recovery_code, passkey_ceremony, second_step];
        let indexes = vec![
            index("passkey", &["principal_id"]),
            index("recovery_code", &["principal_id"]),
            index("second_step", &["principal_id"]),
            index("second_step", &["expires_at"]),
        ];
        create(manager, tables, indexes).await?;
        for (table, column) in added() {
            let mut column = column;
            let add = Table::alter()
                .table(table)
                .add_column(&mut column)
                .to_owned();
            manager.alter_table(add).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (table, column) in added().into_iter().rev() {
            let name = column.get_column_name();
            let remove = Table::alter().table(table).drop_column(name).to_owned();
            manager.alter_table(remove).await?;
        }
        drop(manager, TABLES).await
    }
}

/// Columns of older tables, which the previous release leaves as they are: wrong guesses at the second step, which are
/// counted apart from those at the password, and when a session's person last gave their password again.
fn added() -> Vec<(&'static str, ColumnDef)> {
    let failed = ColumnDef::new("factor_failed_count")
        .integer()
        .not_null()
        .default(0)
        .to_owned();
    let locked = ColumnDef::new("factor_locked_until")
        .timestamp_with_time_zone()
        .null()
        .to_owned();
    let proved = ColumnDef::new("proved_at")
        .timestamp_with_time_zone()
        .null()
        .to_owned();
    vec![
        ("local_account", failed),
        ("local_account", locked),
        ("session", proved),
    ]
}
