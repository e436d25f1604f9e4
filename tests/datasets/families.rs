//! The families of datasets that are stored like MNIST, or nearly.

use std::io::{self, Read};
use std::path::Path;

use ncm::Dataset;
use ncm::internals::app::exit_code;
use ncm::internals::data::{Split, images_from_idx, labels_from_idx};

use crate::support::{Folder, Outcome, Pictures, ensure, failed, gzip, idx};

const NAMES: [(&str, &str); 4] = [
    (Folder::TRAIN_IMAGES, "train-images-idx3-ubyte"),
    (Folder::TRAIN_LABELS, "train-labels-idx1-ubyte"),
    (Folder::TEST_IMAGES, "test-images-idx3-ubyte"),
    (Folder::TEST_LABELS, "test-labels-idx1-ubyte"),
];

fn splits(folder: &Path) -> Result<[Split; 2], String> {
    let dataset = Dataset::from_folder(folder).map_err(failed)?;
    let whole = |split: Option<&Split>| split.cloned().ok_or("not in memory");
    Ok([
        whole(dataset.train().whole())?,
        whole(dataset.test().whole())?,
    ])
}

/// Labels as QMNIST stores them: eight numbers each, the class first.
fn in_columns(labels: &[u8]) -> Vec<u8> {
    let mut bytes = vec![0, 0, 0x0c, 2];
    bytes.extend((labels.len() as u32).to_be_bytes());
    bytes.extend(8_u32.to_be_bytes());
    for &label in labels {
        bytes.extend(i32::from(label).to_be_bytes());
        (0..7).for_each(|column: i32| bytes.extend((-5 * column).to_be_bytes()));
    }
    bytes
}

/// Writes the four files of the usual small dataset under other names.
fn renamed(prefix: &str, to: &Path, change: impl Fn(&str, Vec<u8>) -> Vec<u8>) -> Outcome {
    let folder = Folder::new();
    std::fs::create_dir_all(to).map_err(failed)?;
    for (file, name) in NAMES {
        let bytes = change(name, folder.read(file));
        std::fs::write(to.join(format!("{prefix}{name}")), bytes).map_err(failed)?;
    }
    Ok(())
}

#[test]
fn of_qmnist() -> Outcome {
    let (folder, place) = (Folder::new(), tempfile::tempdir().map_err(failed)?);
    for (name, file) in [
        ("train-images-idx3-ubyte", Folder::TRAIN_IMAGES),
        ("test-images-idx3-ubyte", Folder::TEST_IMAGES),
    ] {
        let path = place.path().join(format!("qmnist-{name}.gz"));
        std::fs::write(path, gzip(&folder.read(file))).map_err(failed)?;
    }
    let write = |name: &str, bytes: Vec<u8>| {
        std::fs::write(place.path().join(format!("qmnist-{name}")), bytes).map_err(failed)
    };
    let labels = |file: &str| folder.read(file)[8..].to_vec();
    let (train, test) = (labels(Folder::TRAIN_LABELS), labels(Folder::TEST_LABELS));
    write("train-labels-idx2-int.gz", gzip(&in_columns(&train)))?;
    write("test-labels-idx2-int", in_columns(&test))?;
    ensure(splits(place.path())? == splits(folder.path())?, || {
        "other data".into()
    })?;
    let name = Dataset::from_folder(place.path())
        .map_err(failed)?
        .name()
        .to_owned();
    ensure(name == "qmnist", || name)?;
    // Cut short, too wide, and not a class.
    let mut cut = in_columns(&test);
    cut.pop();
    let mut wide = in_columns(&test);
    wide[8..12].copy_from_slice(&300_u32.to_be_bytes());
    wide.resize(12 + 4 * 300 * 4, 0);
    let mut negative = in_columns(&test);
    negative[12] = 0x80;
    for (bytes, says) in [
        (cut, "127 bytes after the header; expected 128 bytes"),
        (wide, "labels of 300 columns; expected at most 256"),
        (
            negative,
            "label -2147483648 at index 0; expected labels from 0",
        ),
    ] {
        write("test-labels-idx2-int", bytes)?;
        let error = splits(place.path()).err().ok_or("it was accepted")?;
        ensure(error.contains(says), || error.clone())?;
    }
    Ok(())
}

/// Stored column by column; letters numbered from 1.
#[test]
fn of_emnist_upright_and_from_0() -> Outcome {
    let folder = Folder::new();
    let [plain, _] = splits(folder.path())?;
    for (prefix, first) in [("emnist-letters-", 1), ("emnist-balanced-", 0)] {
        let place = tempfile::tempdir().map_err(failed)?;
        renamed(prefix, place.path(), |name, mut bytes| {
            if name.contains("labels") {
                bytes[8..].iter_mut().for_each(|label| *label += first);
            }
            bytes
        })?;
        let [found, _] = splits(place.path())?;
        ensure(
            found.labels() == plain.labels() && found.classes() == 3,
            || format!("{prefix}: {:?}", found.labels()),
        )?;
        let shape = [found.pictures().rows(), found.pictures().columns()];
        ensure(shape == [3, 2], || format!("{prefix}: {shape:?}"))?;
        for index in 0..plain.len() {
            let stored = plain.pictures().image(index);
            // Column 0 came first, three pixels high.
            let upright = [0, 3, 1, 4, 2, 5].map(|place: usize| stored[place]);
            ensure(found.pictures().image(index) == upright, || {
                format!("{prefix}: {:?}", found.pictures().image(index))
            })?;
        }
    }
    // There is no letter before the first.
    let place = tempfile::tempdir().map_err(failed)?;
    renamed("emnist-letters-", place.path(), |_, bytes| bytes)?;
    let error = splits(place.path()).err().ok_or("letter 0 was accepted")?;
    ensure(
        error.contains("label 0 at index 0; expected labels from 1"),
        || error.clone(),
    )
}

