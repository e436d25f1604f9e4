//! Labels of every type, and how they are numbered.

use super::super::{ArrayAt, FeatureSets, SetFiles};
use super::{Folder, f32s, i64s, npy, npz, safetensors, says};
use crate::data::OneSet;
use crate::error::Result;

/// As many samples as labels, with the files of both.
fn set(folder: &Folder, name: &str, samples: usize, labels: &[u8]) -> SetFiles {
    let at = |path| ArrayAt { path, array: None };
    let shape = format!("({samples}, 1)");
    let values = npy("<f4", &shape, &f32s(&vec![0.5; samples]));
    let stem = name.replace('.', "_");
    SetFiles {
        features: at(folder.file(&format!("{stem}-x.npy"), &values)),
        labels: at(folder.file(name, labels)),
    }
}

fn read_two(train: (&str, usize, &[u8]), test: (&str, usize, &[u8])) -> Result<FeatureSets> {
    let folder = Folder::new();
    let train = set(&folder, &format!("train-{}", train.0), train.1, train.2);
    let test = set(&folder, &format!("test-{}", test.0), test.1, test.2);
    FeatureSets::from_files(&train, Some(&test), OneSet::Divided)
}

/// Labels of one set that is not divided.
fn read_one(name: &str, samples: usize, labels: &[u8]) -> Result<FeatureSets> {
    let folder = Folder::new();
    let all = set(&folder, name, samples, labels);
    FeatureSets::from_files(&all, None, OneSet::Whole)
}

#[test]
fn whole_numbers_are_read_in_every_type() -> Result<()> {
    let big: Vec<u8> = [2_i16, 0, 7]
        .iter()
        .flat_map(|it| it.to_be_bytes())
        .collect();
    let wide: Vec<u8> = [2_f64, 0.0, 7.0]
        .iter()
        .flat_map(|it| it.to_le_bytes())
        .collect();
    let int: Vec<u8> = [2_i32, 0, 7]
        .iter()
        .flat_map(|it| it.to_le_bytes())
        .collect();
    let rows = [[0, 0, 1], [1, 0, 0], [0, 1, 0]].concat();
    for (name, bytes, labels, note) in [
        ("y.npy", npy("|u1", "(3,)", &[2, 0, 7]), [2, 0, 7], None),
        ("y.npy", npy(">i2", "(3, 1)", &big), [2, 0, 7], None),
        (
            "y.npy",
            npy("<i8", "(3,)", &i64s(&[2, 0, 7])),
            [2, 0, 7],
            None,
        ),
        (
            "y.npy",
            npy("|b1", "(3,)", &[1, 0, 1]),
            [1, 0, 1],
            Some("read as whole numbers"),
        ),
        (
            "y.npy",
            npy("<f8", "(3,)", &wide),
            [2, 0, 7],
            Some("read as whole numbers"),
        ),
        (
            "y.npy",
            npy("|u1", "(3, 3)", &rows),
            [2, 0, 1],
            Some("one-hot rows were read"),
        ),
        (
            "y.ibin",
            [&[3, 0, 0, 0, 1, 0, 0, 0], &int[..]].concat(),
            [2, 0, 7],
            None,
        ),
        ("y.txt", b"2\n0\n7\n".to_vec(), [2, 0, 7], None),
        (
            "y.lst",
            b"\xef\xbb\xbf2\r\n0\r\n7".to_vec(),
            [2, 0, 7],
            None,
        ),
        (
            "y.npy",
            npy("<U1", "(3,)", b"2\0\0\x000\0\0\x007\0\0\0"),
            [2, 0, 7],
            Some("texts were"),
        ),
    ] {
        let sets = read_one(name, 3, &bytes)?;
        assert_eq!(sets.train.labels, labels);
        let highest = labels.iter().max().copied().unwrap_or(0);
        assert_eq!(sets.classes, usize::from(highest) + 1);
        assert!(sets.class_names.is_empty() && sets.test.is_none());
        assert_eq!(
            sets.notes.len(),
            usize::from(note.is_some()),
            "{:?}",
            sets.notes
        );
        let all = sets.notes.concat();
        assert!(all.contains(note.unwrap_or_default()), "{all}");
    }
    Ok(())
}

