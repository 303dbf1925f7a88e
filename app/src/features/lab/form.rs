//! The judge of the form that creates a lab: the services' own rules, while somebody types.

use domain::catalog::CatalogImage;
use domain::lab::MachineSize;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// What the rules about a new lab look at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LabFacts {
    /// Images on offer.
    pub images: Vec<CatalogImage>,
    /// Machine sizes.
    pub sizes: Vec<MachineSize>,
    /// The plan's regions: short name, and name for people.
    pub regions: Vec<(String, String)>,
}

/// Judges the form `new-lab` by [`domain::lab::LabInput::check`], offers only regions that have a copy of the chosen
/// image, says what the image recommends, and narrows the list of images to what is searched.
#[island]
pub fn JudgeLab(facts: LabFacts) -> impl IntoView {
    #[cfg(all(feature = "hydrate", not(feature = "ssr")))]
    browser::judge(facts);
    #[cfg(any(feature = "ssr", not(feature = "hydrate")))]
    let _ = facts;
}

#[cfg(all(feature = "hydrate", not(feature = "ssr")))]
mod browser {
    use domain::Violation;
    use domain::catalog::CatalogImage;
    use domain::lab::LabInput;
    use leptos::ev;
    use leptos::prelude::*;
    use leptos::wasm_bindgen::JsCast;
    use web_sys::{Element, FormData, HtmlInputElement, HtmlSelectElement};

    use super::LabFacts;
    use crate::features::lab::advice::advice;
    use crate::ui::judge::{self, text};

    pub(super) fn judge(facts: LabFacts) {
        let chosen = checked_image();
        show_regions(
            &facts,
            facts
                .images
                .iter()
                .find(|i| Some(i.id.to_string()) == chosen),
        );
        judge::watch("new-lab", move |data| {
            let image = facts
                .images
                .iter()
                .find(|image| image.id.to_string() == text(data, "image"));
            show_regions(&facts, image);
            show_advice(&facts, image, &text(data, "size"));
            violations(&facts, image, data)
        });
        search();
    }

    fn violations(
        facts: &LabFacts,
        image: Option<&CatalogImage>,
        data: &FormData,
    ) -> Vec<Violation> {
        let input = LabInput {
            plan: text(data, "plan"),
            title: text(data, "title"),
            description: text(data, "description"),
            image: text(data, "image"),
            size: text(data, "size"),
            region: text(data, "region"),
            user_name: text(data, "userName"),
            password: text(data, "password"),
            ..LabInput::default()
        };
        let regions: Vec<String> = facts.regions.iter().map(|(name, _)| name.clone()).collect();
        input.check(&text(data, "name"), image, &facts.sizes, &regions)
    }

    fn checked_image() -> Option<String> {
        let input = document()
            .query_selector("input[name=image]:checked")
            .ok()??;
        Some(input.dyn_into::<HtmlInputElement>().ok()?.value())
    }

    /// Regions without a copy of the image stay in sight, with the reason, and can't be chosen.
    fn show_regions(facts: &LabFacts, image: Option<&CatalogImage>) {
        let found = document().get_element_by_id("region");
        let Some(select) = found.and_then(|e| e.dyn_into::<HtmlSelectElement>().ok()) else {
            return;
        };
        let is_ready = |name: &String| image.is_none_or(|image| image.ready_regions.contains(name));
        for (name, label) in &facts.regions {
            let Ok(Some(option)) = select.query_selector(&format!("option[value='{name}']")) else {
                continue;
            };
            let _ = option.toggle_attribute_with_force("disabled", !is_ready(name));
            let label = if is_ready(name) {
                label.clone()
            } else {
                format!("{label}: no copy of this image yet")
            };
            option.set_text_content(Some(&label));
        }
        let is_usable = facts
            .regions
            .iter()
            .any(|(name, _)| *name == select.value() && is_ready(name));
        if let Some((name, _)) = facts
            .regions
            .iter()
            .find(|(name, _)| is_ready(name))
            .filter(|_| !is_usable)
        {
            select.set_value(name);
        }
    }

    fn show_advice(facts: &LabFacts, image: Option<&CatalogImage>, size: &str) {
        let size = facts.sizes.iter().find(|known| known.name == size);
        let sentence = image
            .zip(size)
            .and_then(|(image, size)| advice(image, size));
        if let Some(line) = document().get_element_by_id("size-advice") {
            line.set_text_content(sentence.as_deref());
        }
    }

    /// Hides the images whose text lacks what is typed into the search field; the chosen one stays in sight.
    fn search() {
        let _ = window_event_listener(ev::input, |event| {
            let Some(field) = event
                .target()
                .and_then(|t| t.dyn_into::<HtmlInputElement>().ok())
            else {
                return;
            };
            if field.id() != "image-search" {
                return;
            }
            let wanted = field.value().to_lowercase();
            let Ok(cards) = document().query_selector_all("#image .radio-card") else {
                return;
            };
            for at in 0..cards.length() {
                let Some(card) = cards
                    .item(at)
                    .and_then(|node| node.dyn_into::<Element>().ok())
                else {
                    continue;
                };
                let says = card.text_content().unwrap_or_default().to_lowercase();
                let is_chosen = matches!(card.query_selector("input:checked"), Ok(Some(_)));
                let _ = card
                    .toggle_attribute_with_force("hidden", !is_chosen && !says.contains(&wanted));
            }
        });
    }
}
