//! The result of `ncm bench`.

use schemars::JsonSchema;
use serde::Serialize;

use super::json::{self, AdapterKeys, BackendKeys, DatasetKeys, Milliseconds};
use super::table::Table;
use super::text;
use crate::app::bench::{Race, Stage, Timed, crossover};
use crate::backends::timings::Timings;
use crate::backends::{Bandwidth, Description};
use crate::data::Dataset;

/// All that was measured.
pub struct Bench<'a> {
    /// The dataset that the images were repeated from.
    pub dataset: &'a Dataset,
    /// Images trained on and tested.
    pub images: [usize; 2],
    /// How fast this machine's memory is.
    pub bandwidth: Bandwidth,
    /// Every stage on every backend.
    pub timed: &'a [Timed],
    /// CPU against GPU at growing sizes; empty without a GPU.
    pub races: &'a [Race],
    /// The GPU that was raced, else the CPU.
    pub backend: &'a Description,
    /// Milliseconds that it all took.
    pub total: f64,
}

#[derive(Serialize, JsonSchema)]
pub(super) struct Keys<'a> {
    dataset: DatasetKeys<'a>,
    /// The GPU that was timed, else the CPU.
    backend: BackendKeys<'a>,
    /// Training images, test images.
    images: [usize; 2],
    /// Bytes that all cores copy in a second, read and written.
    copy_bandwidth: f64,
    /// Bytes that all cores read in a second.
    read_bandwidth: Option<f64>,
    /// The batch size from which the GPU is faster, upload included; null where it never is.
    crossover_images: Option<usize>,
    results: Vec<ResultKeys<'a>>,
    milliseconds: Milliseconds<'a>,
}

#[derive(Serialize, JsonSchema)]
struct ResultKeys<'a> {
    /// `cpu` or `gpu`.
    backend: &'static str,
    /// Null on the CPU.
    adapter: Option<AdapterKeys<'a>>,
    /// `load`, `device`, `upload`, `class_sums`, `distances`, `nearest`, `readback` or `evaluate`.
    stage: &'static str,
    /// Images that the stage worked on.
    images: usize,
    /// Whether the images were in the backend's memory before.
    resident: bool,
    /// The first run of this process; null where it is not measured apart.
    cold_ms: Option<f64>,
    /// Median of the later runs.
    median_ms: f64,
    /// The fastest of them.
    min_ms: f64,
    /// The slowest of them.
    max_ms: f64,
    /// Null for `device`.
    images_per_second: Option<f64>,
    /// Bytes of pixels; null where a stage reads none.
    bytes_per_second: Option<f64>,
    /// `bytes_per_second` over what the same memory copies.
    copy_fraction: Option<f64>,
}

/// Images and bytes of images per second, and the fraction of what a copy
/// reaches, each where the stage is about them.
struct Rates {
    images: Option<f64>,
    bytes: Option<f64>,
    fraction: Option<f64>,
}

fn rates(timed: &Timed) -> Rates {
    let seconds = timed.measured.median.max(1e-6) / 1e3;
    let on_device = timed.backend.adapter.is_some();
    let of_pixels = match timed.stage {
        Stage::Device | Stage::Readback => false,
        // On the device it sees distances, not pixels.
        Stage::Nearest => !on_device,
        _ => true,
    };
    let bytes = of_pixels.then_some(timed.bytes as f64 / seconds);
    Rates {
        images: (timed.stage != Stage::Device).then_some(timed.images as f64 / seconds),
        bytes,
        fraction: bytes.map(|bytes| bytes / timed.bandwidth.copy),
    }
}

impl<'a> From<&'a Timed> for ResultKeys<'a> {
    fn from(timed: &'a Timed) -> Self {
        let rates = rates(timed);
        Self {
            backend: timed.backend.kind.name(),
            adapter: timed.backend.adapter.as_ref().map(AdapterKeys::from),
            stage: timed.stage.name(),
            images: timed.images,
            resident: timed.stage.is_resident(),
            cold_ms: timed.cold,
            median_ms: timed.measured.median,
            min_ms: timed.measured.min,
            max_ms: timed.measured.max,
            images_per_second: rates.images,
            bytes_per_second: rates.bytes,
            copy_fraction: rates.fraction,
        }
    }
}

