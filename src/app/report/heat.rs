//! The shades of a heat map, each with an ink that can be read on it.

use super::raster::Colour;

/// Shades of a scale.
pub(super) const SHADES: usize = 8;

/// A background and what is written on it.
#[derive(Clone, Copy)]
pub(super) struct Shade {
    pub ground: Colour,
    pub ink: Colour,
}

/// Paper, and what is written on it.
pub(super) const PAPER: Shade = shade(0xffffff, 0x1b1f24);

/// The same at night.
pub(super) const NIGHT: Shade = shade(0x14171b, 0xe7e9ec);

/// From few to many, on paper.
pub(super) const ON_PAPER: [Shade; SHADES] = [
    shade(0xfff1e2, 0x1b1f24),
    shade(0xffe0c2, 0x1b1f24),
    shade(0xfecb9a, 0x1b1f24),
    shade(0xfdb06c, 0x1b1f24),
    shade(0xf6923f, 0x1b1f24),
    shade(0xe3751f, 0x1b1f24),
    shade(0xb2440a, 0xffffff),
    shade(0x7f2704, 0xffffff),
];

/// From few to many, at night.
pub(super) const AT_NIGHT: [Shade; SHADES] = [
    shade(0x2a2019, 0xf3e6da),
    shade(0x3a281a, 0xf3e6da),
    shade(0x50321a, 0xf3e6da),
    shade(0x6b3d16, 0xf3e6da),
    shade(0x874a14, 0xffffff),
    shade(0xd0762a, 0x14171b),
    shade(0xf09d52, 0x14171b),
    shade(0xffcb97, 0x14171b),
];

/// The shade of a count where `greatest` is the greatest; none has none.
pub(super) fn level(count: u64, greatest: u64) -> Option<usize> {
    let (count, greatest) = (u128::from(count), u128::from(greatest));
    let level = (count * SHADES as u128).div_ceil(greatest.max(1));
    (level > 0).then(|| (level as usize).min(SHADES) - 1)
}

const fn shade(ground: u32, ink: u32) -> Shade {
    Shade {
        ground: colour(ground),
        ink: colour(ink),
    }
}

const fn colour(code: u32) -> Colour {
    let [_, red, green, blue] = code.to_be_bytes();
    [red, green, blue]
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As WCAG 2 defines it.
    fn luminance(colour: Colour) -> f64 {
        let linear = colour.map(|level| {
            let level = f64::from(level) / 255.0;
            match level <= 0.040_45 {
                true => level / 12.92,
                false => ((level + 0.055) / 1.055).powf(2.4),
            }
        });
        0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    }

    fn contrast(shade: Shade) -> f64 {
        let (a, b) = (luminance(shade.ground), luminance(shade.ink));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    #[test]
    fn every_count_can_be_read() {
        for shade in [PAPER, NIGHT].iter().chain(&ON_PAPER).chain(&AT_NIGHT) {
            assert!(
                contrast(*shade) >= 4.5,
                "{:?} {}",
                shade.ground,
                contrast(*shade)
            );
        }
    }

    #[test]
    fn more_images_stand_out_more() {
        let falls = |pair: &[Shade]| luminance(pair[0].ground) > luminance(pair[1].ground);
        assert!(ON_PAPER.windows(2).all(falls) && !AT_NIGHT.windows(2).any(falls));
        assert_eq!(level(0, 0), None);
        assert_eq!(level(1, 1), Some(7));
        assert_eq!(level(1, 1_000_000), Some(0));
        let levels: Vec<_> = (1..=118).map(|count| level(count, 118)).collect();
        assert!(levels.is_sorted() && levels[117] == Some(7));
    }
}
