//! The result of `ncm bench`.

use schemars::JsonSchema;
use serde::Serialize;

use super::json::{self, AdapterKeys, BackendKeys, DatasetKeys, Milliseconds};
use super::table::Table;
use super::text;
use crate::app::bench::{Load, Race, Stage, Timed, crossover};
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
    /// The load of the machine at the end, and how many cores other programs kept
    /// busy while it was measured.
    pub others: Option<(Load, f64)>,
    /// Milliseconds that it all took.
    pub total: f64,
}

#[derive(Serialize, JsonSchema)]
pub(super) struct Keys<'a> {
    dataset: DatasetKeys<'a>,
    /// How samples were prepared and compared with means: `euclidean`, `l2n`, `cl2n`, `cosine`
    /// or `icarl`.
    recipe: &'static str,
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
    /// Cores that other programs kept busy meanwhile; null where the system does not say.
    busy_cores: Option<f64>,
    results: Vec<ResultKeys<'a>>,
    milliseconds: Milliseconds<'a>,
}

#[derive(Serialize, JsonSchema)]
struct ResultKeys<'a> {
    /// `cpu` or `gpu`.
    backend: &'static str,
    /// Null on the CPU.
    adapter: Option<AdapterKeys<'a>>,
    /// `load`, `device`, `upload`, `class_sums`, `distances`, `nearest`, `readback`, `evaluate`,
    /// `resample` or `curve`.
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
    /// Null for `device`, which has none, and for `curve`, which reads some of them many times.
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
        Stage::Device | Stage::Readback | Stage::Curve => false,
        // On the device it sees distances, not pixels.
        Stage::Nearest => !on_device,
        _ => true,
    };
    let bytes = of_pixels.then_some(timed.bytes as f64 / seconds);
    Rates {
        images: match timed.stage {
            Stage::Device | Stage::Curve => None,
            _ => Some(timed.images as f64 / seconds),
        },
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
            recipe: self.dataset.preparation().recipe().name(),
            backend: self.backend.into(),
            images: self.images,
            copy_bandwidth: self.bandwidth.copy,
            read_bandwidth: self.bandwidth.read,
            crossover_images: crossover(self.races),
            busy_cores: self.others.map(|(_, others)| others),
            results: self.timed.iter().map(ResultKeys::from).collect(),
            milliseconds: Milliseconds(&Timings::default(), self.total),
        };
        json::render("bench", &self.notes(), keys)
    }

    /// For a person.
    pub fn text(&self) -> String {
        let mut page = text::heading(&format!("{}, every answer checked", self.count()));
        page.push('\n');
        page += &text::line(
            "dataset",
            &format!(
                "{}, repeated or cut to these numbers",
                text::kept(self.dataset.name())
            ),
        );
        page += &text::notes(&self.notes());
        page += &text::line("memory", &self.memory());
        for group in self.timed.chunk_by(|a, b| a.backend == b.backend) {
            page.push('\n');
            page += &text::heading(&text::computed_on(&group[0].backend));
            page += &short_table(group).text();
        }
        page.push('\n');
        page += &text::paragraph(self.race().trim_end());
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
        for note in self.notes() {
            page += &format!("\nNote: {}.\n", text::printable(&note));
        }
        page
    }

    /// What is to be known of the dataset, and what disturbed the times.
    fn notes(&self) -> Vec<String> {
        let busy = self
            .others
            .filter(|(load, others)| load.is_disturbing(*others, rayon::current_num_threads()));
        let busy = busy.map(|(load, others)| {
            format!(
                "other programs kept {others:.1} of {} cores busy meanwhile, so these times are \
                 longer than on a quiet machine",
                load.cores()
            )
        });
        let faster = |timed: &Timed| rates(timed).fraction.is_some_and(|share| share > 1.0);
        let faster = self.timed.iter().any(faster).then(|| {
            "shares of copy above 100 % are of images that stay in a cache, or of a copy that \
             other programs slowed down"
                .to_owned()
        });
        let notes = self.dataset.notes().iter().cloned();
        notes.chain(busy).chain(faster).collect()
    }

    fn count(&self) -> String {
        let [train, test] = self.images.map(|images| images as u64);
        let (train, test) = (text::images(train), text::count(test));
        format!("Means of {train} and labels of {test}")
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
            return "No GPU was timed.\n".into();
        };
        let gpu = if self.backend.is_software() {
            "The software adapter, a CPU itself,"
        } else {
            "The GPU"
        };
        match crossover(self.races) {
            Some(images) => format!(
                "{gpu} is faster from {} each on, upload included ({} ms against {} ms at {}).\n",
                text::images(images as u64),
                digits(last.gpu),
                digits(last.cpu),
                text::count(last.images as u64)
            ),
            None => format!(
                "{gpu} is not faster than the cpu backend at any size up to {}, upload included: \
                 {} ms against {} ms there.\n",
                text::images(last.images as u64),
                digits(last.gpu),
                digits(last.cpu)
            ),
        }
    }
}

/// The stages of one backend, for a terminal.
fn short_table(timed: &[Timed]) -> Table {
    let heads = [
        "milliseconds",
        "cold",
        "median",
        "min",
        "max",
        "images/s",
        "GB/s",
        "of copy",
    ];
    let none = || "–".to_owned();
    let rows = timed.iter().map(|timed| {
        let (measured, rates) = (timed.measured, rates(timed));
        [
            stage(timed.stage).into(),
            timed.cold.map_or_else(none, digits),
            digits(measured.median),
            digits(measured.min),
            digits(measured.max),
            rates
                .images
                .map_or_else(none, |images| format!("{} M", digits(images / 1e6))),
            rates.bytes.map_or_else(none, |bytes| digits(bytes / 1e9)),
            rates
                .fraction
                .map_or_else(none, |share| format!("{:.1} %", share * 100.0)),
        ]
    });
    Table::new(heads, rows)
}

/// A measured number with four digits, at most three of them decimals.
fn digits(number: f64) -> String {
    let places = match number {
        ..10.0 => 3,
        10.0..100.0 => 2,
        100.0..1000.0 => 1,
        _ => 0,
    };
    format!("{number:.places$}")
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
