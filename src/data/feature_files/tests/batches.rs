//! Sets that stay in their files have what is read whole, in batches of every size.

use super::super::files::FeatureFiles;
use super::super::source::FeatureSource;
use super::super::{ArrayAt, FeatureSets, SetFiles};
use super::{
    Folder, NOTHING, binary, f32s, npy, npy_in_order, npz, safetensors, says, stored_npz, streamed,
};
use crate::data::{Memory, OneSet};
use crate::error::Result;

const ROWS: usize = 40;
const DIM: usize = 3;

/// Values that every type has.
fn values() -> Vec<f32> {
    (0..ROWS * DIM).map(|value| value as f32).collect()
}

/// One set of 40 samples in every format, and whether it stays in its file.
pub(super) fn every_format() -> Vec<(&'static str, Folder, bool)> {
    let values = values();
    let bytes = f32s(&values);
    let shape = format!("({ROWS}, {DIM})");
    let labels: Vec<u8> = (0..ROWS).map(|row| (row * row % 3) as u8).collect();
    let labels_npy = npy("|u1", &format!("({ROWS},)"), &labels);
    let columns = (0..ROWS * DIM).map(|place| values[place % ROWS * DIM + place / ROWS]);
    let columns: Vec<f32> = columns.collect();
    let doubles = values.iter().flat_map(|&it| f64::from(it).to_be_bytes());
    let (end, all) = (bytes.len(), bytes.len() + ROWS);
    let header = format!(
        r#"{{"labels":{{"dtype":"U8","shape":[{ROWS}],"data_offsets":[{end},{all}]}},
            "features":{{"dtype":"F32","shape":[{ROWS},{DIM}],"data_offsets":[0,{end}]}}}}"#
    );
    let big: Vec<u8> = values.iter().flat_map(|it| it.to_be_bytes()).collect();
    let small: Vec<u8> = values.iter().map(|&it| it as u8).collect();
    let doubles: Vec<u8> = doubles.collect();
    let features_npy = npy("<f4", &shape, &bytes);
    let stored = stored_npz(&[("features", &features_npy), ("labels", &labels_npy)]);
    let deflated = npz(&[
        ("features", "<f4", &[ROWS, DIM], &bytes),
        ("labels", "|u1", &[ROWS], &labels),
    ]);
    let by_columns = npy_in_order("<f4", "True", &shape, &f32s(&columns));
    let one_column = npy_in_order("<f4", "True", &format!("({ROWS}, 1)"), &bytes[..4 * ROWS]);
    let tensors = safetensors(&header, &[&bytes[..], &labels].concat());
    let wide = npy(">f8", &shape, &doubles);
    let narrow = npy("|u1", &shape, &small);
    let binary = binary(ROWS as u32, DIM as u32, &bytes);
    [
        ("features.npy", features_npy, true),
        ("features.npy", npy(">f4", &shape, &big), true),
        ("features.npy", wide, true),
        ("features.npy", narrow, true),
        ("features.npy", one_column, true),
        ("features.npy", by_columns, false),
        ("features.fbin", binary, true),
        ("stored.npz", stored, true),
        ("deflated.npz", deflated, true),
        ("some.safetensors", tensors, true),
    ]
    .into_iter()
    .map(|(name, bytes, stays)| {
        let folder = Folder::new();
        folder.file(name, &bytes);
        if name.starts_with("features") {
            folder.file("labels.npy", &labels_npy);
        }
        (name, folder, stays)
    })
    .collect()
}

/// A folder of files, or the only file in it.
pub(super) fn path_of(name: &str, folder: &Folder) -> std::path::PathBuf {
    match name.starts_with("features") {
        true => folder.path().to_owned(),
        false => folder.path().join(name),
    }
}

fn in_files(set: FeatureSource) -> FeatureFiles {
    match set {
        FeatureSource::Files(set) => set,
        FeatureSource::Memory(_) => panic!("a set in memory"),
    }
}

#[test]
fn batches_have_what_is_read_whole() -> Result<()> {
    for (name, folder, stays) in every_format() {
        let path = path_of(name, &folder);
        for one_set in [OneSet::Whole, OneSet::Divided] {
            let whole = FeatureSets::open(&path, one_set)?;
            let sets = FeatureSets::open_within(&path, one_set, NOTHING)?;
            let facts = (sets.classes, sets.values, &sets.files);
            assert_eq!(facts, (whole.classes, whole.values, &whole.files));
            assert_eq!(sets.test.is_some(), one_set == OneSet::Divided);
            let pairs = [
                (Some(whole.train), Some(sets.train)),
                (whole.test, sets.test),
            ];
            for (whole, set) in pairs.into_iter().filter_map(|(a, b)| a.zip(b)) {
                assert_eq!(matches!(set, FeatureSource::Files(_)), stays, "{name}");
                for rows in [1, 2, 3, 5, 7, 39, 40, 41, 1000, usize::MAX] {
                    let (values, labels) = streamed(&set, rows)?;
                    assert_eq!(values, whole.features.values(), "{name}, {rows} at a time");
                    assert_eq!(labels, whole.labels, "{name}, {rows} at a time");
                }
            }
        }
    }
    Ok(())
}

