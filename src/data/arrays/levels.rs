//! The values of images as levels from 0 to 255: bytes, other whole numbers, and
//! fractions that are levels divided by 255.

use super::lattice::{Distinct, Lattice};
use super::shape::{Channels, Shape, reshaped};
use super::{Arrays, Wanted, by_rows};
use crate::data::npz::Header;
use crate::error::{Error, Result};

/// What a level divided by 255 may be rounded to in half precision, relatively.
const HALF: f64 = 1.0 / 2048.0;

/// Reads the images of all arrays. Arrays of one dataset are read alike.
pub(super) fn read(
    arrays: &mut dyn Arrays,
    images: &Wanted,
    shapes: &[Shape],
    notes: &mut Vec<String>,
) -> Result<Vec<Vec<u8>>> {
    for (name, header) in images.iter() {
        check_type(arrays, images, name, header)?;
    }
    let mut read = Vec::new();
    for (name, header) in images.iter() {
        let values = arrays.values(name, header)?;
        read.push(Read::new(values, header));
    }
    // Zeros and ones may be either; the other array decides.
    let are_fractions = read.iter().any(|it| !it.may_be_levels());
    if let Some(index) = read.iter().position(|it| !it.is(are_fractions)) {
        return Err(refuse(arrays, images, &read, index));
    }
    let mut levels = Vec::new();
    for (((name, header), read), shape) in images.iter().zip(read).zip(shapes) {
        notes.extend(read.note(name, header, are_fractions));
        let read = by_rows(read.into_levels(header, are_fractions), header);
        let grey = shape.grey(read).ok_or_else(|| {
            let [rows, columns] = match shape.channels {
                Channels::First => [3 * shape.rows, shape.columns],
                _ => [shape.rows, 3 * shape.columns],
            };
            Error::bad_file(
                arrays.path(),
                format!("{header} in {name}, in colours"),
                "one value for each pixel",
                images.save(|x| reshaped(x, rows as u64, columns as u64)),
            )
        })?;
        if shape.channels != Channels::One {
            notes.push(format!(
                "the three colours in {name} are equal, and one was read"
            ));
        }
        levels.push(grey);
    }
    Ok(levels)
}

/// Whether values that begin an array may be levels, as they are or divided by 255.
pub(super) fn may_be_levels(values: Vec<u8>, header: &Header) -> bool {
    !matches!(Read::new(values, header).kind, Kind::Other(_))
}

/// The values of an array, and what they may be.
struct Read {
    values: Vec<u8>,
    kind: Kind,
}

/// What values may be.
enum Kind {
    /// Levels as they are stored.
    Bytes,
    /// Whole numbers from 0 to 255.
    Levels,
    /// Levels divided by 255.
    Fractions,
    /// Zeros and ones, which may be either.
    ZerosAndOnes,
    /// Anything else.
    Other(Span),
}

/// From where to where values reach.
#[derive(Clone, Copy)]
struct Span {
    least: f64,
    greatest: f64,
    has_nan: bool,
}

impl Read {
    fn new(values: Vec<u8>, header: &Header) -> Self {
        let kind = match (header.is_bytes(), header.is_float()) {
            (true, _) => Kind::Bytes,
            _ if header.is_bool() => Kind::Levels,
            (_, true) => {
                let is_half = header.is_half();
                Kind::of(header.floats(&values), |value| is_fraction(value, is_half))
            }
            _ => Kind::of(header.numbers(&values).map(|it| it as f64), |_| false),
        };
        Self { values, kind }
    }

    fn may_be_levels(&self) -> bool {
        matches!(self.kind, Kind::Bytes | Kind::Levels | Kind::ZerosAndOnes)
    }

    /// Whether the values can be read, as fractions or as levels.
    fn is(&self, are_fractions: bool) -> bool {
        match self.kind {
            Kind::Bytes | Kind::ZerosAndOnes => true,
            Kind::Levels => !are_fractions,
            Kind::Fractions => are_fractions,
            Kind::Other(_) => false,
        }
    }

    fn note(&self, name: &str, header: &Header, are_fractions: bool) -> Option<String> {
        let was = match self.kind {
            Kind::Bytes | Kind::Other(_) => return None,
            _ if header.is_bool() => "truth values were read as 0 and 1",
            Kind::Fractions => "each value is a level divided by 255, and was read as that level",
            Kind::ZerosAndOnes if are_fractions => "0 and 1 were read as 0 and 255",
            Kind::ZerosAndOnes | Kind::Levels => "whole numbers were read as levels",
        };
        Some(format!("{name} ({}): {was}", header.short()))
    }

    fn into_levels(self, header: &Header, are_fractions: bool) -> Vec<u8> {
        let scale = if are_fractions { 255.0 } else { 1.0 };
        // What is no level was refused before.
        let level = |value: f64| (value * scale).round() as u8;
        match self.kind {
            Kind::Bytes => self.values,
            _ if header.is_bool() => self
                .values
                .into_iter()
                .map(|it| u8::from(it != 0))
                .collect(),
            _ if header.is_float() => header.floats(&self.values).map(level).collect(),
            _ => {
                let numbers = header.numbers(&self.values);
                numbers.map(|number| level(number as f64)).collect()
            }
        }
    }
}

