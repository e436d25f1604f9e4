//! Extracts the files of one dataset from an archive that holds several. They
//! are unpacked once. Their checksums are stored beside them, because only the
//! archive's checksum is published.

use std::fs::{self, File};
use std::io::{self, BufReader, Write};
use std::path::{Path, PathBuf};

use zip::ZipArchive;

use super::cache;
use super::download::Fetching;
use crate::data::checksum;
use crate::data::unfinished::UnfinishedFile;
use crate::error::{Error, Result};

/// Folder of the files inside the archive.
const INSIDE: &str = "gzip";

/// Names of the training images and labels, then the test images and labels.
fn names(dataset: &str) -> [String; 4] {
    [
        "train-images-idx3",
        "train-labels-idx1",
        "test-images-idx3",
        "test-labels-idx1",
    ]
    .map(|part| format!("{dataset}-{part}-ubyte.gz"))
}

fn sums_path(folder: &Path, dataset: &str) -> PathBuf {
    folder.join(format!("{dataset}.sha256"))
}

/// Whether the files have been unpacked; only checks that they exist.
pub(super) fn is_unpacked(folder: &Path, dataset: &str) -> bool {
    let files = names(dataset).map(|name| folder.join(name));
    sums_path(folder, dataset).is_file() && files.iter().all(|file| file.is_file())
}

/// The unpacked files, if all exist and their checksums match.
pub(super) fn unpacked(folder: &Path, dataset: &str) -> Option<Vec<PathBuf>> {
    let sums = fs::read_to_string(sums_path(folder, dataset)).ok()?;
    let names = names(dataset);
    if sums.lines().count() != names.len() {
        return None;
    }
    let right = |(name, line): (&String, &str)| {
        let path = folder.join(name);
        let sum = checksum::sha256(&path).ok()?;
        (line == format!("{sum}  {name}")).then_some(path)
    };
    names.iter().zip(sums.lines()).map(right).collect()
}

/// Unpacks the files from an archive that has already been verified.
pub(super) fn unpack(
    archive: &Path,
    folder: &Path,
    dataset: &str,
    watch: &dyn Fn(Fetching<'_>),
) -> Result<Vec<PathBuf>> {
    let unwritable = Error::unwritable(folder);
    let _lock = cache::lock(folder, watch).map_err(unwritable)?;
    if let Some(files) = unpacked(folder, dataset) {
        return Ok(files);
    }
    let broken = |error: String| {
        let found = format!("an archive without {dataset} ({error})");
        Error::bad_file(archive, found, "EMNIST's archive", "remove the file")
    };
    let open = || ZipArchive::new(BufReader::new(File::open(archive)?));
    let mut zip = open().map_err(|error| broken(error.to_string()))?;
    let mut sums = String::new();
    let mut files = Vec::new();
    for name in names(dataset) {
        let mut member = zip
            .by_name(&format!("{INSIDE}/{name}"))
            .map_err(|error| broken(error.to_string()))?;
        let mut file = UnfinishedFile::create(folder, None).map_err(unwritable)?;
        io::copy(&mut member, &mut file).map_err(unwritable)?;
        file.sync().map_err(unwritable)?;
        let sum = checksum::sha256(file.path())?;
        let path = folder.join(&name);
        file.persist(&path).map_err(unwritable)?;
        sums += &format!("{sum}  {name}\n");
        files.push(path);
    }
    let mut file = UnfinishedFile::create(folder, None).map_err(unwritable)?;
    file.write_all(sums.as_bytes()).map_err(unwritable)?;
    file.sync().map_err(unwritable)?;
    file.persist(&sums_path(folder, dataset))
        .map_err(unwritable)?;
    cache::sync_folder(folder).map_err(unwritable)?;
    Ok(files)
}
