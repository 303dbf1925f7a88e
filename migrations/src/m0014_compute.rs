//! Virtual machines, and disks that are kept by themselves: managed disks, snapshots and managed images, one table with a
//! kind. A machine needs no lab any more, and no version.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    big_integer, boolean, integer, integer_null, json, json_null, pk_uuid, string, string_null,
    text_null, timestamp_with_time_zone, uuid, uuid_null,
};
use sea_orm_migration::sea_orm::{DbBackend, TransactionTrait};

use crate::columns::{create, drop, index, reference, resource};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

const TABLES: &[&str] = &["virtual_machine", "disk"];

/// The columns of the machines' table as it was before.
const MACHINE: &[&str] = &[
    "id",
    "tenant_id",
    "resource_id",
    "resource_key",
    "name",
    "lab_id",
    "kind",
    "state",
    "state_at",
    "problem",
    "region",
    "size",
    "firmware",
    "computer_name",
    "user_name",
    "password_hash",
    "mac",
    "os_disk_bytes",
    "disk_count",
    "version_id",
    "job_id",
];

/// While the machines' table is made anew, it is called this.
const REMADE: &str = "machine_remade";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        if manager.get_database_backend() == DbBackend::Sqlite {
            remake(manager, machine_alone()).await?;
        } else {
            let mut machine = Table::alter();
            machine
                .table("machine")
                .modify_column(uuid_null("lab_id"))
                .modify_column(uuid_null("version_id"))
                .add_column(json_null("ssh_keys"));
            manager.alter_table(machine).await?;
        }
        let mut virtual_machine = resource("virtual_machine");
        virtual_machine
            .col(string("provisioning_state"))
            .col(boolean("deallocated"))
            .col(boolean("generalized"))
            .col(string("os_type"))
            .col(string("os_state"))
            .col(string_null("image"))
            .col(json("network_interfaces"));
        let mut disk = resource("disk");
        disk.col(string("kind"))
            .col(string("state"))
            .col(string("disk_type"))
            .col(string_null("os_type"))
            .col(string_null("os_state"))
            .col(string_null("generation"))
            .col(json("disks"))
            .col(json("source"))
            .col(uuid_null("machine_id"))
            .col(integer_null("slot"))
            .col(integer_null("lun"))
            .col(string_null("attached_as"))
            .col(boolean("goes_with_machine"))
            .col(uuid_null("job_id"))
            .foreign_key(&mut reference("disk", "machine_id", "virtual_machine"));
        let indexes = vec![
            index("virtual_machine", &["tenant_id", "name"]),
            index("disk", &["tenant_id", "kind", "name"]),
            index("disk", &["machine_id"]),
        ];
        create(manager, vec![virtual_machine, disk], indexes).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let standalone = Query::delete()
            .from_table("machine")
            .cond_where(Expr::col("lab_id").is_null())
            .to_owned();
        manager.execute(standalone).await?;
        if manager.get_database_backend() == DbBackend::Sqlite {
            remake(manager, machine_of_lab()).await?;
        } else {
            let mut machine = Table::alter();
            machine
                .table("machine")
                .modify_column(uuid("lab_id"))
                .modify_column(uuid("version_id"))
                .drop_column("ssh_keys");
            manager.alter_table(machine).await?;
        }
        drop(manager, TABLES).await
    }
}

/// SQLite can't let a column be empty that could not: the table is made anew with all its rows, in one transaction.
async fn remake(manager: &SchemaManager<'_>, mut table: TableCreateStatement) -> Result<(), DbErr> {
    let tx = manager.get_connection().begin().await?;
    let inside = SchemaManager::new(&tx);
    inside.create_table(table.table(REMADE).to_owned()).await?;
    let rows = Query::select()
        .columns(MACHINE.iter().copied())
        .from("machine")
        .to_owned();
    let mut copied = Query::insert();
    copied
        .into_table(REMADE)
        .columns(MACHINE.iter().copied())
        .select_from(rows)
        .map_err(|error| DbErr::Custom(error.to_string()))?;
    inside.execute(copied).await?;
    inside
        .drop_table(Table::drop().table("machine").to_owned())
        .await?;
    inside
        .rename_table(Table::rename().table(REMADE, "machine").to_owned())
        .await?;
    for columns in [["lab_id"], ["version_id"], ["tenant_id"]] {
        inside.create_index(index("machine", &columns)).await?;
    }
    tx.commit().await
}

fn machine_alone() -> TableCreateStatement {
    let mut machine = machine(uuid_null("lab_id"), uuid_null("version_id"));
    machine.col(json_null("ssh_keys"));
    machine
}

fn machine_of_lab() -> TableCreateStatement {
    machine(uuid("lab_id"), uuid("version_id"))
}

fn machine(lab: ColumnDef, version: ColumnDef) -> TableCreateStatement {
    Table::create()
        .col(pk_uuid("id"))
        .col(uuid("tenant_id"))
        .col(string("resource_id"))
        .col(string("resource_key").unique_key().to_owned())
        .col(string("name"))
        .col(lab)
        .col(string("kind"))
        .col(string("state"))
        .col(timestamp_with_time_zone("state_at"))
        .col(text_null("problem"))
        .col(string("region"))
        .col(string("size"))
        .col(string("firmware"))
        .col(string_null("computer_name"))
        .col(string_null("user_name"))
        .col(string_null("password_hash"))
        .col(string("mac"))
        .col(big_integer("os_disk_bytes"))
        .col(integer("disk_count"))
        .col(version)
        .col(uuid_null("job_id"))
        .foreign_key(&mut reference(REMADE, "lab_id", "lab"))
        .foreign_key(&mut reference(REMADE, "version_id", "image_version"))
        .to_owned()
}
