//! CPU counterpart of `shaders/nearest.wgsl`: squared distances → nearest class and
//! the second least distance.

use crate::classifier::fixed_point::{ABSENT, NOTHING, OUT_FOR_OWN, SURCHARGE_BITS};

/// Both marks of classes that cannot be nearest stand above any surcharge.
const _: () = assert!(ABSENT > OUT_FOR_OWN && OUT_FOR_OWN > 3 << SURCHARGE_BITS);

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
    let own = usize::from(label);
    let own_squared = match (squared.get(own), surcharges.get(own)) {
        (Some(&squared), Some(&surcharge)) if surcharge < OUT_FOR_OWN => {
            squared + surcharge_on(squared, surcharge)
        }
        _ => NOTHING,
    };
    let mut found = FixedNearest {
        class: 0,
        least: NOTHING,
        second: NOTHING,
    };
    // Without branches that depend on the images: they are guessed wrongly, and cost
    // more than the comparisons.
    for (class, (&squared, &surcharge)) in squared.iter().zip(surcharges).enumerate() {
        let others = if surcharge == ABSENT {
            NOTHING
        } else {
            squared
        };
        let squared = if class == own { own_squared } else { others };
        found = FixedNearest {
            class: if squared < found.least {
                class as u16
            } else {
                found.class
            },
            least: squared.min(found.least),
            second: squared.max(found.least).min(found.second),
        };
    }
    found
}

/// `squared · surcharge · 2⁻³⁰`, rounded down.
fn surcharge_on(squared: u64, surcharge: u32) -> u64 {
    ((u128::from(squared) * u128::from(surcharge)) >> SURCHARGE_BITS) as u64
}
