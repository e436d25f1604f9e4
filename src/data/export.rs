//! Writes a dataset as four uncompressed IDX files, all of them or none.

use std::fs;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use super::{Dataset, Source, Split};
use crate::data::unfinished::UnfinishedFile;
use crate::error::{Error, Result};

/// Writes the files into `folder` and returns their paths. The folder is
/// created if it does not exist.
///
/// # Errors
/// When a file already exists or cannot be written, or when the dataset turns
/// out to be damaged while it is read.
pub fn export(dataset: &Dataset, folder: &Path) -> Result<Vec<PathBuf>> {
    let parts = [("train", dataset.train()), ("t10k", dataset.test())];
    let names = |part: &str| {
        [
            format!("{part}-images-idx3-ubyte"),
            format!("{part}-labels-idx1-ubyte"),
        ]
    };
    for path in parts.iter().flat_map(|(part, _)| names(part)) {
        let path = folder.join(path);
        if path.exists() {
            return Err(Error::bad_file(
                &path,
                "a file",
                "nothing that would be overwritten",
                "name another folder",
            ));
        }
    }
    let unwritable = Error::unwritable(folder);
    fs::create_dir_all(folder).map_err(unwritable)?;
    let temporary = || UnfinishedFile::create(folder, None).map_err(unwritable);
    let mut written = Vec::new();
    for (part, source) in parts {
        let paths = names(part).map(|name| folder.join(name));
        let [mut images, mut labels] = [temporary()?, temporary()?];
        write(source, &mut images, &mut labels, &paths)?;
        let [image_path, label_path] = paths;
        written.extend([(images, image_path), (labels, label_path)]);
    }
    written
        .into_iter()
        .map(|(file, path)| match file.persist_noclobber(&path) {
            Ok(()) => Ok(path),
            Err(error) => Err(Error::unwritable(&path)(error)),
        })
        .collect()
}

fn write(
    source: &Source,
    images: &mut UnfinishedFile,
    labels: &mut UnfinishedFile,
    [image_path, label_path]: &[PathBuf; 2],
) -> Result<()> {
    let to_images = Error::unwritable(image_path);
    let to_labels = Error::unwritable(label_path);
    let is_wide = source.classes() > 256;
    let (mut images, mut labels) = (BufWriter::new(images), BufWriter::new(labels));
    let not_images = || Error::Invalid("IDX files hold images; these are feature vectors".into());
    let [rows, columns] = source.shape().image_size().ok_or_else(not_images)?;
    let sizes = [source.len(), rows, columns];
    header(&mut images, 8, &sizes).map_err(to_images)?;
    header(&mut labels, if is_wide { 0xC } else { 8 }, &sizes[..1]).map_err(to_labels)?;
    let mut batches = source.batches();
    while let Some(batch) = batches.next() {
        let batch = batch?;
        let pixels = batch.images().ok_or_else(not_images)?.images().pixels();
        images.write_all(pixels).map_err(to_images)?;
        labels
            .write_all(&label_bytes(&batch, is_wide))
            .map_err(to_labels)?;
        batches.give_back(batch);
    }
    images.flush().map_err(to_images)?;
    labels.flush().map_err(to_labels)
}

fn label_bytes(batch: &Split, is_wide: bool) -> Vec<u8> {
    let labels = batch.labels().iter();
    match is_wide {
        true => labels
            .flat_map(|&label| u32::from(label).to_be_bytes())
            .collect(),
        false => labels.map(|&label| label as u8).collect(),
    }
}

/// Writes an IDX header: two zeros, the type, the number of dimensions and the
/// dimensions.
fn header(file: &mut impl Write, kind: u8, sizes: &[usize]) -> io::Result<()> {
    file.write_all(&[0, 0, kind, sizes.len() as u8])?;
    sizes.iter().try_for_each(|&size| {
        let size = u32::try_from(size).map_err(io::Error::other)?;
        file.write_all(&size.to_be_bytes())
    })
}
