//! Reading datasets: every name in common use, every family, and files that are
//! cut or damaged anywhere. What is said of bad ones is in `bad_inputs`.

mod advice;
mod arrays;
mod class_folders;
pub mod digits;
mod families;
mod folders;
mod neighbours;
pub mod npz;
mod numpy;
mod one_set;
mod strangers;
mod tables;
mod zipped;

use std::time::Instant;

use ncm::{Dataset, Error};

use crate::support::{Folder, Outcome, ensure, failed, gzip, idx};

fn read(folder: &Folder) -> Result<Dataset, String> {
    Dataset::from_folder(folder.path()).map_err(failed)
}

#[test]
fn under_every_name_in_common_use() -> Outcome {
    let expected = read(&Folder::new())?;
    for (old, new) in [
        (Folder::TRAIN_IMAGES, "train-images.idx3-ubyte"),
        (Folder::TRAIN_LABELS, "train-labels.idx1-ubyte.gz"),
        (Folder::TEST_IMAGES, "t10k-images.idx3-ubyte"),
        (Folder::TEST_LABELS, "test-labels-idx1-ubyte"),
        (Folder::TEST_IMAGES, "test-images.idx3-ubyte.gz"),
    ] {
        let folder = Folder::new();
        match new.ends_with(".gz") {
            true => folder.gzip(old, new),
            false => {
                folder.write(new, &folder.read(old));
                folder.remove(old);
            }
        }
        let found = read(&folder)?;
        ensure(
            found.train() == expected.train() && found.test() == expected.test(),
            || new.to_owned(),
        )?;
        folder.remove(new);
        let missing = Dataset::from_folder(folder.path())
            .err()
            .ok_or("a missing file was not missed")?;
        ensure(missing.to_string().contains("found no file of"), || {
            missing.to_string()
        })?;
    }
    Ok(())
}

/// Where a folder has both forms, the plain one is read.
#[test]
fn plain_before_gzipped() -> Outcome {
    let (expected, folder) = (read(&Folder::new())?, Folder::new());
    folder.write("train-images-idx3-ubyte.gz", b"not even gzip");
    ensure(read(&folder)?.train() == expected.train(), || {
        "other content".into()
    })
}

#[test]
fn gzipped_under_any_name() -> Outcome {
    let (expected, folder) = (read(&Folder::new())?, Folder::new());
    folder.gzip(Folder::TRAIN_IMAGES, Folder::TRAIN_IMAGES);
    let plain = folder.read(Folder::TEST_LABELS);
    folder.remove(Folder::TEST_LABELS);
    folder.write("t10k-labels-idx1-ubyte.gz", &plain);
    let found = read(&folder)?;
    ensure(
        found.train() == expected.train() && found.test() == expected.test(),
        || "other content".into(),
    )
}

#[test]
fn of_several_gzip_members() -> Outcome {
    let (expected, folder) = (read(&Folder::new())?, Folder::new());
    let bytes = folder.read(Folder::TRAIN_IMAGES);
    let (start, end) = bytes.split_at(20);
    folder.write(Folder::TRAIN_IMAGES, &[gzip(start), gzip(end)].concat());
    ensure(read(&folder)?.train() == expected.train(), || {
        "other content".into()
    })
}

/// What follows the last member is left alone, as `gunzip` leaves it.
#[test]
fn with_anything_behind_gzip() -> Outcome {
    let expected = read(&Folder::new())?;
    let junk: Vec<u8> = (0..600).map(|byte| (byte * 7 + 3) as u8).collect();
    for (what, behind) in [
        ("zeros", &[0; 512][..]),
        ("a zero", &[0]),
        ("text", b"junk\n"),
        ("600 bytes", &junk),
        ("half a magic", &[0x1f]),
    ] {
        let folder = Folder::new();
        for file in [Folder::TRAIN_IMAGES, Folder::TEST_LABELS] {
            let bytes = [&gzip(&folder.read(file))[..], behind].concat();
            folder.write(file, &bytes);
        }
        let found = read(&folder).map_err(|error| format!("{what}: {error}"))?;
        ensure(
            found.train() == expected.train() && found.test() == expected.test(),
            || format!("{what}: other content"),
        )?;
    }
    Ok(())
}

#[test]
fn cut_anywhere_are_refused() -> Outcome {
    for (name, zipped) in [
        (Folder::TRAIN_IMAGES, false),
        (Folder::TRAIN_LABELS, false),
        (Folder::TEST_IMAGES, true),
    ] {
        let folder = Folder::new();
        let whole = if zipped {
            gzip(&folder.read(name))
        } else {
            folder.read(name)
        };
        for length in 0..whole.len() {
            folder.write(name, &whole[..length]);
            let error = Dataset::from_folder(folder.path()).err();
            let refused = matches!(error, Some(Error::BadFile { .. } | Error::Read { .. }));
            ensure(refused, || {
                format!(
                    "{name} cut to {length} of {} bytes was accepted",
                    whole.len()
                )
            })?;
        }
    }
    Ok(())
}

