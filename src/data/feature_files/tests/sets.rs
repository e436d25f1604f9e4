//! Sets by the names of arrays and files.

use super::super::FeatureSets;
use super::{Folder, binary, f32s, i64s, npy, npz, safetensors, says};
use crate::data::OneSet;
use crate::error::Result;

/// Two samples that are 1 and 2, with labels 0 and 1, times `scale`.
fn features(scale: f32) -> Vec<u8> {
    f32s(&[scale, 2.0 * scale])
}

fn open(folder: &Folder) -> Result<FeatureSets> {
    FeatureSets::open(folder.path(), OneSet::Divided)
}

/// Writes `.npy` files of two samples or labels.
fn folder_of(features_and_labels: &[[&str; 2]]) -> Folder {
    let folder = Folder::new();
    for (scale, [x, y]) in (1..).zip(features_and_labels) {
        let values = npy("<f4", "(2, 1)", &features(scale as f32));
        folder.file(&format!("{x}.npy"), &values);
        folder.file(&format!("{y}.npy"), &npy("|u1", "(2,)", &[0, 1]));
    }
    folder
}

#[test]
fn folders_are_read_by_the_names_that_people_give() -> Result<()> {
    for (names, is_usual) in [
        (
            [
                ["train_features", "train_labels"],
                ["test_features", "test_labels"],
            ],
            true,
        ),
        (
            [
                ["features_train", "labels_train"],
                ["features_test", "labels_test"],
            ],
            false,
        ),
        ([["x_train", "y_train"], ["x_test", "y_test"]], false),
        ([["X_train", "y_train"], ["X_test", "y_test"]], false),
        (
            [
                ["embeddings_train", "labels_train"],
                ["embeddings_test", "labels_test"],
            ],
            false,
        ),
        (
            [
                ["train_embeddings", "train_targets"],
                ["val_embeddings", "val_targets"],
            ],
            false,
        ),
        (
            [["trainfeat", "trainlabels"], ["testfeat", "testlabels"]],
            false,
        ),
        (
            [["train-vectors", "train-y"], ["test-vectors", "test-y"]],
            false,
        ),
    ] {
        let sets = open(&folder_of(&names))?;
        assert_eq!(sets.train.features.values(), [1.0, 2.0], "{names:?}");
        let test = sets
            .test
            .map(|test| (test.features.values().to_vec(), test.labels));
        assert_eq!(test, Some((vec![2.0, 4.0], vec![0, 1])), "{names:?}");
        assert_eq!((sets.classes, sets.values), (2, "f32"));
        assert_eq!(sets.files.len(), 4);
        let is_silent = sets.notes.is_empty();
        assert_eq!(is_silent, is_usual, "{:?}", sets.notes);
    }
    Ok(())
}

/// Where there are images as well, words for features decide.
#[test]
fn features_go_before_images() -> Result<()> {
    let folder = folder_of(&[["train_feats", "y_train"], ["test_feats", "y_test"]]);
    folder.file("x_train.npy", &npy("|u1", "(2, 1, 1)", &[0, 0]));
    folder.file("x_test.npy", &npy("|u1", "(2, 1, 1)", &[0, 0]));
    assert_eq!(open(&folder)?.train.features.values(), [1.0, 2.0]);
    Ok(())
}

#[test]
fn files_of_other_formats_are_found_in_folders() -> Result<()> {
    let folder = Folder::new();
    folder.file("train_features.f16bin", &binary(2, 1, &[0, 0x3c, 0, 0x40]));
    folder.file(
        "train_labels.ibin",
        &binary(2, 1, &[0, 0, 0, 0, 3, 0, 0, 0]),
    );
    folder.file("test_features.fbin", &binary(1, 1, &f32s(&[1.0])));
    folder.file("test_labels.txt", b"3\n");
    folder.file("README.txt", b"what this is\n");
    folder.file("config.json", b"{}");
    let sets = open(&folder)?;
    assert_eq!(sets.train.labels, [0, 3]);
    let test = sets
        .test
        .map(|test| (test.features.values().to_vec(), test.labels));
    assert_eq!(test, Some((vec![1.0], vec![3])));
    // Two types have only f32 in common.
    assert_eq!((sets.classes, sets.values), (4, "f32"));
    folder.file("test_features.npy", &npy("<f4", "(1, 1)", &[0; 4]));
    let error = says(open(&folder));
    assert!(error.starts_with("test_features.fbin and test_features.npy; expected one"));
    Ok(())
}

