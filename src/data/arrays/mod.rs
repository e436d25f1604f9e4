//! Datasets in NumPy's arrays: which arrays make one ([`choose`]), what the
//! shape of images may be ([`shape`]), how their values become levels
//! ([`levels`]) and labels classes ([`labels`]). What is refused is refused with
//! advice that loses no data.

mod choose;
mod labels;
mod lattice;
mod levels;
mod npy_files;
mod roles;
mod shape;

use std::path::Path;

use super::Images;
use super::one_set::{Labelled, Samples, Sets};
use crate::data::npz::{Archive, Header};
use crate::error::{Error, Result};

pub(super) use choose::{Chosen, choose, choose_one};
pub(super) use labels::{LONGEST, one_hot, texts, whole_numbers};
pub(super) use npy_files::NpyFiles;
pub(super) use roles::{Kind, Role, understand};
pub(super) use shape::FLAT;
#[cfg(feature = "fetch")]
pub(super) use shape::SIDE;

/// Whether an array may hold images: it has their shape, or rows as wide as MNIST's images
/// that begin with levels, by the first of its values.
pub(super) fn may_be_images(header: &Header, first: impl FnOnce() -> Result<Vec<u8>>) -> bool {
    match header.shape[..] {
        [_, FLAT] => first().is_ok_and(|values| levels::may_be_levels(values, header)),
        [_, _] => false,
        _ => true,
    }
}

/// The arrays of a dataset, as named in messages.
pub(super) const ARRAYS: &str = "the arrays x_train, y_train, x_test and y_test";

/// The command that stores them.
pub(super) const SAVEZ: &str = "numpy.savez('data.npz', x_train=…, y_train=…, x_test=…, y_test=…)";

/// Headers of arrays by their names, wherever they are stored.
pub(super) trait Headers {
    /// The file or folder, for messages.
    fn path(&self) -> &Path;
    /// The names of all arrays.
    fn names(&self) -> Vec<String>;
    /// The header of an array.
    fn header(&mut self, name: &str) -> Result<Header>;
}

/// Arrays by their names, wherever they are stored.
pub(super) trait Arrays: Headers {
    /// The bytes of an array; their number matches its header.
    fn values(&mut self, name: &str, header: &Header) -> Result<Vec<u8>>;
}

impl<R: std::io::Read + std::io::Seek> Headers for Archive<'_, R> {
    fn path(&self) -> &Path {
        self.path()
    }

    fn names(&self) -> Vec<String> {
        self.names()
    }

    fn header(&mut self, name: &str) -> Result<Header> {
        self.header(name)
    }
}

impl<R: std::io::Read + std::io::Seek> Arrays for Archive<'_, R> {
    fn values(&mut self, name: &str, header: &Header) -> Result<Vec<u8>> {
        self.values(name, header)
    }
}

/// Images or labels of one set or of two.
struct Wanted {
    names: Vec<String>,
    headers: Vec<Header>,
}

/// Descriptions of the headers of a dataset's arrays for the user.
pub(super) fn headers(arrays: &mut dyn Arrays) -> Result<Vec<String>> {
    let chosen = choose(arrays, Kind::Images)?;
    let names = [&chosen.samples[..], &chosen.labels].concat();
    let header = |name: String| Ok(format!("{name} is {}", arrays.header(&name)?));
    names.into_iter().map(header).collect()
}

/// Reads a dataset. All headers are checked before any values are read.
pub(super) fn read(arrays: &mut dyn Arrays) -> Result<Samples> {
    let Chosen {
        samples: images,
        labels,
        mut notes,
    } = choose(arrays, Kind::Images)?;
    let (images, labels) = (wanted(arrays, images)?, wanted(arrays, labels)?);
    let path = arrays.path().to_owned();
    let shapes = shape::of_all(&images, &path, &mut notes)?;
    labels::check(&labels, &images, &path)?;
    let levels = levels::read(arrays, &images, &shapes, &mut notes)?;
    let classes = labels::read(arrays, &labels, &mut notes)?;
    let mut sets = Vec::new();
    for ((pixels, shape), labels) in levels.into_iter().zip(&shapes).zip(classes.labels) {
        let images = Images::new(shape.rows, shape.columns, pixels)?;
        sets.push(Labelled { images, labels });
    }
    let second = if sets.len() > 1 { sets.pop() } else { None };
    let sets = match (sets.pop(), second) {
        (Some(train), Some(test)) => Sets::Two(train, test),
        (Some(all), None) => Sets::One(all),
        (None, _) => return Err(Error::Invalid("no arrays were chosen".into())),
    };
    Ok(Samples {
        sets,
        class_names: classes.names,
        notes,
    })
}

fn wanted(arrays: &mut dyn Arrays, names: Vec<String>) -> Result<Wanted> {
    let headers = names.iter().map(|name| arrays.header(name));
    let headers = headers.collect::<Result<_>>()?;
    Ok(Wanted { names, headers })
}

impl Wanted {
    /// The same command for each array, as advice.
    fn save(&self, command: impl Fn(&str) -> String) -> String {
        let commands = self.names.iter().map(|name| command(variable(name)));
        format!("save {}", commands.collect::<Vec<_>>().join(" and "))
    }

    fn iter(&self) -> impl Iterator<Item = (&str, &Header)> {
        self.names.iter().map(String::as_str).zip(&self.headers)
    }
}

/// An array's name without the folders it is in.
pub(super) fn variable(name: &str) -> &str {
    name.rsplit('/').next().unwrap_or(name)
}

/// Values that are stored column by column (Fortran order), row by row.
fn by_rows<T: Copy>(values: Vec<T>, header: &Header) -> Vec<T> {
    if !header.fortran_order || header.shape.len() < 2 || values.is_empty() {
        return values;
    }
    // The caller has read as many values as the shape has, so sizes fit.
    let shape: Vec<usize> = header.shape.iter().map(|&size| size as usize).collect();
    let mut strides = vec![1; shape.len()];
    for axis in 1..shape.len() {
        strides[axis] = strides[axis - 1] * shape[axis - 1];
    }
    let mut place = vec![0; shape.len()];
    let mut from = 0;
    let mut rows = Vec::with_capacity(values.len());
    while rows.len() < values.len() {
        rows.push(values[from]);
        for axis in (0..shape.len()).rev() {
            place[axis] += 1;
            from += strides[axis];
            if place[axis] < shape[axis] {
                break;
            }
            from -= strides[axis] * shape[axis];
            place[axis] = 0;
        }
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_become_rows() {
        let header = |text: &str| Header::parse(text).expect("a header");
        let two = header("{'descr': '|u1', 'fortran_order': True, 'shape': (2, 3), }");
        assert_eq!(by_rows(vec![1, 4, 2, 5, 3, 6], &two), [1, 2, 3, 4, 5, 6]);
        // As numpy.asfortranarray(numpy.arange(12).reshape(2, 3, 2)) is stored.
        let three = header("{'descr': '|u1', 'fortran_order': True, 'shape': (2, 3, 2), }");
        let stored = vec![0, 6, 2, 8, 4, 10, 1, 7, 3, 9, 5, 11];
        assert_eq!(by_rows(stored, &three), (0..12).collect::<Vec<_>>());
    }
}
