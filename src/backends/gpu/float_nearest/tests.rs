//! What is certain is right, whatever the shape and the values; and most is certain.

use super::*;
use crate::backends::gpu::adapters::adapters;
use crate::backends::gpu::pieces::Pieces;
use crate::classifier::float_exact::Among;
use crate::classifier::float_sums::FloatSums;
use crate::data::Features;
use crate::data::recipe::Metric;
use crate::data::synthetic::random::Random;

/// Every adapter, open; without one nothing is tested.
fn each(test: impl Fn(&Gpu)) {
    for adapter in &adapters() {
        test(&Gpu::open(adapter).expect("an adapter that is found can be opened"));
    }
}

/// Roughly normal, of standard deviation 1.
fn noise(random: &mut Random) -> f32 {
    let mut uniform = || (random.next() >> 40) as f32 / (1 << 24) as f32 - 0.5;
    (uniform() + uniform() + uniform() + uniform()) * 1.7
}

/// Samples of classes that lie a little apart.
fn samples(seed: u64, [rows, dim, classes]: [usize; 3], offset: f32) -> (Features, Vec<u16>) {
    let mut random = Random::seeded(seed);
    let mut values = Vec::with_capacity(rows * dim);
    let centres: Vec<f32> = (0..classes * dim)
        .map(|_| 0.3 * noise(&mut random))
        .collect();
    let labels: Vec<u16> = (0..rows).map(|row| (row * 7 % classes) as u16).collect();
    for &label in &labels {
        let centre = &centres[usize::from(label) * dim..][..dim];
        values.extend(centre.iter().map(|c| offset + c + noise(&mut random)));
    }
    (Features::new(dim, values).expect("finite values"), labels)
}

/// Both metrics, each without and with leave-one-out.
const QUESTIONS: [(Metric, bool); 4] = [
    (Metric::Euclidean, false),
    (Metric::Euclidean, true),
    (Metric::Cosine, false),
    (Metric::Cosine, true),
];

/// Every certain answer against exact arithmetic over all classes; how many are doubtful.
fn check(gpu: &Gpu, limits: &Limits, rows: &(Features, Vec<u16>), classes: usize) -> [usize; 4] {
    let sums = FloatSums::over(&rows.0, &rows.1, classes).expect("sums");
    check_with(gpu, limits, rows, &sums)
}

/// The same, for means of other rows.
fn check_with(
    gpu: &Gpu,
    limits: &Limits,
    (features, labels): &(Features, Vec<u16>),
    sums: &FloatSums,
) -> [usize; 4] {
    let means = sums.means();
    let samples = FloatSamples::upload(gpu, features).expect("uploaded");
    let kernel = kernel(gpu).expect("a kernel that is right");
    QUESTIONS.map(|(metric, leave_one_out)| {
        let question = FloatQuestion::new(sums, &means, metric, leave_one_out);
        let found = samples.answered_by(kernel, limits, labels, &question, true);
        let found = found.expect("answers").0;
        assert_eq!(found.len(), labels.len());
        for (index, found) in found.iter().enumerate() {
            let what = format!("sample {index}, {metric:?}, left out: {leave_one_out}");
            let (row, label, decision) = (features.row(index), labels[index], found.decision());
            let exact = question.nearest(row, label, Among::All);
            let exact = exact.map(|exact| exact.answer);
            assert!(
                !decision.is_certain() || exact == Some(decision.class()),
                "{what}: {decision:?}, not {exact:?}"
            );
            for places in [1, 5] {
                let within = found.is_within(places);
                let exact = question.is_within(row, label, places, Among::All).answer;
                assert!(
                    within.is_none_or(|within| within == exact),
                    "{what}: {within:?} within {places}, not {exact}"
                );
            }
        }
        found
            .iter()
            .filter(|found| !found.decision().is_certain())
            .count()
    })
}

#[test]
fn what_is_certain_is_right_in_every_shape() {
    each(|gpu| {
        for (seed, dim) in [(1, 1), (2, 2), (3, 31), (4, 33), (5, 100), (6, 768)] {
            for classes in [1, 2, 63, 64, 65, 200] {
                let rows = samples(seed, [classes.max(70) * 3 / 2, dim, classes], 0.0);
                check(gpu, &Limits::default(), &rows, classes);
            }
        }
        check(gpu, &Limits::default(), &samples(7, [1, 5, 1], 0.0), 1);
    });
}

