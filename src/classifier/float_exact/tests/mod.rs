mod oracle;

use super::*;
use crate::data::Features;
use crate::data::recipe::Recipe;
use crate::data::synthetic::random::Random;
use crate::error::Result;
use oracle::{Case, both_ways, normal};

#[test]
fn every_recipe_decides_as_fractions_do() -> Result<()> {
    let mut random = Random::seeded(5);
    let (rows, dim, classes) = (24, 17, 7);
    let values: Vec<f32> = (0..rows * dim).map(|_| normal(&mut random)).collect();
    let labels: Vec<u16> = (0..rows).map(|_| (random.next() % 6) as u16).collect();
    let rows = Features::new(dim, values)?;
    let centre = FloatSums::over(&rows, &labels, classes)?.centre();
    for recipe in Recipe::ALL {
        for leave_one_out in [false, true] {
            let centre = centre.as_deref().filter(|_| recipe.centres());
            let case = Case {
                rows: recipe.prepare(rows.clone(), centre)?,
                labels: labels.clone(),
                classes,
                metric: recipe.metric(),
                leave_one_out,
            };
            assert_eq!(case.check()?, 0, "such rows need no fractions");
        }
    }
    Ok(())
}

#[test]
fn values_of_any_scale_stand_in_one_row() -> Result<()> {
    let mut random = Random::seeded(6);
    let (rows, dim, classes) = (20, 5, 4);
    let values: Vec<f32> = (0..rows * dim)
        .map(|_| normal(&mut random) * 10_f32.powi((random.next() % 61) as i32 - 30))
        .collect();
    let labels: Vec<u16> = (0..rows).map(|row| row as u16 % 3).collect();
    both_ways(|| Case::new(dim, values.clone(), labels.clone(), classes))?;
    Ok(())
}

#[test]
fn subnormal_values_count() -> Result<()> {
    let mut random = Random::seeded(7);
    let values: Vec<f32> = (0..60)
        .map(|_| f32::from_bits((random.next() % 50) as u32 | ((random.next() % 2) as u32) << 31))
        .collect();
    let labels: Vec<u16> = (0..20).map(|row| row as u16 % 4).collect();
    both_ways(|| Case::new(3, values.clone(), labels.clone(), 4))?;
    let tiny_beside_huge = [1e38, 1e-45, 1e38, -1e-45, -1e38, 1e-45, -1e38, -1e-45];
    both_ways(|| Case::new(2, tiny_beside_huge.to_vec(), vec![0, 1, 2, 3], 4))?;
    Ok(())
}

#[test]
fn an_offset_a_thousand_times_the_spread_is_no_harm() -> Result<()> {
    let mut random = Random::seeded(8);
    let values: Vec<f32> = (0..20 * 40).map(|_| 1000.0 + normal(&mut random)).collect();
    let labels: Vec<u16> = (0..20).map(|row| row as u16 % 5).collect();
    let needed = both_ways(|| Case::new(40, values.clone(), labels.clone(), 5))?;
    assert_eq!(needed, [0; 4], "float64 can tell these apart");
    Ok(())
}

#[test]
fn ties_go_to_the_lowest_class() -> Result<()> {
    // The last row lies between the means of 1 and 2, and in one direction with neither.
    let values = vec![9.0, 9.0, 1.0, 3.0, 3.0, 1.0, 2.0, 2.0, -1.0, 8.0];
    let needed = both_ways(|| Case::new(2, values.clone(), vec![0, 1, 2, 3, 3], 4))?;
    assert!(needed[0] + needed[2] > 0);
    // Classes of the same rows: every row is a tie.
    let mut random = Random::seeded(9);
    let half: Vec<f32> = (0..12).map(|_| normal(&mut random)).collect();
    let labels: Vec<u16> = (0..8).map(|row| 2 - row / 4).collect();
    let needed = both_ways(|| Case::new(3, half.repeat(2), labels.clone(), 3))?;
    assert_eq!((needed[0], needed[2]), (8, 8));
    Ok(())
}

