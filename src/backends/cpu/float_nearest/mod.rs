//! The nearest class of each sample of floats, exactly, and fast for many classes.
//!
//! Samples and means are rounded to 16-bit integers times a scale (`quantised.rs`), whose
//! products are exact ([`pair_products`](super::pair_products)). How far that moved each is
//! measured, and bounds the error of every score (`classes.rs`). With x = x̂ + r and v = v̂ + s,
//!
//! ```text
//! |⟨x, v⟩ − ⟨x̂, v̂⟩|  =  |⟨r, v⟩ + ⟨x̂, s⟩|  ≤  ‖r‖‖v‖ + ‖x̂‖‖s‖
//! ```
//!
//! A class whose score cannot be least is out. Where more than one is left, exact
//! arithmetic decides among these ([`float_exact`](crate::classifier::float_exact)). All that
//! is held of a few samples at a time is their scores to a few classes, and which are left.

mod classes;
mod quantised;
#[cfg(test)]
mod tests;
mod within;

use multiversion::multiversion;
use rayon::prelude::*;

use self::classes::Group;
use self::quantised::{BLOCK, Quantised, UNIT, norm};
use self::within::Counted;
use crate::backends::cpu::pair_products::{COLUMNS, ROWS, Rows, add_blocks, both};
use crate::classifier::float_exact::FloatQuestion;
use crate::classifier::predictions::{Decision, Decisions};
use crate::data::LabelledRows;
use crate::error::{Error, Result};

pub use self::classes::Classes;

/// Samples per task: the classes are read from memory once for all of them.
const TASK: usize = 8 * ROWS;

/// Covers the rounding of a bound itself.
const ROUNDED_UP: f64 = 1.0 + 1e-9;

/// The nearest class of each sample, which is prepared as those of the sums are, in tasks
/// of at most `task` samples; and, where `places` are given, whether its own class is among
/// so many nearest. `classes` are those of the question. Labels are looked at for places and
/// for leave-one-out alone.
///
/// # Errors
/// When the dims differ, a sample that is to be left out has no class, or no class can be
/// nearest to one.
pub fn nearest(
    rows: LabelledRows<'_>,
    question: &FloatQuestion<'_>,
    classes: &Classes,
    places: Option<usize>,
    task: usize,
) -> Result<Decisions> {
    let dim = question.sums().dim();
    if rows.features.dim() != dim {
        return Err(Error::Invalid(format!(
            "samples of {} values for means of {dim} values",
            rows.features.dim()
        )));
    }
    let count = question.sums().classes();
    let unknown = rows
        .labels
        .iter()
        .find(|&&label| usize::from(label) >= count);
    if let Some(label) = unknown.filter(|_| question.leaves_one_out()) {
        return Err(Error::Invalid(format!(
            "a sample of class {label} cannot be left out of {count} classes"
        )));
    }
    let task = task.clamp(1, TASK);
    let tasks: Vec<Vec<Found>> = rows
        .features
        .values()
        .par_chunks(task * dim)
        .zip(rows.labels.par_chunks(task))
        .map(|(rows, labels)| found(question, places, classes, rows, labels))
        .collect();
    let (mut decisions, mut doubtful) = (Vec::with_capacity(rows.labels.len()), Vec::new());
    let mut within = places.map(|_| Vec::with_capacity(rows.labels.len()));
    for Found { left, is_within } in tasks.into_iter().flatten() {
        if let Some(within) = &mut within {
            within.push(is_within);
        }
        let class = left.first().copied();
        let class = class.ok_or_else(|| Error::Invalid("no class is left for a sample".into()))?;
        decisions.push(Decision::new(class, left.len() == 1));
        if left.len() > 1 {
            doubtful.push((decisions.len() - 1, left));
        }
    }
    Ok(Decisions::with_classes_left(decisions, doubtful).with_within(within))
}

/// A sample as the scores need it: the scale and the norm of x̂, and how far it is from x − o.
#[derive(Clone, Copy, Debug, Default)]
struct Sample {
    scale: f64,
    norm: f64,
    displacement: f64,
}

/// What is found of a sample.
struct Found {
    /// The classes that may be nearest.
    left: Vec<u16>,
    /// Whether its own class is among the nearest few; false where that was not asked.
    is_within: bool,
}

/// What is found of each of a few samples.
fn found(
    question: &FloatQuestion<'_>,
    places: Option<usize>,
    classes: &Classes,
    rows: &[f32],
    labels: &[u16],
) -> Vec<Found> {
    let rows: Vec<&[f32]> = rows.chunks_exact(question.sums().dim()).collect();
    let new = |(row, &label): (&&[f32], _)| {
        let counted = places.map(|places| Counted::new(question, places, classes, row, label));
        (Reached::new(question, classes, row, label), counted)
    };
    let mut kept: Vec<(Reached, Option<Counted>)> = rows.iter().zip(labels).map(new).collect();
    scan(classes, &rows, &mut kept);
    let each = kept.into_iter().zip(rows);
    each.map(|((reached, counted), row)| Found {
        left: reached.classes(),
        is_within: counted.is_some_and(|counted| counted.is_within(question, row)),
    })
    .collect()
}

/// What looks at the scores of one sample, a group of classes at a time.
trait Scanned {
    /// Looks at the bounds of the scores of a group of classes, of which `first` is the
    /// first; infinite for one that does not exist or cannot be nearest.
    fn add(&mut self, first: usize, low: &mut [f64; COLUMNS], high: &mut [f64; COLUMNS]);
}

impl<One: Scanned, Other: Scanned> Scanned for (One, Option<Other>) {
    fn add(&mut self, first: usize, low: &mut [f64; COLUMNS], high: &mut [f64; COLUMNS]) {
        self.0.add(first, low, high);
        if let Some(other) = &mut self.1 {
            other.add(first, low, high);
        }
    }
}

