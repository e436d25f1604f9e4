//! The stage `distances` on the CPU, and its means; on every backend in
//! `backends/distances.rs`.

use ncm::LevelSums;
use ncm::internals::backends::Backend;
use ncm::internals::backends::cpu::Cpu;
use ncm::internals::backends::cpu::distances::{
    CentredMeans, squared_distances, squared_distances_portably,
};
use ncm::internals::classifier::fixed_point::{FRACTION_BITS, FixedMeans};

use crate::support::{Outcome, Pictures, Random, ensure, failed, random_split};

/// What a processor without wide vectors runs.
#[test]
fn are_the_same_without_wide_vectors() -> Outcome {
    for (seed, dim, classes) in [(38, 1, 7), (39, 1_009, 23), (40, 784, 10), (41, 2_100, 1)] {
        let split = random_split(seed, 51, dim, classes);
        let resident = Cpu::default();
        let resident = resident.upload(&split).map_err(failed)?;
        let sums = resident.class_sums().map_err(failed)?;
        let means = FixedMeans::new(sums.levels().map_err(failed)?);
        let means = CentredMeans::new(&means);
        let distances = |of: fn(&CentredMeans, &[u8], &mut [u64])| {
            let mut squared = vec![0; split.len() * split.classes()];
            of(&means, split.pictures().pixels(), &mut squared);
            squared
        };
        let same = distances(squared_distances_portably) == distances(squared_distances);
        ensure(same, || format!("other distances of {dim} pixels"))?;
    }
    Ok(())
}

/// No rounded mean may be further from the mean than half a step.
#[test]
fn means_are_rounded_to_the_nearest_step() -> Outcome {
    let mut random = Random(37);
    for _ in 0..200 {
        let count = 1 + random.below(70_000);
        let sums: Vec<u64> = (0..20).map(|_| random.below(255 * count + 1)).collect();
        let means =
            FixedMeans::new(&LevelSums::new(20, vec![count], sums.clone()).map_err(failed)?);
        for (&sum, &mean) in sums.iter().zip(means.mean(0)) {
            // |2ᶠ·sum/count − mean| ≤ ½, in integers.
            let twice = (2 * (sum << FRACTION_BITS)).abs_diff(2 * u64::from(mean as u16) * count);
            ensure(twice <= count, || {
                format!("{sum}/{count} rounds to {mean}/128")
            })?;
        }
    }
    Ok(())
}
