//! From the copies that a version has to those that are wanted. Rules A46, A50, A52.

use std::collections::{BTreeMap, BTreeSet};

use uuid::Uuid;

use super::{StorageType, TargetRegion};
use crate::region::Regions;

/// A copy that a version has, in whatever state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldCopy {
    /// Its row.
    pub id: Uuid,
    /// The region that it lies in.
    pub region: String,
    /// Its number in that region, which its files bear.
    pub ordinal: i32,
    /// The kind of store that holds it.
    pub storage: StorageType,
    /// The store itself, see [`Region::store`](crate::region::Region::store).
    pub store: String,
    /// Whether it can be copied from.
    pub is_ready: bool,
    /// How many machines are layers over it.
    pub machines: u64,
}

/// A copy that is wanted and not there yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewCopy {
    /// The region that it is to lie in.
    pub region: String,
    /// A number that no copy of the region bears.
    pub ordinal: i32,
    /// The kind of store that is to hold it.
    pub storage: StorageType,
    /// That store.
    pub store: String,
}

/// What has to be done so that a version's copies are as wanted.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Reshape {
    /// Copies to make.
    pub add: Vec<NewCopy>,
    /// Copies that can go once the others are there; those that machines need least come first to go.
    pub drop: Vec<HeldCopy>,
}

/// Compares the copies that are held with the wish. Copies of another kind of store than the wanted one are replaced;
/// of those that are too many, the ones that stay are in use, ready, and the oldest.
///
/// New copies in zones go where the fewest copies of the version are, so that they are spread. Rule A50.
#[must_use]
pub fn reshape(held: &[HeldCopy], wanted: &[TargetRegion], regions: &Regions) -> Reshape {
    let mut change = Reshape::default();
    for target in wanted {
        let mut here: Vec<&HeldCopy> = held.iter().filter(|c| c.region == target.region).collect();
        here.sort_by_key(|copy| (copy.machines == 0, !copy.is_ready, copy.ordinal));
        let storage = target.storage_in(regions);
        let kept: Vec<&HeldCopy> = here
            .iter()
            .filter(|copy| copy.storage == storage)
            .take(target.replicas as usize)
            .copied()
            .collect();
        let mut stores: Vec<String> = kept.iter().map(|copy| copy.store.clone()).collect();
        let mut taken: BTreeSet<i32> = here.iter().map(|copy| copy.ordinal).collect();
        for _ in kept.len()..target.replicas as usize {
            let ordinal = (1..).find(|n| !taken.contains(n)).unwrap_or(i32::MAX);
            let store = least_used(&stores_of(&target.region, storage, regions), &stores);
            taken.insert(ordinal);
            stores.push(store.clone());
            change.add.push(NewCopy {
                region: target.region.clone(),
                ordinal,
                storage,
                store,
            });
        }
        let surplus = here.iter().filter(|copy| !kept.contains(copy));
        change.drop.extend(surplus.copied().cloned());
    }
    let is_wanted = |copy: &HeldCopy| wanted.iter().any(|t| t.region == copy.region);
    change
        .drop
        .extend(held.iter().filter(|copy| !is_wanted(copy)).cloned());
    change
}

/// The stores that new copies in a region go to, each with how many.
#[must_use]
pub fn spread(target: &TargetRegion, regions: &Regions) -> BTreeMap<String, u64> {
    let mut stores = BTreeMap::new();
    for copy in reshape(&[], std::slice::from_ref(target), regions).add {
        *stores.entry(copy.store).or_default() += 1;
    }
    stores
}

fn stores_of(region: &str, storage: StorageType, regions: &Regions) -> Vec<String> {
    regions
        .find(region)
        .map(|region| region.stores(storage))
        .filter(|stores| !stores.is_empty())
        .unwrap_or_else(|| vec![region.to_owned()])
}

fn least_used(stores: &[String], used: &[String]) -> String {
    let count = |store: &String| used.iter().filter(|other| *other == store).count();
    stores
        .iter()
        .min_by_key(|store| count(store))
        .cloned()
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::region::Region;

    fn regions() -> Regions {
        Regions(vec![
            Region {
                name: "a".to_owned(),
                zones: vec!["1".to_owned(), "2".to_owned(), "3".to_owned()],
                has_premium: true,
                ..Region::default()
            },
            Region {
                name: "b".to_owned(),
                ..Region::default()
            },
        ])
    }

    fn copy(region: &str, ordinal: i32, storage: StorageType, machines: u64) -> HeldCopy {
        HeldCopy {
            id: Uuid::from_u128(ordinal.unsigned_abs().into()),
            region: region.to_owned(),
            ordinal,
            storage,
            store: region.to_owned(),
            is_ready: true,
            machines,
        }
    }

    fn want(region: &str, replicas: u32, storage: StorageType) -> TargetRegion {
        TargetRegion {
            storage: Some(storage),
            ..TargetRegion::new(region, replicas)
        }
    }

    #[test]
    fn rule_a50_copies_in_zones_are_spread_across_them() {
        let change = reshape(&[], &[want("a", 4, StorageType::Zones)], &regions());
        let stores: Vec<&str> = change.add.iter().map(|new| new.store.as_str()).collect();
        assert_eq!(stores, ["a.zone-1", "a.zone-2", "a.zone-3", "a.zone-1"]);
    }

    #[test]
    fn rule_a50_the_default_is_zones_where_there_are_some() {
        let wish = [TargetRegion::new("a", 1), TargetRegion::new("b", 1)];
        let change = reshape(&[], &wish, &regions());
        let kinds: Vec<StorageType> = change.add.iter().map(|new| new.storage).collect();
        assert_eq!(kinds, [StorageType::Zones, StorageType::Standard]);
    }

    #[test]
    fn rule_a52_another_kind_of_store_replaces_the_copies_one_by_one() {
        let held = [
            copy("a", 1, StorageType::Standard, 0),
            copy("a", 2, StorageType::Standard, 0),
        ];
        let change = reshape(&held, &[want("a", 2, StorageType::Premium)], &regions());
        let added: Vec<(i32, &str)> = change
            .add
            .iter()
            .map(|n| (n.ordinal, n.store.as_str()))
            .collect();
        assert_eq!(added, [(3, "a.premium"), (4, "a.premium")]);
        assert_eq!(change.drop.len(), 2);
    }

    #[test]
    fn rule_a46_of_too_many_copies_those_that_machines_use_stay() {
        let held = [
            copy("b", 1, StorageType::Standard, 0),
            copy("b", 2, StorageType::Standard, 3),
            copy("b", 3, StorageType::Standard, 0),
        ];
        let change = reshape(&held, &[want("b", 2, StorageType::Standard)], &regions());
        assert_eq!(change.add, []);
        let dropped: Vec<i32> = change.drop.iter().map(|copy| copy.ordinal).collect();
        assert_eq!(dropped, [3]);
    }

    #[test]
    fn a_region_that_is_not_wanted_any_more_loses_its_copies() {
        let held = [
            copy("a", 1, StorageType::Zones, 0),
            copy("b", 1, StorageType::Standard, 0),
        ];
        let change = reshape(&held, &[want("a", 1, StorageType::Zones)], &regions());
        assert_eq!((change.add.len(), change.drop.len()), (0, 1));
        assert_eq!(change.drop[0].region, "b");
    }
}
