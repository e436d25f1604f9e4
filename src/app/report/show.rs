//! The result of `ncm show`.

use schemars::JsonSchema;
use serde::Serialize;

use super::colours::Shades;
use super::json::{self, DatasetKeys, ModelKeys};
use super::raster::Raster;
use super::table::Table;
use super::terminal::{Grid, Titled};
use super::text;
use crate::app::Result;
use crate::classifier::model::Model;
use crate::data::{Dataset, Labelled};

/// Pixels of a picture file between two images.
const GAP: usize = 4;

/// Around them, so that it is seen where a black image ends.
const BETWEEN: [u8; 3] = [96, 96, 96];

/// Images out of a split, beside each other.
pub struct Show<'a> {
    /// The dataset.
    pub dataset: &'a Dataset,
    /// The model that has read them, if any.
    pub model: Option<&'a Model>,
    /// The split.
    pub split: &'static str,
    /// The number of the first of them there.
    pub first: usize,
    /// The images, which follow each other there.
    pub images: &'a [Labelled],
    /// The class that each was given; empty without a model.
    pub predicted: &'a [u16],
    /// Rows and columns of each.
    pub size: [usize; 2],
    /// Images beside each other.
    pub beside: usize,
}

#[derive(Serialize, JsonSchema)]
pub(super) struct Keys<'a> {
    dataset: DatasetKeys<'a>,
    /// What the images were read with; null without `--predict` or `--model`.
    model: Option<ModelKeys<'a>>,
    /// `train` or `test`.
    split: &'a str,
    images: Vec<ImageKeys<'a>>,
}

#[derive(Serialize, JsonSchema)]
struct ImageKeys<'a> {
    /// Its number there, from 0.
    index: usize,
    /// Its class.
    label: u16,
    /// The class that it is given; null without a model.
    predicted: Option<u16>,
    /// Its rows of pixels.
    pixels: Vec<&'a [u8]>,
}

/// The pixels of an image; none of other samples.
fn pixels(labelled: &Labelled) -> &[u8] {
    labelled.image().map_or(&[], |image| image.image(0))
}

impl Show<'_> {
    /// As one JSON object.
    pub fn json(&self) -> String {
        let image = |(place, labelled): (usize, _)| self.keys(place, labelled);
        let keys = Keys {
            dataset: self.dataset.into(),
            model: self.model.map(ModelKeys::from),
            split: self.split,
            images: self.images.iter().enumerate().map(image).collect(),
        };
        json::render("show", self.dataset.notes(), keys)
    }

    fn keys<'b>(&self, place: usize, labelled: &'b Labelled) -> ImageKeys<'b> {
        let rows = labelled
            .image()
            .map(|image| image.image(0).chunks_exact(image.columns()));
        ImageKeys {
            index: self.first + place,
            label: labelled.label,
            predicted: self.predicted.get(place).copied(),
            pixels: rows.into_iter().flatten().collect(),
        }
    }

    /// For a person, in a terminal of `width` characters.
    pub fn text(&self, shades: Shades, width: usize) -> String {
        let title = |(place, image): (usize, &Labelled)| Titled {
            title: self.title(place),
            pixels: pixels(image).to_vec(),
        };
        let images: Vec<Titled> = self.images.iter().enumerate().map(title).collect();
        let [rows, columns] = self.size;
        let grid = Grid {
            images: &images,
            rows,
            columns,
            beside: self.beside,
        };
        self.heading() + &grid.text(shades, width)
    }

    /// What is shown, as a line for a picture's file.
    pub fn caption(&self) -> String {
        match self.images {
            [_] => self.heading() + &self.title(0) + "\n",
            _ => {
                let titles = (0..self.images.len()).map(|place| self.title(place));
                let titles: Vec<String> = titles.collect();
                let rows = titles.chunks(self.beside).map(<[_]>::to_vec);
                self.heading() + &Table::of_rows(rows).text()
            }
        }
    }

    /// What is shown, as a line.
    fn heading(&self) -> String {
        let what = match self.images.len() {
            1 => format!("Image {} of {}", self.first, self.split),
            many => format!(
                "Images {} to {} of {}",
                self.first,
                self.first + many - 1,
                self.split
            ),
        };
        let read = self.model.map(|model| {
            format!(
                ", read by the means of {}: label → predicted where they differ",
                model.trained_on()
            )
        });
        let read = read.filter(|_| self.images.len() > 1).unwrap_or_default();
        text::heading(&format!("{what}, {}{read}", self.dataset.name()))
            + &text::notes(self.dataset.notes())
    }

    fn title(&self, place: usize) -> String {
        let label = self.images[place].label;
        match (self.predicted.get(place), self.images.len()) {
            (Some(predicted), 1) => format!("a {label}, read as {predicted}"),
            (Some(predicted), _) if *predicted != label => format!("{label} → {predicted}"),
            (None, 1) => format!("a {label}"),
            _ => label.to_string(),
        }
    }

    /// As a picture, each pixel a square of `scale` × `scale`.
    ///
    /// # Errors
    /// When it would be too large.
    pub fn raster(&self, scale: usize) -> Result<Raster> {
        let [rows, columns] = self.size.map(|side| side * scale);
        let beside = self.beside.min(self.images.len()).max(1);
        let below = self.images.len().div_ceil(beside);
        let whole = |images: usize, size: usize| images * (size + GAP) - GAP;
        let size = [whole(beside, columns), whole(below, rows)];
        let mut raster = Raster::of_size(size[0], size[1], BETWEEN)?;
        for (place, image) in self.images.iter().enumerate() {
            let part = Raster::of_image(self.size[1], pixels(image)).enlarged(scale);
            let (x, y) = (place % beside, place / beside);
            raster.place(x * (columns + GAP), y * (rows + GAP), &part);
        }
        Ok(raster)
    }
}
