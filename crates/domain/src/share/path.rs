//! “Test access”: the way from a shared image to a lab, step by step, up to the first thing that is missing.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{ShareDates, ShareState};
use crate::rbac::{Action, ActionSet};
use crate::violation::{Rule, Violation};

/// One step of the way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Step {
    /// The other organisation shared the image, or something above it.
    Shared,
    /// The share is in force.
    InForce,
    /// It is meant for the caller.
    ForCaller,
    /// Its role allows to read versions.
    Role,
    /// There is a finished version.
    Version,
    /// A copy of it is ready in a region of the lab plan.
    Region,
    /// It is small enough for labs.
    Limits,
    /// The lab plan offers it.
    Plan,
    /// The caller may create labs from the plan.
    Create,
}

impl Step {
    /// All steps, in their order.
    pub const ALL: [Self; 9] = [
        Self::Shared,
        Self::InForce,
        Self::ForCaller,
        Self::Role,
        Self::Version,
        Self::Region,
        Self::Limits,
        Self::Plan,
        Self::Create,
    ];
}

/// How a step came out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Outcome {
    /// Nothing is missing.
    Met,
    /// What is missing, and what to do about it.
    Missing(String),
    /// A step before it is missing something.
    NotReached,
}

/// A share that covers the image, as the way looks at it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CoveringShare {
    /// The dates that decide whether it is in force.
    pub dates: ShareDates,
    /// Who took it back.
    pub revoked_by: Option<String>,
    /// Whether it was accepted for the caller, a group of theirs, or everybody.
    pub is_for_caller: bool,
    /// What its role allows.
    pub role: ActionSet,
}

/// What the way looks at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WayFacts {
    /// Shares to the caller's organisation that cover the image, in force or not.
    pub shares: Vec<CoveringShare>,
    /// The caller has a role of their own in the other organisation, which needs no share.
    pub own_role: bool,
    /// There is a version that may be used; looked at only when it may be known.
    pub has_version: bool,
    /// Everything that keeps the image out of the plan's labs, the plan's switch aside.
    pub barriers: Vec<Violation>,
    /// The plan's switch.
    pub enabled: bool,
    /// The caller may create labs from the plan.
    pub may_create: bool,
}

impl WayFacts {
    /// Every step with its outcome; after the first that misses something, none is reached.
    #[must_use]
    pub fn walk(&self, now: DateTime<Utc>) -> Vec<(Step, Outcome)> {
        let mut is_open = true;
        let mut walked = Vec::new();
        for step in Step::ALL {
            let outcome = if is_open {
                self.missing(step, now)
                    .map_or(Outcome::Met, Outcome::Missing)
            } else {
                Outcome::NotReached
            };
            is_open &= outcome == Outcome::Met;
            walked.push((step, outcome));
        }
        walked
    }

    /// Whether the image may be read at all: only then may its versions be looked at.
    #[must_use]
    pub fn may_read(&self, now: DateTime<Utc>) -> bool {
        [Step::Shared, Step::InForce, Step::ForCaller, Step::Role]
            .into_iter()
            .all(|step| self.missing(step, now).is_none())
    }

    /// What is missing at a step, provided that nothing was before it.
    fn missing(&self, step: Step, now: DateTime<Utc>) -> Option<String> {
        let in_force = || {
            self.shares
                .iter()
                .filter(|share| share.dates.state(now) == ShareState::Active)
        };
        let mine = || in_force().filter(|share| share.is_for_caller);
        let reads = |share: &CoveringShare| share.role.contains(Action::VersionRead);
        let barriers = |of_region: bool| -> Vec<String> {
            let wanted = |barrier: &&Violation| {
                matches!(barrier.code, Rule::RegionNotReady | Rule::ImageNotReady) == of_region
            };
            let found = self.barriers.iter().filter(wanted);
            found.map(Violation::sentence).collect()
        };
        let sentence = |found: Vec<String>| (!found.is_empty()).then(|| found.join(" "));
        let unless = |met: bool, sentence: &str| (!met).then(|| sentence.to_owned());
        match step {
            Step::Shared | Step::InForce | Step::ForCaller | Step::Role if self.own_role => None,
            Step::Shared => unless(
                !self.shares.is_empty(),
                "The other organisation has not shared this image, or nobody here has accepted its link. Ask it for a link.",
            ),
            Step::InForce if in_force().next().is_some() => None,
            Step::InForce => Some(self.out_of_force()),
            Step::ForCaller => unless(
                mine().next().is_some(),
                "The share was accepted for others here. An administrator can accept a new link for everybody.",
            ),
            Step::Role => unless(
                mine().any(reads),
                "The share's role does not allow to read versions. Ask for one with the role Reader.",
            ),
            Step::Version => unless(
                self.has_version,
                "The image has no finished version. Wait until the other organisation has published one.",
            ),
            Step::Region => sentence(barriers(true)),
            Step::Limits => sentence(barriers(false)),
            Step::Plan => unless(
                self.enabled,
                "The lab plan does not offer this image. A lab administrator switches it on under the plan's images.",
            ),
            Step::Create => unless(
                self.may_create,
                "You may not create labs from this lab plan. Ask for the role Lab Creator at it.",
            ),
        }
    }

