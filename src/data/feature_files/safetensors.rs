//! Files of named tensors: the length of a header in eight bytes, the header in
//! JSON, and the values, all little-endian and in rows.

use std::collections::HashSet;
use std::fmt;
use std::io::{Read, Seek, SeekFrom, Take};
use std::path::Path;

use serde::de::{Deserialize, Deserializer, Error as _, IgnoredAny, MapAccess, Visitor};

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
        let entries = serde_json::from_slice::<Entries>(&text);
        let entries = entries.map_err(|wrong| refuse(format!("a damaged header ({wrong})")))?;
        let tensors = tensors(entries, 8 + length, rest - length).map_err(refuse)?;
        Ok(Self {
            source,
            path,
            tensors,
        })
    }

    /// The values of a tensor, keeping what is read from.
    pub(super) fn into_body(mut self, name: &str) -> Result<Take<R>> {
        let length = self.go_to(name)?;
        Ok(self.source.take(length))
    }

    /// Goes to where the values of a tensor begin; how many bytes they have.
    fn go_to(&mut self, name: &str) -> Result<u64> {
        let &Tensor { start, span, .. } = self.tensor(name)?;
        let found = self.source.seek(SeekFrom::Start(start));
        found.map_err(Error::unreadable(self.path))?;
        Ok(span[1] - span[0])
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

/// What a header says of a tensor.
#[derive(serde::Deserialize)]
struct Entry {
    dtype: String,
    shape: Vec<u64>,
    data_offsets: [u64; 2],
}

/// The tensors of a header by their names. One that occurs twice is refused, which a map
/// would pass over.
struct Entries(Vec<(String, Entry)>);

impl<'de> Deserialize<'de> for Entries {
    fn deserialize<D: Deserializer<'de>>(header: D) -> std::result::Result<Self, D::Error> {
        header.deserialize_map(Named)
    }
}

struct Named;

impl<'de> Visitor<'de> for Named {
    type Value = Entries;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("tensors by their names")
    }

    fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> std::result::Result<Entries, M::Error> {
        let (mut entries, mut names) = (Vec::new(), HashSet::new());
        while let Some(name) = map.next_key::<String>()? {
            if name == METADATA {
                map.next_value::<IgnoredAny>()?;
            } else {
                entries.push((name.clone(), map.next_value()?));
            }
            if !names.insert(name.clone()) {
                return Err(M::Error::custom(format_args!("{name:?} twice")));
            }
        }
        Ok(Entries(entries))
    }
}

/// The tensors of a header, whose values begin at `start` and have `bytes` bytes;
/// an error says what was found.
fn tensors(entries: Entries, start: u64, bytes: u64) -> std::result::Result<Vec<Tensor>, String> {
    let mut tensors = Vec::new();
    for (name, entry) in entries.0 {
        let Entry {
            dtype,
            shape,
            data_offsets: span,
        } = entry;
        let known = TYPES.iter().find(|&&(called, _)| called == dtype);
        let header = Header::new(known.map_or(&*dtype, |&(_, descr)| descr), shape);
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
        let length = self.go_to(name)?;
        Ok(Box::new(self.source.by_ref().take(length)))
    }
}