#[test]
fn few_are_doubtful_also_far_from_the_origin() {
    each(|gpu| {
        for (offset, most) in [(0.0, 6), (30.0, 6), (3_000.0, 12)] {
            let doubtful = check(
                gpu,
                &Limits::default(),
                &samples(9, [600, 256, 100], offset),
                100,
            );
            assert!(
                doubtful.iter().all(|&doubtful| doubtful <= most),
                "{offset}: {doubtful:?}"
            );
        }
    });
}

#[test]
fn ties_and_extremes_are_doubtful_or_right() {
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
    let all = Features::new(40, values.clone()).expect("finite values");
    let labels = vec![0, 1, 2, 3, 4, 5, 6, 7, 8, 8, 9, 9];
    // Without the large ones, what is small is not lost beside them.
    values[120..240].fill(3e-45);
    let small = Features::new(40, values.clone()).expect("finite values");
    values.iter_mut().for_each(|value| *value *= 1e-42);
    let tiny = Features::new(40, values).expect("finite values");
    each(|gpu| {
        for features in [&all, &small, &tiny] {
            let doubtful = check(
                gpu,
                &Limits::default(),
                &(features.clone(), labels.clone()),
                11,
            );
            assert!(doubtful[0] > 0, "{doubtful:?}");
        }
    });
}

/// Rows of every size, from the least numbers to the greatest, each with values of many.
#[test]
fn what_is_certain_is_right_of_every_size() {
    let mut random = Random::seeded(3);
    let (dim, classes) = (20, 40);
    let mut values = Vec::new();
    for row in 0..120 {
        let middle = row * 250 / 120 - 130;
        let exponent = |random: &mut Random| middle + (random.next() % 60) as i32 - 30;
        let value = |random: &mut Random| {
            let value = f64::from(noise(random)) * 2_f64.powi(exponent(random));
            (value as f32).clamp(-f32::MAX, f32::MAX)
        };
        values.extend((0..dim).map(|_| value(&mut random)));
    }
    let labels: Vec<u16> = (0..120).map(|row| (row / 3) as u16).collect();
    let features = Features::new(dim, values).expect("finite values");
    each(|gpu| {
        let rows = (features.clone(), labels.clone());
        check(gpu, &Limits::default(), &rows, classes);
    });
}

/// Samples as near to one of two means as to the other, but for what adding products in
/// `f32` rounds: half of a product is positive, and the other half cancels it. Nothing else
/// is rounded, since values have 12 bits and every mean is zero.
#[test]
fn what_rounding_products_can_change_is_doubtful() {
    let (dim, pairs) = (768, 300);
    let mut random = Random::seeded(5);
    let mut uniform = || (random.next() >> 52) as f32 / 4096.0;
    let v: Vec<f32> = (0..dim).map(|_| 0.5 + uniform()).collect();
    let negative = |row: &[f32]| row.iter().map(|x| -x).collect::<Vec<f32>>();
    let means = Features::new(dim, [v.clone(), negative(&v)].concat()).expect("finite values");
    let sums = FloatSums::over(&means, &[0, 1], 2).expect("sums");
    let mut values = Vec::new();
    for _ in 0..pairs {
        let mut row: Vec<f32> = (0..dim).map(|_| 0.5 + uniform()).collect();
        row[dim / 2..].iter_mut().for_each(|x| *x = -*x);
        // The last value makes the product nearly zero.
        let product = row[..dim - 1].iter().zip(&v);
        let product: f64 = product.map(|(&x, &v)| f64::from(x) * f64::from(v)).sum();
        let aim = f64::from(uniform() - 0.5) * 1e-4;
        row[dim - 1] = ((aim - product) / f64::from(v[dim - 1])) as f32;
        values.extend(negative(&row));
        values.extend(row);
    }
    let features = Features::new(dim, values).expect("finite values");
    each(|gpu| {
        let rows = (features.clone(), vec![0; 2 * pairs]);
        let doubtful = check_with(gpu, &Limits::default(), &rows, &sums);
        assert!(doubtful[0] > pairs, "{doubtful:?}");
    });
}

/// Samples close to one point, from which means in many directions are as far but for the
/// last place of an `f32`.
#[test]
fn what_rounding_distances_of_means_can_change_is_doubtful() {
    let (dim, classes, rows) = (8, 6, 500);
    let mut random = Random::seeded(6);
    let mut means = Vec::new();
    for _ in 0..classes {
        let direction: Vec<f64> = (0..dim).map(|_| f64::from(noise(&mut random))).collect();
        let length = direction.iter().map(|v| v * v).sum::<f64>().sqrt();
        means.extend(direction.iter().map(|v| (v / length) as f32));
    }
    let means = Features::new(dim, means).expect("finite values");
    let labels: Vec<u16> = (0..classes as u16).collect();
    let sums = FloatSums::over(&means, &labels, classes).expect("sums");
    let values = (0..rows * dim).map(|_| 3e-8 * noise(&mut random)).collect();
    let features = Features::new(dim, values).expect("finite values");
    each(|gpu| {
        let rows = (features.clone(), vec![0; rows]);
        let doubtful = check_with(gpu, &Limits::default(), &rows, &sums);
        assert!(doubtful[0] > 50, "{doubtful:?}");
    });
}