impl Bench<'_> {
    /// As one JSON object.
    pub fn json(&self) -> String {
        let keys = Keys {
            dataset: self.dataset.into(),
            backend: self.backend.into(),
            images: self.images,
            copy_bandwidth: self.bandwidth.copy,
            read_bandwidth: self.bandwidth.read,
            crossover_images: crossover(self.races),
            results: self.timed.iter().map(ResultKeys::from).collect(),
            milliseconds: Milliseconds(&Timings::default(), self.total),
        };
        json::render("bench", self.dataset.notes(), keys)
    }

    /// For a person.
    pub fn text(&self) -> String {
        let mut page = text::heading(&format!("{}, every answer checked", self.count()));
        page.push('\n');
        page += &text::line(
            "dataset",
            &format!("{}, repeated or cut to these numbers", self.dataset.name()),
        );
        page += &text::notes(self.dataset.notes());
        page += &text::line("memory", &self.memory());
        page += &self.table().text();
        page.push('\n');
        page += &self.race();
        page
    }

    /// For a document.
    pub fn markdown(&self) -> String {
        let mut page = self.table().markdown();
        page.push('\n');
        page += &format!(
            "{}, from {}. Memory: {}. {}",
            self.count(),
            text::printable(self.dataset.name()),
            self.memory(),
            self.race()
        );
        page
    }

    fn count(&self) -> String {
        let [train, test] = self.images.map(|images| text::count(images as u64));
        format!("Means of {train} images and labels of {test}")
    }

    fn memory(&self) -> String {
        let copy = rate(self.bandwidth.copy);
        let read = self.bandwidth.read.map_or_else(String::new, |read| {
            format!(", {} in reading alone", rate(read))
        });
        format!("{copy} in copying, read and written{read}, by all cores")
    }

    fn table(&self) -> Table {
        let heads = [
            "stage",
            "on",
            "images",
            "cold ms",
            "median ms",
            "min to max",
            "images/s",
            "bytes/s",
            "of copy",
        ];
        let none = || "–".to_owned();
        let rows = self.timed.iter().map(|timed| {
            let (measured, rates) = (timed.measured, rates(timed));
            [
                stage(timed.stage).into(),
                place(timed),
                text::count(timed.images as u64),
                timed.cold.map_or_else(none, |cold| format!("{cold:.3}")),
                format!("{:.3}", measured.median),
                format!("{:.3} to {:.3}", measured.min, measured.max),
                rates.images.map_or_else(none, millions),
                rates.bytes.map_or_else(none, rate),
                rates.fraction.map_or_else(none, text::percent),
            ]
        });
        Table::new(heads, rows)
    }

    fn race(&self) -> String {
        let Some(last) = self.races.last() else {
            return "There is no GPU adapter to race the CPU against.\n".into();
        };
        let gpu = if self.backend.is_software() {
            "The software adapter, a CPU itself,"
        } else {
            "The GPU"
        };
        match crossover(self.races) {
            Some(images) => format!(
                "{gpu} is faster from {} images each on, upload included ({:.1} ms against {:.1} ms at {}).\n",
                text::count(images as u64),
                last.gpu,
                last.cpu,
                text::count(last.images as u64)
            ),
            None => format!(
                "{gpu} is not faster than the cpu backend at any size up to {} images, upload included: \
                 {:.1} ms against {:.1} ms there.\n",
                text::count(last.images as u64),
                last.gpu,
                last.cpu
            ),
        }
    }
}

fn stage(stage: Stage) -> &'static str {
    match stage {
        Stage::EvaluateResident => "evaluate, resident",
        Stage::Evaluate => "evaluate with upload",
        stage => stage.name(),
    }
}

fn place(timed: &Timed) -> String {
    timed.backend.adapter.as_ref().map_or_else(
        || timed.backend.kind.name().into(),
        |adapter| adapter.name.clone(),
    )
}

fn rate(bytes_per_second: f64) -> String {
    format!("{:.2} GB/s", bytes_per_second / 1e9)
}

fn millions(images_per_second: f64) -> String {
    format!("{:.2} M", images_per_second / 1e6)
}
