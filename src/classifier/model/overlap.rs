//! Which of several parts have samples in common.

use std::collections::BTreeMap;

use crate::data::shard::Shard;

/// What a part has in common with another, each known by its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Overlap {
    /// All of its shards are in the other as well.
    AllIn(usize),
    /// So many of its shards are in others, this one among them, but not all in one.
    Shares {
        /// The other.
        other: usize,
        /// How many are in others.
        shards: usize,
    },
}

/// For each part, what it has in common with a larger one, or an equal one before it, by
/// their shards. It does not depend on the order but where parts are equal.
pub fn overlaps(parts: &[Vec<Shard>]) -> Vec<Option<Overlap>> {
    let mut found = vec![None; parts.len()];
    let mut largest_first: Vec<usize> = (0..parts.len()).collect();
    largest_first.sort_by_key(|&part| usize::MAX - parts[part].len());
    let mut owners: BTreeMap<u128, usize> = BTreeMap::new();
    for part in largest_first {
        let shards = &parts[part];
        let owned: Vec<usize> = (shards.iter())
            .filter_map(|shard| owners.get(&shard.digest).copied())
            .collect();
        found[part] = owned.first().map(|&other| {
            let is_one = owned.iter().all(|&owner| owner == other);
            match is_one && owned.len() == shards.len() {
                true => Overlap::AllIn(other),
                false => Overlap::Shares {
                    other,
                    shards: owned.len(),
                },
            }
        });
        if owned.is_empty() {
            owners.extend(shards.iter().map(|shard| (shard.digest, part)));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(digests: &[&[u128]]) -> Vec<Vec<Shard>> {
        let shard = |&digest: &u128| Shard {
            digest,
            samples: 1,
            classes: 1,
            dataset: String::new(),
            set: String::new(),
        };
        let part = |digests: &&[u128]| digests.iter().map(shard).collect();
        digests.iter().map(part).collect()
    }

    #[test]
    fn parts_in_others_and_parts_that_share_are_found() {
        let of = |digests: &[&[u128]]| overlaps(&parts(digests));
        assert_eq!(of(&[&[1], &[2], &[3, 4]]), [None; 3]);
        // In any order.
        assert_eq!(of(&[&[1], &[1, 2]]), [Some(Overlap::AllIn(1)), None]);
        assert_eq!(of(&[&[1, 2], &[2]]), [None, Some(Overlap::AllIn(0))]);
        assert_eq!(of(&[&[7], &[7]]), [None, Some(Overlap::AllIn(0))]);
        let (all, two) = (Some(Overlap::AllIn(2)), &[2, 1][..]);
        assert_eq!(of(&[two, &[1], &[1, 2, 3]]), [all, all, None]);
        let shares = |other, shards| Some(Overlap::Shares { other, shards });
        assert_eq!(of(&[&[1, 2], &[2, 3]]), [None, shares(0, 1)]);
        // All in others, but not in one.
        assert_eq!(of(&[&[1], &[1, 2], &[3, 4], &[2, 3]])[3], shares(1, 2));
        assert!(of(&[]).is_empty());
    }
}