#[test]
fn answers_do_not_depend_on_how_work_is_cut() {
    let (features, labels) = samples(11, [300, 70, 200], 1.0);
    let sums = FloatSums::over(&features, &labels, 200).expect("sums");
    let means = sums.means();
    for adapter in &adapters() {
        let answers = |chunk_images: usize, limits: &Limits| {
            let pieces = Pieces {
                chunk_images,
                staging_bytes: chunk_images.min(1 << 20),
                ..Pieces::default()
            };
            let gpu = Gpu::open_with(adapter, pieces).expect("an adapter");
            let kernel = kernel(&gpu).expect("a kernel that is right");
            let samples = FloatSamples::upload(&gpu, &features).expect("uploaded");
            QUESTIONS.map(|(metric, leave_one_out)| {
                let question = FloatQuestion::new(&sums, &means, metric, leave_one_out);
                let found = samples.answered_by(kernel, limits, &labels, &question, true);
                found.expect("answers").0
            })
        };
        let whole = answers(usize::MAX, &Limits::default());
        for (chunk_images, limits) in [
            (1, Limits::default()),
            (128, Limits::least()),
            (usize::MAX, Limits::small()),
            (65, Limits::small()),
        ] {
            assert_eq!(answers(chunk_images, &limits), whole, "{chunk_images}");
        }
    }
}

#[test]
fn what_does_not_fit_is_refused() {
    let (features, labels) = samples(1, [20, 4, 2], 0.0);
    let sums = FloatSums::over(&features, &labels, 2).expect("sums");
    let means = sums.means();
    let plain = FloatQuestion::new(&sums, &means, Metric::Euclidean, false);
    let left_out = FloatQuestion::new(&sums, &means, Metric::Euclidean, true);
    let others = samples(1, [20, 5, 2], 0.0).0;
    let mut unknown = labels.clone();
    unknown[7] = 2;
    each(|gpu| {
        let samples = FloatSamples::upload(gpu, &features).expect("uploaded");
        assert!(samples.nearest(&labels[1..], &plain, None).is_err());
        assert!(samples.nearest(&unknown, &left_out, None).is_err());
        assert!(samples.nearest(&unknown, &plain, None).is_ok());
        // A class that does not exist is not among the nearest.
        let found = samples.nearest(&unknown, &plain, Some(2)).expect("answers");
        let within = found.0.within().expect("what is within");
        assert!(
            within
                .iter()
                .enumerate()
                .all(|(row, &is_within)| is_within == (row != 7))
        );
        let others = FloatSamples::upload(gpu, &others).expect("uploaded");
        assert!(others.nearest(&labels, &plain, None).is_err());
    });
}

#[test]
fn a_sample_without_a_class_is_doubtful() {
    let one = Features::new(4, vec![1.0; 4]).expect("finite values");
    let sums = FloatSums::over(&one, &[0], 3).expect("sums");
    let means = sums.means();
    each(|gpu| {
        let samples = FloatSamples::upload(gpu, &one).expect("uploaded");
        for metric in [Metric::Euclidean, Metric::Cosine] {
            let question = FloatQuestion::new(&sums, &means, metric, true);
            let found = samples.nearest(&[0], &question, None).expect("answers").0;
            assert!(!found[0].is_certain(), "{metric:?}");
            let question = FloatQuestion::new(&sums, &means, metric, false);
            let found = samples.nearest(&[0], &question, None).expect("answers").0;
            assert_eq!(found[..], [Decision::new(0, true)], "{metric:?}");
        }
    });
}

#[test]
fn a_lost_device_is_an_error() {
    let (features, labels) = samples(1, [20, 4, 2], 0.0);
    let sums = FloatSums::over(&features, &labels, 2).expect("sums");
    let means = sums.means();
    let question = FloatQuestion::new(&sums, &means, Metric::Euclidean, false);
    each(|gpu| {
        let samples = FloatSamples::upload(gpu, &features).expect("uploaded");
        samples.nearest(&labels, &question, None).expect("answers");
        gpu.destroy();
        let lost = samples.nearest(&labels, &question, None);
        assert!(matches!(lost, Err(Error::Gpu(_))), "{lost:?}");
        assert!(FloatSamples::upload(gpu, &features).is_err());
    });
}
