//! What is going on, on a terminal only.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

/// A line on standard error that names the stage under way and goes when it
/// is dropped. Where standard error is not a terminal it shows nothing.
pub struct Progress(ProgressBar);

impl Progress {
    /// Starts with a first stage.
    pub fn start(stage: &'static str) -> Self {
        let bar = ProgressBar::new_spinner();
        if let Ok(style) = ProgressStyle::with_template("{spinner} {msg} {elapsed}") {
            bar.set_style(style);
        }
        bar.set_message(stage);
        bar.enable_steady_tick(Duration::from_millis(100));
        Self(bar)
    }

    /// Names the next stage.
    pub fn stage(&self, stage: &'static str) {
        self.0.set_message(stage);
    }

    /// Writes a line for the user above this one.
    pub fn note(&self, line: impl std::fmt::Display) {
        self.0.suspend(|| super::note(line));
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}
