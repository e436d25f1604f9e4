//! The user's own pictures, of any size, as grey levels.

mod colour;
mod decode;
mod format;

use std::io::Read;
use std::path::Path;

use crate::data::content;
use crate::error::{Error, Result};

/// Maximum number of pixels. It allows pictures from any camera and limits the
/// memory that a header can claim.
pub const MOST_PICTURE_PIXELS: usize = 1 << 26;

/// Maximum size of a picture file in bytes.
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
    /// Builds a picture of `rows × columns` levels.
    ///
    /// # Errors
    /// When the number of levels differs from that, is zero, or exceeds
    /// [`MOST_PICTURE_PIXELS`].
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

    /// Reads a picture from a file. The content determines the format: PNG,
    /// JPEG, PGM (or another Netpbm format). Where `raw` has the rows and columns
    /// of an image, as many bytes are its bare levels.
    ///
    /// # Errors
    /// When the format is none of these, or the picture is damaged or too large.
    pub fn read(path: &Path, raw: Option<[usize; 2]>) -> Result<Self> {
        Self::from_reader(content::raw(path)?, path, raw)
    }

    /// As [`read`](Self::read), but from any reader; `name` is only used in
    /// error messages.
    ///
    /// # Errors
    /// As [`read`](Self::read).
    pub fn from_reader(source: impl Read, name: &Path, raw: Option<[usize; 2]>) -> Result<Self> {
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

    /// The same picture with other levels.
    pub(crate) fn mapped(&self, level: impl Fn(u8) -> u8) -> Self {
        Self {
            levels: self.levels.iter().map(|&of| level(of)).collect(),
            ..*self
        }
    }

    /// The picture that this was enlarged from, each pixel to a square of so many
    /// rows and columns; `None` where it was not.
    pub(crate) fn reduced(&self, times: usize) -> Option<Self> {
        if times == 0 || !self.rows.is_multiple_of(times) || !self.columns.is_multiple_of(times) {
            return None;
        }
        let small = |row: usize, column: usize| {
            self.levels[row / times * times * self.columns + column / times * times]
        };
        let mut places = self.levels.iter().enumerate();
        let is_enlarged =
            places.all(|(at, &level)| level == small(at / self.columns, at % self.columns));
        let rows = (0..self.rows).step_by(times);
        let levels = rows.flat_map(|row| {
            let columns = (0..self.columns).step_by(times);
            columns.map(move |column| self.levels[row * self.columns + column])
        });
        is_enlarged.then(|| Self {
            rows: self.rows / times,
            columns: self.columns / times,
            levels: levels.collect(),
            lossy: self.lossy,
        })
    }

    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Number of columns.
    pub fn columns(&self) -> usize {
        self.columns
    }

    /// All levels, row by row.
    pub fn levels(&self) -> &[u8] {
        &self.levels
    }

    /// Whether the picture was stored in a lossy format such as JPEG. These
    /// blur edges, so levels close to the background's are noise.
    pub fn is_lossy(&self) -> bool {
        self.lossy
    }
}
