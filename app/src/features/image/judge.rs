//! Judges the forms of galleries, definitions and versions while they are filled in, as the services will.

use leptos::prelude::*;

/// What a [`Judge`] judges.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum Judged {
    /// A new gallery.
    Gallery,
    /// An image definition; one that exists sends only what can be changed.
    Image,
    /// A new version.
    Version,
}

/// Shows beside the fields of the form what is wrong with them; renders nothing itself.
#[island]
pub fn Judge(
    /// Id of the form.
    form: String,
    what: Judged,
) -> impl IntoView {
    #[cfg(all(feature = "hydrate", not(feature = "ssr")))]
    crate::ui::judge::watch(&form, move |data| browser::found(what, data));
    #[cfg(any(feature = "ssr", not(feature = "hydrate")))]
    let _ = (form, what);
}

#[cfg(all(feature = "hydrate", not(feature = "ssr")))]
mod browser {
    use domain::gallery::GalleryInput;
    use domain::image::{ImageInput, PurchasePlan, Recommended};
    use domain::region::Regions;
    use domain::{ImageVersion, Violation};
    use web_sys::FormData;

    use super::Judged;
    use crate::ui::judge::text;

    pub(super) fn found(what: Judged, data: &FormData) -> Vec<Violation> {
        let typed = |name: &str| text(data, name).trim().to_owned();
        // Regions are chosen from a list, so no judge needs to know them.
        let regions = Regions::default();
        match what {
            Judged::Gallery => {
                let input = GalleryInput {
                    description: typed("description"),
                    ..GalleryInput::default()
                };
                input.check(&text(data, "name"), &regions)
            }
            Judged::Image => by_field(image(typed).check(&text(data, "name"), &regions)),
            Judged::Version => typed("version")
                .parse::<ImageVersion>()
                .err()
                .into_iter()
                .collect(),
        }
    }

    fn image(typed: impl Fn(&str) -> String) -> ImageInput {
        let range = |min: &str, max: &str| Recommended {
            min: typed(min).parse().ok(),
            max: typed(max).parse().ok(),
        };
        ImageInput {
            publisher: typed("publisher"),
            offer: typed("offer"),
            sku: typed("sku"),
            description: typed("description"),
            eula: typed("eula"),
            privacy_statement_uri: typed("privacyStatementUri"),
            release_note_uri: typed("releaseNoteUri"),
            recommended_vcpus: range("minVcpus", "maxVcpus"),
            recommended_memory: range("minMemory", "maxMemory"),
            purchase_plan: PurchasePlan::given(
                &typed("purchasePlanPublisher"),
                &typed("purchasePlanProduct"),
                &typed("purchasePlanName"),
            ),
            ..ImageInput::default()
        }
    }

    /// What is wrong with a range is said at its upper end, whichever end was typed last.
    fn by_field(mut found: Vec<Violation>) -> Vec<Violation> {
        for violation in &mut found {
            let field = match violation.target.as_str() {
                "recommendedVcpus" => "maxVcpus",
                "recommendedMemory" => "maxMemory",
                _ => continue,
            };
            field.clone_into(&mut violation.target);
        }
        found
    }
}