#[test]
fn a_unit_in_the_last_place_decides() -> Result<()> {
    // Two means at the same distance on either side, but for the last bit of one value.
    let mut random = Random::seeded(10);
    let away: Vec<f32> = (0..8)
        .map(|_| (normal(&mut random) * 1024.0).round() / 512.0)
        .collect();
    for nudge in [0, 1, u32::MAX] {
        for column in 0..8 {
            let mut values: Vec<f32> = away.iter().map(|value| -value).collect();
            values.extend(&away);
            values[8 + column] = f32::from_bits(values[8 + column].to_bits().wrapping_add(nudge));
            values.extend([0.0; 8]);
            // Only squared distances tie; the last row is of class 2.
            let case = Case::new(8, values.clone(), vec![1, 0, 2], 3)?;
            case.check()?;
            let question_about = |metric| -> Result<_> {
                let rows = Features::new(8, values[..16].to_vec())?;
                let sums = FloatSums::over(&rows, &[1, 0], 2)?;
                let means = sums.means();
                let question = FloatQuestion::new(&sums, &means, metric, false);
                Ok(question.nearest(&[0.0; 8], 0, Among::All))
            };
            let expected = u16::from(nudge == 1);
            let settled = question_about(Metric::Euclidean)?.expect("two classes");
            assert_eq!(settled.answer, expected, "nudge {nudge} at {column}");
        }
    }
    // A thousand rows on either side of the middle, and one of them a little nearer: less
    // than float64 can tell.
    let rows = 1000;
    let mut values = vec![1.0; rows];
    values.extend(vec![-1.0; rows]);
    values[rows] = -1.0 + f32::EPSILON / 2.0;
    values.push(f32::from_bits(1));
    let labels = [vec![0; rows], vec![1; rows], vec![2]].concat();
    let mut case = Case::new(1, values, labels, 3)?;
    let sums = FloatSums::over(&case.rows, &case.labels, 3)?;
    let means = sums.means();
    let question = FloatQuestion::new(&sums, &means, Metric::Euclidean, false);
    let settled = question.nearest(&[2_f32.powi(-60)], 0, Among::These(&[0, 1]));
    assert_eq!(
        settled,
        Some(Settled {
            answer: 1,
            in_fractions: false
        })
    );
    case.leave_one_out = true;
    let middle = 2_f32.powi(-60);
    let rows = Features::new(1, vec![1.0, -1.0])?;
    let sums = FloatSums::over(&rows, &[1, 0], 2)?;
    let means = sums.means();
    let question = FloatQuestion::new(&sums, &means, Metric::Euclidean, false);
    for (value, class) in [(middle, 1), (-middle, 0), (0.0, 0)] {
        let settled = question.nearest(&[value], 0, Among::All);
        assert_eq!(
            settled,
            Some(Settled {
                answer: class,
                in_fractions: true
            })
        );
    }
    Ok(())
}

#[test]
fn cosines_that_differ_in_the_last_place_are_told_apart() -> Result<()> {
    // Directions on either side of the row, one nudged by a bit: cosines near 1 hide it.
    for nudge in [0_u32, 1, u32::MAX] {
        let low = f32::from_bits(1e-4_f32.to_bits().wrapping_add(nudge));
        let rows = Features::new(2, vec![1.0, -1e-4, 1.0, low])?;
        let sums = FloatSums::over(&rows, &[1, 0], 2)?;
        let means = sums.means();
        let question = FloatQuestion::new(&sums, &means, Metric::Cosine, false);
        let settled = question.nearest(&[3.0, 0.0], 0, Among::All);
        let class = u16::from(nudge == 1);
        assert_eq!(
            settled,
            Some(Settled {
                answer: class,
                in_fractions: true
            })
        );
        let opposite = question.nearest(&[-3.0, 0.0], 0, Among::All);
        let class = u16::from(nudge == u32::MAX);
        assert_eq!(opposite.map(|settled| settled.answer), Some(class));
    }
    Ok(())
}

#[test]
fn zero_rows_and_zero_means_have_the_cosine_zero() -> Result<()> {
    // Class 0 has a mean of zero, class 1 one on the other side; class 3 only zeros.
    let values = vec![
        1.0, 0.0, -1.0, 0.0, -2.0, 1.0, 0.0, 0.0, 0.0, 0.0, 5.0, -1.0,
    ];
    let labels = vec![0, 0, 1, 3, 3, 1];
    both_ways(|| Case::new(2, values.clone(), labels.clone(), 5))?;
    let case = Case::new(2, values, labels, 5)?.asking(Metric::Cosine, false);
    let sums = FloatSums::over(&case.rows, &case.labels, 5)?;
    let means = sums.means();
    let question = FloatQuestion::new(&sums, &means, Metric::Cosine, false);
    // Zero ties with all, and that needs no fractions.
    let zero = question.nearest(&[0.0, -0.0], 4, Among::All);
    assert_eq!(
        zero,
        Some(Settled {
            answer: 0,
            in_fractions: false
        })
    );
    let measured = question.measured(&[0.0, 0.0], 4).expect("a class");
    assert_eq!((measured.distance, measured.margin), (1.0, 0.0));
    Ok(())
}

