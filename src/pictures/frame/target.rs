//! The frame that a model's images are in, and pictures brought into it.

use std::borrow::Cow;

use super::{Frame, Framed, Ink, Place, Polarity, canonical, ground, plain, whole};
use crate::classifier::levels::Levels;
use crate::classifier::model::ModelFile;
use crate::data::picture::Picture;
use crate::error::Result;

/// In images with a side of at least so many pixels, ink can be seen to be out of
/// MNIST's frame; smaller ones are too coarse.
const FINE: usize = 20;

/// An image whose strongest ink is fainter than this was saved at another scale.
const FAINT: u8 = 128;

/// What the images of a model look like, for pictures to look alike.
#[derive(Clone, Debug)]
pub struct Target {
    pub(super) rows: usize,
    pub(super) columns: usize,
    /// `None` where the images have no ground of one shade.
    levels: Option<Levels>,
    pub(super) place: Place,
    notes: Vec<String>,
}

impl Target {
    /// Images of MNIST's look, in any size.
    pub fn mnist(rows: usize, columns: usize) -> Self {
        Self {
            rows,
            columns,
            levels: Some(Levels::MNIST),
            place: Place::mnists(rows, columns),
            notes: Vec::new(),
        }
    }

    /// The look of a model's images; where the model does not know it, MNIST's.
    ///
    /// # Errors
    /// When the model is not one of images.
    pub fn of(file: &ModelFile) -> Result<Self> {
        let [rows, columns] = file.image_size()?;
        let mut target = Self::mnist(rows, columns);
        match file.model.look() {
            Some(look) => target.levels = look.levels(),
            None => target.notes.push(
                "the model does not say what its images look like, so pictures are made to look \
                 like MNIST's"
                    .into(),
            ),
        }
        if let Some(levels) = target.levels {
            let sums = file.model.sums().levels()?;
            target.place = Place::of(sums, rows, columns, levels);
        }
        Ok(target)
    }

    /// What cannot be known of the model's images, a sentence each.
    pub fn notes(&self) -> &[String] {
        &self.notes
    }

    /// Rows and columns of the images.
    pub fn size(&self) -> [usize; 2] {
        [self.rows, self.columns]
    }

    /// Whether the model's images have a ground of one shade, so that pictures of
    /// any size can be made to look like them.
    pub fn has_ground(&self) -> bool {
        self.levels.is_some()
    }

    /// A picture as an image of this look; `None` where it is blank, or where the
    /// model's images have no ground and neither their size nor the frame fits.
    pub fn framed(&self, frame: Frame, picture: &Picture) -> Option<Framed> {
        let Some(levels) = self.levels else {
            let has_size = [picture.rows(), picture.columns()] == self.size();
            return (has_size || frame == Frame::Plain).then(|| self.as_it_is(picture));
        };
        if frame == Frame::Canonical
            && let Some(framed) = self.taken(picture, levels)
        {
            return Some(framed);
        }
        let is_own = has_levels(picture, levels, ground::level(picture));
        let strengths = in_strengths(picture, levels, is_own);
        let framed = match frame {
            Frame::Canonical => canonical(&Ink::of(&strengths)?, self),
            Frame::Plain => plain(&Ink::whole(&strengths)?, self.rows, self.columns),
        };
        Some(in_levels(framed, levels, is_own))
    }

    /// A picture of the images' own size, or one that was enlarged from it, as it
    /// is, unless it can be seen not to be in their frame.
    fn taken(&self, picture: &Picture, levels: Levels) -> Option<Framed> {
        let times = picture.rows() / self.rows;
        let small = picture.reduced(times)?;
        if [small.rows(), small.columns()] != self.size() {
            return None;
        }
        let is_own = has_levels(&small, levels, ground::outermost(&small));
        let in_own_strengths = || Ink::all(&in_strengths(&small, levels, is_own));
        let framed = if self.is_sharp() {
            let ink = in_own_strengths()?.strengthened();
            let framed = canonical(&ink, self);
            let is_there = framed.pixels == ink.levels();
            in_levels(is_there.then_some(framed)?, levels, is_own)
        } else if is_own && !is_faint(&small, levels) {
            self.as_it_is(&small)
        } else {
            let ink = in_own_strengths()?;
            let ink = match ink.levels().iter().all(|&level| level < FAINT) {
                true => ink.strengthened(),
                false => ink,
            };
            in_levels(plain(&ink, self.rows, self.columns), levels, is_own)
        };
        Some(Framed {
            crop: framed.crop.enlarged(times),
            scale: framed.scale / times as f64,
            ..framed
        })
    }

    /// Whether it can be seen of an image that it is not in this frame.
    fn is_sharp(&self) -> bool {
        self.place.is_mnists && self.rows.min(self.columns) >= FINE
    }

    fn as_it_is(&self, picture: &Picture) -> Framed {
        let of = [picture.rows(), picture.columns()];
        // Without a ground nothing says which is the ink.
        let polarity = self.levels.map_or(Polarity::LightOnDark, polarity);
        whole(picture.levels(), of, self.size(), polarity)
    }
}

fn polarity(levels: Levels) -> Polarity {
    match levels.is_lighter() {
        true => Polarity::LightOnDark,
        false => Polarity::DarkOnLight,
    }
}

/// Whether a picture has these levels, on this ground.
fn has_levels(picture: &Picture, levels: Levels, ground: u8) -> bool {
    levels.is_ground(ground) && picture.levels().iter().all(|&level| levels.has(level))
}

fn is_faint(picture: &Picture, levels: Levels) -> bool {
    let mut strengths = picture.levels().iter().map(|&level| levels.strength(level));
    strengths.all(|strength| strength < FAINT)
}

/// A picture whose levels are those of the images, in MNIST's levels; any other as
/// it is.
fn in_strengths(picture: &Picture, levels: Levels, is_own: bool) -> Cow<'_, Picture> {
    match is_own && levels != Levels::MNIST {
        true => Cow::Owned(picture.mapped(|level| levels.strength(level))),
        false => Cow::Borrowed(picture),
    }
}

/// An image of MNIST's levels in these, of a picture that had them or others.
fn in_levels(framed: Framed, levels: Levels, is_own: bool) -> Framed {
    let pixels = framed.pixels.iter();
    let polarity = match is_own {
        true => polarity(levels),
        false => framed.polarity,
    };
    Framed {
        pixels: pixels.map(|&strength| levels.level(strength)).collect(),
        polarity,
        ..framed
    }
}
