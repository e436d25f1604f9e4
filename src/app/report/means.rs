//! The result of `ncm means`.

use schemars::JsonSchema;
use serde::Serialize;

use super::colours::Shades;
use super::json::{self, FileKeys};
use super::raster::{MOST_PIXELS, Raster};
use super::table::Table;
use super::terminal::{Grid, Titled, beside};
use super::{MOST_CLASSES, text};
use crate::classifier::class_sums::ClassSums;
use crate::classifier::model::ModelFile;
use crate::error::Result;

/// Means beside each other in a terminal.
const BESIDE: usize = 5;

/// Pixels of a picture's side for one of a mean.
const SCALE: usize = 10;

/// The class means of a model.
pub struct Means<'a> {
    /// The model.
    pub model: &'a ModelFile,
    /// The only class that is of interest.
    pub class: Option<usize>,
    /// What to say of the data that it was made of.
    pub notes: &'a [String],
}

#[derive(Serialize, JsonSchema)]
pub(super) struct Keys<'a> {
    #[serde(flatten)]
    model: FileKeys<'a>,
    means: Vec<MeanKeys>,
}

#[derive(Serialize, JsonSchema)]
struct MeanKeys {
    /// The class.
    class: usize,
    /// Images that the mean is made of.
    images: u64,
    /// Pixels row by row; null for a class without images.
    mean: Option<Vec<f64>>,
}

/// Values of a mean that are shown where it is no picture.
const FIRST: usize = 4;

impl Means<'_> {
    /// As one JSON object.
    pub fn json(&self) -> String {
        let sums = self.model.model.sums();
        let mean = |class| MeanKeys {
            class,
            images: sums.count(class),
            mean: sums.mean(class),
        };
        let keys = Keys {
            model: self.model.into(),
            means: self.classes().map(mean).collect(),
        };
        json::render("means", self.notes, keys)
    }

    /// For a person, in a terminal of `width` characters: the classes that have
    /// images.
    pub fn text(&self, shades: Shades, width: usize) -> String {
        let sums = self.model.model.sums();
        let titled = |class| Titled {
            title: match sums.count(class) {
                0 => format!("{class}: no images"),
                count => format!("{class}: {}", text::images(count)),
            },
            pixels: levels(self.model.model.sums(), class),
        };
        let is_shown = |class: &usize| self.class.is_some() || sums.count(*class) > 0;
        let shown: Vec<usize> = self.classes().filter(is_shown).collect();
        let few = shown.iter().take(MOST_CLASSES).copied();
        let mut page = self.heading();
        match self.model.shape.image_size() {
            Some([rows, columns]) => {
                let images: Vec<Titled> = few.map(titled).collect();
                let grid = Grid {
                    images: &images,
                    rows,
                    columns,
                    beside: beside(width, columns).min(BESIDE),
                };
                page += &grid.text(shades, width);
            }
            None => page += &self.vectors(few).text(),
        }
        if shown.len() > MOST_CLASSES {
            page += "and so on; --json has them all\n";
        }
        let without = self.classes().count() - shown.len();
        if without > 0 {
            page += &text::paragraph(&text::none_of(without, sums.classes()));
        }
        super::worded(page, self.model.shape)
    }

    /// Means that are no pictures: how long each is, and its first values.
    fn vectors(&self, classes: impl Iterator<Item = usize>) -> Table {
        let sums = self.model.model.sums();
        let rows = classes.map(|class| {
            let mean = sums.mean(class).unwrap_or_default();
            let norm = mean.iter().map(|value| value * value).sum::<f64>().sqrt();
            let first = mean.iter().take(FIRST).map(|value| format!("{value:.4}"));
            let more = if mean.len() > FIRST { ", …" } else { "" };
            [
                class.to_string(),
                text::count(sums.count(class)),
                format!("{norm:.4}"),
                first.collect::<Vec<_>>().join(", ") + more,
            ]
        });
        Table::new(["class", "samples", "length", "values"], rows)
    }

    /// The mean of one class as a picture, each pixel a square, smaller ones where
    /// there are very many; black for a class without images.
    ///
    /// # Errors
    /// When the means are not of images.
    pub fn raster(&self, class: usize) -> Result<Raster> {
        let [_, columns] = self.model.image_size()?;
        let levels = levels(self.model.model.sums(), class);
        let most = (MOST_PIXELS / levels.len()).isqrt();
        Ok(Raster::of_image(columns, &levels).enlarged(SCALE.min(most).max(1)))
    }

    /// What the means are of.
    pub fn heading(&self) -> String {
        let model = &self.model.model;
        let heading = text::heading(&format!(
            "Class means of {}, {}: {}",
            text::kept(&self.model.dataset),
            model.trained_on(),
            text::images(model.sums().samples())
        ));
        super::worded(heading + &text::notes(self.notes), self.model.shape)
    }

    fn classes(&self) -> impl Iterator<Item = usize> {
        let all = 0..self.model.model.sums().classes();
        match self.class {
            Some(class) => class..class + 1,
            None => all,
        }
    }
}

/// The mean of a class as a picture, black where it has no images.
fn levels(sums: &ClassSums, class: usize) -> Vec<u8> {
    let levels = sums.levels().ok().and_then(|sums| sums.mean_image(class));
    levels.unwrap_or_else(|| vec![0; sums.dim()])
}
