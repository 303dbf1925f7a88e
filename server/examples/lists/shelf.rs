//! Definitions with many versions, and somebody who is signed in and sees them.

use std::collections::BTreeMap;

use domain::ResourceId;
use domain::image::{OsState, VersionInput, VersionSourceInput};
use services::identity::Visit;
use store::entity::{image_version, replica};
use store::sea_orm::sqlx::SqlitePool;
use store::sea_orm::{
    ActiveModelTrait as _, ActiveValue::Set, ColumnTrait as _, Database, DatabaseConnection,
    EntityTrait as _, IntoActiveModel as _, QueryFilter as _,
};
use testkit::{School, TestPortal};
use uuid::Uuid;

/// Rows of one statement.
const AT_ONCE: usize = 200;

/// Which rows a question is about.
#[derive(Debug, Clone)]
pub(crate) enum Rows {
    /// The first hundred of a definition.
    Of(Uuid),
    /// The one with this key.
    One(String),
}

/// What is asked for, and as whom.
#[derive(Debug)]
pub(crate) struct Shelf {
    pub(crate) cookie: String,
    pub(crate) pool: SqlitePool,
    school: School,
    images: BTreeMap<&'static str, Uuid>,
}

impl Shelf {
    pub(crate) async fn furnish(portal: &TestPortal, images: [(&'static str, usize); 2]) -> Self {
        let school = School::found(portal, "contoso.example").await;
        school.open_plan(portal).await;
        let file = portal.folder().join("vitrine.db");
        let db = Database::connect(format!("sqlite://{}", file.display())).await;
        let db = db.expect("the portal's database");
        let mut keys = BTreeMap::new();
        for (name, count) in images {
            school
                .import(portal, name, OsState::Specialized, &[1])
                .await;
            let first = school
                .gallery("images")
                .child("images", name)
                .child("versions", "1.0.0");
            keys.insert(name, copies(&db, &first, count).await);
        }
        let ctx = portal.ctx(school.owner).await;
        let session = portal
            .services
            .session_create(&ctx.caller, None, None, &Visit::default())
            .await;
        Self {
            cookie: format!("__Host-vitrine={}", session.expect("a session").secret),
            pool: db.get_sqlite_connection_pool().clone(),
            school,
            images: keys,
        }
    }

    /// Name, path and rows of what is asked about a definition.
    pub(crate) fn questions(&self, image: &str) -> [(&'static str, String, Rows); 2] {
        let definition = self.school.gallery("images").child("images", image);
        let one = definition.child("versions", "1.0.50");
        [
            (
                "first 100 versions, REST list",
                format!("{definition}/versions?api-version=2024-03-03"),
                Rows::Of(self.images[image]),
            ),
            (
                "one version, REST",
                format!("{one}?api-version=2024-03-03"),
                Rows::One(one.key()),
            ),
        ]
    }

    /// Creates versions as a script does: checks, rows, job and audit event of each.
    pub(crate) async fn create(&self, portal: &TestPortal, count: u32) {
        let ctx = portal.ctx(self.school.owner).await;
        let image = self.school.gallery("images").child("images", "few");
        let source = image.child("versions", "1.0.0").to_string();
        for patch in 0..count {
            let input = VersionInput {
                location: "westeurope".to_owned(),
                source: VersionSourceInput::Version {
                    resource_id: source.clone(),
                },
                targets: Vec::new(),
                exclude_from_latest: false,
                end_of_life: None,
                tags: BTreeMap::new(),
            };
            let id = image.child("versions", &format!("2.0.{patch}"));
            let begun = portal.services.version_create(&ctx, &id, input).await;
            begun.expect("a version is begun");
        }
    }
}

/// Copies the rows of a definition's first version until there are enough; answers the definition's key.
async fn copies(db: &DatabaseConnection, first: &ResourceId, count: usize) -> Uuid {
    let version = image_version::Entity::find()
        .filter(image_version::Column::ResourceKey.eq(first.key()))
        .one(db)
        .await
        .expect("the database answers")
        .expect("the first version");
    let copy = replica::Entity::find()
        .filter(replica::Column::VersionId.eq(version.id))
        .one(db)
        .await;
    let copy = copy.expect("the database answers").expect("its copy");
    let image = version.image_id;
    let parent = first.parent().expect("its definition");
    let numbers: Vec<usize> = (1..count).collect();
    for numbers in numbers.chunks(AT_ONCE) {
        let (mut versions, mut replicas) = (Vec::new(), Vec::new());
        for patch in numbers {
            let id = parent.child("versions", &format!("1.0.{patch}"));
            let mut row = version.clone().into_active_model().reset_all();
            row.id = Set(new_id());
            row.resource_id = Set(id.to_string());
            row.resource_key = Set(id.key());
            row.name = Set(id.name().to_owned());
            row.patch = Set(i64::try_from(*patch).expect("a small number"));
            row.sort_key = Set(format!("{:010}.{:010}.{patch:010}", 1, 0));
            let mut of = copy.clone().into_active_model().reset_all();
            of.id = Set(new_id());
            of.version_id = row.id.clone();
            versions.push(row);
            replicas.push(of);
        }
        let many = image_version::Entity::insert_many(versions);
        many.exec_without_returning(db).await.expect("versions");
        let many = replica::Entity::insert_many(replicas);
        many.exec_without_returning(db).await.expect("copies");
    }
    image
}

#[expect(
    clippy::disallowed_methods,
    reason = "rows that nobody else names need ids that differ"
)]
fn new_id() -> Uuid {
    Uuid::new_v4()
}