/// Files that are named one by one, of two sets.
#[test]
fn files_that_are_named_stay_as_well() -> Result<()> {
    let folder = Folder::new();
    let at = |name: &str, bytes: &[u8]| ArrayAt {
        path: folder.file(name, bytes),
        array: None,
    };
    let set = |name: &str, rows: u32, first: f32| SetFiles {
        features: at(
            &format!("{name}.fbin"),
            &binary(rows, 1, &f32s(&[first, 2.0, 3.0][..rows as usize])),
        ),
        labels: at(&format!("{name}.txt"), &b"b\na\na\n"[..2 * rows as usize]),
    };
    let (train, test) = (set("train", 3, 1.0), set("test", 2, 5.0));
    let whole = FeatureSets::from_files(&train, Some(&test), OneSet::Divided)?;
    let sets = FeatureSets::from_files_within(&train, Some(&test), OneSet::Divided, NOTHING)?;
    assert_eq!(sets.notes, whole.notes);
    assert_eq!(
        streamed(&sets.train, 2)?,
        (vec![1.0, 2.0, 3.0], vec![1, 0, 0])
    );
    let test = in_files(sets.test.expect("a test set"));
    assert_eq!(
        streamed(&FeatureSource::Files(test), 2)?,
        (vec![5.0, 2.0], vec![1, 0])
    );
    Ok(())
}

#[test]
fn sets_stay_by_their_size_and_by_how_they_are_stored() -> Result<()> {
    let stays = |name: &str, folder: &Folder, memory: Memory| {
        let sets = FeatureSets::open_within(&path_of(name, folder), OneSet::Whole, memory)?;
        Ok::<_, crate::error::Error>(matches!(sets.train, FeatureSource::Files(_)))
    };
    for (name, folder, is_by_rows) in every_format() {
        let columns = FeatureSets::open(&path_of(name, &folder), OneSet::Whole)?;
        let bytes = 4 * ROWS * columns.train.features.dim();
        let memory = |whole, reread| Memory {
            whole,
            batch: 1,
            reread,
        };
        assert!(!stays(name, &folder, memory(bytes, false))?, "{name}");
        assert_eq!(stays(name, &folder, memory(bytes - 1, false))?, is_by_rows);
        let is_plain = is_by_rows && name != "deflated.npz";
        assert_eq!(
            stays(name, &folder, memory(bytes, true))?,
            is_plain,
            "{name}"
        );
    }
    Ok(())
}

/// What is known of the values without a look at them.
#[test]
fn notes_say_what_is_known() -> Result<()> {
    let folder = Folder::new();
    folder.file("features.npy", &npy("<f8", "(2, 1, 1)", &[0; 16]));
    folder.file("labels.npy", &npy("|u1", "(2,)", &[0, 1]));
    let sets = FeatureSets::open_within(folder.path(), OneSet::Whole, NOTHING)?;
    assert_eq!(
        sets.notes,
        [
            "features and labels were read as one set",
            "features.npy (2 × 1 × 1 <f8): read as 2 × 1",
            "features.npy (2 × 1 × 1 <f8): read as f32; values that it does not have were rounded",
        ]
    );
    Ok(())
}

/// Memory for one batch is made once.
#[test]
fn buffers_are_reused() -> Result<()> {
    let (name, folder, _) = every_format().swap_remove(0);
    for (one_set, rows) in [(OneSet::Whole, 7), (OneSet::Divided, 3)] {
        let sets = FeatureSets::open_within(&path_of(name, &folder), one_set, NOTHING)?;
        for set in [Some(sets.train), sets.test].into_iter().flatten() {
            let mut next = in_files(set).batches(rows);
            let mut memory = Vec::new();
            let mut was = None;
            while let Some((features, _)) = next(memory)? {
                memory = features.into_values();
                assert_eq!(memory.capacity(), rows * DIM);
                let place = memory.as_ptr();
                assert_eq!(*was.get_or_insert(place), place);
            }
            assert!(was.is_some());
        }
    }
    Ok(())
}

/// Rows are counted from the first of the file, in parts as well.
#[test]
fn what_is_not_finite_is_named_by_its_row_in_the_file() -> Result<()> {
    let rows = 20_000;
    let shape = format!("({rows}, {DIM})");
    let folder = Folder::new();
    let labels = vec![0; rows];
    folder.file("labels.npy", &npy("|u1", &format!("({rows},)"), &labels));
    let mut single = f32s(&vec![0.5; rows * DIM]);
    single[(12_345 * DIM + 2) * 4..][..4].copy_from_slice(&f32::NAN.to_le_bytes());
    let mut double: Vec<u8> = (0..rows * DIM)
        .flat_map(|_| 0.5_f64.to_le_bytes())
        .collect();
    double[(12_345 * DIM + 2) * 8..][..8].copy_from_slice(&1e300_f64.to_le_bytes());
    for (descr, bytes, found) in [
        (
            "<f4",
            &single,
            "row 12345, column 2 is NaN, not a finite number; expected",
        ),
        (
            "<f8",
            &double,
            "row 12345, column 2 is 1e300, too large for f32; expected",
        ),
    ] {
        folder.file("features.npy", &npy(descr, &shape, bytes));
        let whole = says(FeatureSets::open(folder.path(), OneSet::Whole));
        assert!(whole.starts_with(found), "{whole}");
        for one_set in [OneSet::Whole, OneSet::Divided] {
            let sets = FeatureSets::open_within(folder.path(), one_set, NOTHING)?;
            for set in [Some(&sets.train), sets.test.as_ref()]
                .into_iter()
                .flatten()
            {
                for rows in [1, 7, 4096, 20_000] {
                    assert_eq!(says(streamed(set, rows)), whole);
                }
            }
        }
        // Rows before it were given; nothing follows.
        let sets = FeatureSets::open_within(folder.path(), OneSet::Whole, NOTHING)?;
        let mut next = in_files(sets.train).batches(10_000);
        assert!(next(Vec::new())?.is_some());
        assert_eq!(says(next(Vec::new())), whole);
        assert!(next(Vec::new())?.is_none());
    }
    Ok(())
}
