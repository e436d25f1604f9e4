//! Writes an archive like NumPy's `savez_compressed`.

use std::io::{Cursor, Read, Write};

use zip::result::ZipResult;
use zip::write::SimpleFileOptions;
use zip::{System, ZipWriter};

use super::archive::NPY;
use super::checked::{CHECKSUM, Checksum};

/// The length of a header is padded to a multiple of this, so that the values
/// are aligned.
const ALIGNMENT: usize = 64;

/// An archive that is being built in memory. The output is reproducible: it
/// depends on neither the time nor the platform.
pub(crate) struct Writer {
    zip: ZipWriter<Cursor<Vec<u8>>>,
    checksum: Checksum,
}

impl Writer {
    /// An archive without arrays.
    pub(crate) fn new() -> Self {
        Self {
            zip: ZipWriter::new(Cursor::default()),
            checksum: Checksum::new(),
        }
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
        let (name, header) = (format!("{name}{NPY}"), header(descr, shape));
        self.checksum.add(&name, header.as_slice().chain(values))?;
        self.zip.start_file(name, options)?;
        self.zip.write_all(&header)?;
        self.zip.write_all(values)?;
        Ok(())
    }

    /// Adds a text as NumPy stores it: in UTF-32.
    pub(crate) fn add_text(&mut self, name: &str, text: &str) -> ZipResult<()> {
        let letters: Vec<u8> = text
            .chars()
            .flat_map(|letter| u32::from(letter).to_le_bytes())
            .collect();
        self.add(name, &format!("<U{}", letters.len() / 4), &[], &letters)
    }

    /// Adds texts that follow each other, filled up with zeros to the longest.
    pub(crate) fn add_texts(&mut self, name: &str, texts: &[String]) -> ZipResult<()> {
        let letters = |text: &String| text.chars().count();
        let longest = texts.iter().map(letters).max().unwrap_or(0).max(1);
        let mut values = vec![0; 4 * longest * texts.len()];
        for (values, text) in values.chunks_exact_mut(4 * longest).zip(texts) {
            for (value, letter) in values.chunks_exact_mut(4).zip(text.chars()) {
                value.copy_from_slice(&u32::from(letter).to_le_bytes());
            }
        }
        self.add(name, &format!("<U{longest}"), &[texts.len()], &values)
    }

    /// As [`finish`](Self::finish), with the checksum of all arrays behind them.
    pub(crate) fn finish_checked(mut self) -> ZipResult<Vec<u8>> {
        let digits = self.checksum.digits();
        self.add_text(CHECKSUM, &digits)?;
        self.finish()
    }

    /// Finishes the archive and returns its bytes.
    pub(crate) fn finish(self) -> ZipResult<Vec<u8>> {
        Ok(self.zip.finish()?.into_inner())
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
