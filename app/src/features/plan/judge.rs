//! Judges the form of a plan while it is filled in, as the services will.

use leptos::prelude::*;

/// Shows beside the fields of the form what is wrong with them; renders nothing itself.
#[island]
pub fn PlanJudge(
    /// Id of the form.
    form: String,
) -> impl IntoView {
    #[cfg(all(feature = "hydrate", not(feature = "ssr")))]
    crate::ui::judge::watch(&form, |data| {
        use domain::plan::{PlanInput, SupportInfo};

        let typed = |name| crate::ui::judge::text(data, name).trim().to_owned();
        let support = SupportInfo {
            url: typed("url"),
            email: typed("email"),
            phone: typed("phone"),
            instructions: typed("instructions"),
        };
        let input = PlanInput {
            support,
            ..PlanInput::default()
        };
        input.check(&typed("name"), &domain::region::Regions::default())
    });
    #[cfg(any(feature = "ssr", not(feature = "hydrate")))]
    let _ = form;
}
