//! Whole arrays of numbers and of texts, as files of models and scores have them.

use std::io::{Read, Seek};

use super::archive::{Archive, WRITE_AGAIN};
use super::npy::Header;
use crate::error::{Error, Result};

/// The longest name, in characters, that is written, and read from a file.
const LONGEST_NAME: u64 = 200;

/// A name as it is written: on one line, and not too long to be read again.
pub(crate) fn printable(name: &str) -> String {
    let letters = name.chars().filter(|letter| !letter.is_control());
    letters.take(LONGEST_NAME as usize).collect()
}

impl<R: Read + Seek> Archive<'_, R> {
    /// An error about what was found.
    pub(crate) fn refuse(&self, found: impl Into<String>, expected: impl Into<String>) -> Error {
        Error::bad_file(self.path(), found, expected, WRITE_AGAIN)
    }

    /// A text, if the archive has it in a printable form.
    pub(crate) fn text(&mut self, name: &str) -> Result<Option<String>> {
        if !self.has(name) {
            return Ok(None);
        }
        let header = self.header(name)?;
        if header.bytes().is_none_or(|bytes| bytes > 4 * LONGEST_NAME) {
            return Ok(None);
        }
        let texts = self.texts(name, &header)?.unwrap_or_default();
        let letters = <[String; 1]>::try_from(texts).ok().map(|[text]| text);
        Ok(letters.filter(|text| !text.is_empty() && !text.contains(char::is_control)))
    }

    /// The texts of an array; `None` where its values are none.
    pub(crate) fn texts(&mut self, name: &str, header: &Header) -> Result<Option<Vec<String>>> {
        let (true, Some((letters, _))) = (header.is_text(), header.text()) else {
            return Ok(None);
        };
        let values = self.values(name, header)?;
        let codes = header.numbers(&values);
        let all: Option<Vec<char>> = codes
            .map(|code| char::from_u32(u32::try_from(code).ok()?))
            .collect();
        let all = all.filter(|_| letters > 0);
        // NumPy pads texts with zeros.
        let text = |letters: &[char]| {
            let text: String = letters.iter().collect();
            text.trim_end_matches('\0').to_owned()
        };
        Ok(all.map(|all| all.chunks(letters as usize).map(text).collect()))
    }

    /// The texts of a row of so many.
    pub(crate) fn row_of_texts(&mut self, name: &str, count: usize) -> Result<Vec<String>> {
        let header = self.header(name)?;
        let texts = match header.shape == [count as u64] && !header.fortran_order {
            true => self.texts(name, &header)?,
            false => None,
        };
        texts.ok_or_else(|| self.refuse(header.to_string(), format!("{count} texts in {name}")))
    }

    /// The numbers of an array of integers, of which none is negative.
    pub(crate) fn whole_numbers(&mut self, name: &str, header: &Header) -> Result<Vec<u64>> {
        let values = self.values(name, header)?;
        // As they are in files of our own.
        if header.value() == Some(('<', 'u', 8)) {
            let numbers = values.as_chunks().0.iter();
            return Ok(numbers.map(|&bytes| u64::from_le_bytes(bytes)).collect());
        }
        let refuse = |number| self.refuse(format!("{number} in {name}"), "no negative number");
        let number = |number: i128| u64::try_from(number).map_err(|_| refuse(number));
        // All of them have been read, so the count fits in memory.
        let many = header.shape.iter().product::<u64>();
        let mut numbers = Vec::with_capacity(many as usize);
        for value in header.numbers(&values) {
            numbers.push(number(value)?);
        }
        Ok(numbers)
    }

    /// Integers in an array of exactly this shape in C order.
    pub(crate) fn whole_array(&mut self, name: &str, shape: &[usize]) -> Result<Vec<u64>> {
        let header = self.header(name)?;
        let is_shape = header
            .shape
            .iter()
            .copied()
            .eq(shape.iter().map(|&size| size as u64));
        if !is_shape || !header.is_plain() {
            let sizes: Vec<String> = shape.iter().map(usize::to_string).collect();
            let expected = match sizes.is_empty() {
                true => format!("one integer in {name}"),
                false => format!("{} integers in {name}", sizes.join(" × ")),
            };
            return Err(self.refuse(header.to_string(), expected));
        }
        self.whole_numbers(name, &header)
    }
}
