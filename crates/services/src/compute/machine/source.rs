//! The image or disk that a virtual machine is made from. Rules A27-A29, A55, A57, A74.

use std::collections::BTreeSet;

use domain::compute::{DiskKind, MachineImage};
use domain::image::{HyperVGeneration, ImageInput, OsState, OsType, ReplicaState, VersionState};
use domain::rbac::Action;
use domain::{Code, OpContext, Problem, ResourceId, Rule, Violation};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use store::entity::{disk, image, image_version, replica};
use uuid::Uuid;

use crate::compute::origin::{find_version, here};
use crate::find::{bears, find, find_optional, hidden};
use crate::jobs::Disk;
use crate::version::number;
use crate::{Error, Result, Services};

const TARGET: &str = "storageProfile.imageReference";

/// What a virtual machine is made from.
#[derive(Debug)]
pub(in crate::compute) enum MachineSource {
    /// An image version.
    Version {
        row: image_version::Model,
        properties: Box<ImageInput>,
        disks: Vec<Disk>,
    },
    /// A managed image.
    Image { row: disk::Model, disks: Vec<Disk> },
    /// A disk with a system on it. Rule A74.
    Disk { row: disk::Model, disks: Vec<Disk> },
}

impl MachineSource {
    /// The disks that come along, the OS disk first.
    pub(in crate::compute) fn disks(&self) -> &[Disk] {
        match self {
            Self::Version { disks, .. } | Self::Image { disks, .. } | Self::Disk { disks, .. } => {
                disks
            }
        }
    }

    /// The ARM id.
    pub(in crate::compute) fn resource_id(&self) -> &str {
        match self {
            Self::Version { row, .. } => &row.resource_id,
            Self::Image { row, .. } | Self::Disk { row, .. } => &row.resource_id,
        }
    }

    /// What rules look at.
    pub(in crate::compute) fn facts(&self) -> MachineImage {
        let data_disks = u32::try_from(self.disks().len().saturating_sub(1)).unwrap_or(u32::MAX);
        match self {
            Self::Version { properties, .. } => MachineImage {
                os_state: properties.os_state,
                os_type: properties.os_type,
                hyper_v_generation: properties.hyper_v_generation,
                disallowed_disk_types: properties.disallowed_disk_types.clone(),
                data_disks,
            },
            Self::Image { row, .. } => kept(row, data_disks),
            Self::Disk { row, .. } => MachineImage {
                os_state: OsState::Specialized,
                ..kept(row, data_disks)
            },
        }
    }
}

fn kept(row: &disk::Model, data_disks: u32) -> MachineImage {
    let generation = row.generation.as_deref().and_then(HyperVGeneration::parse);
    let os_type = row.os_type.as_deref().and_then(OsType::parse);
    let os_state = row.os_state.as_deref().and_then(OsState::parse);
    MachineImage {
        os_state: os_state.unwrap_or(OsState::Specialized),
        os_type: os_type.unwrap_or(OsType::Linux),
        hyper_v_generation: generation.unwrap_or_default(),
        disallowed_disk_types: BTreeSet::new(),
        data_disks,
    }
}

impl Services {
    /// A version (the latest of a definition) or managed image that machines can be made from in this region, for a
    /// caller who may read it: access to the version is enough. Rules A27, A57.
    pub(in crate::compute) async fn machine_source(
        &self,
        ctx: &OpContext,
        region: &str,
        id: &str,
    ) -> Result<MachineSource> {
        let missing = || Problem::not_found("The image").at(TARGET);
        let id = ResourceId::parse(id).map_err(|_| missing())?;
        if DiskKind::of(&id) == Some(DiskKind::Image) {
            let (row, _) = self.kept(ctx, region, id.as_str()).await?;
            let disks = serde_json::from_value(row.disks.clone())?;
            return Ok(MachineSource::Image { row, disks });
        }
        id.segment("galleries").ok_or_else(missing)?;
        let is_latest = |name: &str| name.eq_ignore_ascii_case("latest");
        let row = match id.segment("versions") {
            Some(name) if !is_latest(name) => find_version(self, ctx, &id).await?,
            Some(_) => {
                let image = id.parent().ok_or_else(missing)?;
                self.latest_in(ctx, region, &image).await?
            }
            None => self.latest_in(ctx, region, &id).await?,
        };
        self.usable(ctx, region, &row).await?;
        let image = image::Entity::find_by_id(row.image_id)
            .one(self.db())
            .await?;
        let image = image.ok_or_else(|| Error::internal("a version without definition"))?;
        Ok(MachineSource::Version {
            properties: Box::new(serde_json::from_value(image.properties)?),
            disks: serde_json::from_value(row.disks.clone())?,
            row,
        })
    }

