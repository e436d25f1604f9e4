//! The page of `ncm draw` and that of `ncm report`, in a real browser.

mod accessible;
mod others;
mod page;
mod report;
mod strokes;

use libtest_mimic::Trial;

use crate::command_line::Draw;
use crate::support::{Browser, Outcome, ensure, no_browser, skipped, trial};

type Check = fn() -> Outcome;

pub fn trials() -> Vec<Trial> {
    let checks: [(&str, Check); 12] = [
        ("browser reads the ten digits", strokes::ten_digits),
        ("browser draws with touch and pen", strokes::touch_and_pen),
        ("browser makes a dot of a tap", strokes::taps),
        ("browser clears and undoes", page::clear_and_undo),
        ("browser draws with the keyboard", page::keyboard),
        ("browser has both models and says why", page::both_models),
        ("browser shows the gallery", page::gallery),
        (
            "browser draws with one pointer at a time",
            page::one_pointer,
        ),
        ("browser reads on demand alone", page::on_demand),
        (
            "browser is told when something is missing",
            page::without_server,
        ),
        (
            "browser asks nobody else and has no error",
            page::stays_here,
        ),
        ("browser gives other sites nothing", others::no_access),
    ];
    let of_rules: [(&str, Check); 2] = [
        ("browser finds the page accessible", accessible::draw),
        ("browser finds the report accessible", report::page),
    ];
    let browser = no_browser().map(|reason| ("browser", reason));
    let no_rules = std::env::var_os(accessible::RULES).is_none();
    let rules = no_rules.then_some(("axe", "NCM_AXE names no file of axe-core"));
    let mut trials = each(&checks, browser);
    trials.extend(each(&of_rules, browser.or(rules)));
    trials
}

/// What takes times, and wants the machine to itself.
pub fn timed() -> Vec<Trial> {
    let name = "browser answers within 20 milliseconds";
    let missing = no_browser().map(|reason| ("browser", reason));
    each(&[(name, strokes::in_time)], missing)
}

fn each(checks: &[(&'static str, Check)], missing: Option<(&str, &str)>) -> Vec<Trial> {
    let trial = |&(name, check): &(&'static str, Check)| match missing {
        Some((needs, reason)) => skipped(name, needs, reason),
        None => trial(name, check),
    };
    checks.iter().map(trial).collect()
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
