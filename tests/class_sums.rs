//! The stage `class_sums` on the CPU, and the sums themselves; on every backend
//! in `backends/class_sums.rs`.

use ncm::LevelSums;
use ncm::internals::backends::cpu::class_sums::{Accumulator, add_images, add_images_portably};
use ncm::internals::backends::cpu::pair_products::{
    COLUMNS, Columns, ROWS, RoundedSums, Rows, Sums, add_blocks, add_blocks_portably, add_products,
    add_products_portably, both,
};

use crate::support::{Outcome, Pictures, Random, ensure, failed, random_split};

/// One accumulator through several carries of its 16-bit sums.
#[test]
fn carry_more_than_once() -> Outcome {
    let mut sums = Accumulator::new(1, 1);
    add_images(&mut sums, &[255; 800], &[0; 800]);
    let found = sums.finish();
    ensure(found == (vec![800], vec![204_000]), || format!("{found:?}"))
}

/// What a processor without wide vectors runs.
#[test]
fn are_the_same_without_wide_vectors() -> Outcome {
    for (seed, dim) in [(22, 1), (23, 33), (24, 784)] {
        let split = random_split(seed, 600, dim, 2);
        let sums = |add: fn(&mut Accumulator, &[u8], &[u16])| {
            let mut sums = Accumulator::new(dim, 2);
            add(&mut sums, split.pictures().pixels(), split.labels());
            sums.finish()
        };
        let same = sums(add_images_portably) == sums(add_images);
        ensure(same, || format!("other sums of {dim} pixels"))?;
    }
    Ok(())
}

/// The same of products of pairs, which many draws are summed up by: pixels and weights, and
/// values of either sign.
#[test]
fn of_draws_are_the_same_without_wide_vectors() -> Outcome {
    let mut random = Random(25);
    let mut pair = |least: i64, most: i64| {
        let mut half = || (least + random.below((most - least + 1) as u64) as i64) as u16;
        both(half(), half())
    };
    for (least, most) in [(0, 1), (0, 9), (0, 255), (-3, 3), (-32_767, 32_767)] {
        let pixels: Vec<Columns> = (0..70)
            .map(|_| Columns(std::array::from_fn(|_| pair(least.max(-255), 255))))
            .collect();
        let weights: Vec<Rows> = (0..70)
            .map(|_| std::array::from_fn(|_| pair(least, most)))
            .collect();
        let sums = |add: fn(&[Columns], &[Rows], &mut Sums)| {
            // Added to what is there.
            let mut sums = [[7; COLUMNS]; ROWS];
            add(&pixels, &weights, &mut sums);
            sums
        };
        let blocks = |add: fn(&[Columns], &[Rows], usize, &mut RoundedSums)| {
            // The last block is short.
            let mut sums = [[0.5; COLUMNS]; ROWS];
            add(&pixels, &weights, 16, &mut sums);
            sums
        };
        let same = sums(add_products_portably) == sums(add_products)
            && blocks(add_blocks_portably) == blocks(add_blocks);
        ensure(same, || format!("other sums of {least} to {most}"))?;
    }
    Ok(())
}

#[test]
fn add_like_sets() -> Outcome {
    let sums = |counts: &[u64], sums: &[u64]| {
        LevelSums::new(2, counts.to_vec(), sums.to_vec()).map_err(failed)
    };
    let added = &sums(&[1, 0], &[5, 6, 0, 0])? + &sums(&[2, 3], &[1, 2, 3, 4])?;
    ensure(added == sums(&[3, 3], &[6, 8, 3, 4])?, || {
        format!("{added:?}")
    })?;
    ensure(added.mean(0) == Some(vec![2.0, 8.0 / 3.0]), || {
        "mean".into()
    })?;
    ensure(sums(&[0, 1], &[0, 0, 1, 1])?.mean(0).is_none(), || {
        "a class without images has a mean".into()
    })
}

#[test]
fn refuse_what_no_images_sum_to() -> Outcome {
    let refused = |dim: usize, counts: &[u64], sums: &[u64]| {
        let refused = LevelSums::new(dim, counts.to_vec(), sums.to_vec()).is_err();
        ensure(refused, || format!("accepted {counts:?} {sums:?} of {dim}"))
    };
    refused(1, &[1], &[256])?;
    refused(1, &[0], &[1])?;
    refused(2, &[1], &[1])?;
    refused(0, &[], &[])?;
    refused(1, &[1 << 40], &[0])
}
