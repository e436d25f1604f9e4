//! What must hold of any bytes at all: no panic, and nothing accepted that is
//! not exactly what it says it is.

use std::io::{Cursor, Write};
use std::path::Path;

use flate2::Compression;
use flate2::write::GzEncoder;
use ncm::Dataset;
use ncm::internals::classifier::model::ModelFile;
use ncm::internals::data::feature_files::{
    FeatureSets, FileFeatures, features_from_npy, features_from_safetensors,
};
use ncm::internals::data::picture::Picture;
use ncm::internals::data::{OneSet, images_from_idx, labels_from_idx};
use ncm::internals::evaluation::score::{Score, Scores};
use ncm::internals::pictures::frame::Frame;
use zip::CompressionMethod;
use zip::write::SimpleFileOptions;

/// Bytes as an IDX file.
pub fn idx(bytes: &[u8]) {
    if bytes.starts_with(&[0x1f, 0x8b]) {
        return;
    }
    if let Ok(images) = images_from_idx(Cursor::new(bytes.to_vec())) {
        let sizes = [images.len(), images.rows(), images.columns()];
        assert_eq!(bytes, written(8, &sizes, images.pixels()));
    }
    if let Ok(labels) = labels_from_idx(Cursor::new(bytes.to_vec())) {
        assert!(!labels.is_empty());
        if bytes[2] == 8 {
            let values: Vec<u8> = labels.iter().map(|&label| label as u8).collect();
            assert_eq!(bytes, written(8, &[labels.len()], &values));
        }
    }
}

/// Bytes as a gzip stream, and as what is in one.
pub fn gz(bytes: &[u8]) {
    let stream = [&[0x1f, 0x8b], bytes].concat();
    if let Ok(images) = images_from_idx(Cursor::new(stream.clone())) {
        assert_eq!(images.pixels().len(), images.len() * images.dim());
    }
    if let Ok(labels) = labels_from_idx(Cursor::new(stream)) {
        assert!(!labels.is_empty());
    }
    if bytes.starts_with(&[0x1f, 0x8b]) {
        return;
    }
    let mut encoder = GzEncoder::new(Vec::new(), Compression::none());
    encoder.write_all(bytes).expect("memory");
    let gzipped = encoder.finish().expect("memory");
    let plain = images_from_idx(Cursor::new(bytes.to_vec()));
    let found = images_from_idx(Cursor::new(gzipped));
    assert_eq!(plain.ok(), found.ok());
}

/// Bytes as an `.npz` archive.
pub fn npz(bytes: &[u8]) {
    if let Ok(dataset) = Dataset::from_npz_reader(Cursor::new(bytes)) {
        is_valid(&dataset);
    }
}

/// Bytes as the images of an archive, and as its labels.
pub fn npy(bytes: &[u8]) {
    let images = array("|u1", "(2, 1, 2)", &[1, 2, 3, 4]);
    let labels = array("<i4", "(2,)", &[0, 0, 0, 0, 1, 0, 0, 0]);
    for (x_train, y_train) in [(bytes, &labels[..]), (&images, bytes)] {
        let arrays = [
            ("x_train", x_train),
            ("y_train", y_train),
            ("x_test", &images),
            ("y_test", &labels),
        ];
        if let Ok(dataset) = Dataset::from_npz_reader(Cursor::new(archive(&arrays))) {
            is_valid(&dataset);
        }
    }
}

/// Bytes as a picture.
pub fn picture(bytes: &[u8]) {
    let name = Path::new("a picture");
    if let Ok(picture) = Picture::from_reader(bytes, name, Some([28, 28])) {
        assert_eq!(picture.levels().len(), picture.rows() * picture.columns());
        for frame in [Frame::Canonical, Frame::Plain] {
            if let Some(framed) = frame.of_picture(&picture, 28, 28) {
                assert_eq!(framed.pixels.len(), 784);
            }
        }
    }
}

/// Bytes as a model.
pub fn model(bytes: &[u8]) {
    let name = Path::new("a model");
    if let Ok(model) = ModelFile::from_bytes(bytes, name) {
        let again = model.bytes().expect("memory");
        assert_eq!(ModelFile::from_bytes(&again, name).ok(), Some(model));
    }
}

