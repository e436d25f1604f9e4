//! Splits that stay in their files: the same answers as from memory, for every
//! size of batch.

use libtest_mimic::Trial;
use ncm::internals::backends::Backend;
use ncm::internals::backends::batched::Batched;
use ncm::internals::backends::timings::Timings;
use ncm::internals::data::Dataset;
use ncm::{ClassSums, Comparison, Model, Question};

use crate::subjects::{Subject, Subjects};
use crate::support::{Outcome, ensure, failed, streamed};

pub fn trials(subjects: &Subjects) -> Vec<Trial> {
    subjects.trials(
        "streaming::gives_the_answers_from_memory",
        subjects.whole(),
        same_answers,
    )
}

type Answers = (ClassSums, Comparison);

/// The whole of `ncm compare`.
fn compare(backend: &dyn Backend, dataset: &Dataset) -> ncm::Result<Answers> {
    let mut timings = Timings::default();
    let train = Batched::new(backend, dataset.train());
    let test = Batched::new(backend, dataset.test());
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
    let (backend, folder) = (subject.backend()?, streamed::folder());
    let whole = Dataset::from_folder(folder.path()).map_err(failed)?;
    ensure(whole.train().whole().is_some(), || {
        "a small split is not in memory".into()
    })?;
    let (sums, comparison) = compare(backend, &whole).map_err(failed)?;
    for images in [1, 7, 100, 299, 300, 301, 1000] {
        let dataset = streamed::open(&folder, images)?;
        ensure(dataset.train().whole().is_none(), || {
            "a split is in memory against orders".into()
        })?;
        let (streamed_sums, streamed) = compare(backend, &dataset).map_err(failed)?;
        ensure(streamed_sums == sums, || {
            format!("other sums in batches of {images}")
        })?;
        for (row, expected) in streamed.rows().iter().zip(comparison.rows()) {
            ensure(row.evaluation == expected.evaluation, || {
                format!("{} in batches of {images}", row.model)
            })?;
        }
        ensure(streamed.pairs() == comparison.pairs(), || {
            format!("other pairs in batches of {images}")
        })?;
    }
    Ok(())
}
