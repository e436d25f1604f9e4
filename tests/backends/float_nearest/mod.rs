//! Feature vectors on every backend: whatever their shape and recipe, sums equal in every
//! bit, labels exact.

mod cases;
mod oracle;

use cases::Case;
use libtest_mimic::Trial;
use ncm::internals::backends::Backend;
use ncm::{ClassSums, Features, FloatSums, Model, Question, Recipe, Split};
use oracle::{Oracle, Rows};

use crate::subjects::Subjects;
use crate::support::{Outcome, Random, ensure, failed};

/// Makes the cases of one kind.
type Cases = fn() -> Vec<Case>;

pub fn trials(subjects: &Subjects) -> Vec<Trial> {
    let cases: [(&str, Cases); 10] = [
        ("every_remainder_of_dim", cases::every_remainder_of_dim),
        ("one_to_many_classes", cases::one_to_many_classes),
        ("every_number_of_samples", cases::every_number_of_samples),
        ("far_from_the_origin", cases::offset_of_a_thousand_spreads),
        (
            "twenty_thousand_dimensions",
            cases::twenty_thousand_dimensions,
        ),
        ("classes_without_samples", cases::classes_without_samples),
        ("ties", cases::ties),
        ("extremes", cases::extremes),
        ("near_ties", cases::near_ties),
        ("a_thousand_classes", cases::a_thousand_classes),
    ];
    let mut trials = Vec::new();
    for (name, cases) in cases {
        trials.extend(subjects.trials(
            &format!("float_nearest::{name}"),
            subjects.all.iter(),
            move |subject| {
                let backend = subject.backend()?;
                cases().iter().try_for_each(|case| conforms(backend, case))
            },
        ));
    }
    trials.extend(
        subjects.trials("float_nearest::random", subjects.all.iter(), |subject| {
            random_ones(subject.backend()?)
        }),
    );
    trials.extend(
        subjects.trials("float_nearest::draws", subjects.all.iter(), |subject| {
            draws(subject.backend()?)
        }),
    );
    trials.extend(subjects.trials(
        "float_nearest::wrong_ones_are_found",
        subjects.all.iter(),
        |subject| controls(subject.backend()?),
    ));
    trials.extend(
        subjects.trials("float_nearest::refused", subjects.all.iter(), |subject| {
            refused(subject.backend()?)
        }),
    );
    trials
}

/// The same vectors as a recipe has them.
fn prepared(recipe: Recipe, (train, test): &Case) -> Result<Case, String> {
    let features = |split: &Split| split.rows().expect("feature vectors").features.clone();
    let (of_train, classes) = (features(train), train.classes());
    let centre = match recipe.centres() {
        true => FloatSums::over(&of_train, train.labels(), classes)
            .map_err(failed)?
            .centre(),
        false => None,
    };
    let prepare = |features: Features, labels: &[u16]| {
        let features = recipe
            .prepare(features, centre.as_deref())
            .map_err(failed)?;
        Split::new(features, labels.to_vec(), classes).map_err(failed)
    };
    Ok((
        prepare(of_train, train.labels())?,
        prepare(features(test), test.labels())?,
    ))
}

fn rows(split: &Split) -> Rows<'_> {
    Rows {
        features: split.rows().expect("feature vectors").features,
        labels: split.labels(),
    }
}

/// Checks sums, answers, and the five nearest, under every recipe, plainly and with each
/// sample left out.
fn conforms(backend: &dyn Backend, case: &Case) -> Outcome {
    for recipe in Recipe::ALL {
        let (train, test) = &prepared(recipe, case)?;
        let name = recipe.name();
        let (of_train, of_test) = (
            backend.upload(train).map_err(failed)?,
            backend.upload(test).map_err(failed)?,
        );
        let sums = of_train.class_sums().map_err(failed)?;
        let same = sums == ClassSums::of(train).map_err(failed)?;
        ensure(same, || format!("{name}: class sums"))?;
        let both = &sums + &of_test.class_sums().map_err(failed)?;
        let alone = Model::new("train", sums).map_err(failed)?;
        let both = Model::new("both", both).map_err(failed)?;
        let classes = train.classes();
        let metric = recipe.metric();
        let asked = [
            (
                Question::plain(&alone),
                Oracle::new(&[rows(train)], classes, metric),
            ),
            (
                Question::leave_one_out(&both),
                Oracle::new(&[rows(train), rows(test)], classes, metric),
            ),
        ];
        for (question, oracle) in &asked {
            let what = match question.leaves_one_out() {
                true => format!("{name}, left out"),
                false => name.to_owned(),
            };
            // A class may be left with no sample at all.
            let predictions = match of_test.predictions(&[question.within(5)]) {
                Ok(mut predictions) => predictions.remove(0),
                Err(error) => return Err(format!("{what}: {error}")),
            };
            let within = predictions.within().ok_or("not said what is within")?;
            for (index, &within) in within.iter().enumerate() {
                let label = test.labels()[index];
                let row = rows(test).features.row(index);
                let ranking = oracle.ranking(row, question.leaves_one_out().then_some(label));
                let found = predictions.classes()[index];
                ensure(ranking.first() == Some(&found), || {
                    format!("{what}: sample {index} is {found}, exactly {ranking:?}")
                })?;
                let is_within = ranking.iter().take(5).any(|&class| class == label);
                ensure(within == is_within, || {
                    format!("{what}: sample {index} of {label} within five of {ranking:?}")
                })?;
            }
        }
    }
    Ok(())
}

