//! How the products of samples and classes are cut into dispatches, so that each ends in
//! time on a slow device as well, and has enough workgroups for a fast one.

use super::tiles::{CLASSES, SAMPLES};

/// How much is done at a time. The results do not depend on it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    /// The most bytes of classes on the device, where they are cut at all.
    pub(super) class_bytes: u64,
    /// The most products of a dispatch.
    in_dispatch: usize,
    /// The most products of one workgroup, which may run on a small part of a device.
    in_workgroup: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            class_bytes: 256 << 20,
            // Less than half a second where 20 billion products take one, on a small GPU.
            in_dispatch: 1 << 33,
            in_workgroup: 1 << 30,
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
        }
    }

    /// One tile of classes to a workgroup, and a few workgroups to a dispatch.
    #[cfg(test)]
    pub(super) fn small() -> Self {
        Self {
            in_dispatch: 1 << 20,
            in_workgroup: 0,
            ..Self::default()
        }
    }
}

/// The number of workgroups that keeps a large GPU busy: several on each of more than a
/// hundred multiprocessors.
const ENOUGH: usize = 1024;

/// The most tiles of samples of a dispatch: what is found of them is read back in 48 MiB.
const MOST_SAMPLE_TILES: usize = 8192;

/// The tiles that are taken at a time; at least one of each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Work {
    /// Tiles of samples of a dispatch.
    pub(super) sample_tiles: usize,
    /// Tiles of classes of a dispatch,
    pub(super) class_tiles: usize,
    /// and of one workgroup of it.
    pub(super) tiles_each: usize,
}

impl Work {
    /// For rows of `dim` values, all of these tiles, and at most so many workgroups along
    /// each axis.
    pub(super) fn new(
        limits: &Limits,
        dim: usize,
        [sample_tiles, class_tiles]: [usize; 2],
        workgroups: usize,
    ) -> Self {
        let of_two_tiles = SAMPLES * CLASSES * dim;
        let class_tiles = (limits.in_dispatch / of_two_tiles).clamp(1, class_tiles);
        let sample_tiles = (limits.in_dispatch / (of_two_tiles * class_tiles))
            .clamp(1, sample_tiles)
            .min(workgroups.min(MOST_SAMPLE_TILES));
        let tiles_each = (sample_tiles * class_tiles / ENOUGH)
            .min(limits.in_workgroup / of_two_tiles)
            .clamp(1, class_tiles)
            // There are never more than 4,096 tiles of classes.
            .max(class_tiles.div_ceil(workgroups));
        Self {
            sample_tiles,
            class_tiles,
            tiles_each,
        }
    }

    /// The ranges of classes of a dispatch over so many tiles of them.
    pub(super) fn ranges(&self, class_tiles: usize) -> usize {
        class_tiles.div_ceil(self.tiles_each)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinary_work_is_one_dispatch() {
        let work = Work::new(&Limits::default(), 768, [40, 63], 65_535);
        assert_eq!([work.sample_tiles, work.class_tiles], [40, 63]);
        assert!(work.sample_tiles * work.ranges(63) >= ENOUGH, "{work:?}");
    }

    #[test]
    fn no_work_is_too_much() {
        let limits = Limits::default();
        for (dim, tiles) in [
            (16, [1, 1]),
            (16, [10_000_000, 1]),
            (16, [100_000, 4096]),
            (768, [100_000, 63]),
            (20_000, [500, 400]),
            (1 << 20, [1, 1]),
        ] {
            let work = Work::new(&limits, dim, tiles, 65_535);
            let least = SAMPLES * CLASSES * dim;
            let most = limits.in_workgroup.max(least);
            assert!(least * work.tiles_each <= most, "{work:?}");
            let all = least * work.class_tiles * work.sample_tiles;
            assert!(all <= limits.in_dispatch, "{work:?}");
            // Each workgroup writes 6 KiB.
            let written = work.sample_tiles * work.ranges(work.class_tiles);
            assert!(written * 6144 < 64 << 20, "{work:?}");
            assert!((1..=tiles[0].min(65_535)).contains(&work.sample_tiles));
            assert!((1..=tiles[1]).contains(&work.class_tiles));
        }
        let least = Work::new(&Limits::least(), 16, [9, 9], 65_535);
        assert_eq!(
            [least.sample_tiles, least.class_tiles, least.tiles_each],
            [1; 3]
        );
    }
}
