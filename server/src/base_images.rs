//! Which of the configured base images are there.

use services::BaseImage;

use crate::config::Config;

/// The base images whose files exist; the others are named in the log, because a missing one only shortens a list.
pub(crate) fn present(config: &Config) -> Vec<BaseImage> {
    let mut found = Vec::new();
    for image in &config.base_images {
        let file = config.in_data(&image.file);
        if file.is_file() {
            found.push(BaseImage { name: image.name.clone(), file, description: image.description.clone() });
        } else {
            tracing::warn!(image = image.name, file = %file.display(), "a base image is left out: there is no such file");
        }
    }
    found
}