impl Kind {
    fn of(values: impl Iterator<Item = f64>, is_fraction: impl Fn(f64) -> bool) -> Self {
        let (mut are_levels, mut are_fractions) = (true, true);
        let mut span = Span {
            least: f64::INFINITY,
            greatest: f64::NEG_INFINITY,
            has_nan: false,
        };
        for value in values {
            are_levels &= value.fract() == 0.0 && (0.0..=255.0).contains(&value);
            are_fractions &= is_fraction(value);
            span.least = span.least.min(value);
            span.greatest = span.greatest.max(value);
            span.has_nan |= value.is_nan();
        }
        match (are_levels, are_fractions) {
            (true, true) => Self::ZerosAndOnes,
            (true, false) => Self::Levels,
            (false, true) => Self::Fractions,
            (false, false) => Self::Other(span),
        }
    }
}

/// Whether a value is a level divided by 255 or multiplied by 1/255, as single or
/// double precision round it, or as half precision may.
fn is_fraction(value: f64, is_half: bool) -> bool {
    let level = (value * 255.0).round();
    if !(0.0..=255.0).contains(&level) {
        return false;
    }
    let single = level as f32;
    let exact = level / 255.0;
    let rounded = [
        exact,
        level * (1.0 / 255.0),
        (single / 255.0).into(),
        (single * (1.0 / 255.0)).into(),
        f64::from(exact as f32),
        f64::from((level * (1.0 / 255.0)) as f32),
    ];
    rounded.contains(&value) || is_half && (value - exact).abs() <= HALF * exact
}

/// Types whose values are no numbers.
fn check_type(arrays: &dyn Arrays, images: &Wanted, name: &str, header: &Header) -> Result<()> {
    if header.is_bytes() || header.is_integer() || header.is_float() || header.is_bool() {
        return Ok(());
    }
    let advice = match header.text() {
        Some(_) => images.save(|x| format!("{x}.astype(float)")),
        None if header.is_object() => {
            "bring the images to one size and save numpy.stack(images)".to_owned()
        }
        None => "save whole numbers from 0 to 255 as numpy.uint8".to_owned(),
    };
    Err(Error::bad_file(
        arrays.path(),
        format!("{header} in {name}"),
        "numbers",
        advice,
    ))
}

/// Why an array cannot be read, and what makes it readable without loss.
fn refuse(arrays: &dyn Arrays, images: &Wanted, read: &[Read], index: usize) -> Error {
    let (name, header) = (&images.names[index], &images.headers[index]);
    let mut all = Distinct::default();
    for (read, header) in read.iter().zip(&images.headers) {
        match header.is_float() {
            true => header.floats(&read.values).for_each(|it| all.add(it)),
            false => header
                .numbers(&read.values)
                .for_each(|it| all.add(it as f64)),
        }
    }
    let found = match &read[index].kind {
        Kind::Other(span) if span.has_nan => "not a number among them".to_owned(),
        Kind::Other(span) => format!("from {} to {}", number(span.least), number(span.greatest)),
        _ => "on another scale than the other images".to_owned(),
    };
    let is_float = images.headers.iter().any(Header::is_float);
    let advice = match all.lattice() {
        _ if images.headers.iter().all(Header::is_signed_bytes) => {
            images.save(|x| format!("{x}.view(numpy.uint8)"))
        }
        Some(lattice) => images.save(|x| command(x, lattice, is_float)),
        None => "save the images as they were before they were scaled, \
                 as whole numbers from 0 to 255"
            .to_owned(),
    };
    Error::bad_file(
        arrays.path(),
        format!("{header} in {name}, {found}"),
        "whole numbers from 0 to 255, or these divided by 255",
        advice,
    )
}

/// A command that numbers even steps from 0.
fn command(x: &str, Lattice { least, step }: Lattice, is_float: bool) -> String {
    if is_float {
        let moved = match least {
            0.0 => x.to_owned(),
            _ if least < 0.0 => format!("({x} + {})", number(-least)),
            _ => format!("({x} - {})", number(least)),
        };
        // Divided by 255, up to what rounding has left of it.
        let scaled = match (step * 255.0 - 1.0).abs() < 1e-4 {
            true => format!("{moved} * 255"),
            false => format!("{moved} / {}", number(step)),
        };
        return format!("numpy.rint({scaled}).astype(numpy.uint8)");
    }
    let wide = format!("{x}.astype(numpy.int64)");
    let moved = match least {
        0.0 => wide,
        _ if least < 0.0 => format!("({wide} + {})", -least),
        _ => format!("({wide} - {least})"),
    };
    match step {
        1.0 => format!("{moved}.astype(numpy.uint8)"),
        _ => format!("({moved} // {step}).astype(numpy.uint8)"),
    }
}

/// A number as Python reads it, without a long row of zeros.
fn number(value: f64) -> String {
    match value.fract() == 0.0 && value.abs() < 1e15 {
        true => value.to_string(),
        false => format!("{value:?}"),
    }
}
