//! The user's own pictures, of any size, as grey levels.

mod decode;

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
    /// JPEG, PGM (or another Netpbm format), or the raw levels of an image of
    /// `raw` rows and columns.
    ///
    /// # Errors
    /// When the format is none of these, or the picture is damaged or too large.
    pub fn read(path: &Path, raw: [usize; 2]) -> Result<Self> {
        Self::from_reader(content::raw(path)?, path, raw)
    }

    /// As [`read`](Self::read), but from any reader; `name` is only used in
    /// error messages.
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
