//! The header of a NumPy array.

use std::fmt;
use std::io::{self, Read};

use half::f16;

/// How the file of an array begins.
const MAGIC: [u8; 6] = *b"\x93NUMPY";

/// Upper limit on a header's length; headers of plain arrays are shorter.
const LONGEST: usize = 4096;

/// What the values of other formats are called that are the upper halves of
/// `f32`; NumPy has no name for them.
pub(crate) const BFLOAT16: &str = "bfloat16";

/// The type of an array's values and the array's shape.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Header {
    /// Byte order, kind and size of a value, as in `<i8`.
    descr: String,
    pub fortran_order: bool,
    pub shape: Vec<u64>,
}

impl Header {
    /// The header of an array in rows; `descr` is as NumPy writes it, or
    /// [`BFLOAT16`], or any other name, of values that are not read.
    pub(crate) fn new(descr: impl Into<String>, shape: Vec<u64>) -> Self {
        Self {
            descr: descr.into(),
            fortran_order: false,
            shape,
        }
    }

    /// Whether an array has integers in C order.
    pub(crate) fn is_plain(&self) -> bool {
        self.is_integer() && !self.fortran_order
    }

    /// Reads a header; `None` if it is not that of a plain array.
    pub(crate) fn read(file: &mut impl Read) -> io::Result<Option<Self>> {
        let mut magic = Vec::new();
        file.by_ref().take(6).read_to_end(&mut magic)?;
        if !MAGIC.starts_with(&magic) {
            return Ok(None);
        }
        // Of a file that ends before, nothing is left here.
        let mut version = [0; 2];
        file.read_exact(&mut version)?;
        let wide = match version {
            [1, _] => false,
            [2 | 3, _] => true,
            _ => return Ok(None),
        };
        let mut length = [0; 4];
        file.read_exact(&mut length[..if wide { 4 } else { 2 }])?;
        let length = u32::from_le_bytes(length) as usize;
        if length > LONGEST {
            return Ok(None);
        }
        let mut text = vec![0; length];
        file.read_exact(&mut text)?;
        Ok(std::str::from_utf8(&text).ok().and_then(Self::parse))
    }