/// Random shapes whose values are few, so that there are ties, or many.
fn random_ones(backend: &dyn Backend) -> Outcome {
    for seed in 0..24 {
        let mut random = Random(seed);
        let (dim, classes) = (1 + random.below(40) as usize, 1 + random.below(30) as usize);
        let few = random.below(2) == 0;
        let mut set = |rows: usize| {
            let labels: Vec<u16> = (0..rows)
                .map(|_| random.below(classes as u64) as u16)
                .collect();
            let value = |random: &mut Random| match few {
                true => random.below(3) as f32 - 1.0,
                // Any finite number.
                false => loop {
                    let value = f32::from_bits(random.next() as u32);
                    if value.is_finite() {
                        break value;
                    }
                },
            };
            let values = (0..rows * dim).map(|_| value(&mut random)).collect();
            let features = Features::new(dim, values).expect("finite values");
            Split::new(features, labels, classes).expect("labels of classes")
        };
        let case = (set(30), set(9));
        conforms(backend, &case).map_err(|why| format!("seed {seed}: {why}"))?;
    }
    Ok(())
}

fn draws(backend: &dyn Backend) -> Outcome {
    let (train, _) = &cases::every_number_of_samples()[0];
    let resident = backend.upload(train).map_err(failed)?;
    let all: Vec<u32> = (0..train.len() as u32).collect();
    let twice = [&all[..], &all, &[3, 3, 3]].concat();
    let draws = [&all[..], &[], &[5], &twice];
    let found = resident.drawn_sums(&draws).map_err(failed)?;
    for (found, draw) in found.iter().zip(draws) {
        let same = *found == ClassSums::of_draw(train, draw).map_err(failed)?;
        ensure(same, || format!("the draw {draw:?}"))?;
    }
    let refused = resident.drawn_sums(&[&[train.len() as u32]]).is_err();
    ensure(refused, || "a draw of what is not there".into())
}

/// The checks above see a wrong answer and a wrong sum.
fn controls(backend: &dyn Backend) -> Outcome {
    let (train, test) = cases::every_number_of_samples().pop().expect("a case");
    let moved = |split: &Split| {
        let features = split.rows().expect("feature vectors").features;
        let mut values = features.values().to_vec();
        values[0] = f32::from_bits(values[0].to_bits() ^ 1);
        let features = Features::new(features.dim(), values).expect("finite values");
        Split::new(features, split.labels().to_vec(), split.classes()).expect("a split")
    };
    let resident = backend.upload(&train).map_err(failed)?;
    let sums = resident.class_sums().map_err(failed)?;
    let other = ClassSums::of(&moved(&train)).map_err(failed)?;
    ensure(sums != other, || {
        "the last bit of one value is in no sum".into()
    })?;
    // The answers to the samples in another order are not those of this one.
    let model = Model::new("train", sums).map_err(failed)?;
    let test_rows = rows(&test);
    let oracle = Oracle::new(&[rows(&train)], train.classes(), ncm::Metric::Euclidean);
    let resident = backend.upload(&test).map_err(failed)?;
    let found = resident
        .predictions(&[Question::plain(&model)])
        .map_err(failed)?;
    let wrong = (0..test.len()).filter(|&index| {
        let other = (index + 1) % test.len();
        let ranking = oracle.ranking(test_rows.features.row(other), None);
        ranking[0] != found[0].classes()[index]
    });
    ensure(wrong.count() > 10, || {
        "any order of answers would do".into()
    })
}

/// What does not belong together is refused.
fn refused(backend: &dyn Backend) -> Outcome {
    let case = cases::every_number_of_samples().remove(3);
    let (plain, _) = &case;
    let (scaled, asked) = prepared(Recipe::L2n, &case)?;
    let model = |split: &Split| {
        let sums = backend.upload(split).and_then(|split| split.class_sums());
        Model::new("train", sums.map_err(failed)?).map_err(failed)
    };
    let (plain, scaled) = (model(plain)?, model(&scaled)?);
    let resident = backend.upload(&asked).map_err(failed)?;
    let ask = |model: &Model| resident.predictions(&[Question::plain(model)]);
    ensure(ask(&scaled).is_ok(), || "samples of its own recipe".into())?;
    let error = ask(&plain)
        .err()
        .map(|error| error.to_string())
        .unwrap_or_default();
    ensure(error.contains("euclidean") && error.contains("l2n"), || {
        error.clone()
    })?;
    let images = crate::support::random_split(1, 8, 6, 4);
    let images = model(&images)?;
    ensure(ask(&images).is_err(), || "a model of images".into())?;
    let mut sums = plain.sums().clone();
    ensure(sums.merge(scaled.sums()).is_err(), || {
        "sums of two recipes".into()
    })
}
