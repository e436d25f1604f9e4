//! The result of `ncm means`.

use schemars::JsonSchema;
use serde::Serialize;

use super::colours::Shades;
use super::json::{self, ModelKeys};
use super::raster::{MOST_PIXELS, Raster};
use super::terminal::{Grid, Titled, beside};
use super::{MOST_CLASSES, text};
use crate::classifier::model::ModelFile;

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
    /// The name of the dataset that the means are of.
    dataset: &'a str,
    model: ModelKeys<'a>,
    /// Rows of pixels of a mean.
    rows: usize,
    /// Columns of pixels of a mean.
    columns: usize,
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
            dataset: &self.model.dataset,
            model: (&self.model.model).into(),
            rows: self.model.rows,
            columns: self.model.columns,
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
            pixels: self.levels(class),
        };
        let is_shown = |class: &usize| self.class.is_some() || sums.count(*class) > 0;
        let shown: Vec<usize> = self.classes().filter(is_shown).collect();
        let few = shown.iter().take(MOST_CLASSES).copied();
        let images: Vec<Titled> = few.map(titled).collect();
        let grid = Grid {
            images: &images,
            rows: self.model.rows,
            columns: self.model.columns,
            beside: beside(width, self.model.columns).min(BESIDE),
        };
        let mut page = self.heading() + &grid.text(shades, width);
        if shown.len() > MOST_CLASSES {
            page += "and so on; --json has them all\n";
        }
        let without = self.classes().count() - shown.len();
        if without > 0 {
            page += &text::paragraph(&text::none_of(without, sums.classes()));
        }
        page
    }

    /// The mean of one class as a picture, each pixel a square, smaller ones where
    /// there are very many; black for a class without images.
    pub fn raster(&self, class: usize) -> Raster {
        let levels = self.levels(class);
        let most = (MOST_PIXELS / levels.len()).isqrt();
        Raster::of_image(self.model.columns, &levels).enlarged(SCALE.min(most).max(1))
    }

    /// What the means are of.
    pub fn heading(&self) -> String {
        let model = &self.model.model;
        text::heading(&format!(
            "Class means of {}, {}: {}",
            self.model.dataset,
            model.trained_on(),
            text::images(model.sums().images())
        )) + &text::notes(self.notes)
    }

    /// The mean of a class, black where it has no images.
    fn levels(&self, class: usize) -> Vec<u8> {
        let sums = self.model.model.sums();
        let levels = sums.mean_image(class);
        levels.unwrap_or_else(|| vec![0; sums.dim()])
    }

    fn classes(&self) -> impl Iterator<Item = usize> {
        let all = 0..self.model.model.sums().classes();
        match self.class {
            Some(class) => class..class + 1,
            None => all,
        }
    }
}
