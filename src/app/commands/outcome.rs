//! What a command ends with.

use crate::app::report::Results;

/// What is to be printed, and the exit code.
#[derive(Debug)]
pub struct Outcome {
    /// Results.
    pub results: Results,
    /// 0, unless some of the work could not be done and was told of.
    pub exit_code: u8,
}

impl From<Results> for Outcome {
    fn from(results: Results) -> Self {
        Self {
            results,
            exit_code: 0,
        }
    }
}
