//! Sharing images with another organisation: a link that its administrator accepts. Rules A56-A61, C1, C2.

pub mod path;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::name;
use crate::rbac::{ActionSet, SHARED};
use crate::resource_id::ResourceId;
use crate::violation::{Rule, Violation};
use crate::words::words;

/// How long a link may be accepted.
pub const LINK_LIFE: TimeDelta = TimeDelta::days(14);

/// Longest life of a share that ends at all, in days: two years.
pub const LONGEST_DAYS: u32 = 730;

/// What a share is made from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ShareInput {
    /// A gallery, an image definition or a version.
    pub scope: ResourceId,
    /// The role that the other organisation gets there.
    pub role: Uuid,
    /// Days until the share ends by itself; none for one that lasts until it is revoked.
    pub days: Option<u32>,
    /// What the other side should know.
    pub note: String,
}

impl ShareInput {
    /// All that is wrong with it. A role is fit when it only reads, and reads images: no other right leaves the
    /// organisation.
    #[must_use]
    pub fn check(&self, role: ActionSet) -> Vec<Violation> {
        let mut found = name::text("note", &self.note, 0, 500);
        if self
            .days
            .is_some_and(|days| !(1..=LONGEST_DAYS).contains(&days))
        {
            found.push(
                Violation::new(Rule::OutOfRange, "days")
                    .with("min", 1)
                    .with("max", LONGEST_DAYS),
            );
        }
        if !is_fit(role) {
            found.push(
                Violation::new(Rule::UnknownChoice, "role")
                    .with("value", "This role")
                    .with(
                        "allowed",
                        "a role that reads images and changes nothing, such as Reader",
                    ),
            );
        }
        found
    }
}

/// Whether a role can be given to another organisation: it reads images, and changes nothing.
#[must_use]
pub fn is_fit(role: ActionSet) -> bool {
    role.is_reading() && !role.and(SHARED).is_empty()
}

/// Where a share stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum ShareState {
    /// The link waits to be accepted.
    Offered,
    /// The link waited too long.
    Lapsed,
    /// Accepted and in force.
    Active,
    /// Its time is over.
    Ended,
    /// One of the two sides took it back.
    Revoked,
}

words!(ShareState {
    Offered,
    Lapsed,
    Active,
    Ended,
    Revoked
});

/// The dates that decide where a share stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ShareDates {
    /// When the link was made.
    pub created_at: DateTime<Utc>,
    /// When the other side accepted.
    pub accepted_at: Option<DateTime<Utc>>,
    /// When the share ends by itself.
    pub expires_at: Option<DateTime<Utc>>,
    /// When either side took it back.
    pub revoked_at: Option<DateTime<Utc>>,
}

impl ShareDates {
    /// Where the share stands.
    #[must_use]
    pub fn state(&self, now: DateTime<Utc>) -> ShareState {
        if self.revoked_at.is_some() {
            ShareState::Revoked
        } else if self.expires_at.is_some_and(|end| end <= now) {
            ShareState::Ended
        } else if self.accepted_at.is_some() {
            ShareState::Active
        } else if self.created_at + LINK_LIFE <= now {
            ShareState::Lapsed
        } else {
            ShareState::Offered
        }
    }
}

/// A share as either side sees it: the same lines on both.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ShareView {
    /// The share's key.
    pub id: Uuid,
    /// Whether the caller's organisation gave it; else it got it.
    pub is_given: bool,
    /// The organisation that shares.
    pub from_name: String,
    /// The organisation that accepted; none while the link waits.
    pub to_name: Option<String>,
    /// The person or group that it was accepted for; none for everybody there.
    pub to_principal: Option<String>,
    /// What is shared.
    pub scope: ResourceId,
    /// The role's name.
    pub role_name: String,
    /// What the other side should know.
    pub note: String,
    /// Where it stands.
    pub state: ShareState,
    /// Who made the link.
    pub created_by: String,
    /// When the link was made.
    pub created_at: DateTime<Utc>,
    /// Who accepted it.
    pub accepted_by: Option<String>,
    /// When it was accepted.
    pub accepted_at: Option<DateTime<Utc>>,
    /// When it ends by itself.
    pub expires_at: Option<DateTime<Utc>>,
    /// Who took it back.
    pub revoked_by: Option<String>,
    /// When it was taken back.
    pub revoked_at: Option<DateTime<Utc>>,
    /// Labs and copies that were made through it.
    pub use_count: u64,
    /// When the last one was made.
    pub last_used_at: Option<DateTime<Utc>>,
    /// Whether the caller may take it back.
    pub may_revoke: bool,
}

