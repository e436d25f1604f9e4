//! Models as files, and those that the program carries.

use std::io::Write;
use std::path::Path;

use ncm::internals::backends::Backend;
use ncm::internals::backends::cpu::Cpu;
use ncm::internals::classifier::look::Look;
use ncm::internals::classifier::model::{Inside, ModelFile, inside};
use ncm::{Dataset, LevelSums, Model, Shape};
use zip::write::SimpleFileOptions;

use crate::support::{Outcome, ensure, failed, mnist};

fn small() -> Result<ModelFile, String> {
    // A class without images, and one of more than 32 bits count.
    let of_classes = [[3, 0, 0, 1, 2, 5], [0; 6], [9, 8, 7, 1 << 40, 5, 4]];
    let sums = LevelSums::new(6, vec![2, 0, 1 << 33], of_classes.concat());
    let sums = sums.map_err(failed)?;
    Ok(ModelFile {
        dataset: "ein Übungssatz".into(),
        shape: Shape::Image {
            rows: 2,
            columns: 3,
        },
        model: Model::new("train", sums).map_err(failed)?,
    })
}

fn read(bytes: &[u8]) -> ncm::Result<ModelFile> {
    ModelFile::from_bytes(bytes, Path::new("some.npz"))
}

#[test]
fn come_back_from_their_files() -> Outcome {
    let model = small()?;
    let bytes = model.bytes().map_err(failed)?;
    ensure(bytes == model.bytes().map_err(failed)?, || {
        "other bytes the second time".into()
    })?;
    let found = read(&bytes).map_err(failed)?;
    ensure(found == model, || format!("{found:?}"))
}

/// What images look like comes back as well, and is refused where it is not that
/// of the images in the sums.
#[test]
fn know_what_their_images_look_like() -> Outcome {
    let histogram = |counts: &[(usize, u64)]| {
        let mut histogram = [0; 256];
        counts
            .iter()
            .for_each(|&(level, count)| histogram[level] = count);
        histogram
    };
    let file = |look: Look| {
        let sums = LevelSums::new(2, vec![1, 1], vec![10, 0, 0, 3])?;
        Ok(ModelFile {
            dataset: "some".into(),
            shape: Shape::Image {
                rows: 1,
                columns: 2,
            },
            model: Model::new("train", sums)?.with_look(look)?,
        })
    };
    let all = [(0, 2), (3, 1), (10, 1)];
    let right = || Look::new(histogram(&all), histogram(&all));
    let model: ncm::Result<ModelFile> = file(right());
    let model = model.map_err(failed)?;
    let found = read(&model.bytes().map_err(failed)?).map_err(failed)?;
    ensure(
        found == model && found.model.look() == Some(&right()),
        || format!("{found:?}"),
    )?;
    for (all, outermost) in [
        // Of fewer pixels, of other sums, of more outermost pixels than there are.
        (&[(0, 1), (3, 1), (10, 1)][..], &all[..]),
        (&[(0, 2), (4, 1), (10, 1)], &[(0, 2)]),
        (&all, &[(0, 4)]),
        (&all, &[(0, 1)]),
        (&all, &[]),
    ] {
        let look = Look::new(histogram(all), histogram(outermost));
        let refused: ncm::Result<ModelFile> = file(look);
        ensure(refused.is_err(), || {
            format!("{all:?} and {outermost:?} are taken")
        })?;
    }
    Ok(())
}

#[test]
fn inside_are_mnists_by_shape_and_count() -> Outcome {
    for (which, images, name) in [
        (Inside::Train, 60_000, "train"),
        (Inside::TrainAndTest, 70_000, "train+test"),
    ] {
        let file = inside(which);
        let sums = file.model.sums();
        let found = (
            sums.samples(),
            file.model.trained_on(),
            file.shape.image_size(),
            &*file.dataset,
        );
        ensure(found == (images, name, Some([28, 28]), "mnist"), || {
            format!("{found:?}")
        })?;
        ensure(sums.classes() == 10, || sums.classes().to_string())?;
    }
    Ok(())
}

/// What `ncm means --save` would write now is what is inside.
#[test]
fn inside_are_mnists_bit_for_bit() -> Outcome {
    let Some(folder) = mnist::needed()? else {
        return Ok(());
    };
    let mnist = Dataset::from_folder(&folder).map_err(failed)?;
    let cpu = Cpu::default();
    let of = |source: &ncm::internals::data::Source| {
        let split = source.whole().ok_or("not in memory")?;
        let resident = cpu.upload(split).map_err(failed)?;
        resident.class_sums().map_err(failed)
    };
    let [train, test] = [of(mnist.train())?, of(mnist.test())?];
    let both = &train + &test;
    let look = |source| Look::of(source).map_err(failed);
    let [look_of_train, look_of_test] = [look(mnist.train())?, look(mnist.test())?];
    let mut look_of_both = look_of_train.clone();
    look_of_both += &look_of_test;
    for (which, name, sums, look) in [
        (Inside::Train, "train", train, look_of_train),
        (Inside::TrainAndTest, "train+test", both, look_of_both),
    ] {
        let file = ModelFile {
            dataset: "mnist".into(),
            shape: Shape::Image {
                rows: 28,
                columns: 28,
            },
            model: Model::new(name, sums)
                .and_then(|model| model.with_look(look))
                .map_err(failed)?,
        };
        ensure(file == inside(which), || format!("{name} has other sums"))?;
        ensure(file.bytes().map_err(failed)? == which.bytes(), || {
            format!("{name} is another file")
        })?;
    }
    Ok(())
}

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
    let bytes = small()?.bytes().map_err(failed)?;
    for length in 0..bytes.len() {
        let refused = read(&bytes[..length]).is_err();
        ensure(refused, || format!("{length} bytes are read"))?;
    }
    for at in 0..bytes.len() {
        let mut bytes = bytes.clone();
        bytes[at] ^= 0x55;
        // Whatever it says, it says it.
        let _ = read(&bytes);
    }
    Ok(())
}
