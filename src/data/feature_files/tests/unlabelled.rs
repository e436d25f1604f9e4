//! Features without labels, in batches.

use std::fs;

use super::super::{open_features, read_features};
use super::batches::every_format;
use super::{Folder, f32s, npy, says};
use crate::error::Result;

#[test]
fn features_without_labels_are_read_in_batches() -> Result<()> {
    for (name, folder, _) in every_format() {
        let path = folder.path().join(name);
        let whole = read_features(&path, None)?;
        let opened = open_features(&path, None)?;
        let facts = (
            opened.len(),
            opened.dim(),
            opened.values(),
            opened.is_empty(),
        );
        let features = &whole.features;
        assert_eq!(facts, (features.len(), features.dim(), whole.values, false));
        for rows in [0, 1, 3, 7, 40, 1000, usize::MAX] {
            let mut next = opened.batches(rows);
            let mut memory = Vec::new();
            let mut values = Vec::new();
            while let Some(batch) = next(memory)? {
                let left = features.values().len() - values.len();
                let expected = left.min(rows.max(1).saturating_mul(opened.dim()));
                assert_eq!(batch.values().len(), expected, "{name}");
                values.extend_from_slice(batch.values());
                memory = batch.into_values();
            }
            assert_eq!(values, features.values(), "{name}, {rows} at a time");
        }
    }
    Ok(())
}

#[test]
fn what_is_known_is_said_and_what_is_wrong_is_found() -> Result<()> {
    let folder = Folder::new();
    let path = folder.file("x.npy", &npy("<f8", "(2, 1)", &[0; 16]));
    let opened = open_features(&path, None)?;
    let note = "x.npy (2 × 1 <f8): read as f32; values that it does not have were rounded";
    assert_eq!(opened.notes(), [note]);
    let bytes = npy("<f4", "(2, 1)", &f32s(&[1.0, f32::INFINITY]));
    let path = folder.file("x.npy", &bytes);
    let mut next = open_features(&path, None)?.batches(1);
    assert!(next(Vec::new())?.is_some());
    let error = says(next(Vec::new()));
    assert!(
        error.starts_with("row 1, column 0 is inf, not a finite"),
        "{error}"
    );
    assert!(next(Vec::new())?.is_none());
    fs::write(&path, &bytes[..bytes.len() - 1]).expect("a file");
    let error = says(open_features(&path, None));
    assert!(
        error.starts_with("7 bytes after the header; expected 8"),
        "{error}"
    );
    fs::write(&path, npy("<f4", "(18446744073709551615, 4)", &[0; 16])).expect("a file");
    let error = says(open_features(&path, None));
    let found = "16 bytes after the header; expected the values of";
    assert!(error.starts_with(found), "{error}");
    Ok(())
}
