//! A set of actions as one number, so that what a role allows is worked out once, when a caller is loaded.

use super::Action;
use super::pattern::matches;

/// A set of actions.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct ActionSet(u128);

const _: () = assert!(
    Action::ALL.len() <= u128::BITS as usize,
    "one bit for each action"
);

impl ActionSet {
    /// No action at all.
    pub const EMPTY: Self = Self(0);

    /// These actions.
    #[must_use]
    pub const fn of(actions: &[Action]) -> Self {
        let (mut bits, mut at) = (0, 0);
        while at < actions.len() {
            bits |= 1 << actions[at] as u128;
            at += 1;
        }
        Self(bits)
    }

    /// The actions that one of the patterns matches and none of the second list takes out again; `*` stands for any
    /// text.
    #[must_use]
    pub fn matching<S: AsRef<str>>(patterns: &[S], except: &[S]) -> Self {
        let among =
            |list: &[S], action: Action| list.iter().any(|p| matches(p.as_ref(), action.as_str()));
        Action::ALL
            .iter()
            .copied()
            .filter(|action| among(patterns, *action) && !among(except, *action))
            .collect()
    }

    /// Whether the action is in it.
    #[must_use]
    pub const fn contains(self, action: Action) -> bool {
        self.0 & (1 << action as u128) != 0
    }

    /// What is in both.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// What is in either.
    #[must_use]
    pub const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether nothing is in it.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Whether nothing in it changes anything.
    #[must_use]
    pub fn is_reading(self) -> bool {
        self.iter().all(|action| action.as_str().ends_with("/read"))
    }

    /// The actions in it, in the order of [`Action::ALL`].
    pub fn iter(self) -> impl Iterator<Item = Action> {
        Action::ALL
            .iter()
            .copied()
            .filter(move |action| self.contains(*action))
    }
}

impl FromIterator<Action> for ActionSet {
    fn from_iter<I: IntoIterator<Item = Action>>(actions: I) -> Self {
        actions
            .into_iter()
            .fold(Self::EMPTY, |set, action| set.or(Self::of(&[action])))
    }
}

impl std::fmt::Debug for ActionSet {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_holds_what_it_was_made_of_and_nothing_else() {
        for action in Action::ALL {
            let one = ActionSet::of(&[*action]);
            assert_eq!(one.iter().collect::<Vec<_>>(), [*action]);
            assert!(one.contains(*action));
        }
        assert!(ActionSet::EMPTY.is_empty());
    }

    #[test]
    fn exceptions_take_out_what_patterns_put_in() {
        let set = ActionSet::matching(&["microsoft.authorization/*"], &["*/delete"]);
        assert!(set.contains(Action::RoleAssignmentWrite));
        assert!(!set.contains(Action::RoleAssignmentDelete));
        assert!(!set.contains(Action::LabRead));
    }

    #[test]
    fn reading_is_what_ends_in_read() {
        assert!(ActionSet::matching(&["*/read"], &[]).is_reading());
        assert!(!ActionSet::of(&[Action::LabRead, Action::LabVmStart]).is_reading());
    }
}
