//! Texts in files of models.

use std::io::{Read, Seek};

use crate::data::npz::{Archive, Header};
use crate::error::Result;

/// The longest name, in characters, that is written, and read from a file.
const LONGEST_NAME: u64 = 200;

/// A name as it is written: on one line, and not too long to be read again.
pub(super) fn printable(name: &str) -> String {
    let letters = name.chars().filter(|letter| !letter.is_control());
    letters.take(LONGEST_NAME as usize).collect()
}

/// A text, if the archive has it in a printable form.
pub(super) fn text<R: Read + Seek>(
    archive: &mut Archive<'_, R>,
    name: &str,
) -> Result<Option<String>> {
    if !archive.has(name) {
        return Ok(None);
    }
    let header = archive.header(name)?;
    if header.bytes().is_none_or(|bytes| bytes > 4 * LONGEST_NAME) {
        return Ok(None);
    }
    let texts = texts(archive, name, &header)?.unwrap_or_default();
    let letters = <[String; 1]>::try_from(texts).ok().map(|[text]| text);
    Ok(letters.filter(|text| !text.is_empty() && !text.contains(char::is_control)))
}

/// The texts of an array; `None` where its values are none.
pub(super) fn texts<R: Read + Seek>(
    archive: &mut Archive<'_, R>,
    name: &str,
    header: &Header,
) -> Result<Option<Vec<String>>> {
    let (true, Some((letters, _))) = (header.is_text(), header.text()) else {
        return Ok(None);
    };
    let values = archive.values(name, header)?;
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
