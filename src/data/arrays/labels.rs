//! The labels of images: a list of numbers or texts, or rows of zeros with a
//! single one.

use std::path::Path;

use super::{Arrays, Wanted, by_rows, variable};
use crate::data::class_names::Numbered;
use crate::data::npz::Header;
use crate::error::{Error, Result};

/// The longest text, in characters, that is a label.
pub(in crate::data) const LONGEST: u64 = 1000;

/// The labels of each array as classes.
pub(super) struct Classes {
    pub labels: Vec<Vec<u16>>,
    /// The names of the classes, where they have some.
    pub names: Vec<String>,
}

/// Labels as they are stored.
enum Stored {
    Numbers(Vec<u16>),
    Texts(Vec<String>),
}

/// Checks the headers: a label for each image, of a type that can be one.
pub(super) fn check(labels: &Wanted, images: &Wanted, path: &Path) -> Result<()> {
    for ((name, header), (of, images)) in labels.iter().zip(images.iter()) {
        let refuse = |expected: &str, advice: String| {
            let found = format!("{header} in {name}");
            Err(Error::bad_file(path, found, expected, advice))
        };
        let expected = "a list of labels";
        match header.shape[..] {
            [] | [_, 0] => return refuse(expected, "save one label for each image".into()),
            [_] | [_, _] => {}
            _ => {
                return refuse(
                    expected,
                    labels.save(|y| format!("{y}.reshape(len({y}), -1)")),
                );
            }
        }
        let wide = header.text().is_some_and(|(letters, _)| letters > LONGEST);
        let is_known = header.is_integer() || header.is_float() || header.is_bool();
        match header.text() {
            _ if wide => {
                return refuse("labels of up to 1,000 letters", "number the classes".into());
            }
            None if header.is_object() => {
                return refuse(
                    "numbers or texts",
                    labels.save(|y| format!("{y}.astype(str)")),
                );
            }
            None if !is_known => {
                return refuse(
                    "numbers or texts",
                    labels.save(|y| format!("{y}.astype(numpy.int64)")),
                );
            }
            _ => {}
        }
        let (expected, found) = (images.shape[0], header.shape[0]);
        if expected != found {
            let advice = match header.shape[..] {
                [1, columns] if columns == expected => labels.save(|y| format!("{y}.reshape(-1)")),
                _ => "save one label for each image".into(),
            };
            return Err(Error::bad_file(
                path,
                format!(
                    "{found} label{} in {name}",
                    if found == 1 { "" } else { "s" }
                ),
                format!("{expected}, one for each image of {of}"),
                advice,
            ));
        }
    }
    Ok(())
}

/// Reads the labels of all arrays; a class has the same number in each.
pub(super) fn read(
    arrays: &mut dyn Arrays,
    labels: &Wanted,
    notes: &mut Vec<String>,
) -> Result<Classes> {
    let mut stored = Vec::new();
    for (name, header) in labels.iter() {
        let values = arrays.values(name, header)?;
        stored.push(read_one(
            &values,
            header,
            name,
            labels,
            arrays.path(),
            notes,
        )?);
    }
    let numbers = stored.iter().map(|it| match it {
        Stored::Numbers(numbers) => Some(numbers.clone()),
        Stored::Texts(_) => None,
    });
    if let Some(labels) = numbers.collect() {
        let names = Vec::new();
        return Ok(Classes { labels, names });
    }
    let texts: Vec<Vec<String>> = stored.into_iter().map(Stored::into_texts).collect();
    let all = texts.iter().flatten().map(String::as_str);
    let numbered = Numbered::new(all, arrays.path())?;
    notes.extend(numbered.note());
    if numbered.names.is_empty() {
        notes.push(format!(
            "{}: texts were read as numbers",
            labels.names.join(" and ")
        ));
    }
    let classes = |texts: &Vec<String>| texts.iter().map(|text| numbered.class(text)).collect();
    Ok(Classes {
        labels: texts.iter().map(classes).collect(),
        names: numbered.names,
    })
}

/// A command that numbers the classes from 0, in ascending order.
fn renumbered(labels: &Wanted) -> String {
    let all: Vec<&str> = labels.names.iter().map(|name| variable(name)).collect();
    let all = all.join(", ");
    labels.save(|y| format!("numpy.searchsorted(numpy.unique(numpy.concatenate([{all}])), {y})"))
}

