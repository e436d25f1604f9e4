use num_bigint::BigInt;

use super::rounded::power_of_two;
use super::*;
use crate::data::Features;
use crate::data::recipe::Recipe;
use crate::data::synthetic::random::Random;

/// A finite value of any exponent within `binades` of 1, or zero.
fn any_value(random: &mut Random, binades: u64) -> f32 {
    let bits = random.next();
    let exponent = 127 - binades.min(127) + (bits >> 40) % (2 * binades.min(127));
    let value = f32::from_bits((bits as u32 & 0x807f_ffff) | (exponent as u32) << 23);
    if bits >> 60 == 0 { 0.0 } else { value }
}

fn features(dim: usize, values: impl IntoIterator<Item = f32>) -> Result<Features> {
    Features::new(dim, values.into_iter().collect())
}

/// Checks sums over all rows, over batches of them, and over draws, against the definition.
fn check(features: &Features, labels: &[u16], classes: usize) -> Result<()> {
    let rows = features.len();
    let all = FloatSums::of(features, labels, classes, 0..rows)?;
    assert_eq!(FloatSums::over(features, labels, classes)?, all);
    for batch in [5, 64, 1000] {
        let mut sums = RunningSums::new(features, classes)?;
        let values = features.values().chunks(batch * features.dim());
        for (values, labels) in values.zip(labels.chunks(batch)) {
            sums.add(&Features::new(features.dim(), values.to_vec())?, labels)?;
        }
        assert_eq!(sums.finish(), all, "batches of {batch}");
    }
    let draw: Vec<u32> = (0..rows).map(|row| (row * row % rows) as u32).collect();
    let drawn = FloatSums::of(
        features,
        labels,
        classes,
        draw.iter().map(|&row| row as usize),
    )?;
    assert_eq!(
        FloatSums::over_draw(features, labels, classes, &draw)?,
        drawn
    );
    Ok(())
}

#[test]
fn sums_are_those_of_the_definition_at_any_scale() -> Result<()> {
    let mut random = Random::seeded(1);
    // Within one window, across its edges, and over the whole range of f32.
    for binades in [4, 25, 30, 35, 40, 60, 127] {
        for dim in [1, 3, 19] {
            let rows = 300;
            let values: Vec<f32> = (0..rows * dim)
                .map(|_| any_value(&mut random, binades))
                .collect();
            let labels: Vec<u16> = (0..rows).map(|_| (random.next() % 4) as u16).collect();
            check(&features(dim, values)?, &labels, 5)?;
        }
    }
    Ok(())
}

#[test]
fn a_window_ends_where_its_bits_end() -> Result<()> {
    // The first row sets the window: about 2^8 above it, and 2^-55 below it.
    for power in [-126, -100, -64, -1, 0, 64, 120] {
        let first = power_of_two(power) as f32 * 1.999_999_9;
        for step in -80..12 {
            let other = (f64::from(first) * power_of_two(step)) as f32;
            if !other.is_finite() {
                continue;
            }
            let values = [
                first,
                other,
                -other,
                f32::from_bits(other.to_bits() ^ 1),
                first,
                -first,
            ];
            check(&features(1, values)?, &[0; 6], 1)?;
            check(&features(1, values.repeat(90))?, &[0; 540], 1)?;
        }
    }
    Ok(())
}

#[test]
fn the_planes_hold_as_many_rows_as_a_block_has() -> Result<()> {
    // The first rows of each block let the window end at 2⁸. One column has what is
    // largest in the high plane and what ends with its last bit; the other the same of
    // the low plane.
    let last_bit = 8 - planes::REACH;
    let next_bit = last_bit + planes::APART;
    let rows = 3 * planes::MOST_ROWS;
    let odd = |power| (1.0 + f64::from(f32::EPSILON)) * power_of_two(power);
    for sign in [1.0, -1.0] {
        let values = (0..rows).flat_map(|row| {
            let [high, low] = match row % planes::MOST_ROWS {
                ..4 => [1.0, 0.0],
                row if row.is_multiple_of(2) => [odd(next_bit + 23), odd(last_bit + 23)],
                _ => [
                    power_of_two(8) * 0.999_999_9,
                    power_of_two(next_bit - 1) * 0.999_999_9,
                ],
            };
            [(sign * high) as f32, (sign * low) as f32]
        });
        check(&features(2, values)?, &vec![0; rows], 1)?;
    }
    Ok(())
}