    /// `{'descr': '|u1', 'fortran_order': False, 'shape': (60000, 28, 28), }`
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let inner = text.trim().strip_prefix('{')?.strip_suffix('}')?;
        let after = |key: &str| {
            let (_, rest) = inner.split_once(&format!("'{key}':"))?;
            Some(rest.trim_start())
        };
        let (descr, _) = after("descr")?.strip_prefix('\'')?.split_once('\'')?;
        let order = after("fortran_order")?;
        let fortran_order = match (order.starts_with("True"), order.starts_with("False")) {
            (true, _) => true,
            (_, true) => false,
            _ => return None,
        };
        let (shape, _) = after("shape")?.strip_prefix('(')?.split_once(')')?;
        let sizes = shape
            .split(',')
            .map(str::trim)
            .filter(|size| !size.is_empty());
        Some(Self {
            descr: descr.to_owned(),
            fortran_order,
            shape: sizes
                // Python 2 on Windows wrote its long integers with an L.
                .map(|size| size.strip_suffix('L').unwrap_or(size).parse().ok())
                .collect::<Option<_>>()?,
        })
    }

    /// Byte order, kind and size of a value, if known.
    pub(crate) fn value(&self) -> Option<(char, char, u64)> {
        if self.is_bfloat16() {
            return Some(('<', 'B', 2));
        }
        let mut rest = self.descr.chars();
        let (order, kind) = (rest.next()?, rest.next()?);
        let size = rest.as_str().parse().ok()?;
        matches!(order, '<' | '>' | '|').then_some((order, kind, size))
    }

    /// Byte order, kind and size of a number, if the values are integers or
    /// strings. NumPy stores each character of a string in 32 bits.
    fn integer(&self) -> Option<(char, char, usize)> {
        match self.value()? {
            (order, kind @ ('u' | 'i'), bytes @ (1 | 2 | 4 | 8)) => {
                Some((order, kind, bytes as usize))
            }
            (order, 'U', _) => Some((order, 'u', 4)),
            _ => None,
        }
    }

    /// Whether values are unsigned bytes.
    pub(crate) fn is_bytes(&self) -> bool {
        matches!(self.integer(), Some((_, 'u', 1)))
    }

    /// Size of the whole array in bytes; `None` if it is unknown or overflows.
    pub(crate) fn bytes(&self) -> Option<u64> {
        let value = match self.value()? {
            (_, 'U', letters) => letters.checked_mul(4)?,
            (_, _, bytes) => bytes,
        };
        let sizes = self.shape.iter();
        sizes.copied().try_fold(value, u64::checked_mul)
    }

    /// Whether values are integers.
    pub(crate) fn is_integer(&self) -> bool {
        self.integer().is_some() && !self.is_text()
    }

    /// Whether values are truth values, a byte each.
    pub(crate) fn is_bool(&self) -> bool {
        matches!(self.value(), Some((_, 'b', 1)))
    }

    /// Whether values are floating-point numbers.
    pub(crate) fn is_float(&self) -> bool {
        matches!(self.value(), Some(('<' | '>', 'f', 2 | 4 | 8)))
    }

    /// Whether values are floating-point numbers of 16 bits.
    pub(crate) fn is_half(&self) -> bool {
        matches!(self.value(), Some((_, 'f', 2)))
    }

    /// Whether values are the upper halves of `f32`, which other formats have.
    pub(crate) fn is_bfloat16(&self) -> bool {
        self.descr == BFLOAT16
    }

    /// Whether values are Python objects, which are not read: what is stored of
    /// them is a program.
    pub(crate) fn is_object(&self) -> bool {
        self.descr.ends_with('O')
    }

    /// Whether values are single signed bytes.
    pub(crate) fn is_signed_bytes(&self) -> bool {
        matches!(self.integer(), Some((_, 'i', 1)))
    }

    /// Characters of a string, if the values are strings of bytes or of
    /// characters, and how many bytes each takes.
    pub(crate) fn text(&self) -> Option<(u64, usize)> {
        match self.value()? {
            (_, 'U', letters) => Some((letters, 4)),
            (_, 'S', letters) => Some((letters, 1)),
            _ => None,
        }
    }

    /// The values if they are floating-point numbers; otherwise nothing.
    pub(crate) fn floats(&self, bytes: &[u8]) -> impl Iterator<Item = f64> {
        let (order, size) = match self.value() {
            Some((order, 'f', size @ (2 | 4 | 8))) => (order, size as usize),
            _ => ('|', usize::MAX),
        };
        bytes.chunks_exact(size).map(move |value| {
            let mut little = [0; 8];
            little[..size].copy_from_slice(value);
            if order == '>' {
                little[..size].reverse();
            }
            let [a, b, c, d, ..] = little;
            match size {
                2 => f16::from_le_bytes([a, b]).to_f64(),
                4 => f32::from_le_bytes([a, b, c, d]).into(),
                _ => f64::from_le_bytes(little),
            }
        })
    }

    /// Shape and type in short.
    pub(crate) fn short(&self) -> String {
        let shape: Vec<String> = self.shape.iter().map(u64::to_string).collect();
        let order = if self.fortran_order {
            " in Fortran order"
        } else {
            ""
        };
        match shape.is_empty() {
            true => format!("a single {}", self.descr),
            false => format!("{} {}{order}", shape.join(" × "), self.descr),
        }
    }

    /// Whether values are strings.
    pub(crate) fn is_text(&self) -> bool {
        matches!(self.value(), Some((_, 'U', _)))
    }

    /// The values if they are integers, or the characters if they are strings;
    /// otherwise nothing.
    pub(crate) fn numbers(&self, bytes: &[u8]) -> impl Iterator<Item = i128> {
        let (order, kind, size) = self.integer().unwrap_or(('|', 'u', usize::MAX));
        bytes.chunks_exact(size).map(move |value| {
            let mut wide = [0; 16];
            wide[..size].copy_from_slice(value);
            if order == '>' {
                wide[..size].reverse();
            }
            let unsigned = i128::from_le_bytes(wide);
            let bits = 8 * size as u32;
            let negative = kind == 'i' && unsigned >> (bits - 1) == 1;
            if negative {
                unsigned - (1 << bits)
            } else {
                unsigned
            }
        })
    }
}