#[test]
fn other_numbers_are_numbered_by_value_over_all_sets() -> Result<()> {
    let of = |values: &[i64]| npy("<i8", &format!("({},)", values.len()), &i64s(values));
    let (train, test) = (of(&[10, -3, 70_000]), of(&[9, 10]));
    let sets = read_two(("y.npy", 3, &train), ("y.npy", 2, &test))?;
    assert_eq!(sets.train.labels, [2, 0, 3]);
    assert_eq!(sets.test.map(|test| test.labels), Some(vec![1, 2]));
    assert_eq!(
        (sets.classes, sets.class_names),
        (4, ["-3", "9", "10", "70000"].map(String::from).to_vec())
    );
    assert_eq!(sets.notes, ["classes 0 to 3 are -3, 9, 10, 70000"]);
    // Gaps are classes without samples.
    let sets = read_two(("y.npy", 1, &of(&[65_535])), ("y.npy", 1, &of(&[0])))?;
    assert_eq!((sets.train.labels, sets.classes), (vec![65_535], 65_536));
    assert!(sets.class_names.is_empty());
    // A single number beyond makes places of all.
    let sets = read_two(("y.npy", 1, &of(&[65_536])), ("y.npy", 1, &of(&[0])))?;
    assert_eq!((sets.train.labels, sets.classes), (vec![1], 2));
    Ok(())
}

#[test]
fn texts_are_numbered_by_bytes_over_all_sets() -> Result<()> {
    // "b", "é" and "b", "Z", in 32 and in 8 bits.
    let wide: Vec<u8> = ['b', '\0', 'é', '\0']
        .iter()
        .flat_map(|&letter| u32::from(letter).to_be_bytes())
        .collect();
    let train = npy(">U2", "(2,)", &wide);
    let test = npy("|S2", "(2,)", b"b\0Zz");
    let names = ["Zz", "b", "é"].map(String::from).to_vec();
    for test in [("y.npy", 2, &test[..]), ("y.txt", 2, b"b\nZz\n")] {
        let sets = read_two(("y.npy", 2, &train), test)?;
        assert_eq!(sets.train.labels, [1, 2]);
        assert_eq!(sets.test.map(|test| test.labels), Some(vec![1, 0]));
        assert_eq!(sets.class_names, names);
        assert_eq!(sets.notes, ["classes 0 to 2 are Zz, b, é"]);
    }
    // Spellings of one number are classes of their own.
    let sets = read_one("y.txt", 3, b"7\n07\n8\n")?;
    assert_eq!((sets.train.labels, sets.classes), (vec![1, 0, 2], 3));
    Ok(())
}

#[test]
fn numbers_and_texts_are_not_mixed() {
    let numbers = npy("|u1", "(1,)", &[3]);
    let error = says(read_two(("y.npy", 1, &numbers), ("y.txt", 1, b"cat\n")));
    let found = "labels that are texts; expected numbers, as those of the other set are; save the \
                 labels of both sets as texts, or both as numbers";
    assert_eq!(error, found);
    assert!(read_two(("y.npy", 1, &numbers), ("y.txt", 1, b"3\n")).is_ok());
}

#[test]
fn more_classes_than_there_may_be_are_refused() -> Result<()> {
    let of = |count: i64| {
        let values: Vec<i64> = (0..count).map(|label| label - 1).collect();
        let bytes = npy("<i8", &format!("({count},)"), &i64s(&values));
        read_one("y.npy", count as usize, &bytes)
    };
    assert_eq!(of(65_536)?.classes, 65_536);
    let error = says(of(65_537));
    let found = "more than 65536 different labels; expected at most 65,536 classes";
    assert!(error.starts_with(found), "{error}");
    Ok(())
}