#[test]
fn zero_rows_stay_zero_under_each_recipe() -> Result<()> {
    let mut values = vec![0.0; 4];
    values.extend([3.0, 4.0, -3.0, 1.0, 2.0, 2.0]);
    let rows = Features::new(2, values)?;
    let labels = vec![1, 0, 0, 2, 1];
    let centre = [0.5, 0.25];
    for recipe in Recipe::ALL {
        for leave_one_out in [false, true] {
            let centre = recipe.centres().then_some(&centre[..]);
            let case = Case {
                rows: recipe.prepare(rows.clone(), centre)?,
                labels: labels.clone(),
                classes: 3,
                metric: recipe.metric(),
                leave_one_out,
            };
            case.check()?;
        }
    }
    Ok(())
}

#[test]
fn ties_are_ties_without_the_row_alone() -> Result<()> {
    // Row 1 is one away from row 0, the rest of its class, and from row 2; in direction
    // as far from the one as from the other.
    let values = vec![0.0, 0.0, 1.0, 0.0, 2.0, 0.0];
    let needed = both_ways(|| Case::new(2, values.clone(), vec![1, 1, 0], 2))?;
    assert_eq!(needed[1], 1);
    let values = vec![1.0, 1.0, 1.0, 0.0, 3.0, -3.0];
    let needed = both_ways(|| Case::new(2, values.clone(), vec![1, 1, 0], 2))?;
    assert_eq!(needed[3], 1);
    Ok(())
}

#[test]
fn a_mean_that_is_rounded_may_be_off_by_all_of_a_distance() -> Result<()> {
    // Means of thirds, beside the rows themselves.
    let next = 1.0 + f32::EPSILON;
    let values = vec![1.0, 1.0, next, 1.0, next, next, 1.0, 1.0, 1.0];
    let labels = vec![0, 0, 0, 1, 1, 1, 2, 2, 2];
    both_ways(|| Case::new(1, values.clone(), labels.clone(), 3))?;
    Ok(())
}

#[test]
fn a_class_of_one_row_is_out_without_it() -> Result<()> {
    let values = vec![1.0, 1.0, 1.0, 2.0, 5.0, 5.0];
    both_ways(|| Case::new(2, values.clone(), vec![0, 2, 2], 4))?;
    // No class is left.
    let needed = both_ways(|| Case::new(1, vec![1.0], vec![1], 3))?;
    assert_eq!(needed, [0; 4]);
    Ok(())
}

#[test]
fn leaving_out_most_of_a_sum_leaves_the_rest() -> Result<()> {
    // What float64 would lose of S − x decides the cosine.
    let values = vec![1e30, 1e30, 1e-30, -3e-30, 2.0, 1.0, -1.0, 4.0];
    let case = Case::new(2, values, vec![0, 0, 1, 2], 3)?.asking(Metric::Cosine, true);
    assert_eq!(case.check()?, 0);
    Ok(())
}

#[test]
fn many_dimensions_are_within_the_bounds() -> Result<()> {
    let mut random = Random::seeded(11);
    let dim = 20_000;
    let values: Vec<f32> = (0..6 * dim).map(|_| 3.0 + normal(&mut random)).collect();
    let needed = both_ways(|| Case::new(dim, values.clone(), vec![0, 1, 2, 0, 1, 2], 3))?;
    assert_eq!(needed, [0; 4]);
    Ok(())
}

/// Of thousands of classes with the same mean one fraction is enough.
#[test]
fn equal_means_are_looked_at_once() -> Result<()> {
    let features = Features::new(3, [0.1, 0.7, 1.3].repeat(500))?;
    let labels: Vec<u16> = (0..500).collect();
    let sums = FloatSums::over(&features, &labels, 500)?;
    let means = sums.means();
    for (leave_one_out, expected) in [(false, vec![0]), (true, vec![0, 7])] {
        let question = FloatQuestion::new(&sums, &means, Metric::Euclidean, leave_one_out);
        let estimates = Estimates::new(&question, &[0.3, 0.2, 9.0], 7);
        let all = estimates
            .among(Among::These(&labels[..7]))
            .collect::<Vec<_>>();
        let own = Estimate { class: 7, ..all[0] };
        let distinct = question.distinct([all, vec![own]].concat(), 7);
        let distinct: Vec<u16> = distinct.iter().map(|estimate| estimate.class).collect();
        assert_eq!(distinct, expected);
    }
    Ok(())
}

#[test]
#[should_panic(expected = "means of other sums")]
fn means_of_another_shape_are_refused() {
    let rows = |dim, classes: u16| {
        let labels: Vec<u16> = (0..classes).collect();
        let features = Features::new(dim, vec![1.0; dim * labels.len()]).expect("finite");
        FloatSums::over(&features, &labels, labels.len()).expect("sums")
    };
    let (sums, others) = (rows(3, 2), rows(2, 3));
    FloatQuestion::new(&sums, &others.means(), Metric::Euclidean, false);
}
