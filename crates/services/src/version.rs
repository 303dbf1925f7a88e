//! Image versions. Rules A25-A29, A40, A41, A46-A55, A68, A80-A82.

use std::collections::{BTreeMap, HashMap};

use domain::activity::ActivityResult;
use domain::image::{
    ImageInput, OsState, RegionStatus, ReplicaState, TargetRegion, VersionInput, VersionSource,
    VersionState, VersionUpdate, VersionView, check_targets,
};
use domain::job::{JobKind, JobView};
use domain::rbac::Action;
use domain::{
    Code, DiskSize, ImageVersion, OpContext, Page, PageRequest, Problem, ResourceId, Rule,
    Violation,
};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel,
    PaginatorTrait, QueryFilter, QueryOrder,
};
use store::entity::image_version::{Column, Entity, Model};
use store::entity::{gallery, image, lab, machine, replica};
use store::{Cursor, Scopes, in_scopes};
use uuid::Uuid;

use crate::find::{find, find_optional, hidden};
use crate::gallery::limit;
use crate::jobs::{RemoveJob, ReplicateJob, replica_rows};
use crate::resource::{meta, resource_row, tags_column, touch};
use crate::{Error, Result, Services, Started, Target};

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
        let scopes = Scopes {
            allowed: ctx.scopes(Action::VersionRead),
            within: None,
        };
        let query = Entity::find()
            .filter(Column::ImageId.eq(image.id))
            .filter(in_scopes(Column::ResourceKey, &scopes));
        let (sort, descending) = match page.sort.as_deref() {
            Some("createdAt") => (Column::CreatedAt, page.descending),
            Some("occupiedBytes") => (Column::OccupiedBytes, page.descending),
            Some("name") => (Column::Name, page.descending),
            _ => (Column::SortKey, true),
        };
        let cursor = Cursor {
            sort,
            descending,
            id: Column::Id,
            name: Column::Name,
        };
        let rows = store::fetch(self.db(), query, cursor, page).await?;
        if rows.items.is_empty() {
            ctx.authorize(Action::ImageRead, Action::ImageRead, &image.resource_key)
                .map_err(hidden::<image::Entity>)?;
        }
        let items = self.version_views(rows.items).await?;
        Ok(Page {
            items,
            next: rows.next,
            total: rows.total,
        })
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
            .version_find(ctx, &version.into(), Action::VersionRead)
            .await?;
        self.version_view(row).await
    }

    /// Makes a version from uploads, a template VM or another version. Rules A7, A26, A80, B16-B18.
    ///
    /// # Errors
    /// `InvalidRequest` with every broken rule, `AlreadyExists` for a number that is taken, `QuotaExceeded`.
    pub async fn version_create(
        &self,
        ctx: &OpContext,
        id: &ResourceId,
        input: VersionInput,
    ) -> Result<Started<VersionView>> {
        let image_id = id
            .parent()
            .ok_or_else(|| Problem::not_found("The image definition"))?;
        let image = find::<image::Entity>(self.db(), ctx, &image_id.into()).await?;
        ctx.authorize(Action::VersionWrite, Action::ImageRead, &id.key())
            .map_err(hidden::<image::Entity>)?;
        let regions = &self.settings().regions;
        let location = regions.short_name(&input.location);
        let mut found: Vec<Violation> = id
            .name()
            .parse::<ImageVersion>()
            .err()
            .into_iter()
            .collect();
        found.extend(domain::gallery::location(&location, regions));
        found.extend(check_targets(
            &input.targets,
            &location,
            regions,
            self.settings().limits.replicas,
        ));
        found.extend(domain::gallery::tags(&input.tags));
        Problem::unless_empty(found)?;
        let input = VersionInput {
            location,
            targets: self.targets(&input.targets, &input.location),
            ..input
        };
        self.version_source(ctx, id, &image, input).await
    }

    /// Changes regions, counts, end of life, tags and the exclusion from latest. Rules A52, A68.
    ///
    /// # Errors
    /// `InvalidRequest` with every broken rule, `ResourceInUse` when machines run from a region that would go.
    pub async fn version_update(
        &self,
        ctx: &OpContext,
        version: impl Into<Target>,
        update: VersionUpdate,
    ) -> Result<Updated<VersionView>> {
        let row = self
            .version_find(ctx, &version.into(), Action::VersionWrite)
            .await?;
        let mut found = update
            .tags
            .as_ref()
            .map(domain::gallery::tags)
            .unwrap_or_default();
        let max = self.settings().limits.replicas;
        if let Some(targets) = &update.targets {
            if targets.is_empty() {
                found.push(Violation::new(Rule::Required, "targetRegions"));
            }
            found.extend(check_targets(
                targets,
                &row.location,
                &self.settings().regions,
                max,
            ));
        }
        Problem::unless_empty(found)?;
        let tx = self.inner.store.begin().await?;
        let mut active = row.clone().into_active_model();
        if let Some(excluded) = update.exclude_from_latest {
            active.exclude_from_latest = Set(excluded);
        }
        if let Some(end_of_life) = update.end_of_life {
            active.end_of_life = Set(end_of_life);
        }
        if let Some(tags) = &update.tags {
            active.tags = tags_column(tags)?;
        }
        let job = match &update.targets {
            Some(targets) => {
                self.version_retarget(&tx, ctx, &row, self.targets(targets, &row.location))
                    .await?
            }
            None => None,
        };
        if let Some(job) = &job {
            active.job_id = Set(Some(job.id));
            active.state = Set(VersionState::Updating.to_string());
        }
        touch!(self, ctx, active);
        let row = active.update(&tx).await?;
        self.record(
            &tx,
            ctx,
            "version_update",
            &row.resource_id,
            ActivityResult::Succeeded,
            "changed",
        )
        .await?;
        tx.commit().await?;
        self.job_wake();
        let job = match job {
            Some(job) => Some(self.job_view(self.db(), job).await?),
            None => None,
        };
        Ok(Updated {
            value: self.version_view(row).await?,
            job,
        })
    }

    /// Deletes a version that nothing depends on, with all its copies.
    ///
    /// # Errors
    /// `ResourceInUse` while machines are made from it, and names their labs; `Conflict` while a job works on it.
    pub async fn version_delete(
        &self,
        ctx: &OpContext,
        version: impl Into<Target>,
    ) -> Result<JobView> {
        let row = self
            .version_find(ctx, &version.into(), Action::VersionDelete)
            .await?;
        let tx = self.inner.store.begin().await?;
        let row = Entity::find_by_id(row.id)
            .one(&tx)
            .await?
            .ok_or_else(|| Problem::not_found("The image version"))?;
        self.version_unused(&tx, &row, None).await?;
        version_idle(&row)?;
        let input = RemoveJob { version: row.id };
        let job = self
            .job_enqueue(
                &tx,
                ctx,
                JobKind::VersionDelete,
                &row.resource_id,
                &input,
                RemoveJob::steps(),
            )
            .await?;
        let mut active = row.into_active_model();
        active.state = Set(VersionState::Deleting.to_string());
        active.job_id = Set(Some(job.id));
        touch!(self, ctx, active);
        let row = active.update(&tx).await?;
        self.record(
            &tx,
            ctx,
            "version_delete",
            &row.resource_id,
            ActivityResult::Accepted,
            "",
        )
        .await?;
        tx.commit().await?;
        self.job_wake();
        self.job_view(self.db(), job).await
    }

    /// Finds a version and authorises an action on it.
    pub(crate) async fn version_find(
        &self,
        ctx: &OpContext,
        target: &Target,
        action: Action,
    ) -> Result<Model> {
        let row = find::<Entity>(self.db(), ctx, target).await?;
        ctx.authorize(action, Action::VersionRead, &row.resource_key)
            .map_err(hidden::<Entity>)?;
        Ok(row)
    }

    /// Inserts a version that was checked, with the replicas that are wanted; the subscription is locked.
    #[expect(
        clippy::too_many_arguments,
        reason = "each is a column or a witness of what was checked before"
    )]
    pub(crate) async fn version_insert(
        &self,
        tx: &impl ConnectionTrait,
        ctx: &OpContext,
        id: &ResourceId,
        image: &image::Model,
        input: &VersionInput,
        source: VersionSource,
        os_disk: u64,
        disks: u32,
    ) -> Result<Model> {
        let number: ImageVersion = id
            .name()
            .parse()
            .map_err(|v| Problem::from_violations(vec![v]))?;
        if find_optional::<Entity>(tx, ctx.tenant(), &id.into())
            .await?
            .is_some()
        {
            let violation = Violation::new(Rule::AlreadyExists, "version").with("value", number);
            return Err(Problem::from_violations(vec![violation]).into());
        }
        let within = id.subscription().map(|s| format!("/subscriptions/{s}"));
        let scopes = Scopes {
            allowed: vec!["/".to_owned()],
            within,
        };
        let count = Entity::find()
            .filter(in_scopes(Column::ResourceKey, &scopes))
            .filter(Column::Location.eq(&input.location))
            .count(tx)
            .await?;
        limit(
            count,
            self.settings().limits.versions,
            "image versions in this subscription and region",
        )?;
        let row = resource_row!(
            self,
            ctx,
            id,
            input.location,
            &input.tags,
            image_version {
                image_id: image.id,
                gallery_id: image.gallery_id,
                major: i64::from(number.major),
                minor: i64::from(number.minor),
                patch: i64::from(number.patch),
                sort_key: sort_key(number),
                state: VersionState::Creating.to_string(),
                exclude_from_latest: input.exclude_from_latest,
                end_of_life: input.end_of_life,
                os_disk_bytes: i64::try_from(os_disk).unwrap_or(i64::MAX),
                occupied_bytes: 0,
                disk_count: i32::try_from(disks).unwrap_or(i32::MAX),
                disks: serde_json::Value::Array(Vec::new()),
                source: serde_json::to_value(&source)?,
                job_id: None,
            }
        );
        let row = row.insert(tx).await?;
        replica_rows(self, tx, row.id, &input.targets).await?;
        Ok(row)
    }

    /// The wish for regions, in short names; the source region alone when there is none. Rule E.
    pub(crate) fn targets(
        &self,
        targets: &[TargetRegion],
        source_region: &str,
    ) -> Vec<TargetRegion> {
        let short = |name: &str| self.settings().regions.short_name(name);
        if targets.is_empty() {
            return vec![TargetRegion {
                region: short(source_region),
                replicas: 1,
            }];
        }
        targets
            .iter()
            .map(|t| TargetRegion {
                region: short(&t.region),
                replicas: t.replicas,
            })
            .collect()
    }

    async fn version_retarget(
        &self,
        tx: &impl ConnectionTrait,
        ctx: &OpContext,
        row: &Model,
        targets: Vec<TargetRegion>,
    ) -> Result<Option<store::entity::job::Model>> {
        let held = replica::Entity::find()
            .filter(replica::Column::VersionId.eq(row.id))
            .all(tx)
            .await?;
        let held_count = |region: &str| {
            held.iter()
                .filter(|replica| replica.region == region)
                .count()
        };
        let wanted_count = |region: &str| {
            targets
                .iter()
                .find(|t| t.region == region)
                .map_or(0, |t| t.replicas as usize)
        };
        let all_ready = held
            .iter()
            .all(|replica| replica.state == ReplicaState::Ready.to_string());
        let same = targets
            .iter()
            .all(|t| held_count(&t.region) == t.replicas as usize)
            && held.iter().all(|replica| wanted_count(&replica.region) > 0);
        if same && all_ready {
            return Ok(None);
        }
        version_idle(row)?;
        for replica in &held {
            if wanted_count(&replica.region) < held_count(&replica.region) {
                self.version_unused(tx, row, Some(&replica.region)).await?;
            }
        }
        replica_rows(self, tx, row.id, &targets).await?;
        let input = ReplicateJob {
            version: row.id,
            source_region: row.location.clone(),
            targets,
        };
        let job = self
            .job_enqueue(
                tx,
                ctx,
                JobKind::VersionReplicate,
                &row.resource_id,
                &input,
                input.steps(),
            )
            .await?;
        Ok(Some(job))
    }

    /// Refuses while machines are layers over this version, in one region or anywhere.
    async fn version_unused(
        &self,
        tx: &impl ConnectionTrait,
        row: &Model,
        region: Option<&str>,
    ) -> Result<()> {
        let mut query = machine::Entity::find().filter(machine::Column::VersionId.eq(row.id));
        if let Some(region) = region {
            query = query.filter(machine::Column::Region.eq(region));
        }
        let labs: Vec<Uuid> = query
            .all(tx)
            .await?
            .into_iter()
            .map(|machine| machine.lab_id)
            .collect();
        if labs.is_empty() {
            return Ok(());
        }
        let labs = lab::Entity::find()
            .filter(lab::Column::Id.is_in(labs))
            .order_by_asc(lab::Column::Name)
            .all(tx)
            .await?;
        let mut names: Vec<&str> = labs.iter().map(|lab| lab.name.as_str()).collect();
        let more = names.len().saturating_sub(5);
        names.truncate(5);
        let names = names.join(", ")
            + &if more > 0 {
                format!(" and {more} more")
            } else {
                String::new()
            };
        let place = region
            .map(|region| format!(" in {region}"))
            .unwrap_or_default();
        let message = format!(
            "The machines of {names} are made from this version{place}. Delete those labs first."
        );
        Err(Problem::new(Code::ResourceInUse, message)
            .at(row.resource_id.clone())
            .into())
    }

    /// The view of one version.
    pub(crate) async fn version_view(&self, row: Model) -> Result<VersionView> {
        let mut views = self.version_views(vec![row]).await?;
        views
            .pop()
            .ok_or_else(|| Error::internal("a version lost its view"))
    }

    pub(crate) async fn version_views(&self, rows: Vec<Model>) -> Result<Vec<VersionView>> {
        let db = self.db();
        let images: HashMap<Uuid, image::Model> = image::Entity::find()
            .filter(image::Column::Id.is_in(rows.iter().map(|row| row.image_id)))
            .all(db)
            .await?
            .into_iter()
            .map(|row| (row.id, row))
            .collect();
        let galleries: HashMap<Uuid, String> = gallery::Entity::find()
            .filter(gallery::Column::Id.is_in(rows.iter().map(|row| row.gallery_id)))
            .all(db)
            .await?
            .into_iter()
            .map(|row| (row.id, row.name))
            .collect();
        let mut replicas: HashMap<Uuid, Vec<replica::Model>> = HashMap::new();
        let found = replica::Entity::find()
            .filter(replica::Column::VersionId.is_in(rows.iter().map(|row| row.id)))
            .all(db)
            .await?;
        for row in found {
            replicas.entry(row.version_id).or_default().push(row);
        }
        rows.into_iter()
            .map(|row| {
                let image = images
                    .get(&row.image_id)
                    .ok_or_else(|| Error::internal("a version without definition"))?;
                let gallery = galleries.get(&row.gallery_id).cloned().unwrap_or_default();
                let regions =
                    statuses(replicas.get(&row.id).map(Vec::as_slice).unwrap_or_default());
                view(row, image, gallery, regions)
            })
            .collect()
    }
}

