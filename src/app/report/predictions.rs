//! The result of `ncm predict`.

use std::path::Path;

use schemars::JsonSchema;
use serde::Serialize;

use super::json::{self, BackendKeys, Milliseconds, ModelKeys};
use super::terminal::{Grid, Shades, Titled};
use super::{bars, text};
use crate::backends::Description;
use crate::backends::timings::Timings;
use crate::classifier::exact::Nearest;
use crate::classifier::model::ModelFile;
use crate::pictures::frame::{Crop, Frame, Framed};

/// What a picture was read as.
pub struct Prediction<'a> {
    /// The file.
    pub file: &'a Path,
    /// What the model was shown.
    pub framed: Framed,
    /// The class whose mean is nearest.
    pub nearest: Nearest,
    /// The distance to each class mean; `None` for a class without images.
    pub distances: Vec<Option<f64>>,
}

/// What pictures were read as.
pub struct Predictions<'a> {
    /// The model.
    pub model: &'a ModelFile,
    /// Where it was computed.
    pub backend: &'a Description,
    /// How pictures became images.
    pub frame: Frame,
    /// Those that could be read.
    pub predictions: &'a [Prediction<'a>],
    /// Those that could not, and why.
    pub failures: &'a [(&'a Path, String)],
    /// Milliseconds of each stage.
    pub timings: &'a Timings,
    /// Milliseconds of it all.
    pub total: f64,
}

#[derive(Serialize, JsonSchema)]
pub(super) struct Keys<'a> {
    /// The name of the dataset that the means are of.
    dataset: &'a str,
    model: ModelKeys<'a>,
    backend: BackendKeys<'a>,
    /// How a picture became an image: `canonical` or `plain`.
    frame: &'a str,
    /// A file each that could be read.
    predictions: Vec<PredictionKeys<'a>>,
    /// A file each that could not.
    failures: Vec<FailureKeys<'a>>,
    milliseconds: Milliseconds<'a>,
}

#[derive(Serialize, JsonSchema)]
struct PredictionKeys<'a> {
    /// The file; `-` is standard input.
    file: String,
    /// The class whose mean is nearest.
    predicted: u16,
    /// The distance to the mean of each class; null for a class without images.
    distances: &'a [Option<f64>],
    /// Second least squared distance − least; null where there is one class.
    margin: Option<f64>,
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
    /// As one JSON object.
    pub fn json(&self, explain: bool) -> String {
        let keys = self.predictions.iter().map(|prediction| PredictionKeys {
            file: prediction.file.display().to_string(),
            predicted: prediction.nearest.class,
            distances: &prediction.distances,
            margin: prediction
                .nearest
                .second
                .map(|_| prediction.nearest.margin()),
            explained: explain.then(|| (&prediction.framed).into()),
            pixels: explain.then(|| {
                let pixels = &prediction.framed.pixels;
                pixels.chunks_exact(self.model.columns).collect()
            }),
        });
        let failures = self.failures.iter().map(|(file, error)| FailureKeys {
            file: file.display().to_string(),
            error,
        });
        json::render(
            "predict",
            Keys {
                dataset: &self.model.dataset,
                model: (&self.model.model).into(),
                backend: self.backend.into(),
                frame: self.frame.name(),
                predictions: keys.collect(),
                failures: failures.collect(),
                milliseconds: Milliseconds(self.timings, self.total),
            },
        )
    }

    /// For a person: a line for each picture, or all about each.
    pub fn text(&self, explain: bool, shades: Shades, width: Option<usize>) -> String {
        let mut page = text::model(self.model);
        page += &text::backend(self.backend);
        page += &text::line("frame", self.frame.name());
        page += &text::timings(self.timings, self.total);
        page += "\n";
        if !explain {
            page += &text::table(&self.rows());
            return page;
        }
        for prediction in self.predictions {
            page += &self.explained(prediction, shades, width);
        }
        page
    }

    fn rows(&self) -> Vec<Vec<String>> {
        let header = ["file", "read as", "distance", "margin"];
        let row = |prediction: &Prediction<'_>| {
            let nearest = &prediction.nearest;
            let margin = nearest.second.map(|_| format!("{:.0}", nearest.margin()));
            vec![
                prediction.file.display().to_string(),
                nearest.class.to_string(),
                format!("{:.2}", nearest.squared.to_f64().sqrt()),
                margin.unwrap_or_else(|| "–".into()),
            ]
        };
        [header.map(String::from).to_vec()]
            .into_iter()
            .chain(self.predictions.iter().map(row))
            .collect()
    }

    fn explained(
        &self,
        prediction: &Prediction<'_>,
        shades: Shades,
        width: Option<usize>,
    ) -> String {
        let class = prediction.nearest.class;
        let file = prediction.file.display();
        text::heading(&format!("{file} is read as {class}"))
            + &frame(&prediction.framed, self.frame)
            + &picture(&prediction.framed.pixels, self.model, shades, width)
            + &bars::text(&prediction.distances, class, width)
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
    if frame == Frame::Canonical {
        let [down, right] = framed.shift;
        let by = |pixels: i64, [forth, back]: [&'static str; 2]| {
            let way = if pixels < 0 { back } else { forth };
            format!("{} {way}", pixels.abs())
        };
        let shift = format!(
            "{}, {}, to have the centre of mass in the middle",
            by(down, ["down", "up"]),
            by(right, ["right", "left"])
        );
        page += &text::line("shift", &shift);
    }
    page
}

/// What the model was shown; nothing where a terminal is too narrow.
pub(super) fn picture(
    pixels: &[u8],
    model: &ModelFile,
    shades: Shades,
    width: Option<usize>,
) -> String {
    let images = [Titled {
        title: "what the model is shown:".into(),
        pixels: pixels.to_vec(),
    }];
    let grid = Grid {
        images: &images,
        rows: model.rows,
        columns: model.columns,
        beside: 1,
    };
    grid.text(shades, width).unwrap_or_default()
}
