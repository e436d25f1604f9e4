//! CPU counterpart of `shaders/nearest.wgsl`: squared distances → nearest class and
//! the second least distance.

use crate::classifier::fixed_point::{ABSENT, NOTHING, OUT_FOR_OWN, SURCHARGE_BITS};

/// The nearest class of one image, in fixed point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FixedNearest {
    /// The class of least squared distance; the lowest index wins a tie.
    pub class: u16,
    /// The least squared distance.
    pub least: u64,
    /// The second least squared distance, or [`NOTHING`].
    pub second: u64,
}

/// Finds the nearest class from one image's squared distances. `surcharges` has,
/// for each class, what leave-one-out adds to the distance of its own images.
pub fn nearest(squared: &[u64], label: u16, surcharges: &[u32]) -> FixedNearest {
    let mut found = FixedNearest {
        class: 0,
        least: NOTHING,
        second: NOTHING,
    };
    for (class, (&squared, &surcharge)) in squared.iter().zip(surcharges).enumerate() {
        let own = class == usize::from(label);
        if surcharge == ABSENT || own && surcharge == OUT_FOR_OWN {
            continue;
        }
        let squared = if own {
            squared + surcharge_on(squared, surcharge)
        } else {
            squared
        };
        if squared < found.least {
            found = FixedNearest {
                class: class as u16,
                least: squared,
                second: found.least,
            };
        } else if squared < found.second {
            found.second = squared;
        }
    }
    found
}

/// `squared · surcharge · 2⁻³⁰`, rounded down.
fn surcharge_on(squared: u64, surcharge: u32) -> u64 {
    ((u128::from(squared) * u128::from(surcharge)) >> SURCHARGE_BITS) as u64
}