/// What a link offers, before it is accepted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ShareOffer {
    /// The organisation that shares.
    pub from_name: String,
    /// What it shares.
    pub scope: ResourceId,
    /// The role's name.
    pub role_name: String,
    /// What it wants the other side to know.
    pub note: String,
    /// Who made the link.
    pub created_by: String,
    /// Until when the link can be accepted.
    pub open_until: DateTime<Utc>,
    /// When the share ends by itself.
    pub expires_at: Option<DateTime<Utc>>,
}

/// Something of another organisation, or a single part of a gallery of the own one, that the caller may see.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SharedView {
    /// The row's key.
    pub id: Uuid,
    /// Its ARM id.
    pub resource_id: ResourceId,
    /// Where its page is below `/images`.
    pub path: String,
    /// Why it exists.
    pub description: String,
    /// The organisation that it belongs to; none for the own one.
    pub owner_name: Option<String>,
    /// The region that it is registered in.
    pub location: String,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rbac::{Action, BUILT_IN};

    fn at(day: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::days(day)
    }

    #[test]
    fn a_share_stands_where_its_dates_say() {
        let dates =
            |accepted: Option<i64>, expires: Option<i64>, revoked: Option<i64>| ShareDates {
                created_at: at(0),
                accepted_at: accepted.map(at),
                expires_at: expires.map(at),
                revoked_at: revoked.map(at),
            };
        let cases = [
            (
                "a fresh link",
                dates(None, None, None),
                13,
                ShareState::Offered,
            ),
            (
                "a link of 14 days",
                dates(None, None, None),
                14,
                ShareState::Lapsed,
            ),
            (
                "a link to what is over",
                dates(None, Some(7), None),
                7,
                ShareState::Ended,
            ),
            (
                "accepted",
                dates(Some(1), None, None),
                900,
                ShareState::Active,
            ),
            (
                "the day before its end",
                dates(Some(1), Some(30), None),
                29,
                ShareState::Active,
            ),
            (
                "at its end",
                dates(Some(1), Some(30), None),
                30,
                ShareState::Ended,
            ),
            (
                "revoked",
                dates(Some(1), None, Some(2)),
                3,
                ShareState::Revoked,
            ),
            (
                "a revoked link",
                dates(None, None, Some(1)),
                1,
                ShareState::Revoked,
            ),
        ];
        for (case, dates, day, state) in cases {
            assert_eq!(dates.state(at(day)), state, "{case}");
        }
    }

    #[test]
    fn only_roles_that_read_images_and_change_nothing_leave_the_organisation() {
        let fit: Vec<&str> = BUILT_IN
            .iter()
            .filter(|role| is_fit(role.set()))
            .map(|role| role.name)
            .collect();
        assert_eq!(fit, ["Reader", "Compute Gallery Image Reader"]);
        assert!(
            !is_fit(ActionSet::of(&[Action::LabRead])),
            "reads no images"
        );
        assert!(!is_fit(ActionSet::EMPTY));
    }

    #[test]
    fn a_share_lasts_a_day_at_least_and_two_years_at_most() {
        let input = |days| ShareInput {
            scope: ResourceId::from_stored(String::new()),
            role: Uuid::nil(),
            days,
            note: String::new(),
        };
        for (days, broken) in [
            (None, 0),
            (Some(0), 1),
            (Some(1), 0),
            (Some(730), 0),
            (Some(731), 1),
        ] {
            assert_eq!(input(days).check(SHARED).len(), broken, "{days:?}");
        }
        assert_eq!(input(None).check(ActionSet::EMPTY)[0].target, "role");
    }
}
