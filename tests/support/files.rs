//! Small datasets as files.

use std::io::Write;
use std::path::Path;

use flate2::Compression;
use flate2::write::GzEncoder;
use tempfile::TempDir;

use super::{Outcome, failed};

/// An IDX file of bytes with these dimensions.
pub fn idx(dimensions: &[u32], body: &[u8]) -> Vec<u8> {
    let mut bytes = vec![0, 0, 8, dimensions.len() as u8];
    dimensions
        .iter()
        .for_each(|size| bytes.extend(size.to_be_bytes()));
    bytes.extend(body);
    bytes
}

/// A temporary folder with a small valid dataset: 6 train and 4 test images of
/// 2 × 3 pixels, three classes, that nearest means classify with one mistake.
pub struct Folder(TempDir);

impl Folder {
    pub const TRAIN_IMAGES: &str = "train-images-idx3-ubyte";
    pub const TRAIN_LABELS: &str = "train-labels-idx1-ubyte";
    pub const TEST_IMAGES: &str = "t10k-images-idx3-ubyte";
    pub const TEST_LABELS: &str = "t10k-labels-idx1-ubyte";
    pub const FILES: [&str; 4] = [
        Self::TRAIN_IMAGES,
        Self::TRAIN_LABELS,
        Self::TEST_IMAGES,
        Self::TEST_LABELS,
    ];

    pub fn new() -> Self {
        let folder = Self(tempfile::tempdir().expect("a temporary folder"));
        let image = |level: u8| [level, level, 0, 0, level, 9];
        let images = |levels: &[u8]| {
            levels
                .iter()
                .flat_map(|&level| image(level))
                .collect::<Vec<_>>()
        };
        folder.write(
            Self::TRAIN_IMAGES,
            &idx(&[6, 2, 3], &images(&[0, 10, 100, 110, 200, 210])),
        );
        folder.write(Self::TRAIN_LABELS, &idx(&[6], &[0, 0, 1, 1, 2, 2]));
        folder.write(
            Self::TEST_IMAGES,
            &idx(&[4, 2, 3], &images(&[4, 104, 211, 40])),
        );
        folder.write(Self::TEST_LABELS, &idx(&[4], &[0, 1, 2, 2]));
        folder
    }

    pub fn path(&self) -> &Path {
        self.0.path()
    }

    /// The path of a file in it, as an argument.
    pub fn at(&self, name: &str) -> String {
        self.0.path().join(name).display().to_string()
    }

    pub fn write(&self, name: &str, bytes: &[u8]) {
        std::fs::write(self.path().join(name), bytes).expect("a file in a temporary folder");
    }

    pub fn remove(&self, name: &str) {
        std::fs::remove_file(self.path().join(name)).expect("the file to remove");
    }

    pub fn read(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.path().join(name)).expect("the file to read")
    }

    /// Copies the four files to a folder, which is made, with a prefix to their names.
    pub fn copy(&self, to: &Path, prefix: &str) -> Outcome {
        std::fs::create_dir_all(to).map_err(failed)?;
        for file in Self::FILES {
            let copied = to.join(format!("{prefix}{file}"));
            std::fs::copy(self.path().join(file), copied).map_err(failed)?;
        }
        Ok(())
    }

    /// Replaces a file by its gzipped form under another name.
    pub fn gzip(&self, name: &str, new_name: &str) {
        let bytes = gzip(&self.read(name));
        self.remove(name);
        self.write(new_name, &bytes);
    }
}

/// Bytes as a gzip file.
pub fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).expect("memory");
    encoder.finish().expect("memory")
}
