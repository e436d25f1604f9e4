use super::*;
use crate::classifier::float_exact::Among;
use crate::classifier::float_sums::FloatSums;
use crate::classifier::predictions::Predictions;
use crate::data::recipe::Metric;
use crate::data::synthetic::random::Random;
use crate::data::{Features, Split};

/// Roughly normal, of standard deviation 1.
fn noise(random: &mut Random) -> f32 {
    let mut uniform = || (random.next() >> 40) as f32 / (1 << 24) as f32 - 0.5;
    (uniform() + uniform() + uniform() + uniform()) * 1.7
}

/// Samples of classes, and what lies near to them.
fn samples(seed: u64, [rows, dim, classes]: [usize; 3], offset: f32) -> (Features, Vec<u16>) {
    let mut random = Random::seeded(seed);
    let centres: Vec<f32> = (0..classes * dim)
        .map(|_| 0.3 * noise(&mut random))
        .collect();
    let labels: Vec<u16> = (0..rows).map(|row| (row * 7 % classes) as u16).collect();
    let values = labels.iter().flat_map(|&label| {
        let centre = &centres[usize::from(label) * dim..][..dim];
        let row: Vec<f32> = centre
            .iter()
            .map(|c| offset + c + noise(&mut random))
            .collect();
        row
    });
    let values = values.collect();
    (Features::new(dim, values).expect("finite values"), labels)
}

/// The answers to a question, doubtful ones settled among the classes that are left.
fn answers(
    features: &Features,
    labels: &[u16],
    classes: usize,
    question: &FloatQuestion<'_>,
) -> Result<Predictions> {
    let split = Split::new(features.clone(), labels.to_vec(), classes)?;
    let rows = split.rows().expect("feature vectors");
    let decisions = nearest(rows, question, &Classes::new(question), None, TASK)?;
    let mut settled = 0;
    let settle = |(index, decision): (usize, &Decision)| match decisions.left(index) {
        None => {
            assert!(decision.is_certain());
            decision.class()
        }
        Some(left) => {
            assert!(!decision.is_certain());
            settled += 1;
            let found = question.nearest(features.row(index), labels[index], Among::These(left));
            found.expect("a nearest class").answer
        }
    };
    let classes = decisions.iter().enumerate().map(settle).collect();
    Ok(Predictions::settled_so(classes, settled, 0))
}

/// Every answer against exact arithmetic over all classes; how many were settled.
fn check(features: &Features, labels: &[u16], classes: usize) -> [usize; 4] {
    let sums = FloatSums::over(features, labels, classes).expect("sums");
    let means = sums.means();
    let mut settled = [0; 4];
    let questions = [Metric::Euclidean, Metric::Cosine].into_iter();
    let questions = questions.flat_map(|metric| [(metric, false), (metric, true)]);
    for ((metric, leave_one_out), settled) in questions.zip(&mut settled) {
        let question = FloatQuestion::new(&sums, &means, metric, leave_one_out);
        let found = answers(features, labels, classes, &question).expect("answers");
        for (index, &label) in labels.iter().enumerate() {
            let exact = question.nearest(features.row(index), label, Among::All);
            let exact = exact.expect("a nearest class").answer;
            assert_eq!(
                found.classes()[index],
                exact,
                "sample {index}, {metric:?}, left out: {leave_one_out}"
            );
        }
        *settled = found.settled();
        check_within(features, labels, classes, &question);
    }
    settled
}

/// Whether labels are among the nearest few, against exact arithmetic over all classes.
fn check_within(features: &Features, labels: &[u16], classes: usize, question: &FloatQuestion<'_>) {
    let split = Split::new(features.clone(), labels.to_vec(), classes).expect("a split");
    let rows = split.rows().expect("feature vectors");
    for places in [1, 2, 5] {
        let decisions = nearest(rows, question, &Classes::new(question), Some(places), TASK)
            .expect("decisions");
        let found = decisions.within().expect("what was asked");
        assert_eq!(found.len(), labels.len());
        for (index, &found) in found.iter().enumerate() {
            let (row, label) = (features.row(index), labels[index]);
            let exact = question.is_within(row, label, places, Among::All).answer;
            assert_eq!(found, exact, "sample {index} within {places}");
        }
    }
}

#[test]
fn answers_are_exact_in_every_shape() {
    for (seed, dim) in [(1, 1), (2, 2), (3, 31), (4, 33), (5, 100)] {
        for classes in [1, 2, 63, 64, 65, 200] {
            let (features, labels) = samples(seed, [2 * classes.max(50), dim, classes], 0.0);
            check(&features, &labels, classes);
        }
    }
}

#[test]
fn few_are_settled_also_far_from_the_origin() {
    for offset in [0.0, 30.0, 3_000.0] {
        let (features, labels) = samples(9, [600, 256, 100], offset);
        let settled = check(&features, &labels, 100);
        // Cosines of samples that all point the same way differ little.
        assert!(
            settled[..2].iter().all(|&settled| settled < 18),
            "{offset}: {settled:?}"
        );
    }
}

#[test]
fn ties_and_extremes_are_settled() {
    // Means that are equal, or differ in the last place; zeros; one row beside many.
    let mut values = vec![1.0_f32; 12 * 40];
    values[40..80].fill(0.0);
    values[83] = 1.0 + f32::EPSILON;
    for (place, value) in values[120..160].iter_mut().enumerate() {
        *value = [1e30, -1e-30, 3.0, 1e-45][place % 4];
    }
    values[160..200].fill(f32::MAX);
    values[200..240].fill(-f32::MAX);
    values[240..280].fill(1e-45);
    let features = Features::new(40, values).expect("finite values");
    let labels = [0, 1, 2, 3, 4, 5, 6, 7, 8, 8, 9, 9];
    let settled = check(&features, &labels, 11);
    assert!(settled[0] > 0, "{settled:?}");
}

#[test]
fn what_does_not_fit_is_refused() {
    let (features, labels) = samples(1, [20, 4, 2], 0.0);
    let sums = FloatSums::over(&features, &labels, 2).expect("sums");
    let means = sums.means();
    let question = FloatQuestion::new(&sums, &means, Metric::Euclidean, false);
    let (others, labels) = samples(1, [20, 5, 2], 0.0);
    assert!(answers(&others, &labels, 2, &question).is_err());
    let left_out = FloatQuestion::new(&sums, &means, Metric::Euclidean, true);
    let mut unknown = samples(1, [20, 4, 2], 0.0).1;
    unknown[7] = 2;
    let (features, _) = samples(1, [20, 4, 2], 0.0);
    assert!(answers(&features, &unknown, 3, &left_out).is_err());
    assert!(answers(&features, &unknown, 3, &question).is_ok());
    let one = Features::new(4, vec![1.0; 4]).expect("finite values");
    let sums = FloatSums::over(&one, &[0], 1).expect("sums");
    let means = sums.means();
    let left_out = FloatQuestion::new(&sums, &means, Metric::Euclidean, true);
    assert!(answers(&one, &[0], 1, &left_out).is_err());
}
