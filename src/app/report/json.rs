//! What every JSON result has. Keys are stable, and `ncm schema` lists them.

use std::borrow::Cow;

use schemars::generate::SchemaGenerator;
use schemars::{JsonSchema, Schema, json_schema};
use serde::{Serialize, Serializer};

use super::Run;
use super::about::About;
use crate::backends::timings::Timings;
use crate::backends::{Adapter, Description};
use crate::classifier::model::{Model, ModelFile};
use crate::evaluation::Evaluation;
use crate::evaluation::score::Asked;

/// The version of the key list.
const SCHEMA: &str = "ncm/1";

/// A result: what was asked, then the keys of `body`.
#[derive(Serialize, JsonSchema)]
struct Document<'a, T: Serialize> {
    /// The version of these keys.
    schema: &'static str,
    /// The command that printed them.
    command: &'a str,
    /// What was interpreted, passed over or cannot be known.
    notes: &'a [String],
    #[serde(flatten)]
    body: T,
}

/// One JSON object on one indented page.
pub(super) fn render(command: &str, notes: &[String], body: impl Serialize) -> String {
    let document = document(command, notes, body);
    let mut text = serde_json::to_string_pretty(&document).expect(FINE);
    text.push('\n');
    text
}

/// One JSON object without blanks, for programs that wait for it.
pub(super) fn compact(command: &str, notes: &[String], body: impl Serialize) -> String {
    serde_json::to_string(&document(command, notes, body)).expect(FINE)
}

/// Why a result can always be written.
const FINE: &str = "results have string keys and finite numbers";

fn document<'a, T: Serialize>(command: &'a str, notes: &'a [String], body: T) -> Document<'a, T> {
    Document {
        schema: SCHEMA,
        command,
        notes,
        body,
    }
}

/// The schema of a command's results, whose keys are those of `T`.
pub(super) fn schema<T: Serialize + JsonSchema>(
    command: &str,
    generator: &mut SchemaGenerator,
) -> Schema {
    let mut schema = json_schema!({ "title": format!("ncm {command} --json") });
    let keys = Document::<T>::json_schema(generator);
    schema
        .ensure_object()
        .extend(keys.as_object().cloned().unwrap_or_default());
    schema.remove("description");
    for (key, value) in [("schema", SCHEMA), ("command", command)] {
        if let Some(property) = schema.pointer_mut(&format!("/properties/{key}")) {
            property["const"] = value.into();
        }
    }
    schema
}

/// The dataset that it is about.
#[derive(Serialize, JsonSchema)]
pub(super) struct DatasetKeys<'a> {
    /// What it is called.
    name: &'a str,
    /// The folder or file it was read from, or how it was drawn; null of merged scores.
    source: Option<&'a str>,
    /// Training images.
    train: u64,
    /// Test images.
    test: u64,
    /// Rows of pixels of an image; null of feature vectors.
    rows: Option<usize>,
    /// Columns of pixels of an image; null of feature vectors.
    columns: Option<usize>,
    /// Values of a sample.
    dim: usize,
    /// The type of the values as they are stored: `u8`, `f16`, `bf16` or `f32`.
    values: &'a str,
    /// Classes, numbered from 0.
    classes: usize,
    /// Names of the classes in order; empty where numbers are all that is known.
    class_names: &'a [String],
}

impl<'a, T: Into<About<'a>>> From<T> for DatasetKeys<'a> {
    fn from(about: T) -> Self {
        let about: About<'_> = about.into();
        let [rows, columns] = [0, 1].map(|side| Some(about.shape.image_size()?[side]));
        let [train, test] = about.splits;
        Self {
            name: about.name,
            source: about.source,
            train,
            test,
            rows,
            columns,
            dim: about.shape.dim(),
            values: about.values,
            classes: about.classes,
            class_names: about.class_names,
        }
    }
}

/// Where it was computed.
#[derive(Serialize, JsonSchema)]
pub(super) struct BackendKeys<'a> {
    /// `reference`, `cpu` or `gpu`.
    kind: &'static str,
    /// Whether the adapter is a CPU that acts as a GPU.
    software: bool,
    /// Null where there is none.
    adapter: Option<AdapterKeys<'a>>,
}

impl<'a> From<&'a Description> for BackendKeys<'a> {
    fn from(description: &'a Description) -> Self {
        Self {
            kind: description.kind.name(),
            software: description.is_software(),
            adapter: description.adapter.as_ref().map(AdapterKeys::from),
        }
    }
}

