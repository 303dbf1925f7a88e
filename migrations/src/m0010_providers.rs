//! Domains and identity providers of tenants, invitations, and people who are guests in other tenants.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    boolean, json, pk_uuid, string, string_null, string_uniq, text_null, timestamp_with_time_zone,
    timestamp_with_time_zone_null, uuid, uuid_null,
};

use crate::columns::{belongs, create, drop, index, unique};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

const TABLES: &[&str] = &[
    "identity_provider",
    "group_claim",
    "tenant_domain",
    "invitation",
];

/// What is remembered of a sign-in and of a session besides, as columns that the previous release leaves empty.
const ADDED: &[(&str, &str, Kind)] = &[
    ("login_state", "provider_id", Kind::Uuid),
    ("login_state", "invitation_id", Kind::Uuid),
    ("login_state", "tester_id", Kind::Uuid),
    ("session", "provider_id", Kind::Uuid),
    ("session", "id_token", Kind::Text),
];

#[derive(Clone, Copy)]
enum Kind {
    Uuid,
    Text,
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let provider = Table::create()
            .table("identity_provider")
            .col(pk_uuid("id"))
            .col(uuid("tenant_id"))
            .col(string("kind"))
            .col(string("name"))
            .col(string("issuer"))
            .col(string_null("tid"))
            .col(string("client_id"))
            .col(text_null("client_secret"))
            .col(string("scopes"))
            .col(boolean("enabled"))
            .col(timestamp_with_time_zone_null("tested_at"))
            .col(boolean("admit_domain"))
            .col(boolean("admit_group"))
            .col(boolean("admit_invitation"))
            .col(string_null("group_claim"))
            .col(json("allowed_groups"))
            .col(timestamp_with_time_zone("created_at"))
            .col(string("created_by"))
            .col(timestamp_with_time_zone("updated_at"))
            .foreign_key(&mut belongs("identity_provider", "tenant_id", "tenant"))
            .to_owned();
        let claim = Table::create()
            .table("group_claim")
            .col(pk_uuid("id"))
            .col(uuid("provider_id"))
            .col(string("value"))
            .col(uuid("group_id"))
            .foreign_key(&mut belongs(
                "group_claim",
                "provider_id",
                "identity_provider",
            ))
            .foreign_key(&mut belongs("group_claim", "group_id", "principal"))
            .to_owned();
        let domain = Table::create()
            .table("tenant_domain")
            .col(pk_uuid("id"))
            .col(uuid("tenant_id"))
            .col(string_uniq("name"))
            .col(uuid_null("provider_id"))
            .col(string("proof"))
            .col(timestamp_with_time_zone_null("verified_at"))
            .col(timestamp_with_time_zone("created_at"))
            .foreign_key(&mut belongs("tenant_domain", "tenant_id", "tenant"))
            .to_owned();
        let invitation = Table::create()
            .table("invitation")
            .col(pk_uuid("id"))
            .col(uuid("tenant_id"))
            .col(string_uniq("token_hash"))
            .col(string("email"))
            .col(uuid_null("group_id"))
            .col(timestamp_with_time_zone("created_at"))
            .col(string("created_by"))
            .col(timestamp_with_time_zone("expires_at"))
            .col(timestamp_with_time_zone_null("accepted_at"))
            .col(uuid_null("accepted_by"))
            .col(timestamp_with_time_zone_null("revoked_at"))
            .foreign_key(&mut belongs("invitation", "tenant_id", "tenant"))
            .to_owned();
        let indexes = vec![
            unique("identity_provider", &["tenant_id", "issuer"]),
            unique("group_claim", &["provider_id", "value", "group_id"]),
            index("group_claim", &["group_id"]),
            index("tenant_domain", &["tenant_id"]),
            index("invitation", &["tenant_id", "created_at"]),
            unique("principal", &["tenant_id", "issuer", "subject"]),
            index("principal", &["issuer", "subject"]),
        ];
        create(manager, vec![provider, claim, domain, invitation], indexes).await?;
        // A person may be a guest in other tenants: a row there with the same issuer and subject.
        drop_index(manager, "principal_issuer_subject_key").await?;
        for (table, column, kind) in ADDED {
            let mut column = ColumnDef::new(*column);
            match kind {
                Kind::Uuid => column.uuid().null(),
                Kind::Text => column.text().null(),
            };
            let add = Table::alter()
                .table(*table)
                .add_column(&mut column)
                .to_owned();
            manager.alter_table(add).await?;
        }
        // Each tenant has one domain so far, given by the operator; its row may bear the tenant's own id.
        manager
            .get_connection()
            .execute_unprepared(
                "INSERT INTO tenant_domain (id, tenant_id, name, proof, verified_at, created_at) \
                 SELECT id, id, domain, '', created_at, created_at FROM tenant",
            )
            .await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (table, column, _) in ADDED.iter().rev() {
            let remove = Table::alter().table(*table).drop_column(*column).to_owned();
            manager.alter_table(remove).await?;
        }
        // Guests have no place in the older schema; neither have the people of providers.
        manager
            .get_connection()
            .execute_unprepared(
                "DELETE FROM principal WHERE kind = 'User' AND (issuer <> 'local' OR id IN \
                 (SELECT guest.id FROM principal guest JOIN principal home \
                 ON home.issuer = guest.issuer AND home.subject = guest.subject AND home.created_at < guest.created_at))",
            )
            .await?;
        drop_index(manager, "principal_issuer_subject_idx").await?;
        drop_index(manager, "principal_tenant_id_issuer_subject_key").await?;
        manager
            .create_index(unique("principal", &["issuer", "subject"]))
            .await?;
        drop(manager, TABLES).await
    }
}

async fn drop_index(manager: &SchemaManager<'_>, name: &'static str) -> Result<(), DbErr> {
    manager
        .drop_index(Index::drop().name(name).table("principal").to_owned())
        .await
}
