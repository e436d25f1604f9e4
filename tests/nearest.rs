//! The stage `nearest` on the CPU, by hand; on every backend in
//! `backends/nearest.rs`.

use ncm::internals::backends::cpu::nearest::{FixedNearest, nearest};
use ncm::internals::classifier::fixed_point::{ABSENT, NOTHING, OUT_FOR_OWN, surcharges};
use ncm::{LevelSums, Model, Question};

use crate::support::{Outcome, ensure, failed};

#[test]
fn keeps_the_lowest_class_and_the_second_distance() -> Outcome {
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

#[test]
fn surcharges_are_the_formula() -> Outcome {
    let counts = vec![0, 1, 2, 3, 6_903];
    let sums = LevelSums::new(1, counts, vec![0; 5]).map_err(failed)?;
    let model = Model::new("made up", sums).map_err(failed)?;
    let question = Question::leave_one_out(&model).of_levels();
    let found = surcharges(&question.map_err(failed)?);
    // 3, 5/4 and 13,805/6,902² in units of 2⁻³⁰.
    let last = (13_805.0 / (6_902.0_f64 * 6_902.0) * f64::from(1 << 30)).round() as u32;
    let expected = [ABSENT, OUT_FOR_OWN, 3 << 30, 5 << 28, last];
    ensure(found == expected, || format!("{found:?}"))
}
