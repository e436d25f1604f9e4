//! The labels of samples as they are stored, and as classes: whole numbers from 0
//! to 65,535 are classes themselves; others are numbered in ascending order over
//! all sets, and so are texts, by their bytes.

use std::collections::BTreeSet;
use std::fmt::Display;
use std::io::Read;
use std::path::{Path, PathBuf};

use super::store::{Spot, Store};
use crate::data::arrays::{LONGEST, one_hot, texts, variable, whole_numbers};
use crate::data::class_names::Numbered;
use crate::data::content;
use crate::data::npz::Header;
use crate::error::{Error, Result};

/// How many classes there may be.
const MOST: usize = 1 << 16;

/// Labels of one set as they are stored, one for each sample.
#[derive(Debug)]
pub(super) struct Stored {
    pub values: Values,
    pub spot: Spot,
    pub notes: Vec<String>,
}

/// The labels themselves.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Values {
    Numbers(Vec<i128>),
    Texts(Vec<String>),
}

/// The labels of all sets as classes.
#[derive(Debug)]
pub(super) struct Classes {
    pub labels: Vec<Vec<u16>>,
    pub classes: usize,
    /// The names of the classes, where they are not numbers from 0 to 65,535.
    pub names: Vec<String>,
    pub notes: Vec<String>,
}

impl Values {
    fn kind(&self) -> &'static str {
        match self {
            Self::Numbers(_) => "numbers",
            Self::Texts(_) => "texts",
        }
    }
}

/// Reads an array of labels for so many samples.
///
/// # Errors
/// When it is none, or has more labels or fewer.
pub(super) fn read(store: &mut dyn Store, name: &str, samples: u64) -> Result<Stored> {
    let header = store.header(name)?;
    let spot = store.spot(name);
    let y = variable(name);
    let refuse =
        |expected: &str, advice: String| Err(spot.refuse(&header.to_string(), expected, advice));
    let width = match header.shape[..] {
        [_] => 1,
        [_, width] if width > 0 => width,
        [_, _, _, ..] => {
            let advice = format!("save {y}.reshape(len({y}), -1)");
            return refuse("one label for each sample", advice);
        }
        _ => return refuse("one label for each sample", "save one for each".into()),
    };
    let letters = header.text().map(|(letters, _)| letters);
    let is_number = header.is_integer() || header.is_float() || header.is_bool();
    match letters {
        // Of texts without letters, no length of a file says how many there are.
        Some(1..=LONGEST) if width == 1 => {}
        Some(1..=LONGEST) => return refuse("one text for each sample", "save one column".into()),
        Some(_) => return refuse("texts of 1 to 1,000 letters", "number the classes".into()),
        None if is_number => {}
        None if header.is_object() => {
            return refuse("numbers or texts", format!("save {y}.astype(str)"));
        }
        None => return refuse("numbers or texts", format!("save {y}.astype(numpy.int64)")),
    }
    if header.shape[0] != samples {
        let advice = match header.shape[..] {
            [1, columns] if columns == samples => format!("save {y}.reshape(-1)"),
            _ => "save one label for each sample".into(),
        };
        let expected = format!("{samples} labels, one for each sample");
        return refuse(&expected, advice);
    }
    let bytes = bytes(store, name, &header)?;
    let mut notes = Vec::new();
    let values = match (letters, width) {
        (Some(letters), _) => stored_texts(&bytes, &header, letters, &spot)?,
        (None, 1) => numbers(&bytes, &header, y, &spot)?,
        (None, width) => {
            // Of an array that was read whole, a side fits.
            let classes = one_hot(&bytes, &header, width as usize).ok_or_else(|| {
                let expected = "one label for each sample, or rows of zeros with a single 1";
                let found = format!("rows that are not all one-hot of {header}");
                spot.refuse(&found, expected, "save one class number for each sample")
            })?;
            Values::Numbers(classes.into_iter().map(i128::from).collect())
        }
    };
    let read_as = match (letters, width) {
        (None, 2..) => Some("one-hot rows were read as classes"),
        (None, _) if !header.is_integer() => Some("read as whole numbers"),
        _ => None,
    };
    notes.extend(read_as.map(|what| format!("{} ({}): {what}", spot.name(), header.short())));
    Ok(Stored {
        values,
        spot,
        notes,
    })
}

