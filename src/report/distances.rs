//! The result of `ncm distances`.

use serde::Serialize;

use super::json::{self, BackendKeys, DatasetKeys, Milliseconds, ModelKeys};
use super::text;
use crate::backend::Description;
use crate::dataset::Dataset;
use crate::exact::Nearest;
use crate::model::Model;
use crate::timings::Timings;

/// Characters of the longest bar.
const LONGEST: f64 = 40.0;

/// One image and how far it is from every class mean.
pub struct Distances<'a> {
    /// The dataset.
    pub dataset: &'a Dataset,
    /// Where the class sums were computed.
    pub backend: &'a Description,
    /// The model.
    pub model: &'a Model,
    /// The split that the image is of.
    pub split: &'static str,
    /// Its number there.
    pub index: usize,
    /// Its class.
    pub label: u16,
    /// The class whose mean is nearest.
    pub nearest: &'a Nearest,
    /// The distance to each class mean; `None` for a class without images.
    pub distances: &'a [Option<f64>],
    /// Milliseconds of each stage.
    pub timings: &'a Timings,
    /// Milliseconds of it all.
    pub total: f64,
}

#[derive(Serialize)]
struct Keys<'a> {
    dataset: DatasetKeys<'a>,
    backend: BackendKeys<'a>,
    model: ModelKeys<'a>,
    split: &'a str,
    index: usize,
    label: u16,
    predicted: u16,
    distances: &'a [Option<f64>],
    /// Of squared distances; null with a single class.
    margin: Option<f64>,
    milliseconds: Milliseconds<'a>,
}

impl Distances<'_> {
    /// As one JSON object.
    pub fn json(&self) -> String {
        let keys = Keys {
            dataset: self.dataset.into(),
            backend: self.backend.into(),
            model: self.model.into(),
            split: self.split,
            index: self.index,
            label: self.label,
            predicted: self.nearest.class,
            distances: self.distances,
            margin: self.nearest.second.map(|_| self.nearest.margin()),
            milliseconds: Milliseconds(self.timings, self.total),
        };
        json::render("distances", keys)
    }

    /// For a person.
    pub fn text(&self) -> String {
        let verdict = match self.nearest.class == self.label {
            true => "which is right",
            false => "which is wrong",
        };
        let mut page = text::heading(&format!(
            "Image {} of {}, a {}, is nearest to {}, {verdict}",
            self.index, self.split, self.label, self.nearest.class
        ));
        page += "\n";
        page += &text::provenance(self.dataset, self.backend);
        page += &text::trained_on(self.model, "");
        page += &text::timings(self.timings, self.total);
        page += "\n";
        let longest = self.distances.iter().flatten().copied().fold(0.0, f64::max);
        for (class, distance) in self.distances.iter().enumerate() {
            page += &self.class(class, *distance, longest);
        }
        page
    }

    /// The line of a class, with a bar as long as its distance.
    fn class(&self, class: usize, distance: Option<f64>, longest: f64) -> String {
        let Some(distance) = distance else {
            return format!("distance to {class:>3}            no images\n");
        };
        // Where every distance is zero there are no bars.
        let share = if longest > 0.0 {
            distance / longest
        } else {
            0.0
        };
        let bar = "█".repeat((share * LONGEST).round() as usize);
        let mark = match usize::from(self.nearest.class) == class {
            true => " nearest",
            false => "",
        };
        format!("distance to {class:>3}  {distance:>9.2}  {bar}{mark}\n")
    }
}
