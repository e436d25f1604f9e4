//! What a command ends with.

/// What standard output is to show, and the exit code.
#[derive(Debug)]
pub struct Outcome {
    /// Results.
    pub results: String,
    /// 0, unless some of the work could not be done and was told of.
    pub exit_code: u8,
}

impl From<String> for Outcome {
    fn from(results: String) -> Self {
        Self {
            results,
            exit_code: 0,
        }
    }
}
