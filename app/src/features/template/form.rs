//! The judge of the export's form: the services' own rules, and the names that are taken, while somebody types.

use leptos::prelude::*;

/// Judges the form `export-form` by [`domain::export::ExportInput::check`] and the gallery's names.
#[island]
pub fn JudgeExport(
    /// Names in the gallery, lower case.
    taken: Vec<String>,
) -> impl IntoView {
    #[cfg(all(feature = "hydrate", not(feature = "ssr")))]
    browser::judge(taken);
    #[cfg(any(feature = "ssr", not(feature = "hydrate")))]
    let _ = taken;
}

#[cfg(all(feature = "hydrate", not(feature = "ssr")))]
mod browser {
    use domain::export::ExportInput;
    use domain::{Rule, Violation};
    use uuid::Uuid;

    use crate::ui::judge::{self, text};

    pub(super) fn judge(taken: Vec<String>) {
        judge::watch("export-form", move |data| {
            let is_new = text(data, "target") != "existing";
            let input = ExportInput {
                name: text(data, "name"),
                existing: (!is_new).then(Uuid::nil),
                version: text(data, "version"),
                description: text(data, "exportDescription"),
            };
            let mut found = input.check();
            if is_new && taken.contains(&input.name.to_lowercase()) {
                found.push(Violation::new(Rule::AlreadyExists, "name").with("value", &input.name));
            }
            found
        });
    }
}
