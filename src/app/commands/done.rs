//! What is left to do when a command is done.

/// What standard output is to show, and the exit code.
#[derive(Debug)]
pub struct Done {
    /// Results.
    pub results: String,
    /// 0, unless some of the work could not be done and was told of.
    pub exit_code: u8,
}

impl From<String> for Done {
    fn from(results: String) -> Self {
        Self {
            results,
            exit_code: 0,
        }
    }
}