    /// A disk that is not attached, for a caller who may change it. Rule A74.
    pub(in crate::compute) async fn machine_disk(
        &self,
        ctx: &OpContext,
        region: &str,
        id: &str,
    ) -> Result<disk::Model> {
        let missing = || Problem::not_found("The disk");
        let id = ResourceId::parse(id).map_err(|_| missing())?;
        if DiskKind::of(&id) != Some(DiskKind::Disk) {
            return Err(missing().into());
        }
        let row = self.disk_find(ctx, &id, Action::DiskWrite).await?;
        here(region, &row.name, &row.location)?;
        free(&row)?;
        Ok(row)
    }

    /// The definition's newest version that is ready in the region and may be used. Rules A27, A28, A55.
    async fn latest_in(
        &self,
        ctx: &OpContext,
        region: &str,
        id: &ResourceId,
    ) -> Result<image_version::Model> {
        let is_base = id.subscription() == Some(Uuid::nil());
        let image = if is_base {
            let target = id.into();
            let found = find_optional::<image::Entity>(self.db(), Uuid::nil(), &target);
            found
                .await?
                .ok_or_else(|| Problem::not_found("The image"))?
        } else {
            self.definition(ctx, id).await?
        };
        let rows = image_version::Entity::find()
            .filter(image_version::Column::ImageId.eq(image.id))
            .filter(image_version::Column::DeletedAt.is_null())
            .filter(image_version::Column::ExcludeFromLatest.eq(false))
            .all(self.db())
            .await?;
        let mut found = Vec::new();
        for row in rows {
            let may_read = is_base || ctx.may(Action::VersionRead, &row.resource_key);
            if may_read && self.usable(ctx, region, &row).await.is_ok() {
                found.push(row);
            }
        }
        let latest = found.into_iter().max_by_key(number);
        Ok(latest.ok_or_else(|| {
            let none = Violation::new(Rule::ImageWithoutVersion, TARGET);
            Problem::from_violations(vec![none])
        })?)
    }

    /// A definition that the caller sees, or of which they may use a version.
    async fn definition(&self, ctx: &OpContext, id: &ResourceId) -> Result<image::Model> {
        let target = id.into();
        match find::<image::Entity>(self.db(), ctx, &target).await {
            Ok(row) => {
                let may = ctx.may(Action::ImageRead, &row.resource_key)
                    || ctx.may(Action::VersionRead, &row.resource_key);
                if may {
                    return Ok(row);
                }
                Err(hidden::<image::Entity>(Problem::not_found("The image")).into())
            }
            Err(refusal) => {
                // Another organisation may share single versions of it.
                let row = image::Entity::find()
                    .filter(bears::<image::Entity>(&target))
                    .filter(crate::catalog::shared_with(ctx))
                    .one(self.db())
                    .await?;
                row.ok_or(refusal)
            }
        }
    }

    /// Refuses a version that is not ready in the region, or past its end of life. Rules A29, A55, E.
    async fn usable(
        &self,
        ctx: &OpContext,
        region: &str,
        row: &image_version::Model,
    ) -> Result<()> {
        let state = VersionState::parse(&row.state);
        if !matches!(
            state,
            Some(VersionState::Succeeded | VersionState::Updating)
        ) {
            let violation = Violation::new(Rule::ImageNotReady, TARGET);
            return Err(Problem::from_violations(vec![violation]).into());
        }
        if let Some(date) = row.end_of_life.filter(|date| *date <= ctx.now) {
            let violation =
                Violation::new(Rule::ImageEndOfLife, TARGET).with("date", date.format("%Y-%m-%d"));
            return Err(Problem::from_violations(vec![violation]).into());
        }
        let ready = replica::Entity::find()
            .filter(replica::Column::VersionId.eq(row.id))
            .filter(replica::Column::Region.eq(region))
            .filter(replica::Column::State.eq(ReplicaState::Ready.to_string()))
            .count(self.db())
            .await?;
        if ready == 0 {
            let violation = Violation::new(Rule::RegionNotReady, TARGET).with("region", region);
            return Err(Problem::from_violations(vec![violation]).into());
        }
        Ok(())
    }
}

/// Refuses a disk that a machine has, or that is not ready.
pub(super) fn free(row: &disk::Model) -> std::result::Result<(), Problem> {
    let message = if row.machine_id.is_some() {
        format!("“{}” is attached to a machine already.", row.name)
    } else if row.job_id.is_some() || row.state != VersionState::Succeeded.to_string() {
        format!("“{}” is not ready yet.", row.name)
    } else {
        return Ok(());
    };
    Err(Problem::new(Code::Conflict, message).at(row.resource_id.clone()))
}
