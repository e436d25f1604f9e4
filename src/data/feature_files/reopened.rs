//! Opens the file of an array again, for one pass over its values.

use std::io::{self, BufReader, Read, Seek};

use super::matrix::Planned;
use super::safetensors::Safetensors;
use super::single;
use super::store::{ARRAYS, Format};
use crate::data::arrays::Headers;
use crate::data::content;
use crate::data::npz::{Archive, Header};
use crate::error::{Error, Result};

/// Bytes of an archive that are read at a time.
const READ: usize = 256 << 10;

/// The values of an array behind so many rows. The length of the file is compared with
/// the header, but for that of compressed values.
///
/// # Errors
/// When the array is not there as it was when it was first looked at.
pub(super) fn reopened(planned: &Planned, rows: u64) -> Result<Box<dyn Read + Send>> {
    let Planned {
        name, header, spot, ..
    } = planned;
    let is_same = |found: Header| match found == *header {
        true => Ok(()),
        false => Err(Error::Changed),
    };
    let path = &spot.path;
    // All of them are in the file, so their bytes can be counted.
    let skip = rows * planned.dim as u64 * planned.value.size() as u64;
    let unreadable = Error::unreadable(path);
    let behind = |mut body: Box<dyn Read + Send>| {
        let passed = io::copy(&mut body.by_ref().take(skip), &mut io::sink());
        passed.map_err(Error::unreadable(path)).map(|_| body)
    };
    let mut file = content::raw(path)?;
    match Format::of(&mut file, path)? {
        Format::Archive => {
            let file = BufReader::with_capacity(READ, file);
            let mut archive = Archive::open(file, path, ARRAYS)?;
            is_same(archive.header(name)?)?;
            behind(Box::new(archive.into_stream(name, header)?))
        }
        Format::Tensors => {
            let mut tensors = Safetensors::open(file, path)?;
            is_same(tensors.header(name)?)?;
            behind(Box::new(tensors.into_body(name)?))
        }
        Format::Single(form) => {
            is_same(form.header(&mut file, path)?)?;
            single::body(&mut file, path, form)?;
            let skip = i64::try_from(skip).map_err(io::Error::other);
            skip.and_then(|skip| file.seek_relative(skip))
                .map_err(unreadable)?;
            Ok(Box::new(file))
        }
    }
}
