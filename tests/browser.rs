//! The page of `ncm draw` and that of `ncm report`, in a real browser.

mod accessible;
mod others;
mod page;
mod report;
mod strokes;

use crate::command_line::Draw;
use crate::support::{Browser, Outcome, ensure, no_browser, skips};

/// Whether there is no browser, and a test is to return at once.
fn skipped() -> Result<bool, String> {
    skips("browser", no_browser())
}

/// A browser that shows the page, which is ready.
fn open() -> Result<(Draw, Browser), String> {
    let draw = Draw::start(&[])?;
    let browser = Browser::open()?;
    browser.go_to(draw.address())?;
    browser.wait("document.body.dataset.state === 'ready'")?;
    Ok((draw, browser))
}

/// A number that a script returns.
fn number(browser: &Browser, expression: &str) -> Result<f64, String> {
    let value = browser.run(&format!("return Number({expression})"))?;
    value
        .as_f64()
        .ok_or_else(|| format!("{expression} is {value}"))
}

/// A text that a script returns.
fn text(browser: &Browser, expression: &str) -> Result<String, String> {
    let value = browser.run(&format!("return String({expression})"))?;
    Ok(value.as_str().unwrap_or_default().to_owned())
}

/// A script's text contains a text.
fn says(browser: &Browser, expression: &str, expected: &str) -> Outcome {
    let found = text(browser, expression)?;
    ensure(found.contains(expected), || {
        format!("{expression} is {found:?}, without {expected:?}")
    })
}

/// All requests went to where they should, or nowhere.
fn nobody_else(requests: &[String], here: &str) -> Outcome {
    let is_elsewhere =
        |address: &&String| !address.starts_with(here) && !address.starts_with("data:");
    let elsewhere: Vec<&String> = requests.iter().filter(is_elsewhere).collect();
    ensure(elsewhere.is_empty(), || {
        format!("asked elsewhere: {elsewhere:?}")
    })
}
