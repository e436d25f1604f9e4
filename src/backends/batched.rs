//! Runs the stages on a split of any size. A split that is in memory is uploaded
//! once, when it is first needed. Any other split is uploaded batch by batch each
//! time a stage runs, so that the batch size bounds the memory.

use std::cell::OnceCell;
use std::ops::Range;

use rayon::prelude::*;

use crate::backends::timings::Timings;
use crate::backends::{Backend, Resident};
use crate::classifier::class_sums::ClassSums;
use crate::classifier::model::Question;
use crate::classifier::predictions::Predictions;
use crate::classifier::running_sums::RunningSums;
use crate::data::{Source, Split};
use crate::error::{Error, Result};

/// A split to be processed by a backend batch by batch.
pub struct Batched<'a> {
    backend: &'a dyn Backend,
    source: &'a Source,
    resident: OnceCell<Box<dyn Resident + 'a>>,
}

impl<'a> Batched<'a> {
    /// A split that is uploaded when it is first needed.
    pub fn new(backend: &'a dyn Backend, source: &'a Source) -> Self {
        Self {
            backend,
            source,
            resident: OnceCell::new(),
        }
    }

    /// The class sums of the whole split.
    ///
    /// # Errors
    /// When a file is invalid or the device fails.
    pub fn class_sums(&self, timings: &mut Timings) -> Result<ClassSums> {
        let mut sums = RunningSums::default();
        self.each_batch(timings, |resident, timings| {
            timings.time("class_sums", || resident.add_class_sums(&mut sums))
        })?;
        let sums = timings.time("class_sums", || sums.finish())?;
        sums.ok_or_else(|| Error::Invalid("a split without samples".into()))
    }

    /// The class sums of each draw, a list of images of the whole split; see
    /// [`Resident::drawn_sums`].
    ///
    /// # Errors
    /// When a draw lists an image that is not there, a file is invalid or the device
    /// fails.
    pub fn drawn_sums(&self, draws: &[&[u32]], timings: &mut Timings) -> Result<Vec<ClassSums>> {
        if self.source.whole().is_some() {
            let mut sums = Vec::new();
            self.each_batch(timings, |resident, timings| {
                sums = timings.time("drawn_sums", || resident.drawn_sums(draws))?;
                Ok(())
            })?;
            return Ok(sums);
        }
        // In ascending order the images of a batch follow each other.
        let sort = || {
            let sorted = draws.par_iter().map(|draw| {
                let mut sorted = draw.to_vec();
                sorted.sort_unstable();
                sorted
            });
            sorted.collect()
        };
        let sorted: Vec<Vec<u32>> = timings.time("draw", sort);
        let mut sums: Vec<ClassSums> = Vec::new();
        let mut first = 0;
        self.each_batch(timings, |resident, timings| {
            let batch = first..first + resident.split().len() as u32;
            first = batch.end;
            let inside = sorted.par_iter().map(|draw| inside_of(&batch, draw));
            let inside: Vec<Vec<u32>> = timings.time("draw", || inside.collect());
            let inside: Vec<&[u32]> = inside.iter().map(Vec::as_slice).collect();
            let more = timings.time("drawn_sums", || resident.drawn_sums(&inside))?;
            match sums.is_empty() {
                true => sums = more,
                false => {
                    let both = sums.par_iter_mut().zip(&more);
                    both.for_each(|(sums, more)| *sums += more);
                }
            }
            Ok(())
        })?;
        Ok(sums)
    }

    /// The split.
    pub fn source(&self) -> &'a Source {
        self.source
    }

    /// The predictions for each question, batch by batch. `take` receives the
    /// images of a batch and one set of predictions per question.
    ///
    /// # Errors
    /// As [`Resident::predictions`], when a file is invalid, or whatever `take`
    /// returns.
    pub fn predictions(
        &self,
        questions: &[Question<'_>],
        timings: &mut Timings,
        mut take: impl FnMut(&Split, &[Predictions]) -> Result<()>,
    ) -> Result<()> {
        self.each_batch(timings, |resident, timings| {
            let predictions = resident.timed_predictions(questions, timings)?;
            take(resident.split(), &predictions)
        })
    }

    fn each_batch(
        &self,
        timings: &mut Timings,
        mut run: impl FnMut(&dyn Resident, &mut Timings) -> Result<()>,
    ) -> Result<()> {
        if let Some(split) = self.source.whole() {
            if self.resident.get().is_none() {
                let resident = timings.time("upload", || self.backend.upload(split))?;
                // This cannot fail, since the cell is empty.
                let _ = self.resident.set(resident);
            }
            let resident = self.resident.get().expect("it has just been set");
            return run_timed(&**resident, timings, &mut run);
        }
        let mut batches = self.source.batches();
        // Reading overlaps with the work on the previous batch, so `load` is only
        // the time spent waiting.
        while let Some(batch) = timings.time("load", || batches.next()) {
            let batch = batch?;
            let resident = timings.time("upload", || self.backend.upload(&batch))?;
            run_timed(&*resident, timings, &mut run)?;
            drop(resident);
            batches.give_back(batch);
        }
        Ok(())
    }
}

/// The images of a sorted draw that are in a batch, counted from its first.
fn inside_of(batch: &Range<u32>, draw: &[u32]) -> Vec<u32> {
    let place = |end: u32| draw.partition_point(|&index| index < end);
    let inside = &draw[place(batch.start)..place(batch.end)];
    inside.iter().map(|index| index - batch.start).collect()
}

/// Runs a stage and adds the time that the device spent in its kernels.
fn run_timed(
    resident: &dyn Resident,
    timings: &mut Timings,
    run: &mut impl FnMut(&dyn Resident, &mut Timings) -> Result<()>,
) -> Result<()> {
    run(resident, timings)?;
    for (kernel, milliseconds) in resident.take_kernel_timings().stages() {
        timings.add(format!("kernel_{kernel}"), milliseconds);
    }
    Ok(())
}
