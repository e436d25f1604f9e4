//! Every format, type and order of one matrix.

use std::io::Cursor;

use super::super::{FileFeatures, features_from_npy, features_from_safetensors, read_features};
use super::{Folder, binary, f32s, npy, npy_in_order, npz, safetensors, says};
use crate::error::Result;

/// Three samples of two values that every type has.
const VALUES: [f32; 6] = [1.0, 2.0, 0.0, 128.0, 3.0, 4.0];

/// The same column after column.
const COLUMNS: [f32; 6] = [1.0, 0.0, 3.0, 2.0, 128.0, 4.0];

/// Values as one type has them.
fn stored(kind: &str, values: &[f32]) -> Vec<u8> {
    // Of these values, a half has the upper 11 bits of what is left of the exponent.
    let half = |value: f32| match value {
        0.0 => 0,
        _ => ((value.to_bits() >> 13) - (112 << 10)) as u16,
    };
    let each = values.iter();
    match kind {
        "<f2" => each.flat_map(|&it| half(it).to_le_bytes()).collect(),
        ">f2" => each.flat_map(|&it| half(it).to_be_bytes()).collect(),
        "bf16" => each
            .flat_map(|it| ((it.to_bits() >> 16) as u16).to_le_bytes())
            .collect(),
        ">f4" => each.flat_map(|it| it.to_be_bytes()).collect(),
        "<f8" => each.flat_map(|&it| f64::from(it).to_le_bytes()).collect(),
        ">f8" => each.flat_map(|&it| f64::from(it).to_be_bytes()).collect(),
        "|u1" => each.map(|&it| it as u8).collect(),
        _ => f32s(values),
    }
}

fn from_npy(bytes: Vec<u8>) -> Result<FileFeatures> {
    features_from_npy(Cursor::new(bytes))
}

fn is_as_given(read: &FileFeatures, values: &str) {
    assert_eq!((read.features.len(), read.features.dim()), (3, 2));
    assert_eq!(read.features.values(), VALUES);
    assert_eq!(read.values, values);
}

#[test]
fn npy_is_read_in_every_type_and_order() -> Result<()> {
    for (descr, values, note) in [
        ("<f2", "f16", None),
        (">f2", "f16", None),
        ("<f4", "f32", None),
        (">f4", "f32", None),
        (
            "<f8",
            "f32",
            Some("read as f32, which has every value exactly"),
        ),
        (
            ">f8",
            "f32",
            Some("read as f32, which has every value exactly"),
        ),
        ("|u1", "u8", Some("whole numbers were read as f32")),
    ] {
        let rows = from_npy(npy(descr, "(3, 2)", &stored(descr, &VALUES)))?;
        let body = stored(descr, &COLUMNS);
        let columns = from_npy(npy_in_order(descr, "True", "(3, 2)", &body))?;
        for (read, order) in [(rows, ""), (columns, " in Fortran order")] {
            is_as_given(&read, values);
            let note = note.map(|note| format!("<input> (3 × 2 {descr}{order}): {note}"));
            assert_eq!(read.notes, Vec::from_iter(note));
        }
    }
    Ok(())
}

/// More than one block, whose ends are within rows and columns.
#[test]
fn blocks_are_joined() -> Result<()> {
    let (rows, dim) = (1001, 333);
    let value = |row: usize, column: usize| (row * 1000 + column) as f32;
    let by_rows = (0..rows * dim).map(|place| value(place / dim, place % dim));
    let by_rows: Vec<f32> = by_rows.collect();
    let by_columns = (0..rows * dim).map(|place| value(place % rows, place / rows));
    let by_columns: Vec<f32> = by_columns.collect();
    for (fortran, stored) in [("False", &by_rows), ("True", &by_columns)] {
        let read = from_npy(npy_in_order("<f4", fortran, "(1001, 333)", &f32s(stored)))?;
        assert!(read.features.values() == by_rows);
    }
    Ok(())
}

#[test]
fn axes_of_one_are_left_out() -> Result<()> {
    for (shape, short) in [
        ("(3, 2, 1, 1)", "3 × 2 × 1 × 1"),
        ("(3, 1, 2)", "3 × 1 × 2"),
    ] {
        let read = from_npy(npy("<f4", shape, &f32s(&VALUES)))?;
        is_as_given(&read, "f32");
        let note = format!("<input> ({short} <f4): read as 3 × 2");
        assert_eq!(read.notes, [note]);
    }
    let one = from_npy(npy("<f4", "(6, 1)", &f32s(&VALUES)))?;
    assert_eq!((one.features.len(), one.features.dim()), (6, 1));
    assert!(one.notes.is_empty());
    Ok(())
}