/// The number of a version's row.
pub(crate) fn number(row: &Model) -> ImageVersion {
    let part = |n: i64| u32::try_from(n).unwrap_or_default();
    ImageVersion {
        major: part(row.major),
        minor: part(row.minor),
        patch: part(row.patch),
    }
}

/// A text that sorts as the numbers do. Rule A27.
fn sort_key(number: ImageVersion) -> String {
    format!(
        "{:010}.{:010}.{:010}",
        number.major, number.minor, number.patch
    )
}

/// Refuses while a job works on the version.
fn version_idle(row: &Model) -> Result<()> {
    if row.job_id.is_none() {
        return Ok(());
    }
    let message = "Another operation works on this version. Wait until it is over, or cancel it, then try again.";
    Err(Problem::new(Code::Conflict, message)
        .at(row.resource_id.clone())
        .into())
}

fn statuses(replicas: &[replica::Model]) -> Vec<RegionStatus> {
    let mut regions: BTreeMap<&str, Vec<&replica::Model>> = BTreeMap::new();
    for replica in replicas {
        regions.entry(&replica.region).or_default().push(replica);
    }
    let rank = |state: ReplicaState| match state {
        ReplicaState::Failed => 0,
        ReplicaState::Pending => 1,
        ReplicaState::Replicating => 2,
        ReplicaState::Verifying => 3,
        ReplicaState::Ready => 4,
    };
    let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    regions
        .into_iter()
        .map(|(region, rows)| {
            let states = || {
                rows.iter()
                    .map(|row| ReplicaState::parse(&row.state).unwrap_or(ReplicaState::Failed))
            };
            let percent: i32 = rows.iter().map(|row| row.percent.clamp(0, 100)).sum();
            RegionStatus {
                region: region.to_owned(),
                replicas: count(rows.len()),
                ready: count(
                    states()
                        .filter(|state| *state == ReplicaState::Ready)
                        .count(),
                ),
                state: states()
                    .min_by_key(|state| rank(*state))
                    .unwrap_or(ReplicaState::Pending),
                percent: u8::try_from(percent / i32::try_from(rows.len()).unwrap_or(1))
                    .unwrap_or(100),
                detail: rows.iter().find_map(|row| row.detail.clone()),
            }
        })
        .collect()
}

