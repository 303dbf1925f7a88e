//! What can be done with image versions.

use std::collections::BTreeMap;

use leptos::prelude::*;
use uuid::Uuid;

use crate::refusal::Refusal;

/// Makes a version of finished uploads: the OS disk's, then the data disk's. Rules A26, A80, B16-B18.
#[server(prefix = "/fn", endpoint = "version/create")]
pub async fn version_create(
    image: Uuid,
    version: String,
    location: String,
    /// The regions that get a copy, as keys.
    #[server(default)]
    targets: BTreeMap<String, String>,
    uploads: BTreeMap<String, Uuid>,
    #[server(default)] exclude_from_latest: bool,
    /// A day, `YYYY-MM-DD`.
    #[server(default)]
    end_of_life: String,
) -> Result<(), Refusal> {
    use domain::Problem;
    use domain::image::{VersionInput, VersionSourceInput};

    use super::queries;
    use crate::features::typed;
    use crate::ssr;
    ssr::act(async {
        let (services, op) = (ssr::services()?, ssr::op()?);
        let image = services.image_get(&op, image).await?;
        let input = VersionInput {
            location,
            source: VersionSourceInput::Uploads {
                uploads: uploads.into_values().collect(),
            },
            targets: queries::one_copy_each(targets.into_keys()),
            exclude_from_latest,
            end_of_life: typed::day("endOfLife", &end_of_life)
                .map_err(|violation| Problem::from_violations(vec![violation]))?,
            tags: BTreeMap::new(),
        };
        let id = queries::version_id(&image, &version)?;
        let made = services.version_create(&op, &id, input).await?.value;
        ssr::done(
            &queries::address(&made),
            &format!("Version {} is being made.", made.version),
        );
        Ok(())
    })
    .await
}

/// Copies a version into another definition, as far away as another gallery. Rules A7, A75.
#[server(prefix = "/fn", endpoint = "version/copy")]
pub async fn version_copy(
    id: Uuid,
    image: Uuid,
    version: String,
    location: String,
) -> Result<(), Refusal> {
    use domain::image::{VersionInput, VersionSourceInput};

    use super::queries;
    use crate::ssr;
    ssr::act(async {
        let (services, op) = (ssr::services()?, ssr::op()?);
        let source = services.version_get(&op, id).await?;
        let image = services.image_get(&op, image).await?;
        let input = VersionInput {
            location,
            source: VersionSourceInput::Version {
                resource_id: source.meta.resource_id.to_string(),
            },
            targets: Vec::new(),
            exclude_from_latest: false,
            end_of_life: source.end_of_life,
            tags: source.meta.tags,
        };
        let id = queries::version_id(&image, &version)?;
        let made = services.version_create(&op, &id, input).await?.value;
        ssr::done(
            &queries::address(&made),
            &format!("Version {} is being copied.", made.version),
        );
        Ok(())
    })
    .await
}

/// Changes regions and numbers of copies, the exclusion from latest and the end of life. Rules A52, A68.
#[server(prefix = "/fn", endpoint = "version/update")]
pub async fn version_update(
    id: Uuid,
    /// Copies wanted, by region; nothing or 0 for none.
    #[server(default)]
    replicas: BTreeMap<String, String>,
    /// Kinds of stores, by region; nothing for the one that it has.
    #[server(default)]
    storage: BTreeMap<String, String>,
    #[server(default)] exclude_from_latest: bool,
    end_of_life: String,
) -> Result<(), Refusal> {
    use domain::tenant::Precondition;

    use super::queries;
    use crate::ssr;
    ssr::act(async {
        let (services, op) = (ssr::services()?, ssr::op()?);
        let version = services.version_get(&op, id).await?;
        let form = queries::Typed {
            replicas,
            storage,
            exclude_from_latest,
            end_of_life: &end_of_life,
        };
        let update = queries::update(&version, &form)?;
        let updated = services
            .version_update(&op, id, update, Precondition::None)
            .await?;
        let sentence = if updated.job.is_some() {
            "The copies are being brought in line."
        } else {
            "The version was changed."
        };
        ssr::done(&queries::address(&updated.value), sentence);
        Ok(())
    })
    .await
}