#[test]
fn other_shapes_are_refused_with_what_works() {
    for (shape, found) in [
        (
            "(6,)",
            "an array of 6 <f4; expected samples × values; save x.reshape(-1, 1)",
        ),
        (
            "()",
            "a single <f4; expected samples × values; save x.reshape(-1, 1)",
        ),
        ("(3, 2, 2)", "save x.reshape(len(x), -1)"),
        ("(1, 3, 2)", "save x[0]"),
        ("(0, 2)", "save at least one sample"),
        ("(3, 0)", "save at least one sample"),
        (
            "(1, 99000000)",
            "expected at most 16000000 values in a sample",
        ),
    ] {
        let folder = Folder::new();
        let path = folder.file("x.npy", &npy("<f4", shape, &f32s(&VALUES)));
        let error = says(read_features(&path, None));
        assert!(error.contains(found), "{shape}: {error}");
    }
}

#[test]
fn other_types_are_refused_with_what_works() {
    for (descr, advice) in [
        ("|i1", "save x.astype(numpy.float32)"),
        (">u2", "save x.astype(numpy.float32)"),
        ("<i8", "save x.astype(numpy.float64)"),
        ("<f16", "save x.astype(numpy.float64)"),
        ("<U7", "save x.astype(numpy.float64)"),
        ("|b1", "save x.astype(numpy.uint8)"),
        ("|O", "save numpy.stack(list(x)).astype(numpy.float32)"),
        (
            "<V2",
            "if it is bfloat16, save x.view(ml_dtypes.bfloat16).astype(numpy.float32)",
        ),
        ("<c8", "save values of a type that is read"),
    ] {
        let folder = Folder::new();
        let path = folder.file("x.npy", &npy(descr, "(3, 2)", &[0; 24]));
        let error = says(read_features(&path, None));
        let found = format!("an array of 3 × 2 {descr}; expected values of the types f16");
        assert!(
            error.starts_with(&found) && error.contains(advice),
            "{error}"
        );
    }
}

#[test]
fn what_is_not_finite_is_named() {
    let mut values = VALUES;
    values[3] = f32::NAN;
    let error = says(from_npy(npy("<f4", "(3, 2)", &f32s(&values))));
    let found = "row 1, column 1 is NaN, not a finite number; expected finite numbers; find all";
    assert!(error.starts_with(found), "{error}");
    // The same place by rows and by columns.
    let wide = |values: &[f32], place: usize| {
        let mut bytes = stored("<f8", values);
        bytes[8 * place..][..8].copy_from_slice(&(-1e39_f64).to_le_bytes());
        bytes
    };
    for (fortran, bytes) in [("False", wide(&VALUES, 4)), ("True", wide(&COLUMNS, 2))] {
        let error = says(from_npy(npy_in_order("<f8", fortran, "(3, 2)", &bytes)));
        let found = "row 2, column 0 is -1e39, too large for f32; expected";
        assert!(error.starts_with(found), "{error}");
    }
}

#[test]
fn rounded_values_are_counted() -> Result<()> {
    let values = [0.1_f64, 0.5, 1e-300, 2.0];
    let bytes: Vec<u8> = values.iter().flat_map(|it| it.to_le_bytes()).collect();
    let read = from_npy(npy("<f8", "(2, 2)", &bytes))?;
    assert_eq!(read.features.values(), [0.1, 0.5, 0.0, 2.0]);
    let note = "<input> (2 × 2 <f8): read as f32; 2 of 4 values were rounded";
    assert_eq!(read.notes, [note]);
    Ok(())
}

