//! What is close to ink.

use super::parts::Run;

/// Soft edges reach this share of the ink's longest side, which is rather more than
/// one pixel of an image of 20.
const SOFT: usize = 14;

/// How far soft edges reach, in pixels.
pub(super) struct Reach(u8);

impl Reach {
    /// Of a digit of this height and width.
    pub(super) fn around([high, wide]: [usize; 2]) -> Self {
        // At most as much as fits in a byte.
        Self((high.max(wide) / SOFT).clamp(2, 255) as u8)
    }
}

/// Of each pixel whether it is in reach of the ink in `runs`.
pub(super) fn within<'a>(
    runs: impl Iterator<Item = &'a Run>,
    Reach(reach): Reach,
    rows: usize,
    columns: usize,
) -> Vec<bool> {
    const BESIDE: u8 = 1;
    const IN_ROW: u8 = 2;
    let mut near = vec![0; rows * columns];
    for run in runs {
        let beside = usize::from(reach);
        let around = run.first.saturating_sub(beside)..(run.end + beside).min(columns);
        near[run.row * columns..][..columns][around].fill(IN_ROW);
    }
    // Down and up from what is near in its own row.
    let mut left = vec![0; columns];
    let mut spread = |row: usize| {
        let pixels = near[row * columns..][..columns].iter_mut();
        for (near, left) in pixels.zip(&mut left) {
            match (*near, *left) {
                (IN_ROW, _) => *left = reach,
                (_, 0) => {}
                _ => (*near, *left) = (BESIDE, *left - 1),
            }
        }
    };
    (0..rows).for_each(&mut spread);
    (0..rows).rev().for_each(&mut spread);
    near.into_iter().map(|near| near > 0).collect()
}