#[test]
fn the_largest_and_the_least_values_do_not_wrap() -> Result<()> {
    let least = f32::from_bits(1);
    let values = [
        f32::MAX,
        least,
        -f32::MAX,
        least,
        f32::MAX,
        -least,
        f32::MAX,
        -f32::MAX,
    ];
    check(&features(1, values)?, &[0; 8], 1)?;
    let sums = FloatSums::over(&features(1, [f32::MAX, least])?, &[0; 2], 1)?;
    assert_eq!((sums.exponent(), sums.width()), (-149, 5));
    let expected = (BigInt::from((1_u32 << 24) - 1) << (104 + 149)) + 1;
    assert_eq!(sums.sum(0, 0), expected);
    // Doubled 39 times: 2⁴⁰ rows of the largest value, and no more.
    let mut sums = FloatSums::over(&features(2, [f32::MAX, -least])?, &[0], 1)?;
    for _ in 0..40 {
        let other = sums.clone();
        sums.merge(&other)?;
    }
    assert_eq!(sums.counts(), [MOST_ROWS]);
    assert_eq!(
        sums.mean(0),
        Some(vec![f64::from(f32::MAX), -f64::from(least)])
    );
    let before = sums.clone();
    let one = FloatSums::over(&features(2, [0.0, 0.0])?, &[0], 1)?;
    assert!(sums.merge(&one).is_err());
    assert_eq!(sums, before);
    Ok(())
}

#[test]
fn parts_add_up_and_come_off_again_in_any_order() -> Result<()> {
    let mut random = Random::seeded(2);
    let (rows, dim, classes) = (60, 7, 3);
    let values: Vec<f32> = (0..rows * dim)
        .map(|_| any_value(&mut random, 50))
        .collect();
    let labels: Vec<u16> = (0..rows).map(|_| (random.next() % 3) as u16).collect();
    let all = features(dim, values)?;
    let whole = FloatSums::over(&all, &labels, classes)?;
    let part = |range: std::ops::Range<u32>| {
        FloatSums::over_draw(&all, &labels, classes, &range.collect::<Vec<_>>())
    };
    let (a, b, c) = (part(0..1)?, part(1..41)?, part(41..60)?);
    for order in [[&a, &b, &c], [&c, &a, &b], [&b, &c, &a]] {
        let mut sums = FloatSums::empty(dim, classes)?;
        for part in order {
            sums.merge(part)?;
        }
        assert_eq!(sums, whole);
        sums.subtract(order[0])?;
        sums.subtract(order[2])?;
        assert_eq!(&sums, order[1]);
        assert!(sums.subtract(&whole).is_err());
        sums.subtract(order[1])?;
        assert_eq!(sums, FloatSums::empty(dim, classes)?);
    }
    // One class without rows, whose sums are not zero, cannot be.
    let other = FloatSums::of(&features(1, [2.0])?, &[0], 1, [0])?;
    let mut sums = FloatSums::of(&features(1, [1.0])?, &[0], 1, [0])?;
    assert!(sums.subtract(&other).is_err());
    assert!(sums.merge(&whole).is_err());
    Ok(())
}

#[test]
fn lowest_terms_make_equal_sums_equal_bits() -> Result<()> {
    let sums = FloatSums::over(&features(2, [3.0, -4.0, 5.0, 12.0])?, &[0, 0], 1)?;
    assert_eq!(
        (sums.exponent(), sums.width(), sums.limbs()),
        (3, 1, &[1, 1][..])
    );
    // The same from wider parts, in another unit.
    let wide = FloatSums::new(2, vec![2], -61, 2, vec![0, 1, 0, 1])?;
    assert_eq!(wide, sums);
    // A sign needs a bit: −2⁶³ fits one limb, 2⁶³ and 2⁶⁴ − 1 do not.
    let one = 1_u64 << 63;
    let width =
        |limbs: Vec<u64>| FloatSums::new(2, vec![1 << 20], -62, 2, limbs).map(|sums| sums.width());
    assert_eq!(width(vec![one, u64::MAX, 1, 0])?, 1);
    assert_eq!(width(vec![one, 0, 1, 0])?, 2);
    assert_eq!(width(vec![u64::MAX, u64::MAX, u64::MAX, u64::MAX])?, 1);
    let zeros = FloatSums::new(2, vec![4], 17, 3, vec![0; 6])?;
    assert_eq!((zeros.exponent(), zeros.width()), (0, 1));
    Ok(())
}