#[test]
fn archives_are_read_by_name() -> Result<()> {
    let folder = Folder::new();
    let wide = stored("<f8", &VALUES);
    let archive = npz(&[
        ("embeddings", "<f2", &[3, 2], &stored("<f2", &VALUES)),
        ("labels", "|u1", &[3], &[0, 1, 2]),
        ("wide", "<f8", &[3, 2], &wide),
    ]);
    let path = folder.file("some.npz", &archive);
    // Whatever its name is.
    let other = folder.file("some.features", &archive);
    is_as_given(&read_features(&path, None)?, "f16");
    is_as_given(&read_features(&other, Some("embeddings"))?, "f16");
    is_as_given(&read_features(&path, Some("wide"))?, "f32");
    let error = says(read_features(&path, Some("Wide")));
    assert!(error.starts_with("no array Wide among embeddings, labels, wide; expected"));
    let two = npz(&[
        ("train_features", "<f4", &[3, 2], &f32s(&VALUES)),
        ("test_features", "<f4", &[3, 2], &f32s(&VALUES)),
    ]);
    let error = says(read_features(&folder.file("two.npz", &two), None));
    let found = "several arrays that may be the features among test_features (3 × 2 <f4), \
                 train_features (3 × 2 <f4); expected one array, or the name of one; name the array";
    assert_eq!(error, found);
    Ok(())
}

#[test]
fn tensors_are_read_in_every_type() -> Result<()> {
    for (dtype, kind, values) in [
        ("F16", "<f2", "f16"),
        ("BF16", "bf16", "bf16"),
        ("F32", "<f4", "f32"),
        ("F64", "<f8", "f32"),
        ("U8", "|u1", "u8"),
    ] {
        let body = stored(kind, &VALUES);
        // Behind another, and not first in the header.
        let (end, all) = (body.len() + 3, [&[7, 7, 7], &body[..]].concat());
        let header = format!(
            r#"{{"__metadata__":{{"format":"pt"}},
               "x":{{"dtype":"{dtype}","shape":[3,2],"data_offsets":[3,{end}]}},
               "a":{{"dtype":"F8_E4M3","shape":[3],"data_offsets":[0,3]}}}}   "#
        );
        let bytes = safetensors(&header, &all);
        let read = features_from_safetensors(Cursor::new(bytes.clone()), Some("x"))?;
        is_as_given(&read, values);
        let other = features_from_safetensors(Cursor::new(bytes), Some("a"));
        let error = says(other);
        assert!(
            error.starts_with("an array of 3 F8_E4M3 in a; expected values"),
            "{error}"
        );
    }
    Ok(())
}

#[test]
fn rows_with_their_numbers_are_read() -> Result<()> {
    let folder = Folder::new();
    for (end, kind, values) in [
        ("fbin", "<f4", "f32"),
        ("f16bin", "<f2", "f16"),
        ("u8bin", "|u1", "u8"),
        ("FBIN", "<f4", "f32"),
    ] {
        let bytes = binary(3, 2, &stored(kind, &VALUES));
        let path = folder.file(&format!("some.{end}"), &bytes);
        is_as_given(&read_features(&path, None)?, values);
    }
    for end in ["ibin", "i8bin"] {
        let size = if end == "ibin" { 24 } else { 6 };
        let path = folder.file(&format!("some.{end}"), &binary(3, 2, &vec![0; size]));
        assert!(says(read_features(&path, None)).contains("expected values of the types"));
    }
    Ok(())
}

#[test]
fn other_files_are_refused_by_what_they_are() {
    let folder = Folder::new();
    let zip = npz(&[("x", "<f4", &[3, 2], &f32s(&VALUES))]);
    for (name, bytes, found) in [
        (
            "a.npy",
            &b""[..],
            "a file that ends in its header; expected a plain array",
        ),
        ("b.bin", b"", "an empty file"),
        (
            "c.npy",
            b"\x1f\x8b\x08",
            "a gzipped file; expected .npy, .npz, .safetensors",
        ),
        ("d.pth", b"\x80\x02\x8a\x0a", "a file of PyTorch"),
        ("e.h5", b"\x89HDF\r\n\x1a\nabc", "an HDF5 file"),
        ("f.parquet", b"PAR1abcdefgh", "a Parquet file"),
        ("g.csv", b"1,2\n3,4\n", "a file of another kind"),
        ("h.npz", &zip[..40], "a damaged archive"),
    ] {
        let error = says(read_features(&folder.file(name, bytes), None));
        assert!(error.starts_with(found), "{name}: {error}");
    }
    let missing = says(read_features(&folder.path().join("none.npy"), None));
    assert!(missing.contains("nothing; expected a file"), "{missing}");
}
