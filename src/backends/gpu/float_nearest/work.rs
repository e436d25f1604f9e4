//! How the products of samples and classes are cut into dispatches and submissions, so that
//! each ends in time on a slow device as well.

use super::tiles::TILE;

/// How much is done at a time. The results do not depend on it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    /// The most bytes of classes on the device, where they are cut at all.
    pub(super) class_bytes: u64,
    /// The most products of a dispatch.
    in_dispatch: usize,
    /// The most products of one workgroup, which may run on a small part of a device.
    in_workgroup: usize,
    /// The most products of a submission.
    in_submission: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            class_bytes: 256 << 20,
            // Less than half a second where 20 billion products take one, on a small GPU.
            in_dispatch: 1 << 33,
            in_workgroup: 1 << 30,
            // Software adapters take a second for a few billion.
            in_submission: 1 << 35,
        }
    }
}

impl Limits {
    /// One tile at a time.
    pub(super) fn least() -> Self {
        Self {
            class_bytes: 0,
            in_dispatch: 0,
            in_workgroup: 0,
            in_submission: 0,
        }
    }

    /// One tile of classes to a dispatch, and a few dispatches to a submission.
    #[cfg(test)]
    pub(super) fn small() -> Self {
        Self {
            in_workgroup: 0,
            ..Self::default()
        }
    }
}

/// The tiles that are taken at a time; at least one of each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Work {
    /// Tiles of samples of a submission and of each of its dispatches, one to a workgroup.
    pub(super) sample_tiles: usize,
    /// Tiles of classes of a dispatch.
    pub(super) class_tiles: usize,
}

impl Work {
    /// For rows of `dim` values, all of these tiles of classes, and at most so many
    /// workgroups.
    pub(super) fn new(limits: &Limits, dim: usize, class_tiles: usize, workgroups: usize) -> Self {
        let of_two_tiles = TILE * TILE * dim;
        let at_once = (limits.in_workgroup / of_two_tiles).clamp(1, class_tiles);
        let by_dispatch = limits.in_dispatch / (of_two_tiles * at_once);
        let by_submission = limits.in_submission / (of_two_tiles * class_tiles);
        Self {
            sample_tiles: by_dispatch.min(by_submission).clamp(1, workgroups),
            class_tiles: at_once,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinary_work_is_one_dispatch() {
        let work = Work::new(&Limits::default(), 768, 16, 65_535);
        assert_eq!(work.class_tiles, 16);
        assert!(work.sample_tiles * TILE >= 10_000, "{work:?}");
    }

    #[test]
    fn no_work_is_too_much() {
        let limits = Limits::default();
        for (dim, class_tiles) in [(16, 1), (16, 1024), (20_000, 200), (1 << 20, 1)] {
            let work = Work::new(&limits, dim, class_tiles, 65_535);
            let least = TILE * TILE * dim;
            let one = least * work.class_tiles;
            assert!(one <= limits.in_workgroup.max(least), "{work:?}");
            assert!(one * work.sample_tiles <= limits.in_dispatch, "{work:?}");
            let all = least * class_tiles * work.sample_tiles;
            assert!(all <= limits.in_submission, "{work:?}");
            assert!((1..=65_535).contains(&work.sample_tiles));
        }
        let least = Work::new(&Limits::least(), 16, 9, 65_535);
        assert_eq!([least.sample_tiles, least.class_tiles], [1, 1]);
    }
}
