//! The result of `ncm predict`.

use std::path::Path;

use schemars::JsonSchema;
use serde::Serialize;

use super::colours::Shades;
use super::json::{self, BackendKeys, Milliseconds, ModelKeys};
use super::table::Table;
use super::terminal::{Grid, Titled};
use super::vectors::SampleKeys;
use super::{Run, bars, text};
use crate::classifier::exact::Measured;
use crate::classifier::model::ModelFile;
use crate::pictures::frame::{Crop, Frame, Framed};

/// What a picture was read as.
pub struct Prediction<'a> {
    /// The file.
    pub file: &'a Path,
    /// What the model was shown.
    pub framed: Framed,
    /// How far it is from each class mean.
    pub measured: Measured,
}

/// What pictures were read as.
pub struct Predictions<'a> {
    /// The model.
    pub model: &'a ModelFile,
    /// How pictures became images.
    pub frame: Frame,
    /// Those that could be read.
    pub predictions: &'a [Prediction<'a>],
    /// Those that could not, and why.
    pub failures: &'a [(&'a Path, String)],
    /// What cannot be known of the model, a sentence each.
    pub notes: &'a [String],
    /// Where it was computed, and how long it took.
    pub run: Run<'a>,
}

#[derive(Serialize, JsonSchema)]
pub(super) struct Keys<'a> {
    /// The name of the dataset that the means are of.
    dataset: &'a str,
    model: ModelKeys<'a>,
    backend: BackendKeys<'a>,
    /// How a picture became an image: `canonical` or `plain`; null of feature vectors.
    frame: Option<&'a str>,
    /// A picture each that could be read.
    predictions: Vec<PredictionKeys<'a>>,
    /// A picture each that could not.
    failures: Vec<FailureKeys<'a>>,
    /// A feature vector each; empty of pictures.
    samples: Vec<SampleKeys>,
    /// How samples were prepared and compared with means: `euclidean`, `l2n`, `cl2n`, `cosine`
    /// or `icarl`.
    recipe: &'static str,
    milliseconds: Milliseconds<'a>,
}

impl<'a> Keys<'a> {
    /// What is said of feature vectors.
    pub(super) fn of_vectors(
        model: &'a ModelFile,
        samples: Vec<SampleKeys>,
        run: &'a Run<'a>,
    ) -> Self {
        Self {
            dataset: &model.dataset,
            model: (&model.model).into(),
            backend: (&run.backend).into(),
            frame: None,
            predictions: Vec::new(),
            failures: Vec::new(),
            samples,
            recipe: model.model.recipe().name(),
            milliseconds: run.into(),
        }
    }

    pub(super) fn render(&self, notes: &[String]) -> String {
        json::render("predict", notes, self)
    }
}

#[derive(Serialize, JsonSchema)]
struct PredictionKeys<'a> {
    /// The file; `-` is standard input.
    file: String,
    /// The class whose mean is nearest.
    predicted: u16,
    /// The distance to the mean of each class; null for a class without images.
    distances: Vec<Option<f64>>,
    /// Second least squared distance − least; null where there is one class.
    margin: Option<f64>,
    /// What may be wrong with it, a sentence each.
    notes: &'a [String],
    /// With `--explain`: how the picture became an image.
    #[serde(skip_serializing_if = "Option::is_none")]
    explained: Option<Explained>,
    /// With `--explain`: the rows of pixels that the model was shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pixels: Option<Vec<&'a [u8]>>,
}

#[derive(Serialize, JsonSchema)]
struct FailureKeys<'a> {
    /// The file.
    file: String,
    /// Why it could not be read.
    error: &'a str,
}

/// How a picture became an image.
#[derive(Serialize, JsonSchema)]
pub(super) struct Explained {
    /// `light on dark` or `dark on light`.
    polarity: &'static str,
    /// What was taken of the picture, in its pixels.
    #[serde(with = "CropKeys")]
    crop: Crop,
    /// Pixels of the image for one of the picture.
    scale: f64,
    /// Pixels that the ink was moved down and right of the middle.
    shift: [i64; 2],
}

/// A part of a picture, in its pixels.
#[derive(Serialize, JsonSchema)]
#[serde(remote = "Crop")]
struct CropKeys {
    /// Rows above it.
    top: usize,
    /// Columns left of it.
    left: usize,
    /// Its rows.
    rows: usize,
    /// Its columns.
    columns: usize,
}

impl From<&Framed> for Explained {
    fn from(framed: &Framed) -> Self {
        Self {
            polarity: framed.polarity.name(),
            crop: framed.crop,
            scale: framed.scale,
            shift: framed.shift,
        }
    }
}