#[derive(Serialize, JsonSchema)]
pub(super) struct AdapterKeys<'a> {
    /// What the driver calls it.
    name: &'a str,
    /// `discrete`, `integrated`, `virtual`, `software` or `other`.
    r#type: &'static str,
    /// `Vulkan`, `Metal` or `DirectX 12`.
    api: &'static str,
    /// The driver and its version.
    driver: &'a str,
}

impl<'a> From<&'a Adapter> for AdapterKeys<'a> {
    fn from(adapter: &'a Adapter) -> Self {
        Self {
            name: &adapter.name,
            r#type: adapter.kind,
            api: adapter.api,
            driver: &adapter.driver,
        }
    }
}

/// What a model was trained on.
#[derive(Serialize, JsonSchema)]
pub(super) struct ModelKeys<'a> {
    /// `train`, `train+test`, or what a model file says.
    trained_on: &'a str,
    /// Images that the means are made of.
    images: u64,
}

impl<'a> From<&'a Model> for ModelKeys<'a> {
    fn from(model: &'a Model) -> Self {
        Self {
            trained_on: model.trained_on(),
            images: model.sums().samples(),
        }
    }
}

/// A model as its file has it.
#[derive(Serialize, JsonSchema)]
pub(super) struct FileKeys<'a> {
    /// The name of the dataset that it was trained on, or how many there are.
    dataset: &'a str,
    /// How samples were prepared and compared with means: `euclidean`, `l2n`, `cl2n`, `cosine`
    /// or `icarl`.
    recipe: &'static str,
    model: ModelKeys<'a>,
    /// Rows of pixels of an image; null of feature vectors.
    rows: Option<usize>,
    /// Columns of pixels of an image; null of feature vectors.
    columns: Option<usize>,
}

impl<'a> From<&'a ModelFile> for FileKeys<'a> {
    fn from(file: &'a ModelFile) -> Self {
        let size = file.shape.image_size();
        Self {
            dataset: &file.dataset,
            recipe: file.model.recipe().name(),
            model: (&file.model).into(),
            rows: size.map(|[rows, _]| rows),
            columns: size.map(|[_, columns]| columns),
        }
    }
}

impl<'a> From<&'a Asked> for ModelKeys<'a> {
    fn from(asked: &'a Asked) -> Self {
        Self {
            trained_on: &asked.trained_on,
            images: asked.samples(),
        }
    }
}

/// How many answers are right.
#[derive(Serialize, JsonSchema)]
pub(super) struct EvaluationKeys {
    /// Right answers.
    correct: u64,
    /// Classified images.
    total: u64,
    /// The share of right answers.
    accuracy: f64,
    /// Its 95 % Wilson interval.
    interval95: [f64; 2],
}

impl From<&Evaluation> for EvaluationKeys {
    fn from(evaluation: &Evaluation) -> Self {
        Self {
            correct: evaluation.correct(),
            total: evaluation.total(),
            accuracy: evaluation.accuracy(),
            interval95: evaluation.interval95(),
        }
    }
}

impl<'a> From<&Run<'a>> for Milliseconds<'a> {
    fn from(run: &Run<'a>) -> Self {
        Self(run.timings, run.total)
    }
}

/// Stage names in the order they ended, and `total`, each with its milliseconds.
pub(super) struct Milliseconds<'a>(pub(super) &'a Timings, pub(super) f64);

impl Serialize for Milliseconds<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        // To a microsecond: more digits would be noise.
        let rounded = |milliseconds: f64| (milliseconds * 1e3).round() / 1e3;
        let stages = self
            .0
            .stages()
            .map(|(stage, milliseconds)| (stage, rounded(milliseconds)));
        serializer.collect_map(stages.chain([("total", rounded(self.1))]))
    }
}

impl JsonSchema for Milliseconds<'_> {
    fn schema_name() -> Cow<'static, str> {
        "Milliseconds".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "Milliseconds of each stage, such as `load`, `device`, `upload`, \
                `class_sums`, `nearest` and `settle`; of each kernel on the device, as \
                `kernel_class_sums`, where it has timestamps; and of the whole run. `device` runs \
                beside `load`, so stages can add up to more than `total`; finding or fetching a \
                dataset counts in `total` alone.",
            "type": "object",
            "properties": { "total": { "type": "number" } },
            "required": ["total"],
            "additionalProperties": { "type": "number" }
        })
    }
}