fn bytes(store: &mut dyn Store, name: &str, header: &Header) -> Result<Vec<u8>> {
    let spot = store.spot(name);
    let refuse = |found: &dyn Display, expected: String| {
        spot.refuse(&found.to_string(), &expected, "write the file again")
    };
    let promised = header.bytes().and_then(|bytes| usize::try_from(bytes).ok());
    let too_large = || refuse(header, "what memory holds".into());
    let promised = promised.ok_or_else(too_large)?;
    // The length of the file is compared with the header before anything is reserved.
    let body = store.body(name, header)?;
    let mut bytes = Vec::new();
    let reserved = bytes.try_reserve_exact(promised.saturating_add(1));
    reserved.map_err(|_| too_large())?;
    let read = body
        .take((promised as u64).saturating_add(1))
        .read_to_end(&mut bytes);
    read.map_err(|error| {
        let found = format!("labels that cannot be read ({error})");
        refuse(&found, header.to_string())
    })?;
    match bytes.len() == promised {
        true => Ok(bytes),
        false => Err(refuse(
            &format!("{} bytes", bytes.len()),
            format!("{promised} for {header}"),
        )),
    }
}

fn stored_texts(bytes: &[u8], header: &Header, letters: u64, spot: &Spot) -> Result<Values> {
    let size = header.text().map_or(1, |(_, size)| size);
    let texts = texts(bytes, header, letters as usize * size);
    // What is no text could be another such; both would be one class.
    let strange = |text: &String| text.contains(char::REPLACEMENT_CHARACTER);
    match texts.iter().position(strange) {
        None => Ok(Values::Texts(texts)),
        Some(index) => Err(spot.refuse(
            &format!("a label at index {index} that is no UTF-8 text"),
            "texts",
            "number the classes",
        )),
    }
}

fn numbers(bytes: &[u8], header: &Header, y: &str, spot: &Spot) -> Result<Values> {
    let all = whole_numbers(bytes, header);
    let mut numbers = Vec::with_capacity(all.size_hint().0);
    for (index, number) in all.enumerate() {
        numbers.push(number.ok_or_else(|| {
            let found = format!("a label at index {index} that is no whole number");
            let advice = format!("save {y}.astype(str) if each value is a class");
            spot.refuse(&found, "whole numbers or texts", advice)
        })?);
    }
    Ok(Values::Numbers(numbers))
}

/// Reads a file of one label a line. Where all are whole numbers they are read as
/// such.
///
/// # Errors
/// When it is no text, or has more lines or fewer than there are samples.
pub(super) fn read_lines(path: &Path, samples: u64) -> Result<Stored> {
    let spot = Spot::file(path);
    let mut bytes = Vec::new();
    let read = content::raw(path)?.read_to_end(&mut bytes);
    read.map_err(Error::unreadable(path))?;
    let text = std::str::from_utf8(&bytes)
        .ok()
        .filter(|text| !text.contains('\0'));
    let text = text.ok_or_else(|| {
        let expected = "an array of labels, or a text with one label a line";
        spot.refuse(
            "a file of another kind",
            expected,
            "save the labels with numpy.save",
        )
    })?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let lines: Vec<&str> = text.lines().collect();
    if lines.len() as u64 != samples {
        let found = format!("{} lines", lines.len());
        let expected = format!("{samples}, a label for each sample");
        return Err(spot.refuse(&found, &expected, "write one label a line and nothing else"));
    }
    let is_bad = |line: &&str| line.is_empty() || line.chars().count() as u64 > LONGEST;
    if let Some(index) = lines.iter().position(is_bad) {
        let found = format!("line {}, which is empty or too long", index + 1);
        let expected = "labels of 1 to 1,000 letters";
        return Err(spot.refuse(&found, expected, "write one label a line"));
    }
    // Other spellings, such as 007, are texts.
    let number = |line: &&str| {
        let number = line
            .parse::<i64>()
            .ok()
            .filter(|number| number.to_string() == *line);
        number.map(i128::from)
    };
    let values = match lines.iter().map(number).collect() {
        Some(numbers) => Values::Numbers(numbers),
        None => Values::Texts(lines.into_iter().map(str::to_owned).collect()),
    };
    let notes = Vec::new();
    Ok(Stored {
        values,
        spot,
        notes,
    })
}

