//! Runs `ncm draw`, which goes on until it is ended.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use super::ncm;
use crate::support::failed;

/// A running `ncm draw`, ended when dropped.
pub struct Draw {
    process: Child,
    /// As printed: the origin and, after `#`, the key.
    address: String,
}

impl Draw {
    pub fn start(arguments: &[&str]) -> Result<Self, String> {
        let mut command = ncm(&["draw", "--no-open"]);
        command.args(arguments);
        Self::of(command)
    }

    /// What such a command starts.
    pub fn of(mut command: Command) -> Result<Self, String> {
        let mut process = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(failed)?;
        let output = process.stdout.take();
        // From here on it is ended whatever happens.
        let mut draw = Self {
            process,
            address: String::new(),
        };
        let mut says = BufReader::new(output.ok_or("a pipe")?);
        says.read_line(&mut draw.address).map_err(failed)?;
        draw.address.truncate(draw.address.trim_end().len());
        Ok(draw)
    }

    pub fn address(&self) -> &str {
        &self.address
    }

    /// The address without the key, and the key.
    pub fn origin_and_key(&self) -> Result<(&str, &str), String> {
        self.address.split_once('#').ok_or_else(|| "no key".into())
    }
}

impl Drop for Draw {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
