//! The stage `nearest` on every backend.

use libtest_mimic::Trial;
use ncm::internals::backends::cpu::nearest::{FixedNearest, nearest};
use ncm::internals::classifier::fixed_point::{ABSENT, NOTHING, OUT_FOR_OWN, surcharges};
use ncm::internals::classifier::predictions::Decision;
use ncm::internals::data::Split;
use ncm::{ClassSums, Model, Question};

use crate::support::{
    Outcome, Random, Subject, Subjects, ensure, failed, random_split, split, trial,
};

pub fn trials(subjects: &Subjects) -> Vec<Trial> {
    let fixed = subjects.all.iter().filter(|subject| subject.fixed_point);
    let mut trials = subjects.trials("nearest decisions are equal in every bit", fixed, every_bit);
    trials.extend(subjects.trials(
        "nearest refuses questions without an answer",
        subjects.whole(),
        refusals,
    ));
    trials.push(trial(
        "nearest keeps the lowest class and the second distance",
        by_hand,
    ));
    trials.push(trial(
        "nearest surcharges are (n/(n-1))² - 1",
        surcharge_values,
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
    let doubts = match subject.name.contains("chunks of 1") {
        true => Vec::new(),
        false => vec![black_and_white(44, 3_000, 100)],
    };
    for split in random.into_iter().chain([ties]).chain(doubts) {
        let decisions =
            |backend: &dyn ncm::internals::backends::Backend| -> Result<Vec<Vec<Decision>>, String> {
                let resident = backend.upload(&split).map_err(failed)?;
                let model =
                    Model::new("itself", resident.class_sums().map_err(failed)?).map_err(failed)?;
                let questions = [Question::leave_one_out(&model), Question::plain(&model)];
                resident.nearest(&questions).map_err(failed)
            };
        let found = decisions(&*subject.backend)?;
        ensure(
            found == decisions(&ncm::internals::backends::cpu::Cpu::default())?,
            || {
                format!(
                    "{} classes of {} pixels",
                    split.classes(),
                    split.images().dim()
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
    let resident = subject.backend.upload(&images).map_err(failed)?;
    let model = |counts: Vec<u64>| {
        let sums = vec![0; counts.len()];
        ClassSums::new(1, counts, sums)
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
    let asked = subject.backend.upload(&alone).map_err(failed)?;
    let refused = asked.nearest(&[Question::leave_one_out(&single)]).is_err();
    ensure(refused, || "answered without any class".into())?;
    ensure(model(vec![0, 0]).is_err(), || {
        "a model of no images was made".into()
    })
}

fn by_hand() -> Outcome {
    let found = |squared: &[u64], label: u16, surcharges: &[u32]| {
        let FixedNearest {
            class,
            least,
            second,
        } = nearest(squared, label, surcharges);
        (class, least, second)
    };
    let one = 1 << 30;
    let cases = [
        (found(&[5, 3, 3, 9], 0, &[0; 4]), (1, 3, 3)),
        (found(&[5, 3, 4, 9], 0, &[0; 4]), (1, 3, 4)),
        (found(&[1, 3, 4], 0, &[ABSENT, 0, 0]), (1, 3, 4)),
        (found(&[1, 3, 4], 0, &[OUT_FOR_OWN, 0, 0]), (1, 3, 4)),
        (found(&[1, 3, 4], 1, &[OUT_FOR_OWN, 0, 0]), (0, 1, 3)),
        // Twice the distance: 3 becomes 6.
        (found(&[3, 5, 9], 0, &[one, one, one]), (1, 5, 6)),
        (found(&[3, 5, 9], 2, &[one, one, one]), (0, 3, 5)),
        (found(&[7, 0], 0, &[0, ABSENT]), (0, 7, NOTHING)),
        // A product beyond 64 bits.
        (
            found(&[1 << 50, 1 << 53], 0, &[3 << 30, 0]),
            (0, 1 << 52, 1 << 53),
        ),
    ];
    cases.into_iter().try_for_each(|(found, expected)| {
        ensure(found == expected, || {
            format!("found {found:?}, by hand {expected:?}")
        })
    })
}

fn surcharge_values() -> Outcome {
    let counts = vec![0, 1, 2, 3, 6_903];
    let sums = ClassSums::new(1, counts, vec![0; 5]).map_err(failed)?;
    let model = Model::new("made up", sums).map_err(failed)?;
    let found = surcharges(&Question::leave_one_out(&model));
    // 3, 5/4 and 13,805/6,902² in units of 2⁻³⁰.
    let last = (13_805.0 / (6_902.0_f64 * 6_902.0) * f64::from(1 << 30)).round() as u32;
    let expected = [ABSENT, OUT_FOR_OWN, 3 << 30, 5 << 28, last];
    ensure(found == expected, || format!("{found:?}"))
}