/// Gives every region of a version the copies that so many machines at once need. Rules A47, A49.
#[server(prefix = "/fn", endpoint = "version/scale")]
pub async fn version_scale(id: Uuid, machines: u32) -> Result<(), Refusal> {
    use domain::image::{TargetRegion, VersionUpdate, copies_for_machines};
    use domain::tenant::Precondition;

    use super::queries;
    use crate::ssr;
    ssr::act(async {
        let (services, op) = (ssr::services()?, ssr::op()?);
        let version = services.version_get(&op, id).await?;
        let most = services.settings().limits.replicas;
        let replicas = copies_for_machines(machines).min(most);
        let target = |target: TargetRegion| TargetRegion { replicas, ..target };
        let targets = queries::targets(&version).into_iter().map(target);
        let update = VersionUpdate {
            targets: Some(targets.collect()),
            ..VersionUpdate::default()
        };
        let updated = services
            .version_update(&op, id, update, Precondition::None)
            .await?;
        let sentence = format!("Every region of the version is to have {replicas} copies.");
        ssr::done(&queries::address(&updated.value), &sentence);
        Ok(())
    })
    .await
}

/// Deletes several versions of a definition; those that can't be deleted are named and stay.
#[server(prefix = "/fn", endpoint = "version/delete_many")]
pub async fn version_delete_many(
    image: Uuid,
    /// The versions that were ticked.
    #[server(default)]
    ids: BTreeMap<String, Uuid>,
) -> Result<(), Refusal> {
    use domain::tenant::Precondition;
    use domain::{Code, Problem, Rule, Violation};

    use crate::ssr;
    ssr::act(async {
        let (services, op) = (ssr::services()?, ssr::op()?);
        let image = services.image_get(&op, image).await?;
        if ids.is_empty() {
            let missing = Violation::new(Rule::Required, "ids");
            return Err(Problem::from_violations(vec![missing]).into());
        }
        let (mut deleted, mut kept) = (0_usize, Vec::new());
        for id in ids.into_values() {
            let result = services.version_delete(&op, id, Precondition::None).await;
            match result.map_err(Refusal::from) {
                Ok(_) => deleted += 1,
                Err(Refusal(problem)) => kept.push(problem),
            }
        }
        if deleted == 0 {
            let messages: Vec<&str> = kept
                .iter()
                .map(|problem| problem.message.as_str())
                .collect();
            let code = kept.first().map_or(Code::Conflict, |problem| problem.code);
            return Err(Problem::new(code, messages.join(" ")).into());
        }
        let mut sentence = match deleted {
            1 => "One version is being deleted.".to_owned(),
            n => format!("{n} versions are being deleted."),
        };
        for problem in kept {
            sentence += " ";
            sentence += &problem.message;
        }
        let address = format!("/images/{}/{}", image.gallery, image.meta.id);
        ssr::done(&address, &sentence);
        Ok(())
    })
    .await
}

/// Restores a deleted version.
#[server(prefix = "/fn", endpoint = "version/restore")]
pub async fn version_restore(image: Uuid, version: String) -> Result<(), Refusal> {
    use domain::Problem;

    use super::queries;
    use crate::ssr;
    ssr::act(async {
        let (services, op) = (ssr::services()?, ssr::op()?);
        let image = services.image_get(&op, image).await?;
        let id = queries::version_id(&image, &version)?;
        let restored = services.version_restore(&op, &id, None).await?;
        let restored = restored.ok_or_else(|| Problem::not_found("The deleted version"))?;
        let sentence = format!("Version {} is back.", restored.version);
        ssr::done(&queries::address(&restored), &sentence);
        Ok(())
    })
    .await
}

/// Removes a deleted version for good.
#[server(prefix = "/fn", endpoint = "version/purge")]
pub async fn version_purge(image: Uuid, version: String) -> Result<(), Refusal> {
    use super::queries;
    use crate::ssr;
    ssr::act(async {
        let (services, op) = (ssr::services()?, ssr::op()?);
        let image = services.image_get(&op, image).await?;
        let id = queries::version_id(&image, &version)?;
        services.version_purge(&op, &id).await?;
        let address = format!("/images/{}/{}?tab=deleted", image.gallery, image.meta.id);
        ssr::done(&address, "The copies of the version are being removed.");
        Ok(())
    })
    .await
}

/// Deletes a version with all its copies, or hides it for a while where the gallery keeps deleted versions.
#[server(prefix = "/fn", endpoint = "version/delete")]
pub async fn version_delete(id: Uuid) -> Result<(), Refusal> {
    use domain::tenant::Precondition;

    use super::queries;
    use crate::ssr;
    ssr::act(async {
        let (services, op) = (ssr::services()?, ssr::op()?);
        let version = services.version_get(&op, id).await?;
        let job = services.version_delete(&op, id, Precondition::None).await?;
        let sentence = match job {
            Some(_) => format!("Version {} is being deleted.", version.version),
            None => format!(
                "Version {} was deleted and can be restored.",
                version.version
            ),
        };
        ssr::done(&queries::image_address(&version), &sentence);
        Ok(())
    })
    .await
}
