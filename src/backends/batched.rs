//! A split of any size on a backend. A split in memory is uploaded once, when it
//! is first needed. Any other is uploaded batch by batch whenever a stage runs,
//! so that memory is bounded by the batch.

use std::cell::OnceCell;

use crate::backends::timings::Timings;
use crate::backends::{Backend, Resident};
use crate::classifier::class_sums::ClassSums;
use crate::classifier::model::Question;
use crate::classifier::predictions::Predictions;
use crate::data::{Source, Split};
use crate::error::{Error, Result};

/// A split on a backend, batch by batch.
pub struct Batched<'a> {
    backend: &'a dyn Backend,
    source: &'a Source,
    resident: OnceCell<Box<dyn Resident + 'a>>,
}

impl<'a> Batched<'a> {
    /// A split that is uploaded once it is needed.
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
    /// When a file turns out bad or the device fails.
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

    /// The predictions for each question, batch by batch: `take` gets the
    /// images of a batch with one set of predictions for each question.
    ///
    /// # Errors
    /// As [`Resident::predictions`], when a file turns out bad, or what `take` returns.
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
                // It was empty.
                let _ = self.resident.set(resident);
            }
            let resident = self.resident.get().expect("it has just been set");
            return run_timed(&**resident, timings, &mut run);
        }
        let mut batches = self.source.batches();
        // Waiting for a batch is what reading costs beyond the work it runs beside.
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

/// Runs a stage and adds the time that the device itself spent in its kernels.
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
