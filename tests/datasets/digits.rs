//! A small dataset of 28 × 28 pixels, and how others store it in arrays.

use std::io::Write;
use std::path::{Path, PathBuf};

use ncm::Dataset;
use ncm::internals::data::named::Access;
use ncm::internals::data::{Images, Memory, OneSet, Place};
use zip::write::SimpleFileOptions;

use super::npz::npy;
use crate::support::{Random, failed};

pub const TRAIN: usize = 40;
pub const TEST: usize = 12;

/// Images and labels of three classes, by turns.
pub struct Digits {
    pub train: Vec<u8>,
    pub test: Vec<u8>,
}

impl Digits {
    pub fn new() -> Self {
        let mut random = Random(7);
        let mut images = |count: usize| (0..count * 784).map(|_| random.next() as u8).collect();
        let mut digits = Self {
            train: images(TRAIN),
            test: images(TEST),
        };
        // All levels are there.
        for images in [&mut digits.train, &mut digits.test] {
            (0..=255).for_each(|level: u8| images[usize::from(level)] = level);
        }
        digits
    }

    /// Labels of that many images.
    pub fn labels(count: usize) -> Vec<u8> {
        (0..count).map(|index| (index % 3) as u8).collect()
    }

    /// The dataset as it is.
    pub fn dataset(&self) -> Result<Dataset, String> {
        let set = |pixels: &Vec<u8>| {
            let images = Images::new(28, 28, pixels.clone()).map_err(failed)?;
            let labels = Self::labels(images.len()).into_iter().map(u16::from);
            Ok::<_, String>((images, labels.collect()))
        };
        Dataset::new("digits", "", set(&self.train)?, set(&self.test)?).map_err(failed)
    }

    /// The four arrays under Keras's names.
    pub fn arrays(&self) -> Vec<(String, Vec<u8>)> {
        self.images_as("|u1", "28, 28", false, |pixels| pixels.to_vec())
    }

    /// The four arrays, the images of another type and shape.
    pub fn images_as(
        &self,
        descr: &str,
        shape: &str,
        fortran: bool,
        values: impl Fn(&[u8]) -> Vec<u8>,
    ) -> Vec<(String, Vec<u8>)> {
        let images = |pixels: &[u8]| {
            let shape = format!("({}, {shape})", pixels.len() / 784);
            npy(descr, &shape, fortran, &values(pixels))
        };
        let labels = |count: usize| npy("|u1", &format!("({count},)"), false, &Self::labels(count));
        vec![
            ("x_train".into(), images(&self.train)),
            ("y_train".into(), labels(TRAIN)),
            ("x_test".into(), images(&self.test)),
            ("y_test".into(), labels(TEST)),
        ]
    }

    /// The four arrays, the labels of another type and shape.
    pub fn labels_as(
        &self,
        descr: &str,
        row: &str,
        values: impl Fn(u8) -> Vec<u8>,
    ) -> Vec<(String, Vec<u8>)> {
        let mut arrays = self.arrays();
        for (place, count) in [(1, TRAIN), (3, TEST)] {
            let bytes: Vec<u8> = Self::labels(count).into_iter().flat_map(&values).collect();
            arrays[place].1 = npy(descr, &format!("({count},{row})"), false, &bytes);
        }
        arrays
    }
}

/// Writes an archive of files.
pub fn zipped(path: &Path, files: &[(&str, Vec<u8>)]) {
    let mut zip = zip::ZipWriter::new(std::fs::File::create(path).expect("a file"));
    for (name, bytes) in files {
        zip.start_file(*name, SimpleFileOptions::default())
            .expect("an entry");
        zip.write_all(bytes).expect("memory");
    }
    zip.finish().expect("an archive");
}

/// Opens what is at a path as `--data` does.
pub fn open(path: &Path) -> Result<Dataset, String> {
    open_as(path, OneSet::Divided)
}

pub fn open_as(path: &Path, one_set: OneSet) -> Result<Dataset, String> {
    let access = Access::from_environment().map_err(failed)?.offline();
    let place = Place::named(path, &access, &|_| ()).map_err(failed)?;
    place.open_as(Memory::default(), one_set).map_err(failed)
}

/// A folder and an archive of arrays in it.
pub fn stored(arrays: &[(String, Vec<u8>)]) -> Result<(tempfile::TempDir, PathBuf), String> {
    let folder = tempfile::tempdir().map_err(failed)?;
    let path = folder.path().join("data.npz");
    let names: Vec<String> = arrays
        .iter()
        .map(|(name, _)| format!("{name}.npy"))
        .collect();
    let names = names.iter().map(String::as_str);
    let files: Vec<_> = names
        .zip(arrays)
        .map(|(name, (_, bytes))| (name, bytes.clone()))
        .collect();
    zipped(&path, &files);
    Ok((folder, path))
}
