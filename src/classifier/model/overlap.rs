//! Which of several parts have samples in common.

use crate::data::shard::{Known, Shard};

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
    /// Some rows of a source are in the other as well, under other shards.
    Rows(usize),
}

/// For each part, what it has in common with a larger one, or an equal one before it, by
/// their shards. It does not depend on the order but where parts are equal.
pub fn overlaps(parts: &[Vec<Shard>]) -> Vec<Option<Overlap>> {
    let mut found = vec![None; parts.len()];
    let mut largest_first: Vec<usize> = (0..parts.len()).collect();
    largest_first.sort_by_key(|&part| usize::MAX - parts[part].len());
    let mut owners: Known<usize> = Known::default();
    for part in largest_first {
        let shards = &parts[part];
        let owned: Vec<usize> = (shards.iter())
            .filter_map(|shard| owners.same(shard))
            .collect();
        let overlapping = shards.iter().find_map(|shard| owners.overlapping(shard));
        found[part] = match (owned.first(), overlapping) {
            (_, Some(other)) => Some(Overlap::Rows(other)),
            (None, None) => None,
            (Some(&other), None) => {
                let is_one = owned.iter().all(|&owner| owner == other);
                Some(match is_one && owned.len() == shards.len() {
                    true => Overlap::AllIn(other),
                    false => Overlap::Shares {
                        other,
                        shards: owned.len(),
                    },
                })
            }
        };
        if found[part].is_none() {
            shards.iter().for_each(|shard| owners.insert(shard, part));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::shard::{Origin, Rows};

    fn parts(digests: &[&[u128]]) -> Vec<Vec<Shard>> {
        let shard = |&digest: &u128| Shard {
            digest,
            samples: 1,
            classes: 1,
            dataset: String::new(),
            set: String::new(),
            rows: None,
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

    #[test]
    fn rows_of_one_source_are_counted_once() {
        let of = |rows: &[(u128, u64, u64, u64)]| {
            let part = |&(digest, first, end, length): &(u128, u64, u64, u64)| {
                let origin = Origin { length, digest: 1 };
                let mut shards = parts(&[&[digest]]).remove(0);
                shards[0].rows = Some(Rows { first, end, origin });
                shards
            };
            overlaps(&rows.iter().map(part).collect::<Vec<_>>())
        };
        // Equal samples in other rows are others.
        assert_eq!(of(&[(1, 0, 5, 9), (2, 5, 7, 9), (1, 7, 12, 9)]), [None; 3]);
        let (all, some) = (Some(Overlap::AllIn(0)), Some(Overlap::Rows(0)));
        assert_eq!(of(&[(1, 0, 5, 9), (1, 0, 5, 9)]), [None, all]);
        assert_eq!(of(&[(1, 0, 5, 9), (2, 4, 6, 9)]), [None, some]);
        assert_eq!(of(&[(1, 3, 5, 9), (2, 2, 4, 9)]), [None, some]);
        assert_eq!(of(&[(1, 3, 5, 9), (2, 0, 9, 9)]), [None, some]);
        // Equal samples in rows that overlap are not the same.
        assert_eq!(of(&[(1, 0, 5, 9), (1, 3, 8, 9)]), [None, some]);
        // Of another source nothing is known, unless all samples are equal.
        assert_eq!(of(&[(1, 0, 5, 9), (2, 4, 6, 8)]), [None; 2]);
        assert_eq!(of(&[(1, 0, 5, 9), (1, 4, 9, 8)]), [None, all]);
    }
}