/// Computes the scores of a few samples, and shows them to what is kept of each.
fn scan(classes: &Classes, rows: &[&[f32]], kept: &mut [impl Scanned]) {
    let (tiles, samples) = tiles(classes, rows);
    let (mut low, mut high) = ([0.0; COLUMNS], [0.0; COLUMNS]);
    for (first, group) in (0..).step_by(COLUMNS).zip(&classes.groups) {
        for (tile, (samples, kept)) in tiles
            .iter()
            .zip(samples.chunks(ROWS).zip(kept.chunks_mut(ROWS)))
        {
            let mut products = [[0.0; COLUMNS]; ROWS];
            add_blocks(&group.columns, tile, BLOCK / 2, &mut products);
            for ((sample, kept), products) in samples.iter().zip(kept).zip(&products) {
                scores(group, sample, products, &mut low, &mut high);
                kept.add(first, &mut low, &mut high);
            }
        }
    }
}

/// The samples x − o rounded, a tile of them at a time: two values of each in a word.
fn tiles(classes: &Classes, rows: &[&[f32]]) -> (Vec<Vec<Rows>>, Vec<Sample>) {
    let mut samples = Vec::with_capacity(rows.len());
    let (mut shifted, mut quantised) = (Vec::new(), Quantised::default());
    let words = classes.origin.len().next_multiple_of(BLOCK) / 2;
    let mut tile = |rows: &[&[f32]]| {
        let mut tile = vec![[0; ROWS]; words];
        for (place, row) in rows.iter().enumerate() {
            shift(row, &classes.origin, &mut shifted);
            quantised.set(&shifted);
            for (word, pair) in tile.iter_mut().zip(quantised.values.as_chunks::<2>().0) {
                word[place] = both(pair[0].cast_unsigned(), pair[1].cast_unsigned());
            }
            samples.push(Sample {
                scale: quantised.scale,
                norm: quantised.norm,
                // The difference from o is rounded.
                displacement: quantised.displacement + 2.0 * UNIT * norm(&shifted),
            });
        }
        tile
    };
    let tiles = rows.chunks(ROWS).map(&mut tile).collect();
    (tiles, samples)
}

/// Makes `shifted` x − o.
#[multiversion(targets = "simd")]
fn shift(row: &[f32], origin: &[f64], shifted: &mut Vec<f64>) {
    shifted.clear();
    let values = row.iter().zip(origin);
    shifted.extend(values.map(|(&x, o)| f64::from(x) - o));
}

/// The bounds of a sample's scores, from below and from above.
#[multiversion(targets = "simd")]
fn scores(
    group: &Group,
    sample: &Sample,
    products: &[f32; COLUMNS],
    low: &mut [f64; COLUMNS],
    high: &mut [f64; COLUMNS],
) {
    for column in 0..COLUMNS {
        let product = sample.scale * group.scale[column] * f64::from(products[column]);
        let score = group.offset[column] - product;
        let error = sample.displacement * group.norm[column]
            + sample.norm * group.displacement[column]
            + group.error[column];
        low[column] = score - error * ROUNDED_UP;
        high[column] = score + error * ROUNDED_UP;
    }
}

/// The classes that may be nearest to a sample, so far.
struct Reached {
    /// The least score is not above this.
    reach: f64,
    /// The least that the scores of these classes can be.
    left: Vec<(f64, u16)>,
    /// The sample's own class where it is left out of that.
    own: Option<u16>,
}

impl Reached {
    fn new(question: &FloatQuestion<'_>, classes: &Classes, row: &[f32], label: u16) -> Self {
        let mut reached = Self {
            reach: f64::INFINITY,
            left: Vec::new(),
            own: question.leaves_one_out().then_some(label),
        };
        if reached.own.is_some()
            && let Some([low, high]) =
                question.own_score([&classes.origin, &classes.common], row, label)
        {
            reached.reach = high;
            reached.left.push((low, label));
        }
        reached
    }

    fn classes(self) -> Vec<u16> {
        let left = self.left.into_iter();
        left.filter(|&(low, _)| low <= self.reach)
            .map(|(_, class)| class)
            .collect()
    }
}

impl Scanned for Reached {
    fn add(&mut self, first: usize, low: &mut [f64; COLUMNS], high: &mut [f64; COLUMNS]) {
        if let Some(own) = self.own
            && let Some(column) = usize::from(own).checked_sub(first)
            && column < COLUMNS
        {
            (low[column], high[column]) = (f64::INFINITY, f64::INFINITY);
        }
        let (least_low, least_high) = least(low, high);
        self.reach = self.reach.min(least_high);
        if least_low > self.reach {
            return;
        }
        for (class, &low) in (first..).zip(low.iter()) {
            // Infinite where there is no such class.
            if low <= self.reach && low < f64::INFINITY {
                self.left.push((low, class as u16));
            }
        }
    }
}

#[multiversion(targets = "simd")]
fn least(low: &[f64; COLUMNS], high: &[f64; COLUMNS]) -> (f64, f64) {
    let mut least = ([f64::INFINITY; 8], [f64::INFINITY; 8]);
    for (low, high) in low.as_chunks::<8>().0.iter().zip(high.as_chunks::<8>().0) {
        for lane in 0..8 {
            least.0[lane] = if low[lane] < least.0[lane] {
                low[lane]
            } else {
                least.0[lane]
            };
            least.1[lane] = if high[lane] < least.1[lane] {
                high[lane]
            } else {
                least.1[lane]
            };
        }
    }
    let all = |lanes: [f64; 8]| lanes.into_iter().fold(f64::INFINITY, f64::min);
    (all(least.0), all(least.1))
}
