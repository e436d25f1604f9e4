//! The `ncm` command: parse, run, exit code.

use std::process::ExitCode;

use ncm::internals::app::commands::Arguments;
use ncm::internals::app::{clean_up_when_interrupted, report};

fn main() -> ExitCode {
    silence_display_warnings();
    clean_up_when_interrupted(end);
    let ended = Arguments::from_command_line()
        .run()
        .and_then(|outcome| report::print(&outcome.results).map(|()| outcome.exit_code));
    match ended {
        Ok(code) => ExitCode::from(code),
        Err(error) => {
            report::note(format_args!("error: {error}"));
            ExitCode::from(error.exit_code())
        }
    }
}

/// The exit code of a program that was interrupted, as shells have it.
const INTERRUPTED: i32 = 130;

fn end() -> ! {
    report::note(format_args!("interrupted"));
    std::process::exit(INTERRUPTED)
}

/// Mesa's device-selection layer for Vulkan asks for a Wayland display and
/// complains on standard error where there is none. This command ranks devices
/// itself, so on a machine without a session it does without that layer.
#[cfg(target_os = "linux")]
#[expect(
    unsafe_code,
    reason = "the layer offers no other switch than its environment variable"
)]
fn silence_display_warnings() {
    if std::env::var_os("XDG_RUNTIME_DIR").is_none() {
        // SAFETY: called first in `main`, before any thread exists that could
        // read the environment at the same time.
        unsafe { std::env::set_var("NODEVICE_SELECT", "1") };
    }
}

#[cfg(not(target_os = "linux"))]
fn silence_display_warnings() {}