#[test]
fn a_sum_of_two_has_room_for_one_bit_more() -> Result<()> {
    let most = i64::MAX as u64;
    let sums = |count, exponent, limb: u64| FloatSums::new(1, vec![count], exponent, 1, vec![limb]);
    let mut twice = sums(4, -62, most)?;
    twice.merge(&sums(4, -62, most)?)?;
    assert_eq!(twice, sums(8, -61, most)?);
    let mut difference = sums(9, -62, most)?;
    difference.subtract(&sums(4, -62, most.wrapping_neg())?)?;
    assert_eq!(difference, sums(5, -61, most)?);
    Ok(())
}

#[test]
fn sums_that_no_rows_have_are_refused() {
    let refused = |counts: Vec<u64>, exponent, width, limbs: Vec<u64>| {
        FloatSums::new(1, counts, exponent, width, limbs).is_err()
    };
    assert!(refused(vec![1], -150, 1, vec![1]));
    assert!(!refused(vec![1], -150, 1, vec![2]));
    assert!(refused(vec![1], 128, 1, vec![1]));
    assert!(!refused(vec![2], 127, 1, vec![2 - 1]));
    assert!(refused(vec![0], 0, 1, vec![1]));
    assert!(refused(vec![MOST_ROWS + 1], 0, 1, vec![0]));
    assert!(refused(vec![1], i32::MAX, 1, vec![1]));
    assert!(refused(vec![1], i32::MIN, 1, vec![1]));
    assert!(refused(vec![1], 0, 1, vec![1, 1]));
    assert!(refused(vec![1], 0, 0, vec![]));
    assert!(refused(vec![], 0, 1, vec![]));
}

#[test]
fn rows_and_labels_are_checked() -> Result<()> {
    let rows = features(1, [1.0, 2.0])?;
    assert!(FloatSums::over(&rows, &[0], 1).is_err());
    assert!(FloatSums::over(&rows, &[0, 1], 1).is_err());
    assert!(FloatSums::over_draw(&rows, &[0, 0], 1, &[2]).is_err());
    let none = FloatSums::over_draw(&rows, &[0, 0], 1, &[])?;
    assert_eq!((none.rows(), none.mean(0), none.centre()), (0, None, None));
    let thrice = FloatSums::over_draw(&rows, &[0, 0], 1, &[1, 1, 1])?;
    assert_eq!((thrice.count(0), thrice.mean(0)), (3, Some(vec![2.0])));
    Ok(())
}

#[test]
fn means_are_within_two_roundings() -> Result<()> {
    let mut random = Random::seeded(3);
    for binades in [3, 40, 127] {
        let values: Vec<f32> = (0..60).map(|_| any_value(&mut random, binades)).collect();
        let sums = FloatSums::over(&features(20, values)?, &[0; 3], 1)?;
        let means = sums.mean(0).unwrap_or_default();
        assert_eq!(sums.means().of(0), means);
        for (column, mean) in means.into_iter().enumerate() {
            // The exact mean, but for less than one unit of the 52nd bit.
            let exact = quotient(&sums.sum(0, column), &3_u8.into(), sums.exponent());
            assert!(
                (mean - exact).abs() <= exact.abs() * 2_f64.powi(-51),
                "{mean} {exact}"
            );
        }
    }
    Ok(())
}

