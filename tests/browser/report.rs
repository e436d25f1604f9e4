//! The page that `ncm report` writes.

use super::{accessible, nobody_else};
use crate::command_line::{ncm, succeed};
use crate::support::{Browser, Folder, Outcome, ensure};

/// It is accessible, asks nobody anything, and says everything without scripts.
#[test]
fn finds_the_report_accessible() -> Outcome {
    if accessible::skipped()? {
        return Ok(());
    }
    let folder = Folder::new();
    let path = folder.path().join("report.html");
    let path = path.to_str().ok_or("a path")?;
    let report = [
        "report",
        "--data",
        "synthetic:500,200",
        "--backend",
        "cpu",
        "--html",
        path,
    ];
    succeed(&mut ncm(&report))?;
    let browser = Browser::open()?;
    browser.go_to(&format!("file://{path}"))?;
    let pictures = browser
        .run("return [...document.images].filter(image => image.naturalWidth > 0).length")?;
    ensure(pictures.as_u64() > Some(20), || {
        format!("{pictures} pictures are seen")
    })?;
    nobody_else(&browser.requests()?, "file:")?;
    let complaints = browser.log("browser")?;
    ensure(complaints.is_empty(), || format!("{complaints:?}"))?;
    accessible::check(&browser)
}
