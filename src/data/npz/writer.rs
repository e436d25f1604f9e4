//! Writes an archive like NumPy's `savez_compressed`.

use std::io::{Cursor, Write};

use zip::result::ZipResult;
use zip::write::SimpleFileOptions;
use zip::{System, ZipWriter};

/// The length of a header is padded to a multiple of this, so that the values
/// are aligned.
const ALIGNMENT: usize = 64;

/// An archive that is being built in memory. The output is reproducible: it
/// depends on neither the time nor the platform.
pub(crate) struct Writer(ZipWriter<Cursor<Vec<u8>>>);

impl Writer {
    /// An archive without arrays.
    pub(crate) fn new() -> Self {
        Self(ZipWriter::new(Cursor::default()))
    }

    /// Adds an array in C order whose values have the type `descr`, such as `<u8`.
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

    /// Finishes the archive and returns its bytes.
    pub(crate) fn finish(self) -> ZipResult<Vec<u8>> {
        Ok(self.0.finish()?.into_inner())
    }
}

/// A header of format version 1.0: magic number, length, a Python literal,
/// padding and a newline.
fn header(descr: &str, shape: &[usize]) -> Vec<u8> {
    let sizes: String = shape.iter().map(|size| format!("{size}, ")).collect();
    let shape = match shape.len() {
        // `(3, )` is a tuple of one number, `(3, 4)` one of two.
        0 | 1 => sizes.trim_end().to_owned(),
        _ => sizes.trim_end_matches(", ").to_owned(),
    };
    let text = format!("{{'descr': '{descr}', 'fortran_order': False, 'shape': ({shape}), }}");
    let start = b"\x93NUMPY\x01\x00";
    let whole = (start.len() + 2 + text.len() + 1).next_multiple_of(ALIGNMENT);
    let length = whole - start.len() - 2;
    let padded = format!("{text:<width$}\n", width = length - 1);
    // A shape with few dimensions stays far below the limit of 65,535 characters.
    [
        &start[..],
        &(length as u16).to_le_bytes(),
        padded.as_bytes(),
    ]
    .concat()
}
