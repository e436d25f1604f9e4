//! The values of an array as `f32`, block by block in the order of the file, so
//! that memory holds no more than what was asked for and a block.

use std::io::{self, Read};
use std::sync::Arc;

use super::matrix::Planned;
use super::widen::Value;
use crate::data::arrays::variable;
use crate::data::features::{has_strange, not_finite};
use crate::error::{Error, Result};

/// Bytes that are read at a time, a multiple of every value's size. They are still
/// in the processor's cache when they are looked at.
const BLOCK: usize = 256 << 10;

/// An array of which some values have been read.
pub(super) struct Values<R> {
    body: R,
    planned: Arc<Planned>,
    /// Bytes that are no `f32` yet.
    bytes: Vec<u8>,
    done: u64,
    rounded: u64,
}

impl<R: Read> Values<R> {
    /// `body` is at the first value.
    pub(super) fn new(body: R, planned: &Arc<Planned>) -> Self {
        Self::behind(body, planned, 0)
    }

    /// `body` is behind so many rows.
    pub(super) fn behind(body: R, planned: &Arc<Planned>, rows: u64) -> Self {
        Self {
            body,
            planned: Arc::clone(planned),
            bytes: Vec::new(),
            done: rows * planned.dim as u64,
            rounded: 0,
        }
    }

    /// How many of the values that were read are not what they were in the file.
    pub(super) fn rounded(&self) -> u64 {
        self.rounded
    }

    /// Reads as many values as `into` has; all are finite.
    ///
    /// # Errors
    /// When there are fewer, or one is not finite as `f32`.
    pub(super) fn read(&mut self, into: &mut [f32]) -> Result<()> {
        let at_a_time = BLOCK / self.planned.value.size().max(size_of::<f32>());
        for block in into.chunks_mut(at_a_time) {
            match self.planned.value {
                Value::F32 => self.read_plainly(block)?,
                value => self.widen(value, block)?,
            }
            if has_strange(block) {
                return Err(self.strange(block));
            }
            self.done += block.len() as u64;
        }
        Ok(())
    }

    /// Reads values that are `f32` to where they will be.
    fn read_plainly(&mut self, block: &mut [f32]) -> Result<()> {
        let read = self.body.read_exact(bytemuck::cast_slice_mut(block));
        read.map_err(|error| self.failed(&error))?;
        let is_big_endian = self.planned.is_big_endian();
        if is_big_endian != cfg!(target_endian = "big") {
            for value in block {
                *value = f32::from_bits(value.to_bits().swap_bytes());
            }
        }
        Ok(())
    }

    fn widen(&mut self, value: Value, block: &mut [f32]) -> Result<()> {
        self.bytes.resize(block.len() * value.size(), 0);
        let read = self.body.read_exact(&mut self.bytes);
        read.map_err(|error| self.failed(&error))?;
        let was = value.widen(self.planned.is_big_endian(), &self.bytes, block);
        self.rounded += was.count;
        let Some((place, wide)) = was.too_large else {
            return Ok(());
        };
        let [row, column] = self.place(place);
        let found = format!("row {row}, column {column} is {wide:e}, too large for f32");
        let expected = "values of f64 that f32 has as well";
        let advice = "divide all values by one power of two";
        Err(self.refuse(&found, expected, advice.into()))
    }

    /// The first value of a block, which has one, that is not finite.
    fn strange(&mut self, block: &[f32]) -> Error {
        let place = block.iter().position(|value| !value.is_finite());
        let place = place.unwrap_or_default();
        let [row, column] = self.place(place);
        let x = variable(&self.planned.name);
        let advice = format!("find all of them with numpy.argwhere(~numpy.isfinite({x}))");
        let found = not_finite(row, column, block[place]);
        self.refuse(&found, "finite numbers", advice)
    }

    /// Row and column of a value of the block that is being read.
    fn place(&self, place: usize) -> [usize; 2] {
        let place = self.done + place as u64;
        let Planned { rows, dim, .. } = *self.planned;
        let dim = dim as u64;
        let place = match self.planned.is_by_columns() {
            true => [place % rows, place / rows],
            false => [place / dim, place % dim],
        };
        place.map(|place| place as usize)
    }

    /// An error about a value, unless the rest of the file tells that it is damaged,
    /// which is why the value is what it is.
    fn refuse(&mut self, found: &str, expected: &str, advice: String) -> Error {
        match io::copy(&mut self.body, &mut io::sink()) {
            Ok(_) => self.planned.spot.refuse(found, expected, advice),
            Err(error) => self.failed(&error),
        }
    }

    /// Reads on to the end, which is what has an archive's checksum compared.
    ///
    /// # Errors
    /// When there is more than the header says, or the archive is damaged.
    pub(super) fn end(&mut self) -> Result<()> {
        match self.body.read(&mut [0]) {
            Ok(0) => Ok(()),
            Ok(_) => {
                let Planned { header, spot, .. } = &*self.planned;
                let found = "more bytes than the header says";
                Err(spot.refuse(found, &header.to_string(), "write the file again"))
            }
            Err(error) => Err(self.failed(&error)),
        }
    }

    fn failed(&self, error: &io::Error) -> Error {
        let Planned { header, spot, .. } = &*self.planned;
        let found = format!("values that cannot be read ({error})");
        spot.refuse(&found, &header.to_string(), "write the file again")
    }
}
