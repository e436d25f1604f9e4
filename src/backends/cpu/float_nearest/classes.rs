//! The classes of a question, as the products take them.
//!
//! Nearness is `score(c) = N − ⟨x − o, v⟩`, least for the nearest class, with a common
//! offset o that makes vectors short, and so their rounding small:
//!
//! | metric | v | N | score |
//! |---|---|---|---|
//! | Euclidean | 2(m − o) | ‖m − o‖² | ‖x − m‖² − ‖x − o‖² |
//! | cosine | m/‖m‖ − h | −⟨o, v⟩ | ⟨x, h⟩ − ⟨x, m⟩/‖m‖ |
//!
//! o is the mean of the class means, h the mean of the m/‖m‖, as floats: any o and h give
//! the same order, so how they were rounded does not matter. Where m is zero, m/‖m‖ is zero
//! as well, since that is what the cosine is.

use rayon::prelude::*;

use super::quantised::{BLOCK, Quantised, UNIT, norm};
use crate::backends::cpu::pair_products::{COLUMNS, Columns, both};
use crate::classifier::float_exact::FloatQuestion;
use crate::classifier::float_sums::in_order::squared_norm;
use crate::data::recipe::Metric;

/// Columns of means that are added up by one task.
const AT_ONCE: usize = 128;

/// What a score is computed from, for classes side by side.
pub(super) struct Group {
    /// Their v̂, two values at a time.
    pub(super) columns: Vec<Columns>,
    /// Their scales.
    pub(super) scale: [f64; COLUMNS],
    /// N; infinite for a class that does not exist or has no rows.
    pub(super) offset: [f64; COLUMNS],
    /// At least ‖v‖.
    pub(super) norm: [f64; COLUMNS],
    /// At least ‖v − v̂‖, and what adding up the products of v̂ rounds, for a sample of
    /// norm 1.
    pub(super) displacement: [f64; COLUMNS],
    /// An upper bound on the error of N, and of the score's last operations.
    pub(super) error: [f64; COLUMNS],
}

/// All classes of a question, whether or not samples are left out of them.
pub struct Classes {
    pub(super) groups: Vec<Group>,
    /// o.
    pub(super) origin: Vec<f64>,
    /// h; zeros under the Euclidean metric.
    pub(super) common: Vec<f64>,
    /// At least ‖o‖.
    pub(super) origin_norm: f64,
}

impl Classes {
    /// The classes of a question.
    pub fn new(question: &FloatQuestion<'_>) -> Self {
        let sums = question.sums();
        let means = question.means();
        let dim = sums.dim();
        let present: Vec<usize> = sums.present().collect();
        // The mean of the class means, each of them scaled.
        let mean = |scale: &(dyn Fn(usize) -> f64 + Sync)| {
            let mut mean = vec![0.0; dim];
            let parts = mean.par_chunks_mut(AT_ONCE).enumerate();
            parts.for_each(|(part, mean)| {
                for &class in &present {
                    let values = &means.of(class)[part * AT_ONCE..][..mean.len()];
                    add(mean, values, scale(class) / present.len() as f64);
                }
            });
            mean
        };
        let origin = mean(&|_| 1.0);
        let common = match question.metric() {
            Metric::Euclidean => vec![0.0; dim],
            Metric::Cosine => mean(&|class| inverse(means.squared_norm(class))),
        };
        let mut classes = Self {
            groups: Vec::new(),
            origin_norm: norm(&origin),
            origin,
            common,
        };
        let groups = sums.classes().div_ceil(COLUMNS);
        classes.groups = (0..groups)
            .into_par_iter()
            .map(|group| classes.group(question, group * COLUMNS))
            .collect();
        classes
    }

    fn group(&self, question: &FloatQuestion<'_>, first: usize) -> Group {
        let dim = self.origin.len();
        let blocks = dim.div_ceil(BLOCK);
        let mut group = Group {
            columns: vec![Columns([0; COLUMNS]); blocks * BLOCK / 2],
            scale: [0.0; COLUMNS],
            offset: [f64::INFINITY; COLUMNS],
            norm: [0.0; COLUMNS],
            displacement: [0.0; COLUMNS],
            error: [0.0; COLUMNS],
        };
        let (mut v, mut quantised) = (Vec::with_capacity(dim), Quantised::default());
        let last = question.sums().classes().min(first + COLUMNS);
        for class in (first..last).filter(|&class| question.sums().count(class) > 0) {
            let column = class - first;
            let (offset, error, moved) = self.vector(question, class, &mut v);
            quantised.set(&v);
            for (pair, columns) in quantised
                .values
                .as_chunks()
                .0
                .iter()
                .zip(&mut group.columns)
            {
                let [one, other]: [i16; 2] = *pair;
                columns.0[column] = both(one.cast_unsigned(), other.cast_unsigned());
            }
            // Each block is rounded to 24 bits, and so is each addition of one.
            let rounding = (blocks as f64 + 4.0) * f64::from(f32::EPSILON);
            group.scale[column] = quantised.scale;
            group.offset[column] = offset;
            group.norm[column] = norm(&v) + moved;
            group.displacement[column] = quantised.displacement + moved + rounding * quantised.norm;
            group.error[column] = error;
        }
        group
    }

    /// Writes v of a class; returns N, a bound on its error, and how far v is from the
    /// exact one at most.
    fn vector(
        &self,
        question: &FloatQuestion<'_>,
        class: usize,
        v: &mut Vec<f64>,
    ) -> (f64, f64, f64) {
        let mean = question.means().of(class);
        let squared = question.means().squared_norm(class);
        let dim = mean.len() as f64;
        v.clear();
        match question.metric() {
            Metric::Euclidean => {
                v.extend(mean.iter().zip(&self.origin).map(|(m, o)| 2.0 * (m - o)));
                // The mean is off by 2.01·u, and the difference is rounded.
                let length = norm(v);
                let moved = 2.0 * 2.1 * UNIT * squared.sqrt() + 2.0 * UNIT * length;
                let offset = 0.25 * squared_norm(v);
                let error = (dim + 8.0) * UNIT * offset + length * moved + moved * moved;
                (offset, error, moved)
            }
            Metric::Cosine => {
                let share = inverse(squared);
                let common = self.common.iter();
                v.extend(mean.iter().zip(common).map(|(m, h)| m * share - h));
                let length = norm(v);
                // Norm, mean, quotient, product and difference.
                let moved = (dim / 2.0 + 10.0) * UNIT + 2.0 * UNIT * length;
                let product = v
                    .iter()
                    .zip(&self.origin)
                    .fold(0.0, |sum, (v, o)| sum + v * o);
                let error = self.origin_norm * ((dim + 4.0) * UNIT * length + moved);
                (-product, error, moved)
            }
        }
    }
}

fn add(sum: &mut [f64], values: &[f64], share: f64) {
    for (sum, value) in sum.iter_mut().zip(values) {
        *sum += value * share;
    }
}

/// 1/√square, and 0 of 0.
fn inverse(square: f64) -> f64 {
    if square > 0.0 {
        square.sqrt().recip()
    } else {
        0.0
    }
}
