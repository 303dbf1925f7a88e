//! The places of the portal, and whose rights open them.

use domain::OpContext;
use domain::rbac::Action;

use crate::ui::frame::Place;
use crate::ui::icon::Glyph;

/// What needs this person now.
pub const HOME: Place = Place {
    href: "/",
    label: "Home",
    glyph: Glyph::Home,
};
/// Labs that the person runs or may see.
pub const LABS: Place = Place {
    href: "/labs",
    label: "Labs",
    glyph: Glyph::Lab,
};
/// Machines that were given to the person.
pub const MACHINES: Place = Place {
    href: "/machines",
    label: "My machines",
    glyph: Glyph::Machine,
};
/// Galleries and their images.
pub const IMAGES: Place = Place {
    href: "/images",
    label: "Images",
    glyph: Glyph::Image,
};
/// Lab plans.
pub const PLANS: Place = Place {
    href: "/plans",
    label: "Lab plans",
    glyph: Glyph::Plan,
};
/// Who did what.
pub const ACTIVITY: Place = Place {
    href: "/activity",
    label: "Activity",
    glyph: Glyph::Activity,
};
/// People, roles and limits of the tenant.
pub const ADMINISTRATION: Place = Place {
    href: "/admin",
    label: "Administration",
    glyph: Glyph::Admin,
};

/// The places that the caller's rights open, in the order of the rail.
#[must_use]
pub fn open_to(op: &OpContext) -> Vec<Place> {
    let any = |actions: &[Action]| actions.iter().any(|action| !op.scopes(*action).is_empty());
    let labs = any(&[Action::LabRead]);
    let images = any(&[Action::GalleryRead, Action::ImageRead, Action::VersionRead])
        || !op.caller.foreign.is_empty();
    let plans = any(&[Action::LabPlanRead]);
    let activity = any(&[Action::ActivityRead]);
    let everywhere = |action| op.may(action, "/");
    let administration =
        everywhere(Action::PrincipalRead) || everywhere(Action::RoleAssignmentWrite);
    let choices = [
        (HOME, labs || images || plans || administration),
        (LABS, labs),
        (MACHINES, true),
        (IMAGES, images),
        (PLANS, plans),
        (ACTIVITY, activity),
        (ADMINISTRATION, administration),
    ];
    choices
        .into_iter()
        .filter(|(_, open)| *open)
        .map(|(place, _)| place)
        .collect()
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use domain::rbac::{BUILT_IN, Grant};
    use domain::{Caller, Origin};
    use uuid::Uuid;

    use super::*;

    fn with_role(name: &str) -> Vec<Place> {
        let roles = BUILT_IN.iter().filter(|role| role.name == name);
        let grants = roles.map(|role| Grant::of(role, "/")).collect();
        let caller = Caller {
            principal: Uuid::nil(),
            tenant: Uuid::nil(),
            display_name: "Ada".to_owned(),
            user_name: "ada@school.example".to_owned(),
            grants,
            foreign: Vec::new(),
        };
        open_to(&OpContext {
            caller,
            request_id: String::new(),
            now: DateTime::UNIX_EPOCH,
            origin: Origin::Portal,
        })
    }

    #[test]
    fn an_owner_finds_every_place() {
        assert_eq!(with_role("Owner").len(), 7);
    }

    #[test]
    fn a_student_finds_nothing_but_machines() {
        assert_eq!(with_role("no role at all"), [MACHINES]);
    }
}
