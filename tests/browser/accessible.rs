//! Whether everybody can use the pages: axe-core's rules, where `NCM_AXE` names
//! its file.

use serde_json::Value;

use super::open;
use super::strokes::{digit, draw as draw_strokes, read};
use crate::support::{Browser, Outcome, ensure, failed, skips};

/// Names the file.
const RULES: &str = "NCM_AXE";

/// What keeps somebody from using a page.
const GRAVE: [&str; 2] = ["serious", "critical"];

/// Whether there are no rules, or no browser, and a test is to return at once.
pub fn skipped() -> Result<bool, String> {
    let no_rules = std::env::var_os(RULES).is_none();
    let no_rules = no_rules.then_some("NCM_AXE names no file of axe-core");
    Ok(super::skipped()? || skips("axe", no_rules)?)
}

/// The page shown has no grave fault by day and by night, wide and narrow.
pub fn check(browser: &Browser) -> Outcome {
    let path = std::env::var_os(RULES).unwrap_or_default();
    let rules = std::fs::read_to_string(path).map_err(failed)?;
    for scheme in ["light", "dark"] {
        for width in [1280, 320] {
            browser.prefer(scheme)?;
            browser.resize(width, 900)?;
            let faults = browser.run(&format!(
                "{rules}\nreturn axe.run().then(found => found.violations.map(\
                 rule => [rule.impact, rule.id, rule.nodes.map(node => node.html).join(' ')]))"
            ))?;
            let is_grave = |fault: &&Value| GRAVE.iter().any(|grave| fault[0] == *grave);
            let grave: Vec<&Value> = faults
                .as_array()
                .into_iter()
                .flatten()
                .filter(is_grave)
                .collect();
            ensure(grave.is_empty(), || {
                format!("{scheme}, {width} wide: {grave:?}")
            })?;
            let wide = browser.run("return document.documentElement.scrollWidth")?;
            ensure(wide.as_u64() <= Some(width.into()), || {
                format!("{wide} pixels wide where there are {width}")
            })?;
        }
    }
    Ok(())
}

/// Empty, and with a drawing read.
#[test]
fn finds_the_page_accessible() -> Outcome {
    if skipped()? {
        return Ok(());
    }
    let (_draw, browser) = open()?;
    check(&browser)?;
    browser.resize(1280, 1000)?;
    draw_strokes(&browser, "mouse", &digit(7))?;
    read(&browser)?;
    check(&browser)
}
