//! Model files that are refused: that cannot be, are cut or damaged, or were changed.

use std::io::{Read, Write};

use ncm::internals::classifier::model::ModelFile;
use twox_hash::XxHash3_128;
use zip::write::SimpleFileOptions;

use super::{read, small};
use crate::support::{Outcome, ensure, failed};

/// A NumPy array file, version 1.0.
fn npy(descr: &str, shape: &str, body: &[u8]) -> Vec<u8> {
    let text = format!("{{'descr': '{descr}', 'fortran_order': False, 'shape': {shape}, }}\n");
    let length = (text.len() as u16).to_le_bytes();
    [&b"\x93NUMPY\x01\x00"[..], &length, text.as_bytes(), body].concat()
}

fn archive(arrays: &[(&str, Vec<u8>)]) -> Result<Vec<u8>, String> {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in arrays {
        zip.start_file(format!("{name}.npy"), SimpleFileOptions::default())
            .map_err(failed)?;
        zip.write_all(bytes).map_err(failed)?;
    }
    Ok(zip.finish().map_err(failed)?.into_inner())
}

#[test]
fn that_cannot_be_are_refused() -> Outcome {
    let sums = || npy("|u1", "(2, 1, 2)", &[10, 0, 0, 3]);
    let counts = || npy("|u1", "(2,)", &[1, 1]);
    let good = archive(&[("class_sums", sums()), ("counts", counts())])?;
    let found = read(&good).map_err(failed)?;
    // A file that somebody made without NumPy's help has no names in it.
    ensure(found.dataset == "unknown", || found.dataset.clone())?;
    let name = |descr: &str, body: &[u8]| npy(descr, "()", body);
    let named = archive(&[
        ("class_sums", sums()),
        ("counts", counts()),
        ("trained_on", name(">U2", &[0, 0, 0, b'm', 0, 0, 0, b'y'])),
        ("dataset", name("<U1", &[b'\n', 0, 0, 0])),
    ])?;
    let found = read(&named).map_err(failed)?;
    let names = (found.model.trained_on(), &*found.dataset);
    ensure(names == ("my", "unknown"), || format!("{names:?}"))?;
    // NumPy fills texts of one array up with zeros.
    let padded = name("<U3", &[b'm', 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    let padded = [
        ("class_sums", sums()),
        ("counts", counts()),
        ("dataset", padded),
    ];
    let found = read(&archive(&padded)?).map_err(failed)?;
    ensure(found.dataset == "m", || format!("{:?}", found.dataset))?;
    // What is too long or breaks lines is made to be read again.
    let odd = ModelFile {
        dataset: format!("a\n{}", "b".repeat(300)),
        ..small()?
    };
    let found = read(&odd.bytes().map_err(failed)?).map_err(failed)?;
    ensure(found.dataset == format!("a{}", "b".repeat(199)), || {
        format!("{:?}", found.dataset)
    })?;
    for (what, says, arrays) in [
        ("no counts", "without counts", vec![("class_sums", sums())]),
        ("no sums", "without class_sums", vec![("counts", counts())]),
        (
            "a flat sum",
            "classes × rows × columns",
            vec![
                ("class_sums", npy("|u1", "(2, 2)", &[1; 4])),
                ("counts", counts()),
            ],
        ),
        (
            "sums that are no integers",
            "classes × rows × columns",
            vec![
                ("class_sums", npy("<f4", "(2, 1, 2)", &[0; 16])),
                ("counts", counts()),
            ],
        ),
        (
            "another number of classes",
            "2 integers in counts",
            vec![
                ("class_sums", sums()),
                ("counts", npy("|u1", "(3,)", &[1; 3])),
            ],
        ),
        (
            "a negative sum",
            "-1 in class_sums",
            vec![
                ("class_sums", npy("|i1", "(2, 1, 2)", &[255; 4])),
                ("counts", counts()),
            ],
        ),
        (
            "a sum beyond its count",
            "class 0 cannot have these sums",
            vec![
                (
                    "class_sums",
                    npy("<u2", "(2, 1, 2)", &[0, 1, 0, 0, 0, 0, 0, 0]),
                ),
                ("counts", counts()),
            ],
        ),
        (
            "no images",
            "a model of no samples",
            vec![
                ("class_sums", npy("|u1", "(2, 1, 2)", &[0; 4])),
                ("counts", npy("|u1", "(2,)", &[0; 2])),
            ],
        ),
        (
            "images without pixels",
            "classes of 1 to 16000000 pixels",
            vec![
                ("class_sums", npy("|u1", "(2, 0, 2)", &[])),
                ("counts", counts()),
            ],
        ),
        (
            "images of more pixels than can be counted",
            "classes of 1 to 16000000 pixels",
            vec![
                ("class_sums", npy("|u1", "(2, 4294967296, 4294967296)", &[])),
                ("counts", counts()),
            ],
        ),
        (
            "sums that take eight times their bytes",
            "64 bits each",
            vec![
                ("class_sums", npy("|u1", "(65536, 64, 128)", &[])),
                ("counts", npy("|u1", "(65536,)", &[1; 65536])),
            ],
        ),
        (
            "no classes",
            "1 to 65,536 classes",
            vec![
                ("class_sums", npy("|u1", "(0, 1, 2)", &[])),
                ("counts", npy("|u1", "(0,)", &[])),
            ],
        ),
        (
            "a body cut short",
            "bytes in class_sums",
            vec![
                ("class_sums", npy("|u1", "(2, 1, 2)", &[0; 3])),
                ("counts", counts()),
            ],
        ),
    ] {
        let error = read(&archive(&arrays)?)
            .err()
            .map(failed)
            .unwrap_or_default();
        ensure(
            error.contains(says) && error.starts_with("some.npz: found "),
            || format!("{what}: {error}"),
        )?;
    }
    Ok(())
}

#[test]
fn cut_or_damaged_anywhere_do_no_harm() -> Outcome {
    let model = small()?;
    let bytes = model.bytes().map_err(failed)?;
    for length in 0..bytes.len() {
        let refused = read(&bytes[..length]).is_err();
        ensure(refused, || format!("{length} bytes are read"))?;
    }
    for at in 0..bytes.len() {
        let mut bytes = bytes.clone();
        bytes[at] ^= 0x55;
        // What of an archive says nothing, such as times, may be any.
        if let Ok(found) = read(&bytes) {
            ensure(found == model, || format!("another model: byte {at}"))?;
        }
    }
    Ok(())
}

/// The files of an archive with other content, and whatever CRC-32 that has.
fn repacked(
    bytes: &[u8],
    mut change: impl FnMut(&mut Vec<(String, Vec<u8>)>),
) -> Result<Vec<u8>, String> {
    let mut zip = zip::ZipArchive::new(std::io::Cursor::new(bytes)).map_err(failed)?;
    let mut files = Vec::new();
    for place in 0..zip.len() {
        let mut content = Vec::new();
        let mut file = zip.by_index(place).map_err(failed)?;
        file.read_to_end(&mut content).map_err(failed)?;
        let name = file.name().map_err(failed)?.into_owned();
        files.push((name, content));
    }
    change(&mut files);
    let arrays: Vec<(&str, Vec<u8>)> = files
        .iter()
        .map(|(name, content)| (name.trim_end_matches(".npy"), content.clone()))
        .collect();
    archive(&arrays)
}

/// The checksum of files as `src/data/npz/checked.rs` defines it.
fn checksum(files: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut all = Vec::new();
    for (name, content) in files {
        all.extend((name.len() as u64).to_le_bytes());
        all.extend(name.as_bytes());
        all.extend(content);
        all.extend((content.len() as u64).to_le_bytes());
    }
    let digits = format!("{:032x}", XxHash3_128::oneshot(&all));
    let letters: Vec<u8> = digits.bytes().flat_map(|digit| [digit, 0, 0, 0]).collect();
    npy("<U32", "()", &letters)
}

#[test]
fn changed_behind_their_checksum_are_refused() -> Outcome {
    let model = small()?;
    let bytes = model.bytes().map_err(failed)?;
    let same = repacked(&bytes, |_| ())?;
    ensure(read(&same).map_err(failed)? == model, || {
        "packed again".into()
    })?;
    let other = ModelFile {
        dataset: "another".into(),
        ..small()?
    };
    let other = other.bytes().map_err(failed)?;
    let mut others = Vec::new();
    repacked(&other, |files| others = files.clone())?;
    type Files = Vec<(String, Vec<u8>)>;
    type Change<'a> = &'a dyn Fn(&mut Files);
    let last_byte = |files: &mut Files| {
        let counts = files.iter_mut().find(|(name, _)| name == "counts.npy");
        let (_, content) = counts.expect("counts");
        *content.last_mut().expect("a count") ^= 1;
    };
    let text_of = |files: &mut Files, wanted: &str, text: Vec<u8>| {
        let file = files.iter_mut().find(|(name, _)| name == wanted);
        file.expect("a file").1 = text;
    };
    let checked = |files: &mut Files| {
        files.pop();
        let sum = checksum(files);
        files.push(("checksum.npy".into(), sum));
    };
    let changes: [(&str, &str, Change<'_>); 9] = [
        ("a bit", "another checksum", &last_byte),
        ("an array of another model", "another checksum", &|files| {
            let place = files.iter().position(|(name, _)| name == "dataset.npy");
            let place = place.expect("a dataset");
            files[place] = others[place].clone();
        }),
        ("another order", "another checksum", &|files| {
            files.swap(0, 1)
        }),
        ("an array more", "no checksum at the end", &|files| {
            files.push(("more.npy".into(), npy("|u1", "(1,)", &[1])));
        }),
        ("no checksum", "no checksum at the end", &|files| {
            files.pop();
        }),
        ("no format", "another checksum", &|files| {
            files.remove(0);
        }),
        ("a later format", "the format \"ncm model 9\"", &|files| {
            let letters = "ncm model 9".bytes().flat_map(|letter| [letter, 0, 0, 0]);
            text_of(
                files,
                "format.npy",
                npy("<U11", "()", &letters.collect::<Vec<_>>()),
            );
            checked(files);
        }),
        ("one name for two classes", "3 different texts", &|files| {
            text_of(
                files,
                "class_names.npy",
                npy("<U1", "(3,)", &[b'a', 0, 0, 0].repeat(3)),
            );
            checked(files);
        }),
        (
            "names of other classes",
            "3 texts in class_names",
            &|files| {
                text_of(files, "class_names.npy", npy("<U1", "(1,)", b"a\0\0\0"));
                checked(files);
            },
        ),
    ];
    for (what, says, change) in changes {
        let changed = repacked(&bytes, |files| change(files))?;
        let error = read(&changed).err().map(failed).unwrap_or_default();
        ensure(error.contains(says), || format!("{what}: {error}"))?;
    }
    Ok(())
}
