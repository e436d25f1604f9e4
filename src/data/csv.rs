//! Images in CSV files, as Kaggle has them: a line of names that begins with
//! `label`, then a line of a label and the values of all pixels for each image.

use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use super::Images;
use super::arrays::{FLAT, SIDE};
use super::class_names::Numbered;
use super::listing::Listing;
use super::one_set::{Labelled, Samples, Sets};
use crate::data::content;
use crate::error::{Error, Result};

/// The name of the first column.
const LABEL: &str = "label";

/// What a file without labels is.
pub(super) const UNLABELLED: &str = "a table whose first column is not called label";

/// Advice about such a file.
pub(super) const LABEL_IT: &str =
    "put a first line that begins with label, and the labels in the first column";

/// The most bytes of a line.
const LONGEST: u64 = 16 << 20;

/// The most bytes of pixels that are read into memory.
const MOST_BYTES: usize = 4 << 30;

/// The files of a dataset.
#[derive(Clone, Debug)]
pub(super) struct CsvFiles {
    train: PathBuf,
    test: Option<PathBuf>,
    notes: Vec<String>,
}

/// The lines of a file, read.
struct Table {
    labels: Vec<String>,
    pixels: Vec<u8>,
    rows: usize,
    columns: usize,
}

impl CsvFiles {
    /// A single file, which is one set.
    pub(super) fn one(file: &Path) -> Self {
        Self {
            train: file.to_owned(),
            test: None,
            notes: Vec::new(),
        }
    }

    /// The CSV files of a folder, told apart by `train` and `test` in their names.
    pub(super) fn of(folder: &Path, listing: &Listing) -> Option<Self> {
        let files = listing.names().iter().filter(|name| is_csv(name));
        let says = |name: &str, word: &str| name.to_ascii_lowercase().contains(word);
        // A name that says both, such as `latest_train.csv`, is of training samples.
        let (train, rest): (Vec<&String>, Vec<&String>) =
            files.partition(|name| says(name, "train"));
        let test: Vec<&String> = rest.iter().copied().filter(|it| says(it, "test")).collect();
        let mut notes = Vec::new();
        let (train, test) = match (&train[..], &rest[..]) {
            ([_, ..], _) => (train, test),
            ([], [only]) => (vec![*only], Vec::new()),
            ([], _) => return None,
        };
        for files in [&train, &test] {
            for other in files.iter().skip(1) {
                notes.push(format!("{other} was not read, since {} was", files[0]));
            }
        }
        let (train, test) = (train[0], test.first());
        // Kaggle's competitions keep the labels of the tests to themselves.
        let test = test.filter(|test| {
            let is_labelled = begins_with_label(&folder.join(test));
            if !is_labelled {
                notes.push(format!("{test} has no labels and was passed over"));
            }
            is_labelled
        });
        Some(Self {
            train: folder.join(train),
            test: test.map(|test| folder.join(test)),
            notes,
        })
    }

    /// Whether the training samples have labels.
    pub(super) fn are_labelled(&self) -> bool {
        begins_with_label(&self.train)
    }

    pub(super) fn paths(&self) -> Vec<PathBuf> {
        [&self.train]
            .into_iter()
            .chain(&self.test)
            .cloned()
            .collect()
    }

    /// Reads all files.
    pub(super) fn read(&self) -> Result<Samples> {
        let train = read(&self.train)?;
        let test = self.test.as_deref().map(read).transpose()?;
        let texts = test.iter().chain([&train]).flat_map(|it| &it.labels);
        let numbered = Numbered::new(texts.map(String::as_str), &self.train)?;
        let labelled = |table: Table| {
            let labels = table.labels.iter().map(|label| numbered.class(label));
            Ok::<_, Error>(Labelled {
                labels: labels.collect(),
                images: Images::new(table.rows, table.columns, table.pixels)?,
            })
        };
        let notes = self.notes.iter().cloned().chain(numbered.note()).collect();
        let sets = match test {
            Some(test) => Sets::Two(labelled(train)?, labelled(test)?),
            None => Sets::One(labelled(train)?),
        };
        Ok(Samples {
            sets,
            class_names: numbered.names.clone(),
            notes,
        })
    }
}

/// Whether a file's name is that of a CSV file, compressed or not.
pub(super) fn is_csv(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    name.strip_suffix(".gz").unwrap_or(&name).ends_with(".csv")
}

/// Whether a file begins like one with labels.
pub(super) fn begins_with_label(path: &Path) -> bool {
    let mut start = Vec::new();
    let read = content::open(path)
        .ok()
        .and_then(|it| it.bytes.take(16).read_to_end(&mut start).ok());
    let start = String::from_utf8_lossy(&start);
    read.is_some() && first_field(&start).eq_ignore_ascii_case(LABEL)
}

