//! Brings a drawn picture into the frame that a model's images have.
//!
//! MNIST's own frame: grey 0 = background, the longest side of the ink 20
//! pixels, its centre of mass at (14.0, 14.0), counted from 0, on 28 × 28
//! (LeCun, Cortes, Burges: "The MNIST database of handwritten digits").
//! Images of another size have the same frame in proportion.
//!
//! Everything is computed in integers, so that a picture comes out the same
//! everywhere, and an image that is in this frame already comes out as it is.

mod area;
mod ground;
mod ink;
mod inked;
mod lines;
mod part;
mod parts;
mod place;
mod reach;
mod several;
mod target;

pub use area::resized;
pub use ink::{Ink, Polarity};
use place::Place;
pub use target::Target;

use crate::data::picture::Picture;

/// The longest side of the ink in an image of [`OF`] pixels.
const LONGEST: usize = 20;

/// See [`LONGEST`].
const OF: usize = 28;

/// How a picture becomes an image.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Frame {
    /// Cropped to the ink, scaled to MNIST's size, centred by mass.
    #[default]
    Canonical,
    /// The whole picture resized, as the notebook does it.
    Plain,
}

impl Frame {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Canonical, Self::Plain];

    /// Its name on the command line and in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Canonical => "canonical",
            Self::Plain => "plain",
        }
    }

    /// A picture in this frame, on an image of MNIST's look; `None` where it is blank.
    pub fn of_picture(self, picture: &Picture, rows: usize, columns: usize) -> Option<Framed> {
        Target::mnist(rows, columns).framed(self, picture)
    }
}

/// A part of a picture, in its pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Crop {
    /// Rows above it.
    pub top: usize,
    /// Columns left of it.
    pub left: usize,
    /// Its rows.
    pub rows: usize,
    /// Its columns.
    pub columns: usize,
}

impl Crop {
    /// The same part of a picture whose pixels are squares of `times` × `times`.
    fn enlarged(self, times: usize) -> Self {
        Self {
            top: self.top * times,
            left: self.left * times,
            rows: self.rows * times,
            columns: self.columns * times,
        }
    }
}

/// What a model is shown of a picture, and how it came about.
#[derive(Clone, Debug, PartialEq)]
pub struct Framed {
    /// The image, `rows × columns` levels.
    pub pixels: Vec<u8>,
    /// Whether the ink was lighter than its ground.
    pub polarity: Polarity,
    /// What was taken of the picture.
    pub crop: Crop,
    /// Pixels of the image for one of the picture, along the longest side.
    pub scale: f64,
    /// By how many pixels the ink was moved down and right of the middle of
    /// the image, to have its centre of mass where the model's images have it.
    pub shift: [i64; 2],
    /// What may be wrong with it, a sentence each.
    pub notes: Vec<String>,
}

fn canonical(ink: &Ink, target: &Target) -> Framed {
    let (rows, columns) = (target.rows, target.columns);
    let longest = target.place.longest;
    let crop = ink.bounds();
    let cropped = ink.cut(crop);
    let fit = |size: usize| {
        let side = crop.rows.max(crop.columns);
        // Rounded half up, and never nothing.
        ((2 * size * longest + side) / (2 * side)).max(1)
    };
    let size = [fit(crop.rows), fit(crop.columns)];
    let scaled = resized(&cropped, [crop.rows, crop.columns], size);
    let [down, right] = centre(&scaled, size[1]);
    let top = offset(down, target.place.twice_centre[0], rows - size[0]);
    let left = offset(right, target.place.twice_centre[1], columns - size[1]);
    let mut pixels = vec![0; rows * columns];
    for (row, levels) in scaled.chunks_exact(size[1]).enumerate() {
        pixels[(top + row) * columns + left..][..size[1]].copy_from_slice(levels);
    }
    let several = "the ink is in several parts or wider than a digit, and was read as one digit";
    let notes = if ink.is_several() {
        vec![several.into()]
    } else {
        Vec::new()
    };
    // A pixel off the middle where both cannot be in it.
    let moved = |to: usize, whole: usize, part: usize| to as i64 - ((whole - part) / 2) as i64;
    Framed {
        pixels,
        polarity: ink.polarity(),
        crop,
        scale: longest as f64 / crop.rows.max(crop.columns) as f64,
        shift: [moved(top, rows, size[0]), moved(left, columns, size[1])],
        notes,
    }
}

fn plain(ink: &Ink, rows: usize, columns: usize) -> Framed {
    let of = [ink.rows(), ink.columns()];
    whole(ink.levels(), of, [rows, columns], ink.polarity())
}

/// All of a picture, resized.
fn whole(levels: &[u8], of: [usize; 2], to: [usize; 2], polarity: Polarity) -> Framed {
    let along = usize::from(of[1] > of[0]);
    Framed {
        pixels: resized(levels, of, to),
        polarity,
        crop: Crop {
            top: 0,
            left: 0,
            rows: of[0],
            columns: of[1],
        },
        scale: to[along] as f64 / of[along] as f64,
        shift: [0, 0],
        notes: Vec::new(),
    }
}

/// A centre of mass, along one axis: a sum of places by mass, and the mass.
#[derive(Clone, Copy)]
struct Centre {
    moment: u64,
    mass: u64,
}

/// The centre of mass of levels in rows of `columns`: down and right.
fn centre(levels: &[u8], columns: usize) -> [Centre; 2] {
    let mut centres = [Centre { moment: 0, mass: 0 }; 2];
    for (place, &level) in levels.iter().enumerate() {
        let (row, column) = (place / columns, place % columns);
        for (centre, at) in centres.iter_mut().zip([row, column]) {
            centre.moment += at as u64 * u64::from(level);
            centre.mass += u64::from(level);
        }
    }
    centres
}

/// Where something with this centre begins, so that the centre, rounded half up, is
/// at half of `twice_to`; at most so far down or right that nothing falls off.
fn offset(centre: Centre, twice_to: i64, most: usize) -> usize {
    let Centre { moment, mass } = centre;
    // Of ink that scaling has thinned to nothing there is no centre.
    let mass = mass.max(1) as i64;
    let twice = 2 * moment as i64 - twice_to * mass;
    (-(twice + mass).div_euclid(2 * mass)).clamp(0, most as i64) as usize
}
