//! Reads canonical MNIST a second time with the `mnist` crate and compares
//! every byte. That crate panics on unexpected files and accepts trailing
//! bytes, so our reader validates the files first. Two readers that share no
//! code are unlikely to make the same mistake.

use std::path::Path;

use mnist::{Mnist, MnistBuilder};
use tempfile::TempDir;

use super::idx::{FourFiles, Layout};
use super::{Dataset, Split};
use crate::data::content;
use crate::data::panics::catch_panic;
use crate::error::{Error, Result};

/// The only shape that the `mnist` crate is meant to read.
const CANONICAL: (usize, usize, Option<[usize; 2]>) = (60_000, 10_000, Some([28, 28]));

/// Number of bytes on which the `mnist` crate agrees; `None` if the dataset is
/// not stored like MNIST, since that crate cannot read it.
pub(super) fn compared(files: &FourFiles, dataset: &Dataset) -> Result<Option<usize>> {
    let (train, test) = (dataset.train(), dataset.test());
    let size = train.shape().image_size();
    match (train.whole(), test.whole()) {
        (Some(train), Some(test))
            if (train.len(), test.len(), size) == CANONICAL && is_canonical(files)? =>
        {
            compare(files, train, test).map(Some)
        }
        _ => Ok(None),
    }
}

fn compare(files: &FourFiles, train: &Split, test: &Split) -> Result<usize> {
    let second = read_with_mnist_crate(files)?;
    let train = compare_split("training", train, &second.trn_img, &second.trn_lbl)?;
    let test = compare_split("test", test, &second.tst_img, &second.tst_lbl)?;
    Ok(train + test)
}

fn compare_split(name: &str, ours: &Split, images: &[u8], labels: &[u8]) -> Result<usize> {
    let our_labels: Vec<u8> = ours.labels().iter().map(|&label| label as u8).collect();
    let pixels = ours
        .images()
        .map_or(&[][..], |images| images.images().pixels());
    for (what, ours, theirs) in [
        ("images", pixels, images),
        ("labels", &our_labels[..], labels),
    ] {
        if ours != theirs {
            let at = ours
                .iter()
                .zip(theirs)
                .position(|(a, b)| a != b)
                .unwrap_or(ours.len().min(theirs.len()));
            return Err(Error::Disagreement(format!(
                "the mnist crate reads other {name} {what} than ncm: first difference at byte {at} \
                 of {} and {}; please report this with the files",
                ours.len(),
                theirs.len()
            )));
        }
    }
    Ok(images.len() + labels.len())
}

/// Whether everything is stored as in MNIST, with one byte per label.
fn is_canonical(files: &FourFiles) -> Result<bool> {
    let (train, test) = (&files.train, &files.test);
    let is_mnists = train.layout == Layout::default() && test.layout == Layout::default();
    Ok(is_mnists && train.open()?.labels_are_bytes() && test.open()?.labels_are_bytes())
}

/// Reads the files with the crate. It only opens uncompressed files with UTF-8
/// paths, so other files are copied first.
fn read_with_mnist_crate(FourFiles { train, test, .. }: &FourFiles) -> Result<Mnist> {
    let mut scratch = None;
    let mut plain = |file: &Path| plain_path(file, &mut scratch);
    let (train_images, train_labels) = (plain(&train.images)?, plain(&train.labels)?);
    let (test_images, test_labels) = (plain(&test.images)?, plain(&test.labels)?);
    let read = || {
        MnistBuilder::new()
            .training_images_filename(&train_images)
            .training_labels_filename(&train_labels)
            .test_images_filename(&test_images)
            .test_labels_filename(&test_labels)
            .label_format_digit()
            .training_set_length(60_000)
            .validation_set_length(0)
            .test_set_length(10_000)
            .finalize()
    };
    catch_panic(read).map_err(|panic| {
        Error::Disagreement(format!(
            "the mnist crate cannot read files that ncm finds valid: {panic}"
        ))
    })
}

/// A path that the crate can read: the file itself, or a decompressed or plain
/// copy in a scratch folder, which is created when first needed.
fn plain_path(file: &Path, scratch: &mut Option<TempDir>) -> Result<String> {
    let absolute = std::path::absolute(file).map_err(|error| {
        Error::bad_file(file, error.to_string(), "a readable path", "check the path")
    })?;
    if let Some(path) = absolute
        .to_str()
        .filter(|_| !content::is_gzipped(file).unwrap_or(true))
    {
        return Ok(path.to_owned());
    }
    let temporary = std::env::temp_dir();
    let unwritable = Error::unwritable(&temporary);
    let folder = match scratch {
        Some(folder) => folder,
        None => scratch.insert(tempfile::tempdir().map_err(unwritable)?),
    };
    let copy = folder.path().join(format!(
        "{}",
        std::fs::read_dir(folder.path())
            .map_err(unwritable)?
            .count()
    ));
    content::decompress(file, &copy)?;
    let unnamed =
        |_| Error::Disagreement("the mnist crate needs a TMPDIR whose name is UTF-8".into());
    copy.into_os_string().into_string().map_err(unnamed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::Images;

    #[test]
    fn every_difference_is_found() {
        let images = Images::new(1, 2, vec![1, 2, 3, 4]).expect("two images");
        let split = Split::new(images, vec![0, 1], 2).expect("two labels");
        let agrees =
            |images: &[u8], labels: &[u8]| compare_split("test", &split, images, labels).is_ok();
        assert!(agrees(&[1, 2, 3, 4], &[0, 1]));
        assert!(!agrees(&[1, 2, 3, 5], &[0, 1]));
        assert!(!agrees(&[1, 2, 3], &[0, 1]));
        assert!(!agrees(&[1, 2, 3, 4], &[0, 0]));
        assert!(!agrees(&[1, 2, 3, 4], &[0, 1, 1]));
    }
}