fn first_field(line: &str) -> &str {
    let field = line
        .trim_start_matches('\u{feff}')
        .split([',', ';', '\t', '\r', '\n'])
        .next();
    field.unwrap_or_default().trim().trim_matches('"')
}

fn read(path: &Path) -> Result<Table> {
    let mut lines = BufReader::with_capacity(1 << 18, content::open(path)?.bytes);
    let mut line = String::new();
    if !next_line(&mut lines, &mut line, path, 1)?
        || !first_field(&line).eq_ignore_ascii_case(LABEL)
    {
        return Err(Error::bad_file(
            path,
            UNLABELLED,
            "a first line that begins with label, then a label and pixels in each line",
            LABEL_IT,
        ));
    }
    let comma = [',', ';', '\t']
        .into_iter()
        .find(|&comma| line.contains(comma))
        .unwrap_or(',');
    let named = line.trim_end().rsplit(comma).next().and_then(shape_in_name);
    let mut table = Table {
        labels: Vec::new(),
        pixels: Vec::new(),
        rows: 0,
        columns: 0,
    };
    for number in 2_usize.. {
        if !next_line(&mut lines, &mut line, path, number)? {
            break;
        }
        let text = line.trim_end_matches(['\r', '\n']);
        if text.trim().is_empty() {
            continue;
        }
        let mut fields = text
            .split(comma)
            .map(|field| field.trim().trim_matches('"'));
        let label = fields.next().unwrap_or_default();
        if label.is_empty() {
            let found = format!("no label in line {number}");
            let advice = "fill it in or remove the line";
            return Err(Error::bad_file(path, found, "a label in each line", advice));
        }
        table.labels.push(label.to_owned());
        let before = table.pixels.len();
        for (column, field) in (2_usize..).zip(fields) {
            table.pixels.push(field.parse().map_err(|_| {
                Error::bad_file(
                    path,
                    format!("{field:?} in line {number}, column {column}"),
                    "whole numbers from 0 to 255",
                    "write every pixel as a whole number from 0 to 255",
                )
            })?);
        }
        let width = table.pixels.len() - before;
        if table.rows == 0 {
            [table.rows, table.columns] = shape(width, named, path)?;
        }
        if width != table.rows * table.columns {
            return Err(Error::bad_file(
                path,
                format!("{width} values in line {number}"),
                format!("{}, as in the lines before", table.rows * table.columns),
                "write every image with as many values",
            ));
        }
        if table.pixels.len() > MOST_BYTES {
            return Err(Error::bad_file(
                path,
                "more than 4 GiB of pixels",
                "at most as many",
                "write IDX files, which are read in batches",
            ));
        }
    }
    match table.labels.is_empty() {
        true => Err(Error::bad_file(
            path,
            "a line of names and no images",
            "a line for each image",
            "name another file",
        )),
        false => Ok(table),
    }
}

/// Reads a line; false at the end.
fn next_line(
    lines: &mut impl BufRead,
    line: &mut String,
    path: &Path,
    number: usize,
) -> Result<bool> {
    let mut bytes = Vec::new();
    let read = lines.take(LONGEST).read_until(b'\n', &mut bytes);
    let length = read.map_err(Error::unreadable(path))? as u64;
    let refuse = |found: &str| {
        let found = format!("{found} in line {number}");
        Error::bad_file(path, found, "text in lines", "write the table again")
    };
    if length == LONGEST {
        return Err(refuse("more than 16 MiB"));
    }
    *line = String::from_utf8(bytes).map_err(|_| refuse("bytes that are not UTF-8"))?;
    Ok(length > 0)
}

/// The shape that the name of the last column tells, as in `28x28`.
fn shape_in_name(name: &str) -> Option<[usize; 2]> {
    let (rows, columns) = name.trim().trim_matches('"').split_once('x')?;
    Some([rows.parse().ok()?, columns.parse().ok()?])
}

fn shape(width: usize, named: Option<[usize; 2]>, path: &Path) -> Result<[usize; 2]> {
    match named {
        Some([rows, columns]) if rows.checked_mul(columns) == Some(width) && width > 0 => {
            Ok([rows, columns])
        }
        _ if width as u64 == FLAT => Ok([SIDE as usize; 2]),
        _ => Err(Error::bad_file(
            path,
            format!("{width} values for each image"),
            "784, or a shape as the name of the last column, such as 28x28",
            "call the last column by the number of rows and columns, as in 8x8",
        )),
    }
}
