//! What was found of a sample among some classes, and the decisions from all of it.

use bytemuck::{Pod, Zeroable};

use super::bounds::FAR;
use crate::classifier::predictions::Decision;

/// The least bounds of scores, as the shader writes them.
#[derive(Clone, Copy, Debug, PartialEq, Pod, Zeroable)]
#[repr(C)]
pub(super) struct Found {
    /// The least lower bound, and the second least.
    low: f32,
    second: f32,
    /// The least upper bound.
    reach: f32,
    /// The class of the least lower bound.
    class: u32,
    /// Classes that are nearer than the sample's own, and those that may be.
    nearer: u32,
    nearer_at_most: u32,
}

impl Found {
    /// Of no class.
    pub(super) const NOTHING: Self = Self {
        low: FAR,
        second: FAR,
        reach: FAR,
        class: 0,
        nearer: 0,
        nearer_at_most: 0,
    };

    /// Of one class, from the bounds of its score.
    pub(super) fn of(class: u16, [low, reach]: [f32; 2]) -> Self {
        Self {
            low,
            second: FAR,
            reach,
            class: class.into(),
            ..Self::NOTHING
        }
    }

    /// The same of a sample whose own class cannot be nearest: all stand before it.
    pub(super) fn behind_all(self) -> Self {
        Self {
            nearer: u32::MAX,
            nearer_at_most: u32::MAX,
            ..self
        }
    }

    /// Adds what was found among other classes.
    pub(super) fn add(&mut self, other: &Self) {
        self.second = self.second.min(other.second).min(self.low.max(other.low));
        if other.low < self.low {
            (self.low, self.class) = (other.low, other.class);
        }
        self.reach = self.reach.min(other.reach);
        self.nearer = self.nearer.saturating_add(other.nearer);
        self.nearer_at_most = self.nearer_at_most.saturating_add(other.nearer_at_most);
    }

    /// The class of the least score is among those whose lower bound is within reach; it
    /// is certain where there is only one.
    pub(super) fn decision(&self) -> Decision {
        Decision::new(self.class as u16, self.reach < self.second)
    }

    /// Whether the sample's own class, whose place was asked for, is among so many nearest;
    /// `None` where that is in doubt.
    pub(super) fn is_within(&self, places: usize) -> Option<bool> {
        match [self.nearer, self.nearer_at_most].map(|count| (count as usize) < places) {
            [false, _] => Some(false),
            [true, true] => Some(true),
            [true, false] => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_class_within_reach_is_certain() {
        let decide = |classes: &[(u16, [f32; 2])]| {
            let mut all = Found::NOTHING;
            for &(class, bounds) in classes {
                all.add(&Found::of(class, bounds));
            }
            all.decision()
        };
        assert!(!decide(&[]).is_certain());
        assert_eq!(decide(&[(7, [1.0, 2.0])]), Decision::new(7, true));
        let [near, close, far] = [(3, [-1.0, 1.0]), (2, [1.0, 3.0]), (9, [1.5, 2.0])];
        assert_eq!(decide(&[near, far]), Decision::new(3, true));
        assert_eq!(decide(&[far, near]), Decision::new(3, true));
        assert!(!decide(&[far, close, near]).is_certain());
        assert!(!decide(&[near, near]).is_certain());
        // The class with the least upper bound need not have the least lower one.
        assert!(!decide(&[(1, [-2.0, 9.0]), near, far]).is_certain());
    }

    #[test]
    fn a_place_is_certain_where_no_class_can_change_it() {
        let counted = |nearer, nearer_at_most| Found {
            nearer,
            nearer_at_most,
            ..Found::NOTHING
        };
        let mut found = counted(1, 2);
        found.add(&counted(2, 2));
        let places = [1, 3, 4, 5].map(|places| found.is_within(places));
        assert_eq!(places, [Some(false), Some(false), None, Some(true)]);
        let mut last = Found::NOTHING.behind_all();
        last.add(&found);
        assert_eq!(last.is_within(1 << 16), Some(false));
    }
}
