//! An image definition as its form sends it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Every property of a definition as typed. Fields that a form leaves out are empty. Rules A10-A24.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ImageForm {
    pub os_type: String,
    pub os_state: String,
    pub hyper_v_generation: String,
    pub publisher: String,
    pub offer: String,
    pub sku: String,
    pub eula: String,
    pub privacy_statement_uri: String,
    pub release_note_uri: String,
    /// The kinds that were ticked, as keys. Rule A23.
    pub disallowed_disk_types: BTreeMap<String, String>,
    pub purchase_plan_publisher: String,
    pub purchase_plan_product: String,
    pub purchase_plan_name: String,
    #[serde(flatten)]
    pub changeable: ChangeableForm,
}

/// What can still be changed later. Rule A67.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ChangeableForm {
    pub description: String,
    /// A day, `YYYY-MM-DD`.
    pub end_of_life: String,
    pub min_vcpus: String,
    pub max_vcpus: String,
    /// GiB.
    pub min_memory: String,
    /// GiB.
    pub max_memory: String,
    /// Lines of `key=value`.
    pub tags: String,
}

#[cfg(feature = "ssr")]
mod read {
    use std::collections::BTreeSet;

    use domain::image::{
        DiskType, HyperVGeneration, ImageInput, OsState, OsType, PurchasePlan, Recommended,
    };
    use domain::{Rule, Violation};

    use super::{ChangeableForm, ImageForm};
    use crate::features::typed;

    /// What could be read, and what is wrong with the rest.
    #[derive(Debug)]
    struct Reader(Vec<Violation>);

    impl Reader {
        fn or_note<T: Default>(&mut self, read: Result<T, Violation>) -> T {
            read.unwrap_or_else(|violation| {
                self.0.push(violation);
                T::default()
            })
        }

        fn word<T>(
            &mut self,
            target: &str,
            text: &str,
            read: fn(&str) -> Option<T>,
            otherwise: T,
        ) -> T {
            read(text).unwrap_or_else(|| {
                self.0.push(Violation::new(Rule::Required, target));
                otherwise
            })
        }

        fn disk_types<'a>(
            &mut self,
            words: impl Iterator<Item = &'a String>,
        ) -> BTreeSet<DiskType> {
            let mut read = BTreeSet::new();
            for word in words {
                match DiskType::parse(word) {
                    Some(kind) => {
                        read.insert(kind);
                    }
                    None => self.0.push(
                        Violation::new(Rule::UnknownChoice, "disallowedDiskTypes")
                            .with("value", word)
                            .with("allowed", DiskType::ALL.map(DiskType::as_str).join(", ")),
                    ),
                }
            }
            read
        }

        fn range(&mut self, target: &str, min: &str, max: &str) -> Recommended {
            Recommended {
                min: self.or_note(typed::number(target, min)),
                max: self.or_note(typed::number(target, max)),
            }
        }
    }

    impl ChangeableForm {
        /// A definition with these values in place of its own, and what could not be read. Rule A67.
        #[must_use]
        pub fn over(&self, stored: ImageInput) -> (ImageInput, Vec<Violation>) {
            let mut reader = Reader(Vec::new());
            let input = ImageInput {
                description: self.description.trim().to_owned(),
                end_of_life: reader.or_note(typed::day("endOfLife", &self.end_of_life)),
                recommended_vcpus: reader.range(
                    "recommendedVcpus",
                    &self.min_vcpus,
                    &self.max_vcpus,
                ),
                recommended_memory: reader.range(
                    "recommendedMemory",
                    &self.min_memory,
                    &self.max_memory,
                ),
                tags: typed::tags(&self.tags),
                ..stored
            };
            (input, reader.0)
        }

        /// The form of what is stored.
        #[must_use]
        pub fn of(stored: &ImageInput) -> Self {
            let text = |n: Option<u32>| n.map(|n| n.to_string()).unwrap_or_default();
            Self {
                description: stored.description.clone(),
                end_of_life: typed::day_text(stored.end_of_life),
                min_vcpus: text(stored.recommended_vcpus.min),
                max_vcpus: text(stored.recommended_vcpus.max),
                min_memory: text(stored.recommended_memory.min),
                max_memory: text(stored.recommended_memory.max),
                tags: typed::tags_text(&stored.tags),
            }
        }
    }

    impl ImageForm {
        /// A new definition in a region, and what of the form could not be read.
        #[must_use]
        pub fn read(&self, location: &str) -> (ImageInput, Vec<Violation>) {
            let mut reader = Reader(Vec::new());
            let fixed = ImageInput {
                location: location.to_owned(),
                os_type: reader.word("osType", &self.os_type, OsType::parse, OsType::Linux),
                os_state: reader.word(
                    "osState",
                    &self.os_state,
                    OsState::parse,
                    OsState::Generalized,
                ),
                hyper_v_generation: HyperVGeneration::parse(&self.hyper_v_generation)
                    .unwrap_or_default(),
                publisher: self.publisher.trim().to_owned(),
                offer: self.offer.trim().to_owned(),
                sku: self.sku.trim().to_owned(),
                eula: self.eula.trim().to_owned(),
                privacy_statement_uri: self.privacy_statement_uri.trim().to_owned(),
                release_note_uri: self.release_note_uri.trim().to_owned(),
                disallowed_disk_types: reader.disk_types(self.disallowed_disk_types.keys()),
                purchase_plan: PurchasePlan::given(
                    &self.purchase_plan_publisher,
                    &self.purchase_plan_product,
                    &self.purchase_plan_name,
                ),
                ..ImageInput::default()
            };
            let (input, found) = self.changeable.over(fixed);
            reader.0.extend(found);
            (input, reader.0)
        }
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        #[test]
        fn rules_a13_and_a14_system_and_state_must_be_chosen() {
            let (_, found) = ImageForm::default().read("westeurope");
            let targets: Vec<_> = found
                .iter()
                .map(|violation| violation.target.as_str())
                .collect();
            assert_eq!(targets, ["osType", "osState"]);
        }

        #[test]
        fn rules_a23_and_a24_ticked_disk_types_and_the_plan_are_read() {
            let form = ImageForm {
                os_type: "Linux".to_owned(),
                os_state: "Generalized".to_owned(),
                disallowed_disk_types: ["Standard_LRS", "Floppy"]
                    .map(|word| (word.to_owned(), "true".to_owned()))
                    .into(),
                purchase_plan_product: " microscope ".to_owned(),
                ..ImageForm::default()
            };
            let (input, found) = form.read("westeurope");
            assert_eq!(input.disallowed_disk_types, [DiskType::StandardHdd].into());
            let plan = input.purchase_plan.expect("a plan that lacks two parts");
            assert_eq!(plan.product, "microscope");
            assert_eq!(
                found.iter().map(|v| v.code).collect::<Vec<_>>(),
                [Rule::UnknownChoice]
            );
        }

        #[test]
        fn rule_a67_a_stored_definition_passes_through_its_form_unchanged() {
            let stored = ImageInput {
                description: "Databases".to_owned(),
                recommended_vcpus: Recommended {
                    min: Some(2),
                    max: Some(8),
                },
                end_of_life: typed::day("endOfLife", "2030-01-31").expect("a day"),
                ..ImageInput::default()
            };
            assert_eq!(
                ChangeableForm::of(&stored).over(stored.clone()),
                (stored, Vec::new())
            );
        }
    }
}
