//! Files that are damaged, and files that change between one look and the next.

use std::fs;
use std::path::Path;

use super::super::FeatureSets;
use super::batches::{every_format, path_of};
use super::{Folder, NOTHING, binary, f32s, npy, npz, safetensors, says, streamed};
use crate::data::OneSet;
use crate::error::Result;

type Samples = (Vec<f32>, Vec<u16>);

/// All values and labels of a file, read whole and in batches of 7, or what is said.
fn both_ways(path: &Path) -> [std::result::Result<Samples, String>; 2] {
    let message = |error: crate::error::Error| error.to_string();
    let whole = FeatureSets::open(path, OneSet::Whole).map_err(message);
    let whole = whole.map(|sets| (sets.train.features.into_values(), sets.train.labels));
    let sets = FeatureSets::open_within(path, OneSet::Whole, NOTHING);
    let batches = sets.and_then(|sets| streamed(&sets.train, 7));
    [whole, batches.map_err(message)]
}

/// Each byte of a file changed, and each end cut off.
#[test]
fn damage_is_found_in_batches_as_it_is_in_the_whole() {
    for (name, folder, _) in every_format() {
        let path = path_of(name, &folder);
        let file = folder.path().join(name);
        let valid = fs::read(&file).expect("a file");
        let mut refused = 0;
        let step = if name == "deflated.npz" { 1 } else { 5 };
        for place in (0..valid.len()).step_by(step) {
            for bits in [0x01, 0x80] {
                let mut damaged = valid.clone();
                damaged[place] ^= bits;
                folder.file(name, &damaged);
                let [whole, batches] = both_ways(&path);
                assert_eq!(whole, batches, "{name}, byte {place}");
                refused += usize::from(whole.is_err());
            }
            folder.file(name, &valid[..place]);
            let [whole, batches] = both_ways(&path);
            assert!(whole.is_err(), "{name} of {place} bytes");
            assert_eq!(whole, batches, "{name} of {place} bytes");
        }
        assert!(refused > 0, "{name}");
    }
}

/// A checksum tells of damage in the middle before a strange value does.
#[test]
fn a_damaged_archive_is_called_one() -> Result<()> {
    let (name, folder, _) = every_format().swap_remove(7);
    let path = path_of(name, &folder);
    let mut bytes = fs::read(&path).expect("a file");
    let value = f32s(&[60.0]);
    let places = bytes.windows(4).position(|it| it == value);
    let place = places.expect("the value");
    bytes[place..][..4].copy_from_slice(&f32::NAN.to_le_bytes());
    folder.file(name, &bytes);
    let sets = FeatureSets::open_within(&path, OneSet::Whole, NOTHING)?;
    let error = says(streamed(&sets.train, 7));
    let found = "values that cannot be read (Invalid checksum) in features; expected an array of";
    assert!(error.starts_with(found), "{error}");
    Ok(())
}

#[test]
fn files_that_change_are_refused() -> Result<()> {
    let folder = Folder::new();
    let labels = npy("|u1", "(4,)", &[0, 1, 0, 1]);
    folder.file("labels.npy", &labels);
    let values = f32s(&[1.0, 2.0, 3.0, 4.0]);
    let archive = |rows: usize| {
        npz(&[
            ("features", "<f4", &[rows, 1], &values[..4 * rows]),
            ("labels", "|u1", &[4], &[0, 1, 0, 1]),
        ])
    };
    let tensors = |rows: usize| {
        let end = 4 * rows;
        let header = format!(
            r#"{{"features":{{"dtype":"F32","shape":[{rows},1],"data_offsets":[0,{end}]}},"labels":{{"dtype":"U8","shape":[4],"data_offsets":[{end},{}]}}}}"#,
            end + 4
        );
        safetensors(&header, &[&values[..end], &[0, 1, 0, 1]].concat())
    };
    let of = |descr: &str, shape: &str, bytes: &[u8]| npy(descr, shape, bytes);
    let valid = of("<f4", "(4, 1)", &values);
    let changed = "the dataset's files changed while they were read; run again";
    let longer = [&valid[..], &[0; 4]].concat();
    for (name, before, after, found) in [
        (
            "features.npy",
            &valid,
            of("<f4", "(3, 1)", &values[..12]),
            changed,
        ),
        (
            "features.npy",
            &valid,
            of("<f4", "(1, 4)", &values),
            changed,
        ),
        (
            "features.npy",
            &valid,
            of(">f4", "(4, 1)", &values),
            changed,
        ),
        (
            "features.npy",
            &valid,
            valid[..valid.len() - 4].to_vec(),
            "12 bytes after the header; expected 16",
        ),
        (
            "features.npy",
            &valid,
            longer,
            "20 bytes after the header; expected 16",
        ),
        (
            "features.npy",
            &valid,
            valid[..20].to_vec(),
            "a file that ends in its header",
        ),
        (
            "features.npy",
            &valid,
            npz(&[("x", "<f4", &[4, 1], &values)]),
            "an archive without features",
        ),
        (
            "features.fbin",
            &binary(4, 1, &values),
            binary(2, 2, &values),
            changed,
        ),
        ("some.npz", &archive(4), archive(3), changed),
        (
            "some.npz",
            &archive(4),
            npz(&[("labels", "|u1", &[4], &[0; 4])]),
            "an archive without features",
        ),
        (
            "some.npz",
            &archive(4),
            npy("<f8", "(2, 1)", &values),
            changed,
        ),
        ("some.safetensors", &tensors(4), tensors(3), changed),
        (
            "some.safetensors",
            &tensors(4),
            tensors(4)[..40].to_vec(),
            "a header of",
        ),
    ] {
        let file = folder.file(name, before);
        let sets = FeatureSets::open_within(&path_of(name, &folder), OneSet::Whole, NOTHING)?;
        assert_eq!(streamed(&sets.train, 3)?.0, [1.0, 2.0, 3.0, 4.0], "{name}");
        folder.file(name, &after);
        let error = says(streamed(&sets.train, 3));
        assert!(error.starts_with(found), "{name}: {error}");
        fs::remove_file(&file).expect("a file");
        let gone = says(streamed(&sets.train, 3));
        assert!(gone.contains("nothing"), "{gone}");
    }
    Ok(())
}

/// The rest of a file is missing, or there is more of it, once some was read.
#[test]
fn files_that_change_during_a_pass_are_refused() -> Result<()> {
    let rows = 300_000;
    let folder = Folder::new();
    folder.file(
        "labels.npy",
        &npy("|u1", &format!("({rows},)"), &vec![0; rows]),
    );
    let valid = npy("<f4", &format!("({rows}, 1)"), &vec![0; 4 * rows]);
    let shorter = valid.len() as u64 - 4;
    for (length, found) in [
        (
            shorter,
            "values that cannot be read (failed to fill whole buffer); expected an array of",
        ),
        (
            shorter + 8,
            "more bytes than the header says; expected an array of 300000 × 1 <f4",
        ),
    ] {
        let path = folder.file("features.npy", &valid);
        let sets = FeatureSets::open_within(folder.path(), OneSet::Whole, NOTHING)?;
        let super::FeatureSource::Files(set) = sets.train else {
            panic!("a set in memory");
        };
        let mut next = set.batches(1000);
        assert!(next(Vec::new())?.is_some());
        let file = fs::File::options().write(true).open(&path).expect("a file");
        file.set_len(length).expect("another length");
        let error = (0..rows).find_map(|_| next(Vec::new()).err());
        let error = says(error.map_or(Ok(()), Err));
        assert!(error.starts_with(found), "{error}");
        assert!(next(Vec::new())?.is_none());
    }
    Ok(())
}
