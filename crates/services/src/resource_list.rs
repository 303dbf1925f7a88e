//! Resources of all kinds in one list, and what all of them have: tags.

use std::collections::BTreeMap;
use std::str::FromStr as _;

use domain::network::NetworkKind;
use domain::rbac::Action;
use domain::resource::{ResourceFilter, ResourceView};
use domain::tenant::Meta;
use domain::{Code, OpContext, Page, PageRequest, Problem, ResourceId};
use sea_orm::prelude::{DateTimeUtc, Json};
use sea_orm::sea_query::{Expr, ExprTrait, LikeExpr};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, FromQueryResult, IntoSimpleExpr, QueryFilter, QueryOrder,
    QuerySelect, Select,
};
use store::entity::{
    disk, gallery, image, image_version, lab, lab_plan, network_resource, resource_group,
    virtual_machine,
};
use uuid::Uuid;

use crate::find::{Findable, visible};
use crate::{Error, Result, Services};

/// Rows that are looked at for one page at the most, when a filter leaves most of them out; the page then ends early, with
/// the way to the next.
const LOOKED_AT: usize = 5000;

/// What every kind of resource has.
#[derive(Debug, FromQueryResult)]
struct Row {
    id: Uuid,
    resource_id: String,
    name: String,
    location: String,
    tags: Json,
    etag: String,
    created_at: DateTimeUtc,
    created_by: String,
    updated_at: DateTimeUtc,
    state: Option<String>,
}

/// What part of the list is asked for.
struct Cut<'a> {
    ctx: &'a OpContext,
    scope: &'a ResourceId,
    filter: &'a ResourceFilter,
    after: Option<Uuid>,
    limit: u64,
}

impl Services {
    /// The resources of all kinds that the caller sees within a scope, oldest first.
    ///
    /// # Errors
    /// `InvalidRequest` for a page that does not follow from one of this list.
    pub async fn resource_list(
        &self,
        ctx: &OpContext,
        scope: &ResourceId,
        filter: &ResourceFilter,
        page: &PageRequest,
    ) -> Result<Page<ResourceView>> {
        let mut after = page.cursor.as_deref().map(parse).transpose()?;
        let limit = page.limit as usize;
        let mut items = Vec::new();
        let mut looked_at = 0;
        loop {
            let cut = Cut {
                ctx,
                scope,
                filter,
                after,
                limit: u64::from(page.limit) + 1,
            };
            let mut rows = self.resource_rows(&cut).await?;
            rows.sort_by_key(|row| row.id);
            let is_last = rows.len() <= limit;
            rows.truncate(limit);
            looked_at += rows.len();
            for row in rows {
                after = Some(row.id);
                let view = view(row)?;
                if filter.takes(&view) {
                    items.push(view);
                }
                if items.len() == limit {
                    break;
                }
            }
            // A full page may have ended within the rows: the next one says whether there are more.
            let is_full = items.len() == limit;
            if is_full || is_last || looked_at >= LOOKED_AT {
                let next = (is_full || !is_last).then(|| after.map(|id| id.to_string()));
                return Ok(Page {
                    items,
                    next: next.flatten(),
                    total: 0,
                });
            }
        }
    }

    /// The first rows of every kind behind the last page.
    async fn resource_rows(&self, cut: &Cut<'_>) -> Result<Vec<Row>> {
        let mut found = Vec::new();
        found.extend(
            self.rows_of::<gallery::Entity>(cut, Action::GalleryRead, None, None)
                .await?,
        );
        found.extend(
            self.rows_of::<image::Entity>(cut, Action::ImageRead, None, None)
                .await?,
        );
        let state = Some("state");
        found.extend(
            self.rows_of::<image_version::Entity>(cut, Action::VersionRead, state, None)
                .await?,
        );
        found.extend(
            self.rows_of::<lab_plan::Entity>(cut, Action::LabPlanRead, None, None)
                .await?,
        );
        let provisioning = Some("provisioning_state");
        found.extend(
            self.rows_of::<lab::Entity>(cut, Action::LabRead, provisioning, None)
                .await?,
        );
        found.extend(
            self.rows_of::<virtual_machine::Entity>(cut, Action::VmRead, provisioning, None)
                .await?,
        );
        for (word, action) in [
            ("disks", Action::DiskRead),
            ("snapshots", Action::SnapshotRead),
            ("images", Action::ManagedImageRead),
        ] {
            found.extend(
                self.rows_of::<disk::Entity>(cut, action, None, Some(word))
                    .await?,
            );
        }
        for kind in NetworkKind::ALL {
            let (action, word) = (kind.read(), Some(kind.word()));
            found.extend(
                self.rows_of::<network_resource::Entity>(cut, action, None, word)
                    .await?,
            );
        }
        Ok(found)
    }