#[test]
fn what_is_no_label_is_refused_with_what_works() {
    let half = npy(
        "<f8",
        "(2,)",
        &[1.0_f64, 0.5].map(f64::to_le_bytes).concat(),
    );
    let long = npy("<U1001", "(2,)", &vec![0; 8008]);
    for (name, bytes, found) in [
        (
            "y.npy",
            half,
            "a label at index 1 that is no whole number; expected whole numbers or texts; save y.astype(str)",
        ),
        (
            "y.npy",
            npy("|u1", "(3,)", &[0; 3]),
            "an array of 3 |u1; expected 2 labels, one for each sample; save one",
        ),
        (
            "y.npy",
            npy("|u1", "(1, 2)", &[0; 2]),
            "an array of 1 × 2 |u1; expected 2 labels, one for each sample; save y.reshape(-1)",
        ),
        (
            "y.npy",
            npy("|u1", "(2, 1, 1)", &[0; 2]),
            "an array of 2 × 1 × 1 |u1; expected one label for each sample; save y.reshape(len(y), -1)",
        ),
        (
            "y.npy",
            npy("|u1", "(2, 0)", &[]),
            "an array of 2 × 0 |u1; expected one label",
        ),
        (
            "y.npy",
            npy("|u1", "()", &[0]),
            "a single |u1; expected one label",
        ),
        (
            "y.npy",
            npy("|u1", "(2, 2)", &[1, 1, 0, 1]),
            "rows that are not all one-hot of an array of 2 × 2 |u1; expected",
        ),
        (
            "y.npy",
            npy("|S1", "(2, 2)", &[65; 4]),
            "an array of 2 × 2 |S1; expected one text",
        ),
        (
            "y.npy",
            npy("|S1", "(2,)", &[65, 0xff]),
            "a label at index 1 that is no UTF-8 text",
        ),
        (
            "y.npy",
            long,
            "an array of 2 <U1001; expected texts of 1 to 1,000 letters",
        ),
        (
            "y.npy",
            npy("|O", "(2,)", &[0; 9]),
            "an array of 2 |O; expected numbers or texts; save y.astype(str)",
        ),
        (
            "y.npy",
            npy("<c8", "(2,)", &[0; 16]),
            "an array of 2 <c8; expected numbers or texts; save y.astype(numpy.int64)",
        ),
        (
            "y.npy",
            npy("|u1", "(2,)", &[0; 3]),
            "3 bytes after the header; expected 2 for an array of 2 |u1; save it again",
        ),
        (
            "y.txt",
            b"a\n".to_vec(),
            "1 lines; expected 2, a label for each sample",
        ),
        ("y.txt", b"a\nb\n\n".to_vec(), "3 lines; expected 2"),
        (
            "y.txt",
            b"a\n\n".to_vec(),
            "line 2, which is empty or too long",
        ),
        (
            "y.txt",
            b"a\n\0\n".to_vec(),
            "a file of another kind; expected an array of labels, or a text",
        ),
        ("y.txt", b"a\n\xff\n".to_vec(), "a file of another kind"),
        ("y.gz", b"\x1f\x8b\x08".to_vec(), "a gzipped file"),
    ] {
        let error = says(read_one(name, 2, &bytes));
        assert!(error.starts_with(found), "{found}\n{error}");
    }
}

#[test]
fn labels_are_read_from_archives_and_tensors() -> Result<()> {
    let folder = Folder::new();
    let archive = npz(&[
        ("x", "<f4", &[2, 1], &f32s(&[1.0, 2.0])),
        ("coarse", "|u1", &[2], &[4, 5]),
        ("y", "|u1", &[2], &[0, 1]),
    ]);
    let header = r#"{"y":{"dtype":"I64","shape":[2],"data_offsets":[0,16]}}"#;
    let npz = folder.file("some.npz", &archive);
    let tensors = folder.file("y.safetensors", &safetensors(header, &i64s(&[3, 2])));
    let at = |path: &std::path::Path, array: Option<&str>| ArrayAt {
        path: path.to_owned(),
        array: array.map(str::to_owned),
    };
    for (labels, expected) in [
        (at(&npz, None), [0, 1]),
        (at(&npz, Some("coarse")), [4, 5]),
        (at(&tensors, None), [3, 2]),
    ] {
        let features = at(&npz, None);
        let files = SetFiles { features, labels };
        let sets = FeatureSets::from_files(&files, None, OneSet::Whole)?;
        assert_eq!(sets.train.labels, expected);
    }
    Ok(())
}
