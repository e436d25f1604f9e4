//! An array as features: what its type and shape may be.

use std::sync::Arc;

use super::store::{Spot, Store};
use super::widen::Value;
use crate::data::MOST_PIXELS;
use crate::data::arrays::variable;
use crate::data::npz::Header;
use crate::error::{Error, Result};

/// An array that can be read as features.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Planned {
    pub name: String,
    pub header: Header,
    pub spot: Spot,
    pub value: Value,
    pub rows: u64,
    pub dim: usize,
}

/// Checks type and shape of an array.
///
/// # Errors
/// When it is nothing that can be read as features.
pub(super) fn plan(store: &mut dyn Store, name: &str) -> Result<Arc<Planned>> {
    plan_as(store, name, shape)
}

/// As [`plan`], of an array that is one row.
///
/// # Errors
/// As [`plan`], and when it has other values than on one axis.
pub(super) fn plan_row(store: &mut dyn Store, name: &str) -> Result<Arc<Planned>> {
    plan_as(store, name, |shape| {
        let mut wide = shape.iter().copied().filter(|&size| size != 1);
        let dim = wide.next().unwrap_or(1);
        (dim > 0 && wide.next().is_none()).then_some((1, dim))
    })
}

fn plan_as(
    store: &mut dyn Store,
    name: &str,
    shape: impl Fn(&[u64]) -> Option<(u64, u64)>,
) -> Result<Arc<Planned>> {
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
    Ok(Arc::new(Planned {
        name: name.to_owned(),
        header,
        spot,
        value,
        rows,
        dim,
    }))
}

impl Planned {
    /// Whether values are stored column after column; of one row or column that is
    /// the same as row after row.
    pub(super) fn is_by_columns(&self) -> bool {
        self.header.fortran_order && self.rows > 1 && self.dim > 1
    }

    pub(super) fn is_big_endian(&self) -> bool {
        matches!(self.header.value(), Some(('>', ..)))
    }

    /// Numbers of rows and of values, if this machine can count the values' bytes.
    ///
    /// # Errors
    /// When it cannot.
    pub(super) fn counted(&self) -> Result<(usize, usize)> {
        let counted = || {
            let rows = usize::try_from(self.rows).ok()?;
            let count = rows.checked_mul(self.dim)?;
            count.checked_mul(size_of::<f32>())?;
            Some((rows, count))
        };
        counted().ok_or_else(|| self.too_large())
    }

    /// The rows exceed memory.
    pub(super) fn too_large(&self) -> Error {
        let x = match variable(&self.name) {
            "" => "x",
            name => name,
        };
        let advice = match self.is_by_columns() {
            true => {
                format!("save numpy.ascontiguousarray({x}), of which a part can be read at a time")
            }
            false => "use a machine with more memory".into(),
        };
        let found = self.header.to_string();
        self.spot.refuse(&found, "what memory holds", advice)
    }

    /// What was interpreted, a line each; of `rounded` values it is known that they
    /// were, if all were read.
    pub(super) fn notes(&self, rounded: Option<u64>) -> Vec<String> {
        let (header, dim) = (&self.header, self.dim);
        let mut notes = Vec::new();
        let mut note =
            |what: String| notes.push(format!("{} ({}): {what}", self.spot.name(), header.short()));
        if header.shape.len() > 2 {
            note(format!("read as {} × {dim}", self.rows));
        }
        match (self.value, rounded) {
            (Value::F64, Some(0)) => note("read as f32, which has every value exactly".into()),
            (Value::F64, Some(rounded)) => note(format!(
                "read as f32; {rounded} of {} values were rounded",
                self.rows.saturating_mul(dim as u64)
            )),
            (Value::F64, None) => {
                note("read as f32; values that it does not have were rounded".into());
            }
            (Value::U8, _) => note("whole numbers were read as f32".into()),
            _ => {}
        }
        notes
    }
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
