//! How the program ends: at once, without the destructors of drivers. A driver that
//! hangs in another thread would hold those up for ever, and one that is still
//! starting may crash in them.

/// Ends the process. Everything that was written must have been flushed.
#[cfg(unix)]
#[expect(
    unsafe_code,
    reason = "the standard library has no way to end a process without destructors"
)]
pub fn end_at_once(exit_code: i32) -> ! {
    // SAFETY: `_exit` may be called at any time and from any thread; it touches no
    // memory of this process.
    unsafe { libc::_exit(exit_code) }
}

/// Ends the process.
#[cfg(not(unix))]
pub fn end_at_once(exit_code: i32) -> ! {
    std::process::exit(exit_code)
}
