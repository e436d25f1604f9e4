//! The JSON Schema of every `--json` object, made from the types that are written.

use schemars::generate::{SchemaGenerator, SchemaSettings};
use schemars::transform::{Transform, transform_subschemas};
use schemars::{Schema, json_schema};

use super::json::schema as of;
use super::merged::MergedKeys;
use super::{
    accuracy, bench, bootstrap, compare, curve, data, dataset_report, datasets, devices, distances,
    info, means, part, predictions, show,
};

/// Makes the schema of a command's results.
type Make = fn(&str, &mut SchemaGenerator) -> Schema;

/// The commands that have `--json`, each with the keys it writes.
const RESULTS: [(&str, Make); 15] = [
    ("accuracy", of::<accuracy::Keys<'_>>),
    ("compare", of::<compare::Keys<'_>>),
    ("curve", of::<curve::Keys<'_>>),
    ("bootstrap", of::<bootstrap::Keys<'_>>),
    ("bench", of::<bench::Keys<'_>>),
    ("devices", of::<devices::Keys<'_>>),
    ("data list", of::<datasets::Keys<'_>>),
    ("data verify", of::<data::Keys<'_>>),
    ("info", info),
    ("show", of::<show::Keys<'_>>),
    ("means", of::<means::Keys<'_>>),
    ("merge", merged),
    ("distances", of::<distances::Keys<'_>>),
    ("predict", of::<predictions::Keys<'_>>),
    ("report", of::<dataset_report::Keys<'_>>),
];

/// Of a dataset or of a model file.
fn info(command: &str, generator: &mut SchemaGenerator) -> Schema {
    let of_dataset = of::<info::Keys<'_>>(command, generator);
    any_of(
        command,
        vec![of_dataset, of::<part::Keys<'_>>(command, generator)],
    )
}

/// Of parts, or of scores of `ncm accuracy` or `ncm compare`.
fn merged(command: &str, generator: &mut SchemaGenerator) -> Schema {
    let of_parts = of::<MergedKeys<part::Keys<'_>>>(command, generator);
    let of_accuracy = of::<MergedKeys<accuracy::Keys<'_>>>(command, generator);
    let of_compare = of::<MergedKeys<compare::Keys<'_>>>(command, generator);
    any_of(command, vec![of_parts, of_accuracy, of_compare])
}

fn any_of(command: &str, schemas: Vec<Schema>) -> Schema {
    json_schema!({ "title": format!("ncm {command} --json"), "anyOf": schemas })
}

/// The commands that have `--json`.
pub fn commands() -> impl Iterator<Item = &'static str> {
    RESULTS.iter().map(|&(command, _)| command)
}

/// The schema of one command's results; `None` where it has none in JSON.
pub fn one(command: &str) -> Option<String> {
    let (command, make) = RESULTS.iter().find(|(known, _)| *known == command)?;
    Some(page(make(command, &mut generator())))
}

/// The schema of what any command prints with `--json`.
pub fn all() -> String {
    let mut generator = generator();
    let any = RESULTS.map(|(command, make)| make(command, &mut generator));
    page(json_schema!({ "title": "ncm --json", "oneOf": any }))
}

/// Every object stands where it is used, so that a schema reads from top to bottom.
fn generator() -> SchemaGenerator {
    let settings = SchemaSettings::draft2020_12().for_serialize();
    settings
        .with(|settings| settings.inline_subschemas = true)
        .into_generator()
}

fn page(schema: Schema) -> String {
    let mut page = json_schema!({ "$schema": "https://json-schema.org/draft/2020-12/schema" });
    if let (Some(page), Some(keys)) = (page.as_object_mut(), schema.as_object()) {
        page.extend(keys.clone());
    }
    Closed.transform(&mut page);
    format!("{:#}\n", page.as_value())
}

/// Has an object take no keys but its own.
struct Closed;

impl Transform for Closed {
    fn transform(&mut self, schema: &mut Schema) {
        let is_open = schema.get("additionalProperties").is_none();
        if is_open && schema.get("properties").is_some() {
            schema.insert("additionalProperties".into(), false.into());
        }
        transform_subschemas(self, schema);
    }
}
