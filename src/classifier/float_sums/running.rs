//! Sums over rows that come batch by batch, class by class, on all cores.

use rayon::prelude::*;

use super::planes::{Block, MOST_ROWS as MOST_OF_A_BLOCK};
use super::summing::check_labels;
use super::wide::{Wide, joined, terms};
use super::{FloatSums, MOST_ROWS};
use crate::classifier::draw::check_draw;
use crate::data::Features;
use crate::data::recipe::Preparation;
use crate::error::{Error, Result};

/// The fewest rows of a class, and the fewest values, that are worth a task of their own.
const FEWEST_ROWS: usize = 64;
const FEWEST_VALUES: usize = 1 << 16;

/// Sums over the rows so far. Only what a block cannot hold is turned into integers before
/// the end, so that small batches cost little more than large ones.
pub struct RunningSums {
    dim: usize,
    preparation: Preparation,
    classes: Vec<Running>,
}

impl RunningSums {
    /// The sums over no rows yet, of rows like these.
    ///
    /// # Errors
    /// As [`FloatSums::empty`].
    pub fn new(like: &Features, classes: usize) -> Result<Self> {
        let empty = FloatSums::empty(like.dim(), classes)?;
        Ok(Self {
            dim: empty.dim(),
            preparation: like.preparation().clone(),
            classes: empty.counts().iter().map(|_| Running::default()).collect(),
        })
    }

    /// Adds all rows, each to the class of its label.
    ///
    /// # Errors
    /// When the counts of rows and labels differ, a label is no class, the rows have another
    /// dim or preparation than earlier ones, or a class gets too many.
    pub fn add(&mut self, features: &Features, labels: &[u16]) -> Result<()> {
        self.check(features, labels)?;
        self.add_by_class(features, labels, || 0..features.len())
    }

    /// Adds the rows of a draw: a list of rows, each of which counts as often as it is
    /// listed.
    ///
    /// # Errors
    /// As [`add`](Self::add), and when the draw lists a row that is not there.
    pub fn add_draw(&mut self, features: &Features, labels: &[u16], draw: &[u32]) -> Result<()> {
        self.check(features, labels)?;
        check_draw(features.len(), draw)?;
        self.add_by_class(features, labels, || {
            draw.iter().map(|&index| index as usize)
        })
    }

    fn check(&self, features: &Features, labels: &[u16]) -> Result<()> {
        check_labels(features, labels, self.classes.len())?;
        if (features.dim(), features.preparation()) != (self.dim, &self.preparation) {
            return Err(Error::Invalid("rows of another kind than earlier".into()));
        }
        Ok(())
    }

    /// Adds rows that exist, which are visited class by class: so the sums of one stay in
    /// the processor's cache.
    fn add_by_class<Rows: Iterator<Item = usize>>(
        &mut self,
        features: &Features,
        labels: &[u16],
        rows: impl Fn() -> Rows,
    ) -> Result<()> {
        let mut ends = vec![0_usize; self.classes.len() + 1];
        rows().for_each(|row| ends[usize::from(labels[row]) + 1] += 1);
        (1..ends.len()).for_each(|class| ends[class] += ends[class - 1]);
        let starts = ends.clone();
        let mut sorted = vec![0; starts[self.classes.len()]];
        for row in rows() {
            let end = &mut ends[usize::from(labels[row])];
            sorted[*end] = row;
            *end += 1;
        }
        // Parts of classes, so that all cores have enough to do where classes are few.
        let tasks = 8 * rayon::current_num_threads();
        let fewest = (FEWEST_VALUES / features.dim()).clamp(FEWEST_ROWS, MOST_OF_A_BLOCK);
        let most = (sorted.len() / tasks).clamp(fewest, MOST_OF_A_BLOCK);
        self.classes
            .par_iter_mut()
            .zip(starts.par_windows(2))
            .for_each(|(class, ends)| class.add(features, &sorted[ends[0]..ends[1]], most));
        match self
            .classes
            .iter()
            .position(|class| class.count > MOST_ROWS)
        {
            Some(class) => Err(Error::Invalid(format!("class {class} has too many rows"))),
            None => Ok(()),
        }
    }

    /// The sums over all rows that were added.
    pub fn finish(self) -> FloatSums {
        let counts = self.classes.iter().map(|class| class.count).collect();
        let dim = self.dim;
        let sums: Vec<Wide> = (self.classes.into_par_iter())
            .map(|class| class.finish(dim))
            .collect();
        FloatSums {
            dim,
            counts,
            sums: in_one_list(&sums, dim),
            preparation: self.preparation,
        }
    }
}

/// The sum over the rows of one class so far.
#[derive(Default)]
struct Running {
    count: u64,
    block: Option<Block>,
    /// The sum over rows that are no longer in the block.
    sum: Option<Wide>,
}

impl Running {
    /// Adds rows: if there are more than `most`, parts of them on all cores.
    fn add(&mut self, features: &Features, rows: &[usize], most: usize) {
        let dim = features.dim();
        self.count += rows.len() as u64;
        if rows.len() > most {
            let part = |rows: &[usize]| {
                let mut block = Block::new(dim);
                block.add(rows.iter().map(|&row| features.row(row)));
                block.finish()
            };
            let parts = rows.par_chunks(most).map(part);
            self.add_sum(parts.reduce(|| Wide::zeros(dim), added));
            return;
        }
        let mut left = rows;
        while !left.is_empty() {
            let block = self.block.get_or_insert_with(|| Block::new(dim));
            let (fitting, rest) = left.split_at(left.len().min(block.room()));
            block.add(fitting.iter().map(|&row| features.row(row)));
            if block.room() == 0 {
                self.empty_block();
            }
            left = rest;
        }
    }

    fn empty_block(&mut self) {
        if let Some(block) = self.block.take() {
            self.add_sum(block.finish());
        }
    }

    fn add_sum(&mut self, other: Wide) {
        self.sum = Some(match self.sum.take() {
            Some(sum) => added(sum, other),
            None => other,
        });
    }

    fn finish(mut self, dim: usize) -> Wide {
        self.empty_block();
        self.sum.unwrap_or_else(|| Wide::zeros(dim))
    }
}

fn added(mut sum: Wide, other: Wide) -> Wide {
    sum.add(&other, false);
    sum
}

/// The sums of classes, of `dim` values each, as one list in lowest terms.
fn in_one_list(sums: &[Wide], dim: usize) -> Wide {
    let extent = sums.par_iter().map(Wide::extent).reduce(|| None, joined);
    let (exponent, width) = terms(extent);
    let mut limbs = vec![0; sums.len() * dim * width];
    limbs
        .par_chunks_mut(dim * width)
        .zip(sums)
        .for_each(|(limbs, sum)| sum.align_into(exponent, width, limbs));
    Wide::new(exponent, width, limbs)
}