    async fn rows_of<E: Findable>(
        &self,
        cut: &Cut<'_>,
        action: Action,
        state: Option<&str>,
        word: Option<&str>,
    ) -> Result<Vec<Row>> {
        let mut query = visible::<E>(cut.ctx, action, Some(cut.scope));
        if let Some(word) = word {
            query = query.filter(like::<E>(&format!(
                "%/providers/%/{}/%",
                word.to_lowercase()
            )));
        }
        if let Some(kind) = &cut.filter.kind {
            let mut words = kind.to_lowercase();
            words = words.replace('/', "/%/").replacen("/%/", "/", 1);
            query = query.filter(like::<E>(&format!("%/providers/{words}/%")));
        }
        if let Some(name) = &cut.filter.name {
            let lower = Expr::expr(sea_orm::sea_query::Func::lower(E::NAME.into_simple_expr()));
            query = query.filter(lower.eq(name.to_lowercase()));
        }
        if let Some(after) = cut.after {
            query = query.filter(E::ID.gt(after));
        }
        let rows = common(query, state)?
            .order_by_asc(E::ID)
            .limit(cut.limit)
            .into_model::<Row>()
            .all(self.db())
            .await?;
        Ok(rows)
    }

    /// The tags of a resource or resource group.
    ///
    /// # Errors
    /// `ResourceNotFound`.
    pub async fn tags_get(
        &self,
        ctx: &OpContext,
        id: &ResourceId,
    ) -> Result<BTreeMap<String, String>> {
        self.tags_at(ctx, id, None).await
    }

    /// Replaces the tags of a resource or resource group.
    ///
    /// # Errors
    /// `ResourceNotFound`, `AuthorizationFailed`, `InvalidRequest`, `ScopeLocked`.
    pub async fn tags_put(
        &self,
        ctx: &OpContext,
        id: &ResourceId,
        tags: &BTreeMap<String, String>,
    ) -> Result<BTreeMap<String, String>> {
        Problem::unless_empty(domain::gallery::tags(tags))?;
        self.tags_at(ctx, id, Some(tags)).await
    }

    async fn tags_at(
        &self,
        ctx: &OpContext,
        id: &ResourceId,
        new: Option<&BTreeMap<String, String>>,
    ) -> Result<BTreeMap<String, String>> {
        let kind = id.kind().map(|kind| kind.to_lowercase());
        match kind.as_deref() {
            None if id.parent().is_some() => {
                self.tags_of::<resource_group::Entity>(ctx, id, Action::ResourceGroupWrite, new)
                    .await
            }
            Some("microsoft.compute/galleries") => {
                self.tags_of::<gallery::Entity>(ctx, id, Action::GalleryWrite, new)
                    .await
            }
            Some("microsoft.compute/galleries/images") => {
                self.tags_of::<image::Entity>(ctx, id, Action::ImageWrite, new)
                    .await
            }
            Some("microsoft.compute/galleries/images/versions") => {
                self.tags_of::<image_version::Entity>(ctx, id, Action::VersionWrite, new)
                    .await
            }
            Some("microsoft.compute/disks") => {
                self.tags_of::<disk::Entity>(ctx, id, Action::DiskWrite, new)
                    .await
            }
            Some("microsoft.compute/snapshots") => {
                self.tags_of::<disk::Entity>(ctx, id, Action::SnapshotWrite, new)
                    .await
            }
            Some("microsoft.compute/images") => {
                self.tags_of::<disk::Entity>(ctx, id, Action::ManagedImageWrite, new)
                    .await
            }
            Some("microsoft.compute/virtualmachines") => {
                self.tags_of::<virtual_machine::Entity>(ctx, id, Action::VmWrite, new)
                    .await
            }
            Some("microsoft.labservices/labplans") => {
                self.tags_of::<lab_plan::Entity>(ctx, id, Action::LabPlanWrite, new)
                    .await
            }
            Some("microsoft.labservices/labs") => {
                self.tags_of::<lab::Entity>(ctx, id, Action::LabWrite, new)
                    .await
            }
            _ => match NetworkKind::of(id) {
                Some(kind) => {
                    self.tags_of::<network_resource::Entity>(ctx, id, kind.write(), new)
                        .await
                }
                None => Err(Problem::not_found("The resource").into()),
            },
        }
    }

