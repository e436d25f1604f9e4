//! Runs the command and looks at what it left behind.

#[cfg(unix)]
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

use super::schema;
use crate::support::{Folder, Outcome, ensure, failed};

/// What the caller may have set.
const SETTINGS: [&str; 20] = [
    "NCM_DATA",
    "NCM_TIMEOUT",
    "NCM_GPU_TIMEOUT",
    "LC_ALL",
    "LC_CTYPE",
    "LANG",
    "TERM",
    "COLORTERM",
    "SSL_CERT_FILE",
    "NO_COLOR",
    "CLICOLOR",
    "CLICOLOR_FORCE",
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "ALL_PROXY",
    "NO_PROXY",
    "http_proxy",
    "https_proxy",
    "all_proxy",
    "no_proxy",
];

/// The command in an empty folder with nothing of the caller's settings.
pub fn ncm(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ncm"));
    // Nor what may have been fetched here, nor the network.
    command
        .env("HOME", "/nowhere")
        .env("KERAS_HOME", "/nowhere")
        .env("NCM_CACHE_DIR", env!("CARGO_TARGET_TMPDIR"))
        .env("NCM_MIRROR", "https://127.0.0.1:1");
    for name in SETTINGS {
        command.env_remove(name);
    }
    command.args(arguments).current_dir(std::env::temp_dir());
    command
}

pub struct Ran {
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

pub fn run(command: &mut Command) -> Result<Ran, String> {
    let Output {
        status,
        stdout,
        stderr,
    } = command.stdin(Stdio::null()).output().map_err(failed)?;
    let text = |bytes| String::from_utf8(bytes).map_err(failed);
    let ran = Ran {
        code: status.code(),
        stdout: text(stdout)?,
        stderr: text(stderr)?,
    };
    ensure(!ran.stderr.contains("panicked"), || ran.stderr.clone())?;
    Ok(ran)
}

pub fn succeed(command: &mut Command) -> Result<Ran, String> {
    let ran = run(command)?;
    ensure(ran.code == Some(0), || {
        format!("exit code {:?}: {}", ran.code, ran.stderr)
    })?;
    Ok(ran)
}

/// Runs what must fail: nothing on standard output, one line on standard error.
pub fn fail(command: &mut Command, code: i32, says: &str) -> Outcome {
    let ran = run(command)?;
    let one_line =
        ran.stderr.trim_end().lines().count() == 1 && ran.stderr.starts_with("ncm: error: ");
    ensure(ran.code == Some(code), || {
        format!("exit code {:?}, not {code}: {}", ran.code, ran.stderr)
    })?;
    ensure(ran.stdout.is_empty() && (one_line || code == 2), || {
        format!("{}{}", ran.stdout, ran.stderr)
    })?;
    ensure(ran.stderr.contains(says), || {
        format!("{:?} does not say {says:?}", ran.stderr)
    })
}

/// Text without its line breaks.
pub fn one_line(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    words.join(" ")
}

pub fn on(folder: &Folder, arguments: &[&str]) -> Command {
    let mut command = ncm(arguments);
    command.arg("--data").arg(folder.path());
    command
}

pub fn json(command: &mut Command) -> Result<Value, String> {
    parsed(&succeed(command)?.stdout)
}

/// A result in JSON, which must be what `ncm schema` says.
pub fn parsed(result: &str) -> Result<Value, String> {
    let value = serde_json::from_str(result).map_err(failed)?;
    schema::check(&value)?;
    Ok(value)
}

/// A copy of the command, run by who may not read what is closed: somebody else,
/// where this user may read anything.
#[cfg(unix)]
pub fn as_other(program: &Path, closed: &Path) -> Command {
    use std::os::unix::process::CommandExt;

    let mut command = Command::new(program);
    command
        .current_dir("/")
        .env_clear()
        .env("HOME", "/nowhere")
        .env("NCM_MIRROR", "https://127.0.0.1:1");
    if std::fs::read_dir(closed).is_ok() {
        command.uid(65_534).gid(65_534);
    }
    command
}

/// A command whose process a shell has limited before, as with `ulimit -f 8`.
#[cfg(unix)]
pub fn limited(limit: &str, plain: Command) -> Command {
    let mut command = Command::new("sh");
    command
        .arg("-c")
        .arg(format!("{limit} && exec \"$@\""))
        .arg("sh")
        .arg(plain.get_program())
        .args(plain.get_args());
    if let Some(folder) = plain.get_current_dir() {
        command.current_dir(folder);
    }
    for (name, value) in plain.get_envs() {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
    command
}

/// Elsewhere there is no shell that could.
#[cfg(not(unix))]
pub fn limited(_: &str, plain: Command) -> Command {
    plain
}