/// Numbers the labels of all sets; a class has the same number in each.
///
/// # Errors
/// When some sets have numbers and others texts, or there are more than 65,536
/// classes.
pub(super) fn number(sets: Vec<Stored>) -> Result<Classes> {
    let path: PathBuf = sets
        .first()
        .map(|set| set.spot.path.clone())
        .unwrap_or_default();
    let kind = sets.first().map(|set| set.values.kind());
    if let Some(other) = sets.iter().find(|set| Some(set.values.kind()) != kind) {
        return Err(other.spot.refuse(
            &format!("labels that are {}", other.values.kind()),
            &format!(
                "{}, as those of the other set are",
                kind.unwrap_or_default()
            ),
            "save the labels of both sets as texts, or both as numbers",
        ));
    }
    let (mut numbers, mut texts, mut notes) = (Vec::new(), Vec::new(), Vec::new());
    for set in sets {
        notes.extend(set.notes);
        match set.values {
            Values::Numbers(set) => numbers.push(set),
            Values::Texts(set) => texts.push(set),
        }
    }
    match texts.is_empty() {
        true => by_value(&numbers, &path, notes),
        false => by_text(&texts, &path, notes),
    }
}

fn by_value(sets: &[Vec<i128>], path: &Path, mut notes: Vec<String>) -> Result<Classes> {
    let all = || sets.iter().flatten().copied();
    if all().all(|number| (0..MOST as i128).contains(&number)) {
        // Checked just now, so that each fits.
        let labels = sets
            .iter()
            .map(|set| set.iter().map(|&it| it as u16).collect());
        return Ok(Classes::named(labels.collect(), Vec::new(), notes));
    }
    let mut distinct = BTreeSet::new();
    for number in all() {
        if distinct.insert(number) && distinct.len() > MOST {
            return Err(Error::bad_file(
                path,
                format!("more than {MOST} different labels"),
                "at most 65,536 classes",
                "use fewer classes",
            ));
        }
    }
    let distinct: Vec<i128> = distinct.into_iter().collect();
    // At most 65,536 numbers, so that a place fits.
    let place = |number: &i128| distinct.partition_point(|it| it < number) as u16;
    let labels = sets.iter().map(|set| set.iter().map(place).collect());
    let labels = labels.collect();
    let names = distinct.iter().map(i128::to_string).collect();
    let numbered = Numbered { names };
    notes.extend(numbered.note());
    Ok(Classes::named(labels, numbered.names, notes))
}

fn by_text(sets: &[Vec<String>], path: &Path, mut notes: Vec<String>) -> Result<Classes> {
    let numbered = Numbered::new(sets.iter().flatten().map(String::as_str), path)?;
    let class = |texts: &Vec<String>| texts.iter().map(|text| numbered.class(text)).collect();
    let labels = sets.iter().map(class).collect();
    notes.extend(match numbered.names.is_empty() {
        true => Some("labels: texts were read as numbers".into()),
        false => numbered.note(),
    });
    Ok(Classes::named(labels, numbered.names, notes))
}

impl Classes {
    fn named(labels: Vec<Vec<u16>>, names: Vec<String>, notes: Vec<String>) -> Self {
        let highest = labels.iter().flatten().max().copied().unwrap_or(0);
        Self {
            labels,
            classes: usize::from(highest) + 1,
            names,
            notes,
        }
    }
}
