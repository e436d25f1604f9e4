//! Splits that stay in their files: the same answers as from memory, on every
//! backend, for every size of batch.

use libtest_mimic::Trial;
use ncm::internals::app::exit_code;
use ncm::internals::backends::pass::Pass;
use ncm::internals::backends::timings::Timings;
use ncm::internals::data::{Dataset, Memory};
use ncm::{ClassSums, Comparison, Model, Question};

use crate::support::{
    Folder, Outcome, Subject, Subjects, ensure, failed, gzip, idx, random_split, trial,
};

const DIM: usize = 6 * 7;

pub fn trials(subjects: &Subjects) -> Vec<Trial> {
    let mut trials = subjects.trials(
        "streaming gives the answers from memory",
        subjects.whole(),
        same_answers,
    );
    trials.push(trial(
        "streaming hands out every image once, in order",
        every_image_once,
    ));
    trials.push(trial(
        "streaming in passing leaves plain files where they are",
        in_passing,
    ));
    trials.push(trial(
        "streaming reports files that have changed",
        changed_files,
    ));
    trials.push(trial(
        "streaming reports a file that turns out bad",
        bad_files,
    ));
    trials.push(trial(
        "streaming reads labels of 16 and 32 bits",
        wide_labels,
    ));
    trials
}

/// A folder of random images: 500 to train on and 300 to test.
fn folder() -> Folder {
    let folder = Folder::new();
    for (seed, images, image_file, label_file) in [
        (71, 500, Folder::TRAIN_IMAGES, Folder::TRAIN_LABELS),
        (72, 300, Folder::TEST_IMAGES, Folder::TEST_LABELS),
    ] {
        let split = random_split(seed, images, DIM, 7);
        let labels: Vec<u8> = split.labels().iter().map(|&label| label as u8).collect();
        folder.write(
            image_file,
            &idx(&[images as u32, 6, 7], split.images().pixels()),
        );
        folder.write(label_file, &idx(&[images as u32], &labels));
    }
    folder
}

fn streamed(folder: &Folder, images: usize) -> Result<Dataset, String> {
    let memory = Memory {
        whole: 0,
        batch: images * DIM,
        reread: false,
    };
    Dataset::from_folder_within(folder.path(), memory).map_err(failed)
}

type Answers = (ClassSums, Comparison);

/// The whole of `ncm compare`.
fn compare(subject: &Subject, dataset: &Dataset) -> ncm::Result<Answers> {
    let mut timings = Timings::default();
    let train = Pass::new(&*subject.backend, dataset.train());
    let test = Pass::new(&*subject.backend, dataset.test());
    let sums = train.class_sums(&mut timings)?;
    let both = Model::new("both", &sums + &test.class_sums(&mut timings)?)?;
    let alone = Model::new("train", sums.clone())?;
    let questions = [
        Question::plain(&alone),
        Question::plain(&both),
        Question::leave_one_out(&both),
    ];
    let mut comparison = Comparison::new(dataset.classes(), [500, 800, 800]);
    test.predictions(&questions, &mut timings, |batch, predictions| {
        comparison.add(batch.labels(), predictions)
    })?;
    Ok((sums, comparison))
}

fn same_answers(subject: &Subject) -> Outcome {
    let folder = folder();
    let whole = Dataset::from_folder(folder.path()).map_err(failed)?;
    ensure(whole.train().whole().is_some(), || {
        "a small split is not in memory".into()
    })?;
    let (sums, comparison) = compare(subject, &whole).map_err(failed)?;
    for images in [1, 7, 100, 299, 300, 301, 1000] {
        let dataset = streamed(&folder, images)?;
        ensure(dataset.train().whole().is_none(), || {
            "a split is in memory against orders".into()
        })?;
        let (streamed_sums, streamed) = compare(subject, &dataset).map_err(failed)?;
        ensure(streamed_sums == sums, || {
            format!("other sums in batches of {images}")
        })?;
        for (row, expected) in streamed.rows.iter().zip(&comparison.rows) {
            ensure(row.evaluation == expected.evaluation, || {
                format!("{} in batches of {images}", row.model)
            })?;
        }
        ensure(streamed.pairs == comparison.pairs, || {
            format!("other pairs in batches of {images}")
        })?;
    }
    Ok(())
}

fn every_image_once() -> Outcome {
    let folder = folder();
    let whole = Dataset::from_folder(folder.path()).map_err(failed)?;
    let whole = whole.train().whole().ok_or("not in memory")?;
    folder.gzip(Folder::TRAIN_IMAGES, "train-images-idx3-ubyte.gz");
    for images in [1, 64, 499, 500] {
        let dataset = streamed(&folder, images)?;
        let (mut pixels, mut labels) = (Vec::<u8>::new(), Vec::<u16>::new());
        let mut batches = dataset.train().batches();
        while let Some(batch) = batches.next() {
            let batch = batch.map_err(failed)?;
            ensure(batch.len() <= images, || {
                format!("a batch of {}", batch.len())
            })?;
            pixels.extend(batch.images().pixels());
            labels.extend(batch.labels());
            // Its memory takes a later batch.
            batches.give_back(batch);
        }
        let same = pixels == whole.images().pixels() && labels == whole.labels();
        ensure(same, || format!("other images in batches of {images}"))?;
    }
    Ok(())
}

/// Looked at in passing, plain files are read for each pass, and compressed
/// ones, which that would cost more, once.
fn in_passing() -> Outcome {
    let folder = folder();
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
    let read = batches.iter().flat_map(|batch| batch.images().pixels());
    ensure(read.eq(kept.images().pixels()), || "other images".into())
}

/// Files that are others by the time they are read must not give a number.
fn changed_files() -> Outcome {
    for images in [299_u32, 301] {
        let folder = folder();
        let dataset = streamed(&folder, 100)?;
        let pixels = vec![1; images as usize * DIM];
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
fn bad_files() -> Outcome {
    let folder = folder();
    let whole = folder.read(Folder::TEST_IMAGES);
    let end = whole.len();
    for (bytes, says) in [
        (gzip(&whole[..end - 1]), "bytes after the header"),
        (gzip(&[&whole[..], &[1]].concat()), "more than"),
        (gzip(&whole)[..200].to_vec(), "ends early"),
    ] {
        folder.write(Folder::TEST_IMAGES, &bytes);
        let dataset = streamed(&folder, 100)?;
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
    let early = streamed(&folder, 100)
        .err()
        .ok_or("a short file went unnoticed")?;
    ensure(early.contains("bytes after the header"), || early.clone())
}

fn wide_labels() -> Outcome {
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