    fn out_of_force(&self) -> String {
        let last = self
            .shares
            .iter()
            .max_by_key(|share| share.dates.created_at);
        match last.and_then(|share| Some((share.dates.revoked_at?, share.revoked_by.as_ref()?))) {
            Some((at, by)) => format!(
                "The share was revoked by {by} on {}. Ask for a new link.",
                at.format("%Y-%m-%d")
            ),
            None => "The share's time is over. Ask for a new link.".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;
    use crate::rbac::SHARED;

    fn now() -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::days(100)
    }

    fn share() -> CoveringShare {
        CoveringShare {
            dates: ShareDates {
                created_at: now() - TimeDelta::days(10),
                accepted_at: Some(now() - TimeDelta::days(9)),
                expires_at: Some(now() + TimeDelta::days(20)),
                revoked_at: None,
            },
            revoked_by: None,
            is_for_caller: true,
            role: SHARED,
        }
    }

    fn facts() -> WayFacts {
        WayFacts {
            shares: vec![share()],
            own_role: false,
            has_version: true,
            barriers: Vec::new(),
            enabled: true,
            may_create: true,
        }
    }

    fn first_missing(facts: &WayFacts) -> Option<Step> {
        facts
            .walk(now())
            .into_iter()
            .find(|(_, outcome)| matches!(outcome, Outcome::Missing(_)))
            .map(|(step, _)| step)
    }

    #[test]
    fn where_nothing_is_missing_every_step_is_met() {
        assert!(
            facts()
                .walk(now())
                .iter()
                .all(|(_, outcome)| *outcome == Outcome::Met)
        );
    }

    #[test]
    fn the_first_missing_step_is_named_and_none_after_it_is_reached() {
        let with = |change: fn(&mut WayFacts)| {
            let mut facts = facts();
            change(&mut facts);
            facts
        };
        let region = || Violation::new(Rule::RegionNotReady, "image").with("region", "eastus");
        let cases = [
            (Step::Shared, with(|f| f.shares.clear())),
            (
                Step::InForce,
                with(|f| f.shares[0].dates.expires_at = Some(now())),
            ),
            (
                Step::InForce,
                with(|f| f.shares[0].dates.revoked_at = Some(now())),
            ),
            (Step::ForCaller, with(|f| f.shares[0].is_for_caller = false)),
            (
                Step::Role,
                with(|f| f.shares[0].role = ActionSet::of(&[Action::GalleryRead])),
            ),
            (Step::Version, with(|f| f.has_version = false)),
            (
                Step::Region,
                WayFacts {
                    barriers: vec![region()],
                    ..facts()
                },
            ),
            (
                Step::Limits,
                with(|f| f.barriers = vec![Violation::new(Rule::SeveralDisks, "image")]),
            ),
            (Step::Plan, with(|f| f.enabled = false)),
            (Step::Create, with(|f| f.may_create = false)),
        ];
        for (step, facts) in cases {
            assert_eq!(first_missing(&facts), Some(step));
            let walked = facts.walk(now());
            let at = walked
                .iter()
                .position(|(walked, _)| *walked == step)
                .expect("the step");
            assert!(
                walked[..at].iter().all(|(_, o)| *o == Outcome::Met),
                "{step:?}"
            );
            assert!(
                walked[at + 1..]
                    .iter()
                    .all(|(_, o)| *o == Outcome::NotReached),
                "{step:?}"
            );
        }
    }

    #[test]
    fn an_own_role_in_the_other_organisation_needs_no_share() {
        let facts = WayFacts {
            shares: Vec::new(),
            own_role: true,
            ..facts()
        };
        assert_eq!(first_missing(&facts), None);
        assert!(facts.may_read(now()));
    }

    #[test]
    fn one_good_share_is_enough_beside_others_that_are_over() {
        let mut revoked = share();
        revoked.dates.revoked_at = Some(now());
        let facts = WayFacts {
            shares: vec![revoked, share()],
            ..facts()
        };
        assert_eq!(first_missing(&facts), None);
    }
}
