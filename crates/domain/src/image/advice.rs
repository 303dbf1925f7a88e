//! How many copies a region should have for what is to be created at once. Rules A47-A49.

/// Machines that one copy serves at once. Rule A47.
pub const MACHINES_PER_COPY: u32 = 20;

/// Machines of a scale set that one copy serves. Rule A48.
pub const SET_MACHINES_PER_COPY: u32 = 600;

/// Copies for machines that are created one by one at the same time: one for every 20, rounded up, and one to spare,
/// because size, contents and system of images vary. No machines need the one copy that there is. Rules A47, A49.
#[must_use]
pub fn copies_for_machines(at_once: u32) -> u32 {
    spared(at_once.div_ceil(MACHINES_PER_COPY))
}

/// Copies for scale sets that are deployed at the same time: one for every set of up to 600 machines, and one to
/// spare. Rules A48, A49.
#[must_use]
pub fn copies_for_scale_sets(sets: &[u32]) -> u32 {
    let wanted = sets.iter().map(|set| set.div_ceil(SET_MACHINES_PER_COPY));
    spared(wanted.fold(0, u32::saturating_add))
}

fn spared(needed: u32) -> u32 {
    match needed {
        0 => 1,
        needed => needed.saturating_add(1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rule_a47_a_copy_serves_twenty_machines_and_a49_one_is_to_spare() {
        let cases = [
            (0, 1),
            (1, 2),
            (20, 2),
            (21, 3),
            (120, 7),
            (u32::MAX, 214_748_366),
        ];
        for (machines, copies) in cases {
            assert_eq!(copies_for_machines(machines), copies, "{machines} machines");
        }
        assert!(copies_for_machines(120) > 6, "the guide says at least 6");
    }

    #[test]
    fn rule_a48_a_copy_serves_a_scale_set_of_up_to_six_hundred() {
        assert_eq!(copies_for_scale_sets(&[]), 1);
        assert_eq!(copies_for_scale_sets(&[600]), 2);
        assert_eq!(copies_for_scale_sets(&[601]), 3);
        assert_eq!(copies_for_scale_sets(&[600; 5]), 6);
    }
}