#[test]
fn of_several_in_one_folder() -> Outcome {
    let place = tempfile::tempdir().map_err(failed)?;
    renamed("emnist-digits-", place.path(), |_, bytes| bytes)?;
    renamed("emnist-balanced-", place.path(), |_, bytes| bytes)?;
    let error = splits(place.path()).err().ok_or("one was chosen")?;
    for says in ["emnist-balanced, emnist-digits", "name one of them, as "] {
        ensure(error.contains(says), || error.clone())?;
    }
    for name in ["emnist-digits", "emnist-balanced"] {
        let named = place.path().join(name);
        let dataset = Dataset::from_folder(&named).map_err(failed)?;
        ensure(dataset.name() == name, || dataset.name().to_owned())?;
    }
    let other = place.path().join("emnist-letters");
    let error = splits(&other).err().ok_or("a dataset that is not there")?;
    ensure(error.contains("found nothing"), || error.clone())?;
    // With MNIST among them that is meant.
    renamed("", place.path(), |_, bytes| bytes)?;
    let [found, _] = splits(place.path())?;
    ensure(found.pictures().rows() == 2, || "another dataset".into())
}

#[test]
fn where_torchvision_keeps_them() -> Outcome {
    let expected = splits(Folder::new().path())?;
    for (below, name) in [("MNIST/raw", "MNIST"), ("raw", "FashionMNIST")] {
        let place = tempfile::tempdir().map_err(failed)?;
        let root = place.path().join("FashionMNIST");
        renamed("", &root.join(below), |_, bytes| bytes)?;
        ensure(splits(&root)? == expected, || {
            format!("{below}: other data")
        })?;
        let dataset = Dataset::from_folder(&root).map_err(failed)?;
        ensure(dataset.name() == name, || dataset.name().to_owned())?;
    }
    let place = tempfile::tempdir().map_err(failed)?;
    renamed(
        "emnist-digits-",
        &place.path().join("raw/gzip"),
        |_, bytes| bytes,
    )?;
    let dataset = Dataset::from_folder(&place.path().join("emnist-digits")).map_err(failed)?;
    ensure(dataset.name() == "emnist-digits", || {
        dataset.name().to_owned()
    })
}

/// A reader that fails at the given call.
struct FailsAt {
    bytes: io::Cursor<Vec<u8>>,
    calls: usize,
}

impl Read for FailsAt {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        match self.calls.checked_sub(1) {
            None => Err(io::Error::other("the cable came off")),
            Some(left) => {
                self.calls = left;
                // One byte at a time, so that every byte is a step.
                let end = into.len().min(1);
                self.bytes.read(&mut into[..end])
            }
        }
    }
}

/// What compresses well is in memory all the same, once it has been seen to be
/// there; numbers of labels that nobody has are refused unread.
#[test]
fn that_compress_well_are_in_memory() -> Outcome {
    let folder = Folder::new();
    let images = idx(&[70, 1000, 1000], &vec![0; 70_000_000]);
    folder.write(Folder::TRAIN_IMAGES, &gzip(&images));
    folder.write(Folder::TRAIN_LABELS, &idx(&[70], &[1; 70]));
    folder.write(
        Folder::TEST_IMAGES,
        &idx(&[4, 1000, 1000], &vec![0; 4_000_000]),
    );
    let dataset = Dataset::from_folder(folder.path()).map_err(failed)?;
    let whole = dataset.train().whole().map(Split::len);
    ensure(whole == Some(70), || format!("{whole:?} in memory"))?;
    let most = gzip(&idx(&[u32::MAX], &[0; 100]));
    let refused = labels_from_idx(io::Cursor::new(most))
        .err()
        .ok_or("accepted")?;
    ensure(
        refused.to_string().contains("found 4294967295 labels"),
        || refused.to_string(),
    )
}

/// Failing at the first step, the second, and so on until none is left: an
/// error every time, then the whole.
#[test]
fn from_readers_that_fail_at_any_step() -> Outcome {
    let folder = Folder::new();
    let images = folder.read(Folder::TRAIN_IMAGES);
    let labels = folder.read(Folder::TRAIN_LABELS);
    let sources = [
        (images.clone(), true),
        (gzip(&images), true),
        (labels.clone(), false),
        (gzip(&labels), false),
        (in_columns(&labels[8..]), false),
    ];
    for (bytes, is_images) in sources {
        let mut succeeded_at = None;
        for calls in 0..bytes.len() + 20 {
            let bytes = io::Cursor::new(bytes.clone());
            let reader = FailsAt { bytes, calls };
            let error = match is_images {
                true => images_from_idx(reader).err(),
                false => labels_from_idx(reader).err(),
            };
            match (error, succeeded_at) {
                (None, None) => succeeded_at = Some(calls),
                (Some(error), Some(at)) => {
                    return Err(format!("well with {at} calls, with {calls}: {error}"));
                }
                (Some(error), None) => {
                    let text = error.to_string();
                    let is_told = text.contains("the cable came off");
                    ensure(is_told && exit_code(&error) == 3, || text)?;
                }
                (None, Some(_)) => {}
            }
        }
        ensure(succeeded_at.is_some_and(|at| at >= bytes.len()), || {
            format!("well with {succeeded_at:?} of {} calls", bytes.len())
        })?;
    }
    Ok(())
}
