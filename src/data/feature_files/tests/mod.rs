//! What is read and what is refused, with small files that each test makes.

mod batches;
mod changes;
mod damage;
mod formats;
mod labels;
mod sets;
mod unlabelled;

use std::fs;
use std::io::{Cursor, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use super::source::FeatureSource;
use crate::data::Memory;
use crate::data::npz::Writer;
use crate::error::Result;

/// A folder of its own, which is removed when it is dropped.
pub(super) struct Folder(PathBuf);

impl Folder {
    pub(super) fn new() -> Self {
        static COUNT: AtomicU64 = AtomicU64::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("ncm-feature-files-{}-{count}", std::process::id());
        let path = std::env::temp_dir().join(name);
        fs::create_dir_all(&path).expect("a folder");
        Self(path)
    }

    pub(super) fn path(&self) -> &Path {
        &self.0
    }

    /// Writes a file and gives its path.
    pub(super) fn file(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.0.join(name);
        fs::write(&path, bytes).expect("a file");
        path
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // What remains in a folder for temporary files harms nobody.
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// A NumPy array file in rows.
pub(super) fn npy(descr: &str, shape: &str, body: &[u8]) -> Vec<u8> {
    npy_in_order(descr, "False", shape, body)
}

/// A NumPy array file; `fortran` is `True` or `False`.
pub(super) fn npy_in_order(descr: &str, fortran: &str, shape: &str, body: &[u8]) -> Vec<u8> {
    let header =
        format!("{{'descr': '{descr}', 'fortran_order': {fortran}, 'shape': {shape}, }}\n");
    let length = (header.len() as u16).to_le_bytes();
    [b"\x93NUMPY\x01\0", &length[..], header.as_bytes(), body].concat()
}

/// An archive of arrays: name, type, shape, values.
pub(super) fn npz(arrays: &[(&str, &str, &[usize], &[u8])]) -> Vec<u8> {
    let mut writer = Writer::new();
    for (name, descr, shape, values) in arrays {
        writer.add(name, descr, shape, values).expect("memory");
    }
    writer.finish().expect("memory")
}

/// The same, not compressed.
pub(super) fn stored_npz(arrays: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    let options = options.compression_method(zip::CompressionMethod::Stored);
    for (name, array) in arrays {
        let started = zip.start_file(format!("{name}.npy"), options);
        started.expect("a file in an archive");
        zip.write_all(array).expect("memory");
    }
    zip.finish().expect("memory").into_inner()
}

/// A file of tensors: a header and what follows it.
pub(super) fn safetensors(header: &str, body: &[u8]) -> Vec<u8> {
    let length = (header.len() as u64).to_le_bytes();
    [&length[..], header.as_bytes(), body].concat()
}

/// A file that begins with the numbers of rows and of columns.
pub(super) fn binary(rows: u32, columns: u32, body: &[u8]) -> Vec<u8> {
    [&rows.to_le_bytes()[..], &columns.to_le_bytes(), body].concat()
}

/// Numbers as little-endian bytes.
pub(super) fn f32s(values: &[f32]) -> Vec<u8> {
    values
        .iter()
        .flat_map(|value| value.to_le_bytes())
        .collect()
}

/// Numbers as little-endian bytes.
pub(super) fn i64s(values: &[i64]) -> Vec<u8> {
    values
        .iter()
        .flat_map(|value| value.to_le_bytes())
        .collect()
}

/// Limits that leave every set in its file.
pub(super) const NOTHING: Memory = Memory {
    whole: 0,
    batch: 0,
    reread: false,
};

/// All batches of a set; no more than `rows` samples each, and fewer only in the last.
pub(super) fn streamed(set: &FeatureSource, rows: usize) -> Result<(Vec<f32>, Vec<u16>)> {
    let set = match set {
        FeatureSource::Files(set) => set,
        FeatureSource::Memory(set) => {
            return Ok((set.features.values().to_vec(), set.labels.clone()));
        }
    };
    let (mut values, mut labels) = (Vec::new(), Vec::new());
    let mut next = set.batches(rows);
    while let Some((features, batch)) = next(vec![f32::NAN; 5])? {
        assert_eq!((features.len(), features.dim()), (batch.len(), set.dim()));
        let left = set.len() - labels.len();
        assert_eq!(batch.len(), left.min(rows));
        values.extend_from_slice(features.values());
        labels.extend(batch);
    }
    assert_eq!(labels, set.labels());
    assert!(next(Vec::new())?.is_none());
    Ok((values, labels))
}

/// What an error says, without the path that it begins with.
pub(super) fn says<T>(result: Result<T>) -> String {
    let error = match result {
        Ok(_) => return "no error".into(),
        Err(error) => error.to_string(),
    };
    assert!(!error.contains('\n'), "{error}");
    match error.split_once(": found ") {
        Some((_, rest)) => rest.to_owned(),
        None => error,
    }
}