impl Predictions<'_> {
    fn columns(&self) -> usize {
        let size = self.model.shape.image_size();
        size.map_or(1, |[_, columns]| columns)
    }

    /// As one JSON object.
    pub fn json(&self, explain: bool) -> String {
        let predictions = self.predictions.iter().map(|prediction| {
            let (measured, framed) = (&prediction.measured, &prediction.framed);
            PredictionKeys {
                file: prediction.file.display().to_string(),
                predicted: measured.nearest.class,
                distances: measured.distances(),
                margin: measured.nearest.finite_margin(),
                notes: &framed.notes,
                explained: explain.then(|| framed.into()),
                pixels: explain.then(|| framed.pixels.chunks_exact(self.columns()).collect()),
            }
        });
        let failures = self.failures.iter().map(|(file, error)| FailureKeys {
            file: file.display().to_string(),
            error,
        });
        let keys = Keys {
            dataset: &self.model.dataset,
            model: (&self.model.model).into(),
            backend: (&self.run.backend).into(),
            frame: Some(self.frame.name()),
            predictions: predictions.collect(),
            failures: failures.collect(),
            samples: Vec::new(),
            recipe: self.model.model.recipe().name(),
            milliseconds: (&self.run).into(),
        };
        keys.render(self.notes)
    }

    /// For a person: a line for each picture, or all about each.
    pub fn text(&self, explain: bool, shades: Shades, width: usize) -> String {
        let mut page = text::model(self.model);
        page += &text::notes(self.notes);
        page += &text::backend(&self.run.backend);
        page += &text::line("frame", self.frame.name());
        page += &text::timings(&self.run);
        page += "\n";
        if !explain {
            page += &self.table().text();
            page += "  distance: in grey levels, not squared; margin: of squared distances\n";
            for Prediction { file, framed, .. } in self.predictions {
                let notes = framed.notes.iter();
                let notes = notes.map(|note| format!("{}: {note}", file.display()));
                page += &text::notes(&notes.collect::<Vec<_>>());
            }
            return page;
        }
        for prediction in self.predictions {
            page += &self.explained(prediction, shades, width);
        }
        page
    }

    fn table(&self) -> Table {
        let rows = self.predictions.iter().map(|prediction| {
            let nearest = &prediction.measured.nearest;
            let margin = nearest.finite_margin();
            [
                prediction.file.display().to_string(),
                nearest.class.to_string(),
                format!("{:.2}", nearest.distance()),
                margin.map_or("–".into(), |margin| format!("{margin:.0}")),
            ]
        });
        Table::new(["file", "read as", "distance", "margin"], rows)
    }

    fn explained(&self, prediction: &Prediction<'_>, shades: Shades, width: usize) -> String {
        let class = prediction.measured.nearest.class;
        let file = prediction.file.display();
        text::heading(&format!("{file} is read as {class}"))
            + &frame(&prediction.framed, self.frame)
            + &picture(&prediction.framed.pixels, self.model, shades, width)
            + &bars::text(&prediction.measured.distances(), class, width)
            + "\n"
    }
}

/// In words how a picture became an image.
pub(super) fn frame(framed: &Framed, frame: Frame) -> String {
    let Crop {
        top,
        left,
        rows,
        columns,
    } = framed.crop;
    let mut page = text::line("polarity", framed.polarity.name());
    if frame == Frame::Canonical {
        let crop = format!("{rows} rows from row {top}, {columns} columns from column {left}");
        page += &text::line("crop", &crop);
    }
    page += &text::line("scale", &format!("{:.4}", framed.scale));
    if framed.shift != [0, 0] {
        let [down, right] = framed.shift;
        let by = |pixels: i64, [forth, back]: [&'static str; 2]| {
            let way = if pixels < 0 { back } else { forth };
            format!("{} {way}", pixels.abs())
        };
        let shift = format!(
            "{}, {}, to the centre of mass of the model's images",
            by(down, ["down", "up"]),
            by(right, ["right", "left"])
        );
        page += &text::line("shift", &shift);
    }
    page + &text::notes(&framed.notes)
}

/// What the model was shown.
pub(super) fn picture(pixels: &[u8], model: &ModelFile, shades: Shades, width: usize) -> String {
    let images = [Titled {
        title: "what the model is shown:".into(),
        pixels: pixels.to_vec(),
    }];
    let [rows, columns] = model.shape.image_size().unwrap_or([1, pixels.len()]);
    let grid = Grid {
        images: &images,
        rows,
        columns,
        beside: 1,
    };
    grid.text(shades, width)
}