fn read_one(
    values: &[u8],
    header: &Header,
    name: &str,
    labels: &Wanted,
    path: &Path,
    notes: &mut Vec<String>,
) -> Result<Stored> {
    let refuse = |found: String, expected: &str, advice: String| {
        Err(Error::bad_file(path, found, expected, advice))
    };
    let width = header.shape.get(1).copied().unwrap_or(1);
    if let Some((letters, size)) = header.text() {
        if width != 1 {
            let found = format!("{header} in {name}");
            return refuse(found, "one label for each image", "save one column".into());
        }
        return Ok(Stored::Texts(texts(
            values,
            header,
            letters as usize * size,
        )));
    }
    if width != 1 {
        let note = format!(
            "{name} ({}): one-hot rows were read as classes",
            header.short()
        );
        notes.push(note);
        return one_hot(values, header, width as usize)
            .map(Stored::Numbers)
            .ok_or_else(|| {
                Error::bad_file(
                    path,
                    format!("{header} in {name}, whose rows are not all one-hot"),
                    "one label for each image, or rows of zeros with a single 1",
                    "save one class number for each image",
                )
            });
    }
    if !header.is_integer() {
        notes.push(format!(
            "{name} ({}): read as whole numbers",
            header.short()
        ));
    }
    let mut classes = Vec::new();
    for (index, number) in whole_numbers(values, header).enumerate() {
        let Some(number) = number else {
            return refuse(
                format!("a label at index {index} of {name} that is no whole number"),
                "whole numbers",
                renumbered(labels),
            );
        };
        classes.push(u16::try_from(number).map_err(|_| {
            Error::bad_file(
                path,
                format!("label {number} at index {index} of {name}"),
                "labels from 0 to 65,535",
                renumbered(labels),
            )
        })?);
    }
    Ok(Stored::Numbers(classes))
}

/// Numbers of any type; `None` for one that is not whole.
pub(in crate::data) fn whole_numbers<'a>(
    values: &'a [u8],
    header: &'a Header,
) -> Box<dyn Iterator<Item = Option<i128>> + 'a> {
    // Beyond this, neighbouring floating-point numbers are not all whole.
    let whole = |value: f64| (value.fract() == 0.0 && value.abs() < 1e15).then_some(value as i128);
    if header.is_bool() {
        Box::new(values.iter().map(|&value| Some(i128::from(value != 0))))
    } else if header.is_float() {
        Box::new(header.floats(values).map(whole))
    } else {
        Box::new(header.numbers(values).map(Some))
    }
}

/// The place of the only 1 in each row; `None` where there is none or more.
pub(in crate::data) fn one_hot(values: &[u8], header: &Header, width: usize) -> Option<Vec<u16>> {
    let bit = |number: Option<i128>| match number? {
        0 => Some(0_u8),
        1 => Some(1),
        _ => None,
    };
    let bits = whole_numbers(values, header).map(bit);
    let bits = by_rows(bits.collect::<Option<Vec<_>>>()?, header);
    let class = |row: &[u8]| {
        let mut ones = (0..).zip(row).filter(|&(_, &bit)| bit == 1);
        let class: usize = ones.next()?.0;
        let is_only = ones.next().is_none();
        u16::try_from(class).ok().filter(|_| is_only)
    };
    bits.chunks_exact(width).map(class).collect()
}

/// Texts without the zeros that fill them up.
pub(in crate::data) fn texts(values: &[u8], header: &Header, bytes: usize) -> Vec<String> {
    if bytes == 0 {
        let count = header.shape.first().copied().unwrap_or(0);
        return vec![String::new(); count as usize];
    }
    let text = |value: &[u8]| {
        let text = match header.is_text() {
            true => header
                .numbers(value)
                .map(|letter| u32::try_from(letter).ok().and_then(char::from_u32))
                .map(|letter| letter.unwrap_or(char::REPLACEMENT_CHARACTER))
                .collect(),
            false => String::from_utf8_lossy(value).into_owned(),
        };
        text.trim_end_matches('\0').to_owned()
    };
    values.chunks_exact(bytes).map(text).collect()
}

impl Stored {
    fn into_texts(self) -> Vec<String> {
        match self {
            Self::Texts(texts) => texts,
            Self::Numbers(numbers) => numbers.iter().map(u16::to_string).collect(),
        }
    }
}