fn view(
    row: Model,
    image: &image::Model,
    gallery_name: String,
    regions: Vec<RegionStatus>,
) -> Result<VersionView> {
    let properties: ImageInput = serde_json::from_value(image.properties.clone())?;
    let disks: Vec<crate::jobs::Disk> = serde_json::from_value(row.disks.clone())?;
    let os_disk = DiskSize::from_bytes(row.os_disk_bytes.unsigned_abs());
    let disk_count = row.disk_count.unsigned_abs();
    Ok(VersionView {
        meta: meta!(row),
        image: row.image_id,
        image_name: image.name.clone(),
        gallery: row.gallery_id,
        gallery_name,
        version: number(&row),
        state: VersionState::parse(&row.state).unwrap_or(VersionState::Failed),
        os_state: properties.os_state,
        os_type: properties.os_type,
        exclude_from_latest: row.exclude_from_latest,
        end_of_life: row.end_of_life,
        os_disk,
        occupied_bytes: row.occupied_bytes.unsigned_abs(),
        disk_count,
        checksum: disks
            .first()
            .map(|disk| disk.checksum.clone())
            .unwrap_or_default(),
        source: serde_json::from_value(row.source)?,
        regions,
        job: row.job_id,
        lab_barriers: if disks.is_empty() {
            Vec::new()
        } else {
            VersionView::barriers(os_disk, disk_count)
        },
    })
}

/// Whether a source fits the definition that it is to become a version of. Rule A16.
pub(crate) fn fits(
    properties: &ImageInput,
    source: OsState,
    os_type: domain::image::OsType,
) -> Vec<Violation> {
    let mut found = Vec::new();
    if properties.os_state != source {
        found.push(
            Violation::new(Rule::OsStateMismatch, "osState")
                .with("definition", properties.os_state)
                .with("source", source),
        );
    }
    if properties.os_type != os_type {
        found.push(
            Violation::new(Rule::OsTypeMismatch, "osType")
                .with("definition", properties.os_type)
                .with("source", os_type),
        );
    }
    found
}
