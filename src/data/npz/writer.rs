//! Writes an archive as NumPy's `savez_compressed` does.

use std::io::{Cursor, Write};

use zip::result::ZipResult;
use zip::write::SimpleFileOptions;
use zip::{System, ZipWriter};

/// A header's length is a multiple of this, so that values are aligned.
const ALIGNMENT: usize = 64;

/// An archive in the making, in memory; the same bytes whenever and wherever
/// it is made.
pub(crate) struct Writer(ZipWriter<Cursor<Vec<u8>>>);

impl Writer {
    /// An archive without arrays.
    pub(crate) fn new() -> Self {
        Self(ZipWriter::new(Cursor::default()))
    }

    /// Adds an array in C order, its values as `descr` says, such as `<u8`.
    pub(crate) fn add(
        &mut self,
        name: &str,
        descr: &str,
        shape: &[usize],
        values: &[u8],
    ) -> ZipResult<()> {
        let options = SimpleFileOptions::default()
            .last_modified_time(zip::DateTime::default())
            .system(System::Unix)
            .unix_permissions(0o644);
        self.0.start_file(format!("{name}.npy"), options)?;
        self.0.write_all(&header(descr, shape))?;
        self.0.write_all(values)?;
        Ok(())
    }

    /// The whole archive.
    pub(crate) fn finish(self) -> ZipResult<Vec<u8>> {
        Ok(self.0.finish()?.into_inner())
    }
}

/// Version 1.0: magic number, length, a Python literal, blanks and a line's end.
fn header(descr: &str, shape: &[usize]) -> Vec<u8> {
    let sizes: String = shape.iter().map(|size| format!("{size}, ")).collect();
    let shape = match shape.len() {
        // `(3, )` is the tuple of one number, `(3, 4)` of two.
        0 | 1 => sizes.trim_end().to_owned(),
        _ => sizes.trim_end_matches(", ").to_owned(),
    };
    let text = format!("{{'descr': '{descr}', 'fortran_order': False, 'shape': ({shape}), }}");
    let start = b"\x93NUMPY\x01\x00";
    let whole = (start.len() + 2 + text.len() + 1).next_multiple_of(ALIGNMENT);
    let length = whole - start.len() - 2;
    let padded = format!("{text:<width$}\n", width = length - 1);
    // A shape of few numbers is far from the 65,535 characters that fit.
    [
        &start[..],
        &(length as u16).to_le_bytes(),
        padded.as_bytes(),
    ]
    .concat()
}
