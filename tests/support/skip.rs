//! Tests that cannot run everywhere.

use std::io::Write;

/// Whether `NCM_REQUIRE`, a list with commas, names this.
pub fn is_required(what: &str) -> bool {
    std::env::var("NCM_REQUIRE").is_ok_and(|list| list.split(',').any(|item| item.trim() == what))
}

/// Whether the running test is to return at once, since something is missing:
/// that is said on standard error. Where `NCM_REQUIRE` names it, the test fails.
pub fn skips(what: &str, missing: Option<&str>) -> Result<bool, String> {
    let Some(reason) = missing else {
        return Ok(false);
    };
    if is_required(what) {
        return Err(format!("NCM_REQUIRE names {what}, but {reason}"));
    }
    let thread = std::thread::current();
    let test = thread.name().unwrap_or("a test");
    // Not `eprintln!`, of which nothing is shown where a test passes.
    let said = writeln!(std::io::stderr(), "skipped: {reason} ({test})");
    said.map_err(|error| error.to_string())?;
    Ok(true)
}

/// What a test needs, or nothing where it is to return at once.
pub fn needs<T>(what: &str, found: Result<T, &str>) -> Result<Option<T>, String> {
    match found {
        Ok(found) => Ok(Some(found)),
        Err(reason) => skips(what, Some(reason)).map(|_| None),
    }
}
