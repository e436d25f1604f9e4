//! The nested subsets of one order.

use crate::classifier::class_sums::ClassSums;
use crate::error::Result;

/// What has to be summed up for the subsets of one order: what each adds to the one before
/// it. The largest subset may be told by what it leaves out, where that is less.
pub(super) struct Subsets {
    draws: Vec<Vec<u32>>,
    last_left_out: bool,
}

impl Subsets {
    /// Of what each subset adds to the one before it, and what the last leaves out.
    pub(super) fn new(mut increments: Vec<Vec<u32>>) -> Self {
        let left_out = increments.pop().unwrap_or_default();
        let last = increments.last_mut();
        let last = last.filter(|last| left_out.len() < last.len());
        let last_left_out = last.is_some();
        if let Some(last) = last {
            *last = left_out;
        }
        Self {
            draws: increments,
            last_left_out,
        }
    }

    /// The images to sum up, one draw for each subset.
    pub(super) fn draws(&self) -> impl Iterator<Item = &[u32]> {
        self.draws.iter().map(Vec::as_slice)
    }

    /// Makes of the sums of these draws those of the subsets; `all` are the sums of all
    /// images.
    pub(super) fn nest(&self, sums: &mut [ClassSums], all: &ClassSums) -> Result<()> {
        let (last, others) = match sums.split_last_mut() {
            Some((last, others)) if self.last_left_out => (Some(last), others),
            _ => (None, sums),
        };
        if let Some(last) = last {
            *last = all.without(last)?;
        }
        for size in 1..others.len() {
            let (before, own) = others.split_at_mut(size);
            own[0] += &before[size - 1];
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::classifier::level_sums::LevelSums;

    #[test]
    fn the_last_is_told_by_what_is_less() -> Result<()> {
        // Of image i the only pixel is i + 1.
        let sums = |draw: &[u32]| {
            let sum = draw.iter().map(|&index| u64::from(index) + 1).sum();
            LevelSums::new(1, vec![draw.len() as u64], vec![sum]).map(ClassSums::from)
        };
        let all = sums(&[0, 1, 2, 3, 4, 5])?;
        for (increments, drawn) in [
            ([vec![4], vec![0], vec![1, 2, 3], vec![5]], 1),
            ([vec![4], vec![0], vec![1], vec![2, 3, 5]], 1),
            ([vec![4], vec![0], vec![1, 2, 3, 5], vec![]], 0),
        ] {
            let subsets = [
                sums(&increments[0])?,
                sums(&increments[..2].concat())?,
                sums(&increments[..3].concat())?,
            ];
            let found = Subsets::new(increments.to_vec());
            let mut nested = found.draws().map(sums).collect::<Result<Vec<_>>>()?;
            assert_eq!(nested[2].samples(), drawn);
            found.nest(&mut nested, &all)?;
            assert_eq!(nested, subsets);
        }
        Ok(())
    }
}
