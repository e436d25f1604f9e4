//! Reads an array as features: what its type and shape may be, and its values
//! block by block, so that memory holds no more than the rows and a block.

use std::io::Read;

use super::store::{Spot, Store};
use super::widen::Value;
use crate::data::arrays::variable;
use crate::data::npz::Header;
use crate::data::{Features, MOST_PIXELS};
use crate::error::{Error, Result};

/// Bytes that are read at a time, a multiple of every value's size.
const BLOCK: usize = 1 << 20;

/// An array that can be read as features.
pub(super) struct Planned {
    name: String,
    header: Header,
    pub spot: Spot,
    value: Value,
    pub rows: u64,
    pub dim: usize,
}

/// Features as they were read from a file.
#[derive(Clone, Debug, PartialEq)]
pub struct FileFeatures {
    /// The rows.
    pub features: Features,
    /// The type of the values in the file: `f16`, `bf16`, `f32` (as which `f64` is
    /// read) or `u8`.
    pub values: &'static str,
    /// What was interpreted, a line each.
    pub notes: Vec<String>,
}

/// Checks type and shape of an array.
///
/// # Errors
/// When it is nothing that can be read as features.
pub(super) fn plan(store: &mut dyn Store, name: &str) -> Result<Planned> {
    let header = store.header(name)?;
    let spot = store.spot(name);
    let refuse =
        |expected: &str, advice: String| spot.refuse(&header.to_string(), expected, advice);
    let x = match variable(name) {
        "" => "x",
        name => name,
    };
    let value = Value::of(&header).ok_or_else(|| {
        let expected = "values of the types f16, bf16, f32, f64 or u8";
        refuse(expected, type_advice(x, &header))
    })?;
    let (rows, dim) = shape(&header.shape)
        .ok_or_else(|| refuse("samples × values", shape_advice(x, &header.shape)))?;
    let dim = usize::try_from(dim).ok().filter(|&dim| dim <= MOST_PIXELS);
    let dim = dim.ok_or_else(|| {
        let expected = format!("at most {MOST_PIXELS} values in a sample");
        refuse(&expected, "save shorter samples".into())
    })?;
    Ok(Planned {
        name: name.to_owned(),
        header,
        spot,
        value,
        rows,
        dim,
    })
}

/// Rows and columns: axes of one beside the first are left out.
fn shape(shape: &[u64]) -> Option<(u64, u64)> {
    let (&rows, rest) = shape.split_first().filter(|(_, rest)| !rest.is_empty())?;
    let mut wide = rest.iter().copied().filter(|&size| size != 1);
    let dim = wide.next().unwrap_or(1);
    (rows > 0 && dim > 0 && wide.next().is_none()).then_some((rows, dim))
}

fn shape_advice(x: &str, shape: &[u64]) -> String {
    match *shape {
        _ if shape.contains(&0) => "save at least one sample of at least one value".into(),
        [] | [_] => format!("save {x}.reshape(-1, 1) if each value is a sample"),
        [1, _, _, ..] => format!("save {x}[0]"),
        _ => format!("save {x}.reshape(len({x}), -1)"),
    }
}

/// What makes values readable, without loss where there is such a way.
fn type_advice(x: &str, header: &Header) -> String {
    match header.value() {
        _ if header.is_object() => format!("save numpy.stack(list({x})).astype(numpy.float32)"),
        Some((_, 'V', 2)) => {
            format!("if it is bfloat16, save {x}.view(ml_dtypes.bfloat16).astype(numpy.float32)")
        }
        _ if header.is_bool() => format!("save {x}.astype(numpy.uint8)"),
        Some((_, 'u' | 'i', 1 | 2)) => format!("save {x}.astype(numpy.float32)"),
        // A list of floats that has become a list of texts.
        Some((_, 'u' | 'i' | 'f' | 'S' | 'U', _)) => format!("save {x}.astype(numpy.float64)"),
        _ => "save values of a type that is read, such as numpy.float32".into(),
    }
}