/// A flipped bit is refused, or it is one that gzip's header does not check.
#[test]
fn damaged_anywhere_in_gzip_are_refused() -> Outcome {
    let (folder, expected) = (Folder::new(), read(&Folder::new())?);
    let whole = gzip(&folder.read(Folder::TRAIN_IMAGES));
    for bit in 0..whole.len() * 8 {
        let mut damaged = whole.clone();
        damaged[bit / 8] ^= 1 << (bit % 8);
        folder.write(Folder::TRAIN_IMAGES, &damaged);
        if let Ok(found) = Dataset::from_folder(folder.path()) {
            ensure(found.train() == expected.train(), || {
                format!("bit {bit} changed the images unseen")
            })?;
        }
    }
    Ok(())
}

/// A billion images promised, a few bytes there: refused at once.
#[test]
fn whose_header_lies_cost_no_memory() -> Outcome {
    let promised = 1 << 30;
    let (images, labels) = (idx(&[promised, 2, 3], &[1; 50]), idx(&[promised], &[1; 50]));
    for (images, labels) in [
        (images.clone(), labels.clone()),
        (gzip(&images), gzip(&labels)),
    ] {
        let folder = Folder::new();
        folder.write(Folder::TEST_IMAGES, &images);
        folder.write(Folder::TEST_LABELS, &labels);
        let started = Instant::now();
        let error = Dataset::from_folder(folder.path())
            .err()
            .ok_or("accepted")?
            .to_string();
        ensure(error.contains("found 50 bytes after the header"), || {
            error.clone()
        })?;
        let seconds = started.elapsed().as_secs_f64();
        ensure(seconds < 0.5, || format!("took {seconds} s"))?;
    }
    Ok(())
}

/// Sums and batches are made for many images, not for huge ones.
#[test]
fn of_huge_images_are_refused() -> Outcome {
    let folder = Folder::new();
    folder.write(
        Folder::TEST_IMAGES,
        &gzip(&idx(&[4, 4_001, 4_000], &[1; 50])),
    );
    let error = Dataset::from_folder(folder.path())
        .err()
        .ok_or("accepted")?
        .to_string();
    ensure(
        error.contains("found images of 4001 × 4000 pixels; expected at most"),
        || error.clone(),
    )
}

#[test]
fn with_another_shape_in_test_are_refused() -> Outcome {
    let folder = Folder::new();
    folder.write(Folder::TEST_IMAGES, &idx(&[4, 3, 2], &[1; 24]));
    let error = Dataset::from_folder(folder.path())
        .err()
        .ok_or("accepted")?
        .to_string();
    ensure(
        error.contains("images of 3 × 2; expected 2 × 3 as in"),
        || error.clone(),
    )
}

#[test]
fn with_labels_up_to_255_are_accepted() -> Outcome {
    let folder = Folder::new();
    folder.write(Folder::TEST_LABELS, &idx(&[4], &[0, 1, 255, 2]));
    let dataset = read(&folder)?;
    ensure(dataset.classes() == 256, || {
        format!("{} classes", dataset.classes())
    })
}

#[cfg(unix)]
#[test]
fn refuse_pipes_devices_loops_and_odd_names() -> Outcome {
    use std::os::unix::ffi::OsStrExt;
    use std::process::Command;

    let refused = |folder: &Folder, says: &str| {
        let error = Dataset::from_folder(folder.path())
            .err()
            .ok_or("accepted")?
            .to_string();
        ensure(error.contains(says), || {
            format!("{error:?} does not say {says:?}")
        })
    };
    let path = |folder: &Folder| folder.path().join(Folder::TRAIN_IMAGES);

    let folder = Folder::new();
    folder.remove(Folder::TRAIN_IMAGES);
    std::os::unix::fs::symlink("/dev/zero", path(&folder)).map_err(failed)?;
    refused(&folder, "a pipe or device")?;

    let folder = Folder::new();
    folder.remove(Folder::TRAIN_IMAGES);
    std::fs::create_dir(path(&folder)).map_err(failed)?;
    refused(&folder, "a folder without such a file")?;

    // A link to itself does not exist as far as opening it goes.
    let folder = Folder::new();
    folder.remove(Folder::TRAIN_IMAGES);
    std::os::unix::fs::symlink(path(&folder), path(&folder)).map_err(failed)?;
    refused(&folder, "no file of train images")?;

    let folder = Folder::new();
    folder.remove(Folder::TRAIN_IMAGES);
    if Command::new("mkfifo")
        .arg(path(&folder))
        .status()
        .is_ok_and(|status| status.success())
    {
        refused(&folder, "a pipe or device")?;
    }

    let folder = Folder::new();
    let odd = folder.path().join(std::ffi::OsStr::from_bytes(b"caf\xe9"));
    std::fs::create_dir(&odd).map_err(failed)?;
    let error = Dataset::from_folder(&odd)
        .err()
        .ok_or("accepted")?
        .to_string();
    ensure(error.contains("no file of train images"), || error.clone())
}
