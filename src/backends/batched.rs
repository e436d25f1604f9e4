//! Runs the stages on a split of any size. A split that is in memory is uploaded
//! once, when it is first needed. Any other split is uploaded batch by batch each
//! time a stage runs, so that the batch size bounds the memory.

use std::cell::OnceCell;

use crate::backends::timings::Timings;
use crate::backends::{Backend, Resident};
use crate::classifier::class_sums::ClassSums;
use crate::classifier::model::Question;
use crate::classifier::predictions::Predictions;
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
        let mut sums: Option<ClassSums> = None;
        self.each_batch(timings, |resident, timings| {
            let more = timings.time("class_sums", || resident.class_sums())?;
            match &mut sums {
                Some(sums) => *sums += &more,
                None => sums = Some(more),
            }
            Ok(())
        })?;
        sums.ok_or_else(|| Error::Invalid("a split without images".into()))
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
