//! Splits that stay in their files: what they hand out, and when they are bad.
//! The answers from them are in `backends/streaming.rs`.

use ncm::internals::app::exit_code;
use ncm::internals::data::{Dataset, Memory};

use crate::support::{Folder, Outcome, Pictures, ensure, failed, gzip, idx, streamed};

#[test]
fn hands_out_every_image_once_in_order() -> Outcome {
    let folder = streamed::folder();
    let whole = Dataset::from_folder(folder.path()).map_err(failed)?;
    let whole = whole.train().whole().ok_or("not in memory")?;
    folder.gzip(Folder::TRAIN_IMAGES, "train-images-idx3-ubyte.gz");
    for images in [1, 64, 499, 500] {
        let dataset = streamed::open(&folder, images)?;
        let (mut pixels, mut labels) = (Vec::<u8>::new(), Vec::<u16>::new());
        let mut batches = dataset.train().batches();
        while let Some(batch) = batches.next() {
            let batch = batch.map_err(failed)?;
            ensure(batch.len() <= images, || {
                format!("a batch of {}", batch.len())
            })?;
            pixels.extend(batch.pictures().pixels());
            labels.extend(batch.labels());
            // Its memory takes a later batch.
            batches.give_back(batch);
        }
        let same = pixels == whole.pictures().pixels() && labels == whole.labels();
        ensure(same, || format!("other images in batches of {images}"))?;
    }
    Ok(())
}

/// Looked at in passing, plain files are read for each pass, and compressed
/// ones, which that would cost more, once.
#[test]
fn in_passing_leaves_plain_files_where_they_are() -> Outcome {
    let folder = streamed::folder();
    let open = || Dataset::from_folder_within(folder.path(), Memory::in_passing()).map_err(failed);
    let plain = open()?;
    ensure(plain.train().whole().is_none(), || "kept".into())?;
    let batches: Vec<_> = plain
        .train()
        .batches()
        .collect::<ncm::Result<_>>()
        .map_err(failed)?;
    folder.gzip(Folder::TRAIN_IMAGES, "train-images-idx3-ubyte.gz");
    let gzipped = open()?;
    let kept = gzipped
        .train()
        .whole()
        .ok_or("decompressed for each pass")?;
    let read = batches.iter().flat_map(|batch| batch.pictures().pixels());
    ensure(read.eq(kept.pictures().pixels()), || "other images".into())
}

/// Files that are others by the time they are read must not give a number.
#[test]
fn reports_files_that_have_changed() -> Outcome {
    for images in [299_u32, 301] {
        let folder = streamed::folder();
        let dataset = streamed::open(&folder, 100)?;
        let pixels = vec![1; images as usize * streamed::DIM];
        folder.write(Folder::TEST_IMAGES, &idx(&[images, 6, 7], &pixels));
        folder.write(
            Folder::TEST_LABELS,
            &idx(&[images], &vec![0; images as usize]),
        );
        let error = dataset.test().batches().find_map(Result::err);
        let error = error.ok_or_else(|| format!("{images} images went unnoticed"))?;
        ensure(
            exit_code(&error) == 3 && error.to_string().contains("changed while they were read"),
            || error.to_string(),
        )?;
    }
    Ok(())
}

/// What a header cannot show is found when the images are read.
#[test]
fn reports_a_file_that_turns_out_bad() -> Outcome {
    let folder = streamed::folder();
    let whole = folder.read(Folder::TEST_IMAGES);
    let end = whole.len();
    for (bytes, says) in [
        (gzip(&whole[..end - 1]), "bytes after the header"),
        (gzip(&[&whole[..], &[1]].concat()), "more than"),
        (gzip(&whole)[..200].to_vec(), "ends early"),
    ] {
        folder.write(Folder::TEST_IMAGES, &bytes);
        let dataset = streamed::open(&folder, 100)?;
        let error = dataset
            .test()
            .batches()
            .find_map(Result::err)
            .ok_or("a bad file went unnoticed")?;
        ensure(
            exit_code(&error) == 3 && error.to_string().contains(says),
            || error.to_string(),
        )?;
    }
    // Of a plain file even the length is known beforehand.
    folder.write(Folder::TEST_IMAGES, &whole[..end - 1]);
    let early = streamed::open(&folder, 100)
        .err()
        .ok_or("a short file went unnoticed")?;
    ensure(early.contains("bytes after the header"), || early.clone())
}

#[test]
fn reads_labels_of_16_and_32_bits() -> Outcome {
    let labels = |kind: u8, labels: &[&[u8]]| {
        let count = labels.len() as u32;
        [&[0, 0, kind, 1], &count.to_be_bytes()[..], &labels.concat()].concat()
    };
    let folder = Folder::new();
    folder.write(
        Folder::TEST_LABELS,
        &labels(0x0b, &[&[0, 1], &[3, 232], &[127, 255], &[0, 0]]),
    );
    let dataset = Dataset::from_folder(folder.path()).map_err(failed)?;
    let found = dataset.test().whole().map(|split| split.labels().to_vec());
    ensure(found.as_deref() == Some(&[1, 1000, 32_767, 0]), || {
        format!("{found:?}")
    })?;
    ensure(dataset.classes() == 32_768, || {
        format!("{} classes", dataset.classes())
    })?;
    let wide = [
        &[0, 0, 255, 255][..],
        &[0, 0, 0, 1],
        &[0, 0, 0, 2],
        &[0, 0, 0, 3],
    ];
    folder.write(Folder::TEST_LABELS, &labels(0x0c, &wide));
    let dataset = Dataset::from_folder(folder.path()).map_err(failed)?;
    ensure(dataset.classes() == 65_536, || {
        format!("{} classes", dataset.classes())
    })?;
    for (kind, bad, says) in [
        (
            0x0b,
            [&[0, 1][..], &[255, 255], &[0, 1], &[0, 1]],
            "label -1 at index 1",
        ),
        (
            0x0c,
            [&[0, 0, 0, 1][..], &[0, 0, 0, 1], &[0, 1, 0, 0], &[0; 4]],
            "label 65536 at index 2",
        ),
    ] {
        folder.write(Folder::TEST_LABELS, &labels(kind, &bad));
        let error = Dataset::from_folder(folder.path())
            .err()
            .ok_or("accepted")?
            .to_string();
        ensure(error.contains(says), || error.clone())?;
    }
    Ok(())
}
