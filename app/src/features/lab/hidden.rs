//! The images that are not offered, counted and named: nothing is silently missing. Rule E.

use std::collections::BTreeMap;

use domain::Rule;
use domain::catalog::HiddenImage;
use leptos::prelude::*;

/// The reason in two or three words.
const fn short(rule: Rule) -> &'static str {
    match rule {
        Rule::OsDiskTooLarge => "over 128 GiB",
        Rule::SeveralDisks => "with several disks",
        Rule::ImageDisabled => "switched off in the plan",
        Rule::ImageNotReady => "not ready yet",
        Rule::ImageEndOfLife => "past the end of life",
        Rule::ImageWithoutVersion => "without a version",
        Rule::RegionNotReady => "without a copy in the plan's regions",
        _ => "not usable",
    }
}

/// How many are hidden, and for what.
fn tally(hidden: &[HiddenImage]) -> String {
    let mut counts: BTreeMap<Rule, usize> = BTreeMap::new();
    for reason in hidden.iter().flat_map(|image| &image.reasons) {
        *counts.entry(reason.code).or_default() += 1;
    }
    let parts: Vec<String> = counts
        .into_iter()
        .map(|(rule, n)| format!("{n} {}", short(rule)))
        .collect();
    let what = if hidden.len() == 1 {
        "1 image is hidden"
    } else {
        "images are hidden"
    };
    let count = if hidden.len() == 1 {
        String::new()
    } else {
        format!("{} ", hidden.len())
    };
    format!("{count}{what}: {}", parts.join(", "))
}

/// The count with its reasons, which opens the list of names.
#[component]
pub(super) fn HiddenImages(hidden: Vec<HiddenImage>) -> impl IntoView {
    (!hidden.is_empty()).then(|| {
        let summary = tally(&hidden);
        let rows = hidden.into_iter().map(|image| {
            let reasons: Vec<String> = image
                .reasons
                .iter()
                .map(domain::Violation::sentence)
                .collect();
            view! { <li><strong>{image.name}</strong>": "{reasons.join(" ")}</li> }
        });
        view! {
            <details class="disclosure">
                <summary>{summary}</summary>
                <ul class="prose small hidden-images">{rows.collect_view()}</ul>
            </details>
        }
    })
}

#[cfg(test)]
mod tests {
    use domain::{ResourceId, Violation};
    use uuid::Uuid;

    use super::*;

    fn hidden(name: &str, rules: &[Rule]) -> HiddenImage {
        HiddenImage {
            id: Uuid::nil(),
            resource_id: ResourceId::from_stored(String::new()),
            name: name.to_owned(),
            reasons: rules
                .iter()
                .map(|rule| Violation::new(*rule, "image"))
                .collect(),
        }
    }

    #[test]
    fn hidden_images_are_counted_with_their_reasons() {
        let list = [
            hidden("a", &[Rule::OsDiskTooLarge]),
            hidden("b", &[Rule::OsDiskTooLarge]),
            hidden("c", &[Rule::ImageDisabled]),
        ];
        assert_eq!(
            tally(&list),
            "3 images are hidden: 2 over 128 GiB, 1 switched off in the plan"
        );
        assert_eq!(
            tally(&list[2..]),
            "1 image is hidden: 1 switched off in the plan"
        );
    }
}
