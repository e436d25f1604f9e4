//! Files that are no dataset this crate reads, though they may hold one: what
//! they are, and the way out that works.

use std::io::Read;
use std::path::Path;

use super::arrays::SAVEZ;
use super::content;
use crate::error::{A_DATASET, Error};

/// What a file is, and what to do with it.
struct Kind {
    what: &'static str,
    advice: Advice,
}

/// What to do with a file.
enum Advice {
    /// Load it in Python, in this way, and save an archive.
    Load(&'static str),
    /// Something else.
    Do(&'static str),
}

/// Bytes by which a file is recognised.
const START: u64 = 512;

const UNPACK: &str = "unpack it and name the folder";
const FETCH: &str = "fetch the file again";

/// The first bytes of kinds of files.
const MAGICS: [(&[u8], Kind); 18] = [
    (
        b"\x89HDF\r\n\x1a\n",
        loaded("an HDF5 file", "read it with h5py"),
    ),
    (
        b"MATLAB 5.0",
        loaded("a MATLAB file", "read it with scipy.io.loadmat"),
    ),
    (
        b"PAR1",
        loaded("a Parquet file", "read it with pandas.read_parquet"),
    ),
    (b"ARROW1", loaded("an Arrow file", "load it in Python")),
    (
        b"\x93NUMPY",
        kind(
            "a single NumPy array",
            "name the folder that has images and labels, such as x_train.npy and y_train.npy",
        ),
    ),
    (b"BZh", kind("a bzip2 file", UNPACK)),
    (b"7z\xbc\xaf\x27\x1c", kind("a 7-Zip archive", UNPACK)),
    (b"\xfd7zXZ", kind("an xz file", UNPACK)),
    (b"\x28\xb5\x2f\xfd", kind("a Zstandard file", UNPACK)),
    (b"Rar!", kind("a RAR archive", UNPACK)),
    (
        b"SQLite format 3",
        loaded("an SQLite database", "load it in Python"),
    ),
    (b"\x89PNG", kind("a PNG picture", PICTURE)),
    (b"\xff\xd8\xff", kind("a JPEG picture", PICTURE)),
    (b"GIF8", kind("a GIF picture", PICTURE)),
    (b"%PDF", kind("a PDF document", "name a dataset")),
    (
        b"version https://git-lfs",
        kind(
            "a Git LFS pointer, not the file itself",
            "fetch the file with git lfs pull",
        ),
    ),
    (
        b"\x00\x00\x08\x03",
        kind("an IDX file of images alone", IDX),
    ),
    (
        b"\x00\x00\x08\x01",
        kind("an IDX file of labels alone", IDX),
    ),
];

const PICTURE: &str = "name a folder that has a folder of pictures for each class";
const IDX: &str = "call it and the others train-images-idx3-ubyte, train-labels-idx1-ubyte, \
                   t10k-images-idx3-ubyte and t10k-labels-idx1-ubyte, and name their folder";

const fn kind(what: &'static str, advice: &'static str) -> Kind {
    let advice = Advice::Do(advice);
    Kind { what, advice }
}

/// A file that Python can load, in the way that `how` says.
const fn loaded(what: &'static str, how: &'static str) -> Kind {
    let advice = Advice::Load(how);
    Kind { what, advice }
}

/// The error for a file that no format claims.
pub(super) fn refuse(path: &Path) -> Error {
    let opened = match content::open(path) {
        Ok(opened) => opened,
        Err(error) => return error,
    };
    let is_gzipped = opened.plain_length.is_none();
    let mut start = Vec::new();
    if let Err(error) = opened.bytes.take(START).read_to_end(&mut start) {
        return Error::unreadable(path)(error);
    }
    let Kind { what, advice } = recognise(&start, path);
    let what = match is_gzipped {
        true => format!("{what}, gzipped"),
        false => what.to_owned(),
    };
    Error::bad_file(
        path,
        what,
        A_DATASET,
        match advice {
            Advice::Load(how) => format!("{how} and save {SAVEZ}"),
            Advice::Do(what) => what.to_owned(),
        },
    )
}

fn recognise(start: &[u8], path: &Path) -> Kind {
    let is =
        |place: usize, magic: &[u8]| start.get(place..).is_some_and(|it| it.starts_with(magic));
    if let Some((_, found)) = MAGICS.into_iter().find(|(magic, _)| is(0, magic)) {
        return found;
    }
    // Protocols 2 to 5; older ones have no mark of their own.
    if matches!(start, [0x80, 2..=5, ..]) {
        return loaded("a Python pickle", "load it with pickle.load");
    }
    if is(257, b"ustar") {
        return kind("a tar archive", UNPACK);
    }
    let text = String::from_utf8_lossy(start).to_ascii_lowercase();
    let text = text.trim_start_matches('\u{feff}').trim_start();
    let name = path.to_string_lossy().to_ascii_lowercase();
    let is_arff = text.starts_with("@relation") || name.ends_with(".arff") && text.starts_with('%');
    match text {
        "" if start.is_empty() => kind("an empty file", FETCH),
        _ if is_arff => loaded("an ARFF file", "read it with scipy.io.arff.loadarff"),
        text if ["<!doc", "<html", "<?xml"]
            .iter()
            .any(|tag| text.starts_with(tag)) =>
        {
            kind("a web page", FETCH)
        }
        text if text.starts_with('{') || text.starts_with('[') => {
            loaded("JSON", "load it in Python")
        }
        _ if super::csv::is_csv(&name) => kind(super::csv::UNLABELLED, super::csv::LABEL_IT),
        _ if name.ends_with(".npz") || name.ends_with(".zip") => {
            kind("something that is no archive", FETCH)
        }
        _ => kind(
            "a file of another kind",
            "name a dataset's folder or archive",
        ),
    }
}
