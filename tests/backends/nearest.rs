//! The stage `nearest` on every backend.

use libtest_mimic::Trial;
use ncm::internals::classifier::predictions::Decisions;
use ncm::internals::data::Split;
use ncm::{LevelSums, Model, Question};

use crate::subjects::{Subject, Subjects};
use crate::support::{Outcome, Pictures, Random, ensure, failed, random_split, split};

pub fn trials(subjects: &Subjects) -> Vec<Trial> {
    let fixed = subjects
        .all
        .iter()
        .filter(|subject| subject.is_fixed_point());
    let mut trials = subjects.trials("nearest::equal_in_every_bit", fixed, every_bit);
    trials.extend(subjects.trials(
        "nearest::refuses_questions_without_an_answer",
        subjects.whole(),
        refusals,
    ));
    trials
}

/// Against the `cpu` backend; small classes make large surcharges.
fn every_bit(subject: &Subject) -> Outcome {
    let random = [(41, 90, 784, 40), (42, 300, 10, 5), (43, 6, 2000, 3)];
    let random =
        random.map(|(seed, images, dim, classes)| random_split(seed, images, dim, classes));
    // Ties, which the lowest class wins before anything is settled.
    let ties = split(1, vec![7; 4], vec![2, 1, 0, 1], 4);
    // Margins on both sides of what is certain, at distances beyond 32 bits.
    let doubts = match subject.takes_single_images() {
        true => Vec::new(),
        false => vec![black_and_white(44, 3_000, 100)],
    };
    for split in random.into_iter().chain([ties]).chain(doubts) {
        let decisions =
            |backend: &dyn ncm::internals::backends::Backend| -> Result<Vec<Decisions>, String> {
                let resident = backend.upload(&split).map_err(failed)?;
                let model =
                    Model::new("itself", resident.class_sums().map_err(failed)?).map_err(failed)?;
                let questions = [Question::leave_one_out(&model), Question::plain(&model)];
                resident.nearest(&questions).map_err(failed)
            };
        let found = decisions(subject.backend()?)?;
        ensure(
            found == decisions(&ncm::internals::backends::cpu::Cpu::default())?,
            || {
                format!(
                    "{} classes of {} pixels",
                    split.classes(),
                    split.pictures().dim()
                )
            },
        )?;
    }
    Ok(())
}

/// Images far from two means that hardly differ.
fn black_and_white(seed: u64, images: usize, dim: usize) -> Split {
    let mut random = Random(seed);
    let pixels = (0..images * dim)
        .map(|_| 255 * random.below(2) as u8)
        .collect();
    let labels = (0..images).map(|image| (image % 2) as u16).collect();
    split(dim, pixels, labels, 2)
}

fn refusals(subject: &Subject) -> Outcome {
    let images = split(1, vec![3, 4], vec![1, 1], 2);
    let resident = subject.backend()?.upload(&images).map_err(failed)?;
    let model = |counts: Vec<u64>| {
        let sums = vec![0; counts.len()];
        LevelSums::new(1, counts, sums)
            .and_then(|sums| Model::new("made up", sums))
            .map_err(failed)
    };
    let (elsewhere, single) = (model(vec![5, 1])?, model(vec![0, 1])?);
    for question in [
        Question::leave_one_out(&elsewhere),
        Question::leave_one_out(&single),
    ] {
        ensure(resident.nearest(&[question]).is_err(), || {
            format!("answered {question:?}")
        })?;
    }
    // Its only image left out, a model has nothing to answer with.
    let alone = split(1, vec![3], vec![1], 2);
    let asked = subject.backend()?.upload(&alone).map_err(failed)?;
    let refused = asked.nearest(&[Question::leave_one_out(&single)]).is_err();
    ensure(refused, || "answered without any class".into())?;
    ensure(model(vec![0, 0]).is_err(), || {
        "a model of no images was made".into()
    })
}
