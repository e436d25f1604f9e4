//! Draws: lists of samples, each of which counts as often as it is listed.

use crate::error::{Error, Result};

/// Checks that a draw lists some of so many samples alone.
///
/// # Errors
/// When it lists one that is not there.
pub fn check_draw(samples: usize, draw: &[u32]) -> Result<()> {
    match draw.iter().find(|&&index| index as usize >= samples) {
        Some(index) => Err(Error::Invalid(format!(
            "sample {index} is drawn of {samples} samples"
        ))),
        None => Ok(()),
    }
}
