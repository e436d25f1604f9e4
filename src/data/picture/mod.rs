//! Pictures that people have, of any size, as grey levels.

mod decode;

use std::io::Read;
use std::path::Path;

use crate::data::content;
use crate::error::{Error, Result};

/// No picture has more pixels: those of any camera, and what a header claims
/// gets no more memory.
pub const MOST_PICTURE_PIXELS: usize = 1 << 26;

/// No file of a picture has more bytes.
const MOST_BYTES: u64 = 1 << 28;

/// Grey levels of a picture, 0 = black, row by row from the top.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    rows: usize,
    columns: usize,
    levels: Vec<u8>,
    lossy: bool,
}

impl Picture {
    /// A picture of `rows × columns` levels.
    ///
    /// # Errors
    /// When there are not that many, none, or more than [`MOST_PICTURE_PIXELS`].
    pub fn new(rows: usize, columns: usize, levels: Vec<u8>) -> Result<Self> {
        let fits = rows.checked_mul(columns) == Some(levels.len());
        if !fits || levels.is_empty() || levels.len() > MOST_PICTURE_PIXELS {
            return Err(Error::Invalid(format!(
                "{} levels do not make a picture of {rows} × {columns} pixels",
                levels.len()
            )));
        }
        Ok(Self {
            rows,
            columns,
            levels,
            lossy: false,
        })
    }

    /// Reads a picture from a file; its content decides what it is: PNG, JPEG,
    /// PGM (or another of that family), or the bare levels of an image of
    /// `raw` rows and columns.
    ///
    /// # Errors
    /// When it is none of these, damaged or too large.
    pub fn read(path: &Path, raw: [usize; 2]) -> Result<Self> {
        Self::from_reader(content::raw(path)?, path, raw)
    }

    /// As [`read`](Self::read), from anywhere; `name` stands in errors.
    ///
    /// # Errors
    /// As [`read`](Self::read).
    pub fn from_reader(source: impl Read, name: &Path, raw: [usize; 2]) -> Result<Self> {
        let mut bytes = Vec::new();
        source
            .take(MOST_BYTES + 1)
            .read_to_end(&mut bytes)
            .map_err(Error::unreadable(name))?;
        if bytes.len() as u64 > MOST_BYTES {
            return Err(Error::bad_file(
                name,
                format!("more than {MOST_BYTES} bytes"),
                "a picture",
                "name a smaller file",
            ));
        }
        decode::decode(bytes, name, raw)
    }

    /// Rows.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Columns.
    pub fn columns(&self) -> usize {
        self.columns
    }

    /// All levels, row by row.
    pub fn levels(&self) -> &[u8] {
        &self.levels
    }

    /// Whether it was stored in a format that blurs edges, as JPEG does, so
    /// that levels near the background's mean nothing.
    pub fn is_lossy(&self) -> bool {
        self.lossy
    }
}
