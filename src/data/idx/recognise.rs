//! Recognises IDX files by their first bytes, and other kinds of files that
//! users often have in their place.

use crate::data::content::GZIP_MAGIC;
use crate::data::hexadecimal::hexadecimal;

/// What an IDX file may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::data) enum Kind {
    Labels,
    Images,
}

/// How values are stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::data) struct Values {
    /// Size of one value in bytes.
    pub bytes: u64,
    /// Number of dimensions.
    pub dimensions: usize,
}

impl Kind {
    /// How values are stored, if the file starts like one of this kind. Images
    /// are `u8`. Labels may also be `i16` or `i32`, and QMNIST's labels have
    /// several columns.
    pub(in crate::data) fn values(self, start: &[u8]) -> Option<Values> {
        let (bytes, dimensions) = match (self, start) {
            (Self::Images, [0, 0, 0x08, 3, ..]) => (1, 3),
            (Self::Labels, [0, 0, 0x08, 1, ..]) => (1, 1),
            (Self::Labels, [0, 0, 0x0b, 1, ..]) => (2, 1),
            (Self::Labels, [0, 0, 0x0c, 1, ..]) => (4, 1),
            (Self::Labels, [0, 0, 0x0c, 2, ..]) => (4, 2),
            _ => return None,
        };
        Some(Values { bytes, dimensions })
    }

    /// Length of the usual header in bytes.
    pub(in crate::data) fn header_bytes(self) -> usize {
        match self {
            Self::Labels => 8,
            Self::Images => 16,
        }
    }

    pub(in crate::data) fn describe(self) -> &'static str {
        match self {
            Self::Labels => "an IDX label file (magic 0x00000801)",
            Self::Images => "an IDX image file (magic 0x00000803)",
        }
    }
}

/// What a file that is not the expected IDX file seems to be.
pub(in crate::data) enum Guess {
    Idx(Kind),
    LittleEndianIdx,
    OtherIdx,
    Known(&'static str),
    Unknown,
}

pub(in crate::data) fn looks_like(start: &[u8]) -> Guess {
    let starts = |prefix: &[u8]| start.starts_with(prefix);
    let text: String = start
        .iter()
        .map(|&byte| char::from(byte).to_ascii_lowercase())
        .collect();
    match text.trim_start() {
        _ if Kind::Labels.values(start).is_some() => Guess::Idx(Kind::Labels),
        _ if Kind::Images.values(start).is_some() => Guess::Idx(Kind::Images),
        _ if starts(&[1, 8, 0, 0]) || starts(&[3, 8, 0, 0]) => Guess::LittleEndianIdx,
        _ if starts(&[0, 0]) && matches!(start[2], 8 | 9 | 0xb..=0xe) => Guess::OtherIdx,
        _ if starts(&GZIP_MAGIC) => Guess::Known("gzip data inside gzip data"),
        _ if starts(b"PK\x03\x04") => Guess::Known("a ZIP or .npz archive"),
        _ if starts(b"\x89PNG") => Guess::Known("a PNG picture"),
        _ if starts(b"\x93NUMPY") => Guess::Known("a NumPy .npy array"),
        _ if starts(b"\xfd7zXZ") => Guess::Known("xz-compressed data"),
        text if text.starts_with("<!doc")
            || text.starts_with("<html")
            || text.starts_with("<?xml") =>
        {
            Guess::Known("a web page")
        }
        text if text.starts_with("version https://git-lfs") => {
            Guess::Known("a Git LFS pointer, not the file itself")
        }
        _ => Guess::Unknown,
    }
}

impl Guess {
    pub(in crate::data) fn describe(&self, start: &[u8]) -> String {
        let magic = hexadecimal(&start[..start.len().min(4)]);
        match self {
            Self::Idx(kind) => kind.describe().to_owned(),
            Self::LittleEndianIdx => format!("an IDX header in little-endian order (0x{magic})"),
            Self::OtherIdx => format!("an IDX file of another type or shape (magic 0x{magic})"),
            Self::Known(what) => (*what).to_owned(),
            Self::Unknown => format!("something else (it starts with 0x{magic})"),
        }
    }
}