impl fmt::Display for Header {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let article = if self.shape.is_empty() {
            ""
        } else {
            "an array of "
        };
        write!(formatter, "{article}{}", self.short())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Option<Header> {
        Header::parse(text)
    }

    #[test]
    fn headers_are_read_as_numpy_writes_them() {
        let images = parse("{'descr': '|u1', 'fortran_order': False, 'shape': (3, 28, 28), }   \n");
        assert_eq!(
            images.as_ref().map(|header| &header.shape[..]),
            Some(&[3, 28, 28][..])
        );
        assert_eq!(images.as_ref().and_then(Header::bytes), Some(3 * 784));
        assert!(images.is_some_and(|header| header.is_bytes() && !header.fortran_order));
        let labels = parse("{'descr': '<i8', 'fortran_order': True, 'shape': (5,), }");
        assert_eq!(labels.as_ref().and_then(Header::bytes), Some(40));
        assert!(labels.is_some_and(|header| header.fortran_order && header.shape == [5]));
        for bad in [
            "",
            "{}",
            "{'descr': [('a', '|u1')], 'fortran_order': False, 'shape': (3,), }",
            "{'descr': '|u1', 'fortran_order': Maybe, 'shape': (3,), }",
            "{'descr': '|u1', 'fortran_order': False, 'shape': (3, -1), }",
            "{'descr': '|u1', 'fortran_order': False, 'shape': (99999999999999999999,), }",
            "{'descr': '|u1', 'fortran_order': False, 'shape': 3, }",
        ] {
            assert_eq!(parse(bad), None, "{bad}");
        }
        let huge = "{'descr': '<i8', 'fortran_order': False, 'shape': (9999999999, 9999999999), }";
        assert_eq!(parse(huge).and_then(|header| header.bytes()), None);
    }

    /// The header of a single value.
    fn one(descr: &str) -> Header {
        Header {
            descr: descr.into(),
            fortran_order: false,
            shape: vec![1],
        }
    }

    #[test]
    fn floats_have_three_sizes_and_an_order() {
        let of = |descr: &str, bytes: &[u8]| one(descr).floats(bytes).collect::<Vec<_>>();
        assert_eq!(of("<f4", &0.2_f32.to_le_bytes()), vec![f64::from(0.2_f32)]);
        assert_eq!(of(">f4", &(-1.5_f32).to_be_bytes()), vec![-1.5]);
        assert_eq!(of("<f8", &0.1_f64.to_le_bytes()), vec![0.1]);
        assert_eq!(
            of("<f2", &[0, 0x3c, 1, 0, 0, 0xc0]),
            vec![1.0, 2_f64.powi(-24), -2.0]
        );
        assert_eq!(of("<f2", &[0, 0x7c]), vec![f64::INFINITY]);
        assert!(of("|u1", &[1]).is_empty());
    }

    #[test]
    fn numbers_have_a_sign_and_an_order() {
        let of = |descr: &str, bytes: &[u8]| one(descr).numbers(bytes).collect::<Vec<_>>();
        assert_eq!(of("|u1", &[200]), vec![200]);
        assert_eq!(of("|i1", &[200]), vec![-56]);
        assert_eq!(of("<u2", &[1, 2]), vec![513]);
        assert_eq!(of(">u2", &[1, 2]), vec![258]);
        assert_eq!(of("<i8", &[255; 8]), vec![-1]);
        assert_eq!(of("<u8", &[255; 8]), vec![u64::MAX.into()]);
        assert_eq!(of("<f4", &[0; 4]), vec![]);
        assert_eq!(of("<i3", &[0; 3]), vec![]);
    }
}