/// Bytes as a part, which may be of no samples, and as a score.
pub fn score(bytes: &[u8]) {
    let name = Path::new("a score");
    if let Ok(part) = ModelFile::part_in(Cursor::new(bytes), name) {
        let again = part.bytes().expect("memory");
        let again = ModelFile::part_in(Cursor::new(&again), name);
        assert_eq!(again.ok(), Some(part));
    }
    if let Ok(score) = Score::read_in(Cursor::new(bytes), name) {
        let again = score.bytes().expect("memory");
        let again = Score::read_in(Cursor::new(&again), name);
        assert_eq!(again.ok().as_ref(), Some(&score));
        // What it says can be shown, and added to.
        let _ = (score.comparison(), score.of_rows());
        let mut other = score.clone();
        other.shards.clear();
        let added = Scores::new(score).add(&other);
        drop(added);
    }
}

/// Bytes as a `.npy` file of features, and as labels and features in an archive.
pub fn features(bytes: &[u8]) {
    if let Ok(read) = features_from_npy(Cursor::new(bytes)) {
        are_rows(&read);
    }
    let features = array("<f4", "(2, 1)", &[0; 8]);
    let labels = array("|u1", "(2,)", &[0, 1]);
    for (x, y) in [(bytes, &labels[..]), (&features, bytes)] {
        let archive = archive(&[("features", x), ("labels", y)]);
        for one_set in [OneSet::Whole, OneSet::Divided] {
            if let Ok(sets) = FeatureSets::from_npz(Cursor::new(&archive[..]), one_set) {
                are_labelled(&sets);
            }
        }
    }
}

/// Bytes as a file of tensors.
pub fn safetensors(bytes: &[u8]) {
    for tensor in [None, Some("x")] {
        if let Ok(read) = features_from_safetensors(Cursor::new(bytes), tensor) {
            are_rows(&read);
        }
    }
    for one_set in [OneSet::Whole, OneSet::Divided] {
        if let Ok(sets) = FeatureSets::from_safetensors(Cursor::new(bytes), one_set) {
            are_labelled(&sets);
        }
    }
}

fn are_rows(read: &FileFeatures) {
    let values = read.features.values();
    assert_eq!(values.len(), read.features.len() * read.features.dim());
    assert!(values.iter().all(|value| value.is_finite()));
}

fn are_labelled(sets: &FeatureSets) {
    let names = sets.class_names.len();
    assert!(names == 0 || names == sets.classes);
    for set in [Some(&sets.train), sets.test.as_ref()]
        .into_iter()
        .flatten()
    {
        assert_eq!(set.features.len(), set.labels.len());
        assert_eq!(set.features.dim(), sets.train.features.dim());
        let highest = set.labels.iter().max().copied();
        assert!(highest.is_some_and(|label| usize::from(label) < sets.classes));
    }
}

fn is_valid(dataset: &Dataset) {
    for source in [dataset.train(), dataset.test()] {
        let split = source.whole().expect("archives are read whole");
        assert!(!split.is_empty());
        assert_eq!(split.samples().len(), split.labels().len());
        let highest = split.labels().iter().max().copied();
        assert!(highest.is_some_and(|label| usize::from(label) < dataset.classes()));
    }
}

/// An IDX file.
fn written(kind: u8, sizes: &[usize], body: &[u8]) -> Vec<u8> {
    let mut bytes = vec![0, 0, kind, sizes.len() as u8];
    for &size in sizes {
        bytes.extend((size as u32).to_be_bytes());
    }
    bytes.extend(body);
    bytes
}

/// A NumPy array file.
fn array(descr: &str, shape: &str, body: &[u8]) -> Vec<u8> {
    let header = format!("{{'descr': '{descr}', 'fortran_order': False, 'shape': {shape}, }}\n");
    let length = (header.len() as u16).to_le_bytes();
    [b"\x93NUMPY\x01\0", &length[..], header.as_bytes(), body].concat()
}

/// A zip archive of arrays.
fn archive(arrays: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    for (name, bytes) in arrays {
        zip.start_file(format!("{name}.npy"), stored)
            .expect("a name");
        zip.write_all(bytes).expect("memory");
    }
    zip.finish().expect("memory").into_inner()
}