#[test]
fn one_set_is_divided_or_left_whole() -> Result<()> {
    let folder = Folder::new();
    let values: Vec<f32> = (0..26).map(|value| value as f32).collect();
    let labels: Vec<u8> = (0..13).map(|index| u8::from(index % 2 == 1)).collect();
    for (x, y) in [
        ("features", "labels"),
        ("embeddings", "labels"),
        ("X", "y"),
        ("arr_0", "arr_1"),
    ] {
        let archive = npz(&[
            (x, "<f4", &[13, 2], &f32s(&values)),
            (y, "|u1", &[13], &labels),
        ]);
        let path = folder.file("one.npz", &archive);
        let sets = FeatureSets::open(&path, OneSet::Divided)?;
        // The sixth of class 0 is sample 10, the sixth of class 1 sample 11.
        let test = sets.test.expect("a test set");
        assert_eq!(
            (test.features.values(), &test.labels[..]),
            (&values[20..24], &[0, 1][..])
        );
        assert_eq!(
            sets.train.features.values(),
            [&values[..20], &values[24..]].concat()
        );
        assert_eq!(sets.train.labels.len(), 11);
        let divided = "there are no test samples of their own: every 6th sample of each class";
        assert!(sets.notes.iter().any(|note| note.starts_with(divided)));
        let whole = FeatureSets::open(&path, OneSet::Whole)?;
        assert_eq!(
            (whole.train.features.values(), whole.test),
            (&values[..], None)
        );
    }
    let error = says(open(&folder_of(&[["features", "labels"]])));
    assert!(
        error.starts_with("one set of at most 1 samples of a class; expected 6"),
        "{error}"
    );
    Ok(())
}

#[test]
fn tensors_are_read_by_name() -> Result<()> {
    let header = r#"{
        "train_features":{"dtype":"BF16","shape":[2,1],"data_offsets":[0,4]},
        "train_labels":{"dtype":"I64","shape":[2],"data_offsets":[4,20]},
        "test_features":{"dtype":"BF16","shape":[1,1],"data_offsets":[20,22]},
        "test_labels":{"dtype":"I64","shape":[1],"data_offsets":[22,30]}}"#;
    let body = [
        &[0x80, 0x3f, 0, 0x40],
        &i64s(&[0, 5])[..],
        &[0x80, 0x40],
        &i64s(&[5]),
    ]
    .concat();
    let folder = Folder::new();
    let path = folder.file("some.safetensors", &safetensors(header, &body));
    let sets = FeatureSets::open(&path, OneSet::Divided)?;
    assert_eq!(sets.train.features.values(), [1.0, 2.0]);
    assert_eq!(
        sets.test.map(|test| test.features.values().to_vec()),
        Some(vec![4.0])
    );
    assert_eq!((sets.train.labels, sets.values), (vec![0, 5], "bf16"));
    assert_eq!((sets.classes, sets.files), (6, vec![path]));
    Ok(())
}

#[test]
fn what_does_not_belong_together_is_refused() {
    let folder = folder_of(&[
        ["train_features", "train_labels"],
        ["test_features", "test_labels"],
    ]);
    folder.file("test_features.npy", &npy("<f4", "(2, 3)", &[0; 24]));
    let error = says(open(&folder));
    let found = "3 values in each sample; expected 1, as the training samples have";
    assert!(error.starts_with(found), "{error}");
    let folder = folder_of(&[["train_features", "train_labels"]]);
    folder.file("test_labels.npy", &npy("|u1", "(2,)", &[0, 1]));
    let error = says(open(&folder));
    let found = "no array test_features among test_labels (2 |u1), train_features (2 × 1 <f4), \
                 train_labels (2 |u1); expected train_features, train_labels, test_features and \
                 test_labels, or features and labels; give them such names";
    assert_eq!(error, found);
    let error = says(open(&folder_of(&[
        ["trainfeats", "train_labels"],
        ["train_emb", "y"],
    ])));
    assert!(
        error.contains("which may both be the features of one set"),
        "{error}"
    );
    let error = says(open(&Folder::new()));
    assert!(
        error.starts_with("no array train_features and no other array"),
        "{error}"
    );
}