    async fn tags_of<E: Findable>(
        &self,
        ctx: &OpContext,
        id: &ResourceId,
        action: Action,
        new: Option<&BTreeMap<String, String>>,
    ) -> Result<BTreeMap<String, String>> {
        let Some(new) = new else {
            let row = crate::find::find::<E>(self.db(), ctx, &id.into()).await?;
            ctx.authorize(E::read(&row), E::read(&row), E::key(&row))
                .map_err(crate::find::hidden::<E>)?;
            let rows = common(E::find().filter(E::KEY.eq(E::key(&row))), None)?
                .into_model::<Row>()
                .one(self.db())
                .await?;
            let row = rows.ok_or_else(|| Problem::not_found(E::WHAT))?;
            return Ok(serde_json::from_value(row.tags)?);
        };
        let row = self.find_for::<E>(ctx, id, action).await?;
        let tx = self.inner.store.begin().await?;
        E::update_many()
            .col_expr(
                column::<E>("tags")?,
                Expr::value(serde_json::to_value(new)?),
            )
            .col_expr(column::<E>("etag")?, Expr::value(self.new_etag()))
            .col_expr(column::<E>("updated_at")?, Expr::value(ctx.now))
            .filter(E::KEY.eq(E::key(&row)))
            .exec(&tx)
            .await?;
        self.record_done(&tx, ctx, "tags_put", E::resource_id(&row), "changed")
            .await?;
        tx.commit().await?;
        Ok(new.clone())
    }

    /// Every resource of a group, whoever may see it, in the order in which a group is taken apart: what uses something
    /// goes before it.
    pub(crate) async fn group_contents(&self, ctx: &OpContext, group: &str) -> Result<Vec<String>> {
        let mut found = Vec::new();
        found.extend(self.keys_in::<lab::Entity>(ctx, group).await?);
        found.extend(self.keys_in::<virtual_machine::Entity>(ctx, group).await?);
        found.extend(self.keys_in::<lab_plan::Entity>(ctx, group).await?);
        found.extend(self.keys_in::<image_version::Entity>(ctx, group).await?);
        found.extend(self.keys_in::<image::Entity>(ctx, group).await?);
        found.extend(self.keys_in::<gallery::Entity>(ctx, group).await?);
        found.extend(self.keys_in::<disk::Entity>(ctx, group).await?);
        let mut networks = self.keys_in::<network_resource::Entity>(ctx, group).await?;
        let rank = |id: &String| {
            let kind = NetworkKind::of(&ResourceId::from_stored(id.clone()));
            match kind {
                Some(NetworkKind::NetworkInterfaces) => 0,
                Some(NetworkKind::VirtualNetworks) => 1,
                _ => 2,
            }
        };
        networks.sort_by_key(rank);
        found.extend(networks);
        Ok(found)
    }

    async fn keys_in<E: Findable>(&self, ctx: &OpContext, group: &str) -> Result<Vec<String>> {
        let scopes = store::Scopes {
            allowed: vec![group.to_owned()],
            within: None,
        };
        let rows = E::find()
            .filter(E::live())
            .filter(E::TENANT.eq(ctx.tenant()))
            .filter(store::in_scopes(E::KEY, &scopes))
            .order_by_asc(E::ID)
            .all(self.db())
            .await?;
        Ok(rows
            .iter()
            .map(|row| E::resource_id(row).to_owned())
            .collect())
    }
}

/// The columns that every kind of resource has.
fn common<E: Findable>(query: Select<E>, state: Option<&str>) -> Result<Select<E>> {
    let mut query = query.select_only();
    for name in [
        "id",
        "resource_id",
        "name",
        "location",
        "tags",
        "etag",
        "created_at",
        "created_by",
        "updated_at",
    ] {
        query = query.column_as(column::<E>(name)?, name);
    }
    Ok(match state {
        Some(name) => query.column_as(column::<E>(name)?, "state"),
        None => query.column_as(Expr::value(Option::<String>::None), "state"),
    })
}

/// A column that a kind of resource has under this name.
fn column<E: EntityTrait>(name: &str) -> Result<E::Column> {
    E::Column::from_str(name)
        .map_err(|_| Error::internal(format!("a kind of resource has no column {name}")))
}

fn like<E: Findable>(pattern: &str) -> Condition {
    let pattern = pattern.replace('\\', "\\\\").replace('_', "\\_");
    Condition::all().add(
        E::KEY
            .into_simple_expr()
            .like(LikeExpr::new(pattern).escape('\\')),
    )
}

fn parse(cursor: &str) -> std::result::Result<Uuid, Problem> {
    let bad = || {
        Problem::new(
            Code::InvalidRequest,
            "The $skiptoken is not one of this list.",
        )
    };
    cursor.parse().map_err(|_| bad().at("$skiptoken"))
}

fn view(row: Row) -> Result<ResourceView> {
    let resource_id = ResourceId::from_stored(row.resource_id);
    Ok(ResourceView {
        kind: resource_id.kind().unwrap_or_default(),
        state: row.state.unwrap_or_else(|| "Succeeded".to_owned()),
        meta: Meta {
            id: row.id,
            resource_id,
            name: row.name,
            location: row.location,
            tags: serde_json::from_value(row.tags)?,
            etag: row.etag,
            created_at: row.created_at,
            created_by: row.created_by,
            updated_at: row.updated_at,
        },
    })
}
