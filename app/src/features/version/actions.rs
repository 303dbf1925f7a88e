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
    #[server(default)] exclude_from_latest: bool,
    end_of_life: String,
) -> Result<(), Refusal> {
    use domain::tenant::Precondition;

    use super::queries;
    use crate::ssr;
    ssr::act(async {
        let (services, op) = (ssr::services()?, ssr::op()?);
        let version = services.version_get(&op, id).await?;
        let update = queries::update(&version, &replicas, exclude_from_latest, &end_of_life)?;
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

/// Deletes a version with all its copies.
#[server(prefix = "/fn", endpoint = "version/delete")]
pub async fn version_delete(id: Uuid) -> Result<(), Refusal> {
    use domain::tenant::Precondition;

    use super::queries;
    use crate::ssr;
    ssr::act(async {
        let (services, op) = (ssr::services()?, ssr::op()?);
        let version = services.version_get(&op, id).await?;
        services.version_delete(&op, id, Precondition::None).await?;
        let sentence = format!("Version {} is being deleted.", version.version);
        ssr::done(&queries::image_address(&version), &sentence);
        Ok(())
    })
    .await
}
