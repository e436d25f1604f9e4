//! Files of named tensors: the length of a header in eight bytes, the header in
//! JSON, and the values, all little-endian and in rows.

use std::io::{Read, Seek, SeekFrom};
use std::path::Path;

use super::json::Json;
use super::store::{Spot, Store};
use crate::data::arrays::Headers;
use crate::data::npz::{BFLOAT16, Header};
use crate::error::{Error, Result};

/// The longest header that is read. The format allows 100 MB; a file of features
/// has a few hundred bytes.
const LONGEST: u64 = 4 << 20;

/// Types and what they are called here.
const TYPES: [(&str, &str); 13] = [
    ("F16", "<f2"),
    ("BF16", BFLOAT16),
    ("F32", "<f4"),
    ("F64", "<f8"),
    ("U8", "|u1"),
    ("I8", "|i1"),
    ("U16", "<u2"),
    ("I16", "<i2"),
    ("U32", "<u4"),
    ("I32", "<i4"),
    ("U64", "<u8"),
    ("I64", "<i8"),
    ("BOOL", "|b1"),
];

/// The key of a header that is no tensor.
const METADATA: &str = "__metadata__";

const SAVE_AGAIN: &str = "save it again with safetensors";

/// An open file.
pub(super) struct Safetensors<'a, R> {
    source: R,
    path: &'a Path,
    /// In the order of their names.
    tensors: Vec<Tensor>,
}

#[derive(Debug)]
struct Tensor {
    name: String,
    header: Header,
    /// From where to where the values reach, counted after the header.
    span: [u64; 2],
    /// Where the values begin in the file.
    start: u64,
}

impl<'a, R: Read + Seek> Safetensors<'a, R> {
    /// Reads and checks the header; `path` is for messages.
    ///
    /// # Errors
    /// When the tensors do not fill the file, one after the other, each with as
    /// many bytes as its shape and type have.
    pub(super) fn open(mut source: R, path: &'a Path) -> Result<Self> {
        let unreadable = Error::unreadable(path);
        let refuse = |found: String| {
            let expected = "a file of tensors as safetensors writes it";
            Error::bad_file(path, found, expected, SAVE_AGAIN)
        };
        let all = source.seek(SeekFrom::End(0)).map_err(unreadable)?;
        source.rewind().map_err(unreadable)?;
        let Some(rest) = all.checked_sub(8) else {
            return Err(refuse(format!("{all} bytes")));
        };
        let mut length = [0; 8];
        source.read_exact(&mut length).map_err(unreadable)?;
        let length = u64::from_le_bytes(length);
        if length > rest {
            let found = format!("a header of {length} bytes, of which {rest} are there");
            return Err(refuse(found));
        }
        if length > LONGEST {
            let found = format!("a header of {length} bytes");
            let expected = format!("at most {LONGEST}");
            let advice = "save the features as one tensor, and the labels as another";
            return Err(Error::bad_file(path, found, expected, advice));
        }
        let mut text = Vec::new();
        let read = source.by_ref().take(length).read_to_end(&mut text);
        read.map_err(unreadable)?;
        let text = std::str::from_utf8(&text);
        let text = text.map_err(|_| refuse("a header that is no text".into()))?;
        let json = Json::parse(text);
        let json = json.map_err(|wrong| refuse(format!("a damaged header ({wrong})")))?;
        let tensors = tensors(json, 8 + length, rest - length).map_err(refuse)?;
        Ok(Self {
            source,
            path,
            tensors,
        })
    }

    fn tensor(&self, name: &str) -> Result<&Tensor> {
        let found = self.tensors.iter().find(|tensor| tensor.name == name);
        found.ok_or_else(|| {
            let found = format!("no tensor {name}");
            let names: Vec<&str> = self.tensors.iter().map(|it| &*it.name).take(12).collect();
            let expected = format!("one of {}", names.join(", "));
            Error::bad_file(self.path, found, expected, "name one of these")
        })
    }
}

/// The tensors of a header, whose values begin at `start` and have `bytes` bytes;
/// an error says what was found.
fn tensors(json: Json, start: u64, bytes: u64) -> std::result::Result<Vec<Tensor>, String> {
    let Json::Object(entries) = json else {
        return Err("a header that is no object".into());
    };
    let mut tensors = Vec::new();
    for (name, entry) in entries {
        if name == METADATA {
            continue;
        }
        let dtype = match entry.get("dtype") {
            Some(Json::Text(dtype)) => Some(dtype),
            _ => None,
        };
        let shape = entry.get("shape").and_then(Json::numbers);
        let span = entry.get("data_offsets").and_then(Json::numbers);
        let span = span.and_then(|span| <[u64; 2]>::try_from(span).ok());
        let (Some(dtype), Some(shape), Some(span)) = (dtype, shape, span) else {
            return Err(format!("{name} without type, shape or two offsets"));
        };
        let known = TYPES.iter().find(|&&(called, _)| called == dtype);
        let header = Header::new(known.map_or(&**dtype, |&(_, descr)| descr), shape);
        let [from, to] = span;
        let Some(length) = to.checked_sub(from).filter(|_| to <= bytes) else {
            return Err(format!("{name} from {from} to {to} of {bytes} bytes"));
        };
        // Of types that are not read, the size of a value is not known.
        if known.is_some() && header.bytes() != Some(length) {
            return Err(format!("{length} bytes for {header} in {name}"));
        }
        tensors.push(Tensor {
            name,
            header,
            span,
            start: start + from,
        });
    }
    tensors.sort_unstable_by_key(|tensor| tensor.span);
    let mut end = 0;
    for Tensor { name, span, .. } in &tensors {
        match span[0] {
            from if from < end => return Err(format!("{name}, which overlaps with another")),
            from if from > end => return Err(format!("bytes before {name} that are no tensor's")),
            _ => end = span[1],
        }
    }
    if end != bytes {
        return Err(format!("{} bytes after the last tensor", bytes - end));
    }
    tensors.sort_unstable_by(|a, b| a.name.cmp(&b.name));
    Ok(tensors)
}

impl<R: Read + Seek> Headers for Safetensors<'_, R> {
    fn path(&self) -> &Path {
        self.path
    }

    fn names(&self) -> Vec<String> {
        self.tensors.iter().map(|it| it.name.clone()).collect()
    }

    fn header(&mut self, name: &str) -> Result<Header> {
        Ok(self.tensor(name)?.header.clone())
    }
}

impl<R: Read + Seek> Store for Safetensors<'_, R> {
    fn spot(&self, name: &str) -> Spot {
        Spot::inside(self.path, name)
    }

    fn body(&mut self, name: &str, _: &Header) -> Result<Box<dyn Read + '_>> {
        let &Tensor { start, span, .. } = self.tensor(name)?;
        let found = self.source.seek(SeekFrom::Start(start));
        found.map_err(Error::unreadable(self.path))?;
        Ok(Box::new(self.source.by_ref().take(span[1] - span[0])))
    }
}
