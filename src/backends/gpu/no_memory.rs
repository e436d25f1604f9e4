//! Tests out-of-memory handling: each buffer in turn is requested with a size that
//! no device can allocate.

use std::cell::Cell;

use super::Gpu;
use super::adapters::{FoundAdapter, adapters};
use crate::backends::batched::Batched;
use crate::backends::timings::Timings;
use crate::classifier::class_sums::ClassSums;
use crate::classifier::model::{Model, Question};
use crate::data::{Images, Source, Split};
use crate::error::{Error, Result};

/// A size in bytes that no device can allocate, a multiple of four.
const MORE_THAN_ANY: u64 = 1 << 60;

thread_local! {
    /// How many more buffers this thread creates before one fails.
    static LEFT: Cell<Option<usize>> = const { Cell::new(None) };
}

/// The size to request instead of `size`.
pub(super) fn size(size: u64) -> u64 {
    let left = LEFT.get();
    LEFT.set(left.and_then(|left| left.checked_sub(1)));
    match left {
        Some(0) => MORE_THAN_ANY,
        _ => size,
    }
}

/// Runs the stages that every command runs: class sums, then predictions.
fn answer(adapter: &FoundAdapter, source: &Source) -> Result<(ClassSums, Vec<u16>)> {
    let gpu = Gpu::open(adapter)?;
    let timings = &mut Timings::default();
    let pass = Batched::new(&gpu, source);
    let sums = pass.class_sums(timings)?;
    let model = Model::new("itself", sums.clone())?;
    let mut classes = Vec::new();
    pass.predictions(&[Question::plain(&model)], timings, |_, predicted| {
        classes.extend_from_slice(predicted[0].classes());
        Ok(())
    })?;
    Ok((sums, classes))
}

fn images() -> Source {
    let (images, dim, classes) = (300, 50, 4);
    let pixels = (0..images * dim).map(|at| (at * at % 251) as u8).collect();
    let labels = (0..images).map(|at| (at % classes) as u16).collect();
    let images = Images::new(1, dim, pixels).expect("images");
    Split::new(images, labels, classes).expect("labels").into()
}

/// Makes the first buffer fail, then the second, and so on, until all are created.
#[test]
fn no_memory_for_any_buffer_is_an_error() {
    let source = images();
    // Without an adapter nothing is tested.
    for adapter in &adapters() {
        let right = answer(adapter, &source).expect("an answer with all buffers");
        let fails = |&buffer: &usize| {
            LEFT.set(Some(buffer));
            let found = answer(adapter, &source);
            LEFT.set(None);
            match found {
                Ok(found) => {
                    assert_eq!(found, right, "buffer {buffer}");
                    false
                }
                Err(Error::Gpu(_)) => true,
                Err(other) => panic!("buffer {buffer}: another error: {other}"),
            }
        };
        let failing = (0..60).take_while(fails).count();
        assert!((8..60).contains(&failing), "{failing} buffers can fail");
    }
}
