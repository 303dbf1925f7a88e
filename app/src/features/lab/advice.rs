//! What an image recommends and a size does not have: a warning, never a refusal. Rule A22.

use domain::catalog::CatalogImage;
use domain::image::Recommended;
use domain::lab::MachineSize;

/// One sentence when the size is outside of what the image recommends.
#[must_use]
pub(super) fn advice(image: &CatalogImage, size: &MachineSize) -> Option<String> {
    let memory = u32::try_from(size.memory_mib.div_ceil(1024)).unwrap_or(u32::MAX);
    let parts: Vec<String> = [
        outside(image.recommended_vcpus, size.vcpus, "vCPU"),
        outside(image.recommended_memory, memory, "GiB memory"),
    ]
    .into_iter()
    .flatten()
    .collect();
    (!parts.is_empty()).then(|| format!("The image recommends {}.", parts.join(" and ")))
}

fn outside(wanted: Recommended, given: u32, unit: &str) -> Option<String> {
    match (wanted.min, wanted.max) {
        (Some(min), _) if given < min => {
            Some(format!("at least {min} {unit}; this size has {given}"))
        }
        (_, Some(max)) if given > max => {
            Some(format!("at most {max} {unit}; this size has {given}"))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_size_outside_of_the_recommendation_is_told() {
        let wanted = Recommended {
            min: Some(2),
            max: Some(8),
        };
        assert_eq!(outside(wanted, 4, "vCPU"), None);
        assert!(outside(wanted, 1, "vCPU").is_some_and(|text| text.contains("at least 2")));
        assert!(outside(wanted, 16, "vCPU").is_some_and(|text| text.contains("at most 8")));
    }
}
