//! Image versions. Rules A25-A29, A40, A41, A46-A55, A68, A80-A82.

mod create;
mod deleted;
mod retarget;
mod source;
mod view;

use domain::gallery::moved;
use domain::image::{VersionSource, VersionState, VersionUpdate, VersionView, check_targets};
use domain::job::{JobKind, JobView};
use domain::rbac::Action;
use domain::tenant::Precondition;
use domain::{Code, OpContext, Page, PageRequest, Problem, ResourceId, Rule, Violation};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait,
    IntoActiveModel, QueryFilter,
};
use store::entity::image_version::{Column, Entity, Model};
use store::entity::{gallery, image, job};

pub(crate) use self::create::{NewVersion, build, fits};
use self::retarget::unused;
pub(crate) use self::view::number;
use crate::find::{find, hidden, only, visible};
use crate::jobs::RemoveJob;
use crate::resource::{tags_column, touch};
use crate::{Result, Services, Target};

/// A changed resource, with the job that brings its copies in line when there is one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Updated<T> {
    /// The resource as it is now.
    pub value: T,
    /// The job to watch.
    pub job: Option<JobView>,
}

impl Services {
    /// The versions of a definition, highest number first. Rule A27.
    ///
    /// # Errors
    /// `ResourceNotFound` when the caller sees no versions of the definition.
    pub async fn version_list(
        &self,
        ctx: &OpContext,
        image: impl Into<Target>,
        page: &PageRequest,
    ) -> Result<Page<VersionView>> {
        let image = find::<image::Entity>(self.db(), ctx, &image.into()).await?;
        let within = ResourceId::from_stored(image.resource_id.clone());
        let query = visible::<Entity>(ctx, Action::VersionRead, Some(&within))
            .filter(Column::ImageId.eq(image.id));
        let (sort, descending) = match page.sort.as_deref() {
            Some("createdAt") => (Column::CreatedAt, page.descending),
            Some("occupiedBytes") => (Column::OccupiedBytes, page.descending),
            Some("name") => (Column::Name, page.descending),
            _ => (Column::SortKey, true),
        };
        let page = PageRequest {
            descending,
            ..page.clone()
        };
        let rows = self.page(query, sort, &page).await?;
        if rows.items.is_empty() {
            ctx.authorize(Action::ImageRead, Action::ImageRead, &image.resource_key)
                .map_err(hidden::<image::Entity>)?;
        }
        rows.map_all(|rows| self.version_views(rows)).await
    }

    /// One version with where its copies stand. Rule A54.
    ///
    /// # Errors
    /// `ResourceNotFound`.
    pub async fn version_get(
        &self,
        ctx: &OpContext,
        version: impl Into<Target>,
    ) -> Result<VersionView> {
        let row = self
            .find_for::<Entity>(ctx, version, Action::VersionRead)
            .await?;
        only(self.version_views(vec![row]).await?)
    }

    /// Changes regions, counts, end of life, tags and the exclusion from latest. Rules A52, A68.
    ///
    /// # Errors
    /// `InvalidRequest` with every broken rule, `ResourceInUse` when machines run from a region that would go,
    /// `PreconditionFailed`.
    pub async fn version_update(
        &self,
        ctx: &OpContext,
        version: impl Into<Target>,
        update: VersionUpdate,
        precondition: Precondition,
    ) -> Result<Updated<VersionView>> {
        let (tx, row) = self
            .begin_change::<Entity>(ctx, version, Action::VersionWrite, &precondition)
            .await?;
        let mut found = self.version_check(&row, &update)?;
        found.extend(self.targets_closed(ctx, &row, &update).await?);
        Problem::unless_empty(found)?;
        let job = match &update.targets {
            Some(targets) => self.version_retarget(&tx, ctx, &row, targets).await?,
            None => None,
        };
        let mut row = row.into_active_model();
        if let Some(excluded) = update.exclude_from_latest {
            row.exclude_from_latest = Set(excluded);
        }
        if let Some(end_of_life) = update.end_of_life {
            row.end_of_life = Set(end_of_life);
        }
        if let Some(tags) = &update.tags {
            row.tags = tags_column(tags)?;
        }
        if let Some(job) = &job {
            row.job_id = Set(Some(job.id));
            row.state = Set(VersionState::Updating.to_string());
        }
        touch!(self, ctx, row);
        let row = row.update(&tx).await?;
        self.record_done(&tx, ctx, "version_update", &row.resource_id, "changed")
            .await?;
        let job = match job {
            Some(job) => Some(self.job_begin(tx, job).await?),
            None => {
                tx.commit().await?;
                None
            }
        };
        let value = only(self.version_views(vec![row]).await?)?;
        Ok(Updated { value, job })
    }

