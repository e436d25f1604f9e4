//! Turns panics of libraries into values.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Once;

thread_local! {
    /// Whether this thread is inside [`catch_panic`].
    static IS_CAUGHT: Cell<bool> = const { Cell::new(false) };
}

/// Runs code of a library that may panic instead of returning an error. A panic
/// is caught, prints nothing, and is returned as a one-line message.
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

/// Keeps caught panics from printing. Only the panic hook can do that, and it
/// is global to the process. It is wrapped once, when first needed. It forwards
/// everything to the previous hook, except panics of threads inside
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

/// Replaces line breaks in a text.
pub(crate) fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