/// Reads the rows.
///
/// # Errors
/// When there are fewer bytes or more than the header says, or a value is not
/// finite as `f32`.
pub(super) fn read(store: &mut dyn Store, planned: &Planned) -> Result<FileFeatures> {
    let Planned {
        header, spot, dim, ..
    } = planned;
    // The length of the file is compared with the header before anything is reserved.
    let mut body = store.body(&planned.name, header)?;
    let (values, rounded) = values(&mut body, planned)?;
    let features = Features::new(*dim, values).map_err(|error| {
        let x = variable(&planned.name);
        let advice = format!("find all of them with numpy.argwhere(~numpy.isfinite({x}))");
        spot.refuse(&error.to_string(), "finite numbers", advice)
    })?;
    let mut notes = Vec::new();
    let mut note =
        |what: String| notes.push(format!("{} ({}): {what}", spot.name(), header.short()));
    if header.shape.len() > 2 {
        note(format!("read as {} × {dim}", planned.rows));
    }
    match (planned.value, rounded) {
        (Value::F64, 0) => note("read as f32, which has every value exactly".into()),
        (Value::F64, _) => note(format!(
            "read as f32; {rounded} of {} values were rounded",
            features.values().len()
        )),
        (Value::U8, _) => note("whole numbers were read as f32".into()),
        _ => {}
    }
    let values = planned.value.name();
    Ok(FileFeatures {
        features,
        values,
        notes,
    })
}

/// All values row after row, and how many were rounded.
fn values(body: &mut dyn Read, planned: &Planned) -> Result<(Vec<f32>, u64)> {
    let Planned {
        header,
        spot,
        value,
        dim,
        ..
    } = planned;
    let refuse = |found: &str, expected: &str| spot.refuse(found, expected, "write the file again");
    let too_large = || refuse(&header.to_string(), "what memory holds");
    let rows = usize::try_from(planned.rows).map_err(|_| too_large())?;
    let count = rows.checked_mul(*dim).ok_or_else(too_large)?;
    let mut values: Vec<f32> = Vec::new();
    values.try_reserve_exact(count).map_err(|_| too_large())?;
    let by_columns = header.fortran_order;
    if by_columns {
        values.resize(count, 0.0);
    }
    let is_big_endian = matches!(header.value(), Some(('>', ..)));
    let mut bytes = vec![0; BLOCK.min(count.saturating_mul(value.size()))];
    let mut block = Vec::new();
    let (mut done, mut rounded) = (0, 0);
    while done < count {
        let next = (bytes.len() / value.size()).min(count - done);
        let bytes = &mut bytes[..next * value.size()];
        body.read_exact(bytes)
            .map_err(|error| failed(error, planned))?;
        let was = value.widen(is_big_endian, bytes, &mut block);
        if let Some((place, wide)) = was.too_large {
            let place = done + place;
            let (row, column) = match by_columns {
                true => (place % rows, place / rows),
                false => (place / dim, place % dim),
            };
            let found = format!("row {row}, column {column} is {wide:e}, too large for f32");
            let expected = "values of f64 that f32 has as well";
            let advice = "divide all values by one power of two";
            return Err(spot.refuse(&found, expected, advice));
        }
        rounded += was.count;
        match by_columns {
            true => scatter(&block, done, rows, *dim, &mut values),
            false => values.extend_from_slice(&block),
        }
        done += next;
    }
    // Reading on to the end is what has an archive's checksum compared.
    match body.read(&mut [0]) {
        Ok(0) => Ok((values, rounded)),
        Ok(_) => Err(refuse(
            "more bytes than the header says",
            &header.to_string(),
        )),
        Err(error) => Err(failed(error, planned)),
    }
}

/// Puts values that are stored column after column into rows; `first` of them
/// were put before.
fn scatter(block: &[f32], first: usize, rows: usize, dim: usize, values: &mut [f32]) {
    let (mut row, mut column) = (first % rows, first / rows);
    for &value in block {
        values[row * dim + column] = value;
        row += 1;
        if row == rows {
            (row, column) = (0, column + 1);
        }
    }
}

fn failed(error: std::io::Error, planned: &Planned) -> Error {
    let Planned { header, spot, .. } = planned;
    let found = format!("values that cannot be read ({error})");
    spot.refuse(&found, &header.to_string(), "write the file again")
}