    /// Deletes a version that nothing depends on. In a gallery that keeps deleted versions it is hidden, and no job is
    /// begun; elsewhere a job removes all its copies.
    ///
    /// # Errors
    /// `ResourceInUse` while machines are made from it, and names their labs; `Conflict` while a job works on it;
    /// `PreconditionFailed`.
    pub async fn version_delete(
        &self,
        ctx: &OpContext,
        version: impl Into<Target>,
        precondition: Precondition,
    ) -> Result<Option<JobView>> {
        let (tx, row) = self
            .begin_change::<Entity>(ctx, version, Action::VersionDelete, &precondition)
            .await?;
        unused(&tx, &row, Condition::all(), "").await?;
        idle(&row)?;
        let gallery = gallery::Entity::find_by_id(row.gallery_id).one(&tx).await?;
        let is_kept = gallery.filter(|gallery| gallery.soft_delete);
        if let Some(gallery) = is_kept.filter(|_| row.state == VersionState::Succeeded.to_string())
        {
            self.version_hide(&tx, ctx, row, &gallery).await?;
            tx.commit().await?;
            return Ok(None);
        }
        let job = self.version_remove(&tx, ctx, row).await?;
        Ok(Some(self.job_begin(tx, job).await?))
    }

    /// Enqueues the job that removes a version with all its copies.
    pub(super) async fn version_remove(
        &self,
        tx: &impl ConnectionTrait,
        ctx: &OpContext,
        row: Model,
    ) -> Result<job::Model> {
        let work = RemoveJob { version: row.id };
        let (kind, steps) = (JobKind::VersionDelete, RemoveJob::steps());
        let job = self
            .job_enqueue(tx, ctx, kind, &row.resource_id, &work, steps)
            .await?;
        let mut row = row.into_active_model();
        row.state = Set(VersionState::Deleting.to_string());
        row.job_id = Set(Some(job.id));
        touch!(self, ctx, row);
        let row = row.update(tx).await?;
        self.record_begun(tx, ctx, "version_delete", &row.resource_id, "")
            .await?;
        Ok(job)
    }

    /// The rules for what of a version can be changed. Rule A68.
    fn version_check(&self, row: &Model, update: &VersionUpdate) -> Result<Vec<Violation>> {
        let mut found = Vec::new();
        let named = update.location.as_deref();
        let regions = &self.settings().regions;
        found.extend(named.and_then(|named| moved(named, &row.location, regions)));
        if let Some(named) = &update.source {
            let source: VersionSource = serde_json::from_value(row.source.clone())?;
            if !source.is_named(named) {
                found.push(Violation::new(Rule::NotUpdatable, "storageProfile.source"));
            }
        }
        if let Some(tags) = &update.tags {
            found.extend(domain::gallery::tags(tags));
        }
        if let Some(targets) = &update.targets {
            if targets.is_empty() {
                found.push(Violation::new(Rule::Required, "targetRegions"));
            }
            let max = self.settings().limits.replicas;
            found.extend(check_targets(targets, &row.location, regions, max));
        }
        Ok(found)
    }
}

/// Refuses while a job works on the version.
fn idle(row: &Model) -> Result<()> {
    if row.job_id.is_none() {
        return Ok(());
    }
    let message = "Another operation works on this version. Wait until it is over, or cancel it, then try again.";
    Err(Problem::new(Code::Conflict, message)
        .at(row.resource_id.clone())
        .into())
}
