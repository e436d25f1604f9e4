//! Levels of grey: of the ground, of full ink, and how strong a level is between them.

/// A level counts as ground, or as still in range, up to one in so many of the levels
/// between ground and full ink.
const CLOSE: u8 = 8;

/// The levels of images that have ink on a ground.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Levels {
    /// The level of the ground.
    pub ground: u8,
    /// The level of full ink.
    pub full: u8,
}

impl Levels {
    /// Those of MNIST's images.
    pub const MNIST: Self = Self {
        ground: 0,
        full: 255,
    };

    /// Whether ink is lighter than its ground.
    pub fn is_lighter(self) -> bool {
        self.full >= self.ground
    }

    /// How many levels ink has.
    pub fn contrast(self) -> u8 {
        self.full.abs_diff(self.ground)
    }

    /// A strength from 0 to 255 as a level, rounded half up in strength.
    pub fn level(self, strength: u8) -> u8 {
        let by = (u32::from(strength) * u32::from(self.contrast()) + 127) / 255;
        // At most as many as there are levels between the two.
        let by = by as u8;
        match self.is_lighter() {
            true => self.ground + by,
            false => self.ground - by,
        }
    }

    /// How strong a level is, from 0 at the ground to 255 at full ink and beyond.
    pub fn strength(self, level: u8) -> u8 {
        let by = match self.is_lighter() {
            true => level.saturating_sub(self.ground),
            false => self.ground.saturating_sub(level),
        };
        let contrast = u32::from(self.contrast()).max(1);
        let strength = (u32::from(by) * 255 + contrast / 2) / contrast;
        strength.min(255) as u8
    }

    /// Whether a level is about that of the ground.
    pub fn is_ground(self, level: u8) -> bool {
        level.abs_diff(self.ground) <= self.contrast() / CLOSE
    }

    /// Whether a level is between ground and full ink, or little beyond.
    pub fn has(self, level: u8) -> bool {
        let beyond = self.contrast() / CLOSE;
        let (least, most) = (self.ground.min(self.full), self.ground.max(self.full));
        (least.saturating_sub(beyond)..=most.saturating_add(beyond)).contains(&level)
    }

    /// Whether images with these levels can be compared with images that have the
    /// others: about the same ground, and no less than two thirds of the contrast.
    pub(super) fn are_like(self, other: Self) -> bool {
        let [less, more] = [self, other].map(|levels| u32::from(levels.contrast()));
        let (less, more) = (less.min(more), less.max(more));
        self.is_ground(other.ground) && other.is_ground(self.ground) && 3 * less >= 2 * more
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_and_strengths_are_each_others_inverse() {
        for (ground, full) in [(0, 255), (0, 15), (0, 1), (255, 0), (20, 120), (16, 0)] {
            let levels = Levels { ground, full };
            for level in ground.min(full)..=ground.max(full) {
                assert_eq!(levels.level(levels.strength(level)), level);
            }
        }
    }
}
