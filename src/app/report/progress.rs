//! What is going on, on a terminal only.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

use super::signs;
use crate::data::named::Fetching;

/// A line on standard error that names the stage under way and goes when it
/// is dropped. Where standard error is not a terminal it shows nothing.
pub struct Progress(ProgressBar);

/// How a stage is shown.
const STAGE: &str = "{spinner} {msg} {elapsed}";

/// How a stage of known length is shown.
const STEPS: &str = "{spinner} {msg} {bar:30} {percent} %, {eta} to go";

/// How a download is shown.
const DOWNLOAD: &str = "{msg} {bar:30} {bytes} of {total_bytes}, {eta} to go";

impl Progress {
    /// Starts with a first stage.
    pub fn start(stage: &'static str) -> Self {
        let progress = Self(ProgressBar::new_spinner());
        progress.stage(stage);
        progress.0.enable_steady_tick(Duration::from_millis(100));
        progress
    }

    /// Names the next stage.
    pub fn stage(&self, stage: &'static str) {
        self.style(STAGE);
        self.0.unset_length();
        self.0.set_message(stage);
    }

    /// Names a stage of `of` steps, none of which is done.
    pub fn steps(&self, stage: &'static str, of: usize) {
        self.style(STEPS);
        self.0.set_length(of as u64);
        self.0.set_position(0);
        self.0.reset_eta();
        self.0.set_message(stage);
    }

    /// Shows how many steps are done.
    pub fn step(&self, done: usize) {
        self.0.set_position(done as u64);
    }

    /// Shows how much of a file has come.
    pub fn fetching(&self, fetching: Fetching<'_>) {
        match fetching {
            Fetching::Waiting => self.stage("another ncm is fetching this dataset; waiting for it"),
            Fetching::Receiving { file, bytes, of } => {
                if self.0.length() != Some(of) || bytes == 0 {
                    self.style(DOWNLOAD);
                    self.0.set_length(of);
                    self.0.reset_eta();
                    self.0.set_message(file.to_owned());
                }
                self.0.set_position(bytes);
            }
        }
    }

    /// Writes a line for the user above this one.
    pub fn note(&self, line: impl std::fmt::Display) {
        self.0.suspend(|| super::note(line));
    }

    fn style(&self, template: &str) {
        if let Ok(style) = ProgressStyle::with_template(template) {
            let style = match signs::has_unicode() {
                true => style,
                false => style.tick_chars("-\\|/ ").progress_chars("=> "),
            };
            self.0.set_style(style);
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}
