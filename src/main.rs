//! The `ncm` command: run, print, exit code.

use ncm::internals::app::{commands, end_at_once, report};

fn main() {
    silence_display_warnings();
    let ended = commands::run()
        .and_then(|outcome| report::print(&outcome.results).map(|()| outcome.exit_code));
    let exit_code = ended.unwrap_or_else(|error| {
        report::note(format_args!("error: {error}"));
        error.exit_code()
    });
    end_at_once(exit_code.into())
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
