//! One pass over the rows of an array, batch by batch; memory holds a batch and a
//! block of the file.

use std::io::Read;
use std::ops::Range;
use std::sync::Arc;

use super::matrix::Planned;
use super::reopened::reopened;
use super::values::Values;
use crate::data::Features;
use crate::error::Result;

/// Which rows of an array that was divided are of one set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Part {
    /// Of each row of the array, whether it is a test sample.
    pub are_tests: Arc<[bool]>,
    /// Whether the set is that of the test samples.
    pub is_tests: bool,
}

/// A pass, which has come to some row.
pub(super) struct Pass {
    planned: Arc<Planned>,
    part: Option<Part>,
    /// None before the first batch.
    values: Option<Values<Box<dyn Read + Send>>>,
    /// The end of the rows, and of those that have been read or passed over.
    rows: usize,
    done: usize,
}

impl Pass {
    /// Over these rows of an array that is stored in rows, or those of a part.
    pub(super) fn new(planned: &Arc<Planned>, part: Option<Part>, rows: Range<usize>) -> Self {
        Self {
            planned: Arc::clone(planned),
            part,
            values: None,
            rows: rows.end,
            done: rows.start,
        }
    }

    /// At most `most` more rows, in `memory`. None after the last, when the file was
    /// found to end there, and after an error.
    ///
    /// # Errors
    /// When the file is damaged or has changed, or a value of it, of this part or
    /// another, is not finite as `f32`.
    pub(super) fn next(&mut self, most: usize, mut memory: Vec<f32>) -> Result<Option<Features>> {
        match self.fill(most.max(1), &mut memory) {
            Ok(0) => Ok(None),
            Ok(_) => Features::of_finite(self.planned.dim, memory).map(Some),
            Err(error) => {
                self.done = self.rows;
                Err(error)
            }
        }
    }

    /// Reads rows until there are `most`, or all; how many there are.
    fn fill(&mut self, most: usize, memory: &mut Vec<f32>) -> Result<usize> {
        let dim = self.planned.dim;
        let most = most.min(self.rows - self.done);
        self.reserve(most * dim, memory)?;
        let mut kept = 0;
        while kept < most && self.done < self.rows {
            let values = match &mut self.values {
                Some(values) => values,
                none => {
                    let skip = self.done as u64;
                    let body = reopened(&self.planned, skip)?;
                    none.insert(Values::behind(body, &self.planned, skip))
                }
            };
            // Rows of other parts leave room for more.
            let read = (most - kept).min(self.rows - self.done);
            values.read(&mut memory[kept * dim..][..read * dim])?;
            let rows = self.done..self.done + read;
            if rows.end as u64 == self.planned.rows {
                values.end()?;
            }
            self.done = rows.end;
            kept = match &self.part {
                None => kept + read,
                Some(part) => part.moved_up(rows, kept, dim, memory),
            };
        }
        memory.truncate(kept * dim);
        Ok(kept)
    }

    /// Makes memory for so many values. What was in it need not be overwritten first.
    fn reserve(&self, count: usize, memory: &mut Vec<f32>) -> Result<()> {
        if memory.capacity() < count {
            memory.clear();
            let reserved = memory.try_reserve_exact(count);
            reserved.map_err(|_| self.planned.too_large())?;
        }
        memory.resize(count, 0.0);
        Ok(())
    }
}

impl Part {
    /// Moves this part's rows, among those of the array that are in memory from `kept`
    /// on, to that place; how many there are then.
    fn moved_up(
        &self,
        rows: Range<usize>,
        mut kept: usize,
        dim: usize,
        memory: &mut [f32],
    ) -> usize {
        let first = kept;
        for (index, &is_test) in self.are_tests[rows].iter().enumerate() {
            if is_test == self.is_tests {
                let from = (first + index) * dim;
                memory.copy_within(from..from + dim, kept * dim);
                kept += 1;
            }
        }
        kept
    }
}