#[test]
fn wide_sums_are_rounded_to_the_nearest() -> Result<()> {
    // Halfway between two neighbours of f64, but for one bit far below.
    let rounded = |low: f32| -> Result<f64> {
        let half = 2_f32.powi(-53);
        let sums = FloatSums::over(&features(1, [1.0, half, low])?, &[0; 3], 1)?;
        Ok(sums.sum_f64(0, 0))
    };
    let least = f32::from_bits(1);
    assert_eq!(rounded(0.0)?, 1.0);
    assert_eq!(rounded(least)?, 1.0 + f64::EPSILON);
    assert_eq!(rounded(-least)?, 1.0);
    let negative = FloatSums::over(
        &features(1, [-1.0, -(2_f32.powi(-53)), -least])?,
        &[0; 3],
        1,
    )?;
    assert_eq!(negative.sum_f64(0, 0), -1.0 - f64::EPSILON);
    Ok(())
}

#[test]
fn the_centre_is_rounded_once_to_the_even_neighbour() -> Result<()> {
    let centre = |values: &[f32]| -> Result<f32> {
        let labels: Vec<u16> = (0..values.len()).map(|row| row as u16 % 2).collect();
        let sums = FloatSums::over(&features(1, values.iter().copied())?, &labels, 3)?;
        Ok(sums.centre().unwrap_or_default()[0])
    };
    let least = f32::from_bits(1);
    // A tie goes to the even one; the least bit beside it decides otherwise. Rounding to
    // f64 first would lose that bit.
    let next = 1.0 + f32::EPSILON;
    assert_eq!(centre(&[1.0, next])?, 1.0);
    assert_eq!(centre(&[4.0, 4.0 * f32::EPSILON / 2.0, least, 0.0])?, next);
    assert_eq!(centre(&[4.0, 4.0 * f32::EPSILON / 2.0, 0.0, 0.0])?, 1.0);
    assert_eq!(centre(&[least, 0.0])?, 0.0);
    assert_eq!(centre(&[least, least, 0.0])?, least);
    assert_eq!(centre(&[f32::MAX, f32::MAX])?, f32::MAX);
    Ok(())
}

#[test]
fn labels_of_16_bits_bound_the_classes() -> Result<()> {
    let most = 1 << 16;
    assert_eq!(FloatSums::empty(1, most)?.classes(), most);
    assert!(FloatSums::empty(1, most + 1).is_err());
    assert!(FloatSums::empty(1, usize::MAX).is_err());
    let one = Features::new(1, vec![5.0])?;
    assert!(FloatSums::over(&one, &[0], most + 1).is_err());
    assert!(FloatSums::over(&one, &[0], usize::MAX).is_err());
    let counts = vec![1; most + 1];
    assert!(FloatSums::new(1, counts, 0, 1, vec![0; most + 1]).is_err());
    Ok(())
}

#[test]
fn sums_of_other_recipes_and_centres_do_not_go_together() -> Result<()> {
    let rows = features(2, [3.0, 4.0, 1.0, 0.0])?;
    let of = |recipe: Recipe, centre: Option<&[f32]>| {
        FloatSums::over(&recipe.prepare(rows.clone(), centre)?, &[0, 0], 1)
    };
    let kinds = [
        of(Recipe::Euclidean, None)?,
        of(Recipe::Cosine, None)?,
        of(Recipe::L2n, None)?,
        of(Recipe::Cl2n, Some(&[1.0, 1.0]))?,
        of(Recipe::Cl2n, Some(&[1.0, 2.0]))?,
    ];
    for (place, sums) in kinds.iter().enumerate() {
        for (other_place, other) in kinds.iter().enumerate() {
            let mut merged = sums.clone();
            assert_eq!(merged.merge(other).is_ok(), place == other_place);
            assert_eq!(merged.subtract(other).is_ok(), place == other_place);
            assert_eq!(&merged, sums);
        }
    }
    let mut sums = RunningSums::new(&rows, 1)?;
    sums.add(&rows, &[0, 0])?;
    let others = [
        (Recipe::L2n.prepare(rows.clone(), None)?, [0, 0]),
        (features(1, [3.0, 4.0])?, [0, 0]),
        (rows.clone(), [0, 1]),
    ];
    for (other, labels) in &others {
        assert!(sums.add(other, labels).is_err());
    }
    assert!(sums.add_draw(&rows, &[0, 0], &[2]).is_err());
    assert_eq!(sums.finish(), FloatSums::over(&rows, &[0, 0], 1)?);
    Ok(())
}
