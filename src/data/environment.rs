//! Settings that environment variables hold.

use std::time::Duration;

use crate::error::{Error, Result};

/// The whole seconds that a variable says, from 1 to `most`; the default where it is
/// not set or empty.
///
/// # Errors
/// When it says something else.
pub(crate) fn seconds(variable: &'static str, default: u64, most: u64) -> Result<Duration> {
    let text = match std::env::var_os(variable) {
        Some(text) if !text.is_empty() => text.to_string_lossy().into_owned(),
        _ => return Ok(Duration::from_secs(default)),
    };
    match text.parse() {
        Ok(seconds) if (1..=most).contains(&seconds) => Ok(Duration::from_secs(seconds)),
        _ => Err(Error::Environment {
            variable,
            problem: format!("{variable}={text}: set it to whole seconds from 1 to {most}"),
        }),
    }
}
