//! Panics of libraries, turned into values.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Once;

thread_local! {
    /// Whether this thread does work whose panics are caught.
    static IS_CAUGHT: Cell<bool> = const { Cell::new(false) };
}

/// Runs work of a library that panics where it finds no better way to report.
/// The panic ends here, quietly, as its message in one line.
pub(crate) fn catch_panic<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    quieten();
    let outer = IS_CAUGHT.replace(true);
    let result = catch_unwind(AssertUnwindSafe(work));
    IS_CAUGHT.set(outer);
    result.map_err(|panic| {
        let text = panic.downcast_ref::<String>().map(String::as_str);
        let text = text.or_else(|| panic.downcast_ref::<&str>().copied());
        one_line(text.unwrap_or("for a reason it did not give"))
    })
}

/// Has panics that are caught print nothing. Only the panic hook can do that,
/// and a process has one: it is wrapped once, when first needed, and passes
/// everything on to the hook before it but the panics of threads that are in
/// [`catch_panic`].
fn quieten() {
    static WRAPPED: Once = Once::new();
    WRAPPED.call_once(|| {
        let usual = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            if !IS_CAUGHT.get() {
                usual(panic);
            }
        }));
    });
}

/// Text without line breaks.
pub(crate) fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
