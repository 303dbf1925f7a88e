//! Galleries, images, plans, labs and machines.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    big_integer, boolean, integer, json, pk_uuid, string, string_null, text, text_null,
    timestamp_with_time_zone, timestamp_with_time_zone_null, uuid, uuid_null,
};

use crate::columns::{belongs, create, drop, index, reference, resource, unique};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

const TABLES: &[&str] = &[
    "resource_group",
    "gallery",
    "image",
    "image_version",
    "replica",
    "upload",
    "lab_plan",
    "plan_image",
    "lab",
    "machine",
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let resource_group = resource("resource_group");
        let mut gallery = resource("gallery");
        gallery.col(text("description"));
        let mut image = resource("image");
        image
            .col(uuid("gallery_id"))
            .col(string("triple_key"))
            .col(json("properties"))
            .foreign_key(&mut reference("image", "gallery_id", "gallery"));
        let mut image_version = resource("image_version");
        image_version
            .col(uuid("image_id"))
            .col(uuid("gallery_id"))
            .col(big_integer("major"))
            .col(big_integer("minor"))
            .col(big_integer("patch"))
            .col(string("sort_key"))
            .col(string("state"))
            .col(boolean("exclude_from_latest"))
            .col(timestamp_with_time_zone_null("end_of_life"))
            .col(big_integer("os_disk_bytes"))
            .col(big_integer("occupied_bytes"))
            .col(integer("disk_count"))
            .col(json("disks"))
            .col(json("source"))
            .col(uuid_null("job_id"))
            .foreign_key(&mut reference("image_version", "image_id", "image"))
            .foreign_key(&mut reference("image_version", "gallery_id", "gallery"));
        let replica = Table::create()
            .table("replica")
            .col(pk_uuid("id"))
            .col(uuid("version_id"))
            .col(string("region"))
            .col(integer("ordinal"))
            .col(string("state"))
            .col(integer("percent"))
            .col(text_null("detail"))
            .foreign_key(&mut belongs("replica", "version_id", "image_version"))
            .to_owned();
        let upload = Table::create()
            .table("upload")
            .col(pk_uuid("id"))
            .col(uuid("tenant_id"))
            .col(uuid("gallery_id"))
            .col(string("file_name"))
            .col(string("format"))
            .col(big_integer("size_bytes"))
            .col(big_integer("received_bytes"))
            .col(string("expected_checksum"))
            .col(string_null("checksum"))
            .col(string("created_by"))
            .col(timestamp_with_time_zone("created_at"))
            .col(timestamp_with_time_zone("expires_at"))
            .col(uuid_null("job_id"))
            .foreign_key(&mut belongs("upload", "gallery_id", "gallery"))
            .to_owned();
        let mut lab_plan = resource("lab_plan");
        lab_plan
            .col(json("allowed_regions"))
            .col(uuid_null("gallery_id"))
            .col(boolean("replicate_in_geography"))
            .col(json("support"))
            .foreign_key(&mut reference("lab_plan", "gallery_id", "gallery"));
        let plan_image = Table::create()
            .table("plan_image")
            .col(uuid("plan_id"))
            .col(uuid("image_id"))
            .col(boolean("enabled"))
            .primary_key(Index::create().col("plan_id").col("image_id"))
            .foreign_key(&mut belongs("plan_image", "plan_id", "lab_plan"))
            .foreign_key(&mut belongs("plan_image", "image_id", "image"))
            .to_owned();
        let mut lab = resource("lab");
        lab.col(string("title"))
            .col(text("description"))
            .col(uuid_null("plan_id"))
            .col(string("plan_resource_id"))
            .col(string("state"))
            .col(string("provisioning_state"))
            .col(text_null("problem"))
            .col(string("size"))
            .col(string("create_option"))
            .col(json("image"))
            .col(uuid_null("job_id"))
            .foreign_key(
                ForeignKey::create()
                    .from("lab", "plan_id")
                    .to("lab_plan", "id")
                    .on_delete(ForeignKeyAction::SetNull),
            );
        let machine = Table::create()
            .table("machine")
            .col(pk_uuid("id"))
            .col(uuid("tenant_id"))
            .col(string("resource_id"))
            .col(string("resource_key").unique_key().to_owned())
            .col(string("name"))
            .col(uuid("lab_id"))
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
            .col(uuid("version_id"))
            .col(uuid_null("job_id"))
            .foreign_key(&mut reference("machine", "lab_id", "lab"))
            .foreign_key(&mut reference("machine", "version_id", "image_version"))
            .to_owned();
        let tables = vec![
            resource_group,
            gallery,
            image,
            image_version,
            replica,
            upload,
            lab_plan,
            plan_image,
            lab,
            machine,
        ];
        let mut indexes = vec![
            unique("image", &["gallery_id", "triple_key"]),
            unique("image_version", &["image_id", "major", "minor", "patch"]),
            index("image_version", &["image_id", "sort_key"]),
            index("image_version", &["gallery_id"]),
            unique("replica", &["version_id", "region", "ordinal"]),
            index("upload", &["expires_at"]),
            index("lab_plan", &["gallery_id"]),
            index("lab", &["plan_id"]),
            index("machine", &["lab_id"]),
            index("machine", &["version_id"]),
            index("machine", &["tenant_id"]),
        ];
        for table in [
            "resource_group",
            "gallery",
            "image",
            "image_version",
            "lab_plan",
            "lab",
        ] {
            indexes.push(index(table, &["tenant_id", "name"]));
        }
        create(manager, tables, indexes).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop(manager, TABLES).await
    }
}
