//! As much of HTML as the report's page has.

use std::path::Path;

use crate::command_line::{ncm, succeed};
use crate::support::failed;

use super::SMALL;

/// The page about a dataset.
pub fn page_of(data: &str) -> Result<String, String> {
    let folder = tempfile::tempdir().map_err(failed)?;
    page_at(data, &folder.path().join("page.html"))
}

/// The same, written to a place.
pub fn page_at(data: &str, path: &Path) -> Result<String, String> {
    let mut command = ncm(&["report", "--backend", "cpu", "--data", data]);
    succeed(command.arg("--html").arg(path))?;
    std::fs::read_to_string(path).map_err(failed)
}

/// The page that most tests look at.
pub fn small_page() -> Result<String, String> {
    page_of(SMALL)
}

/// The part of a page with this anchor.
pub fn section<'a>(page: &'a str, anchor: &str) -> Result<&'a str, String> {
    let start = format!("<section id=\"{anchor}\"");
    let from = page.find(&start).ok_or_else(|| format!("no {start}"))?;
    let length = page[from..].find("</section>").ok_or("no end of it")?;
    Ok(&page[from..from + length])
}

/// The start tags of this name.
pub fn tags<'a>(page: &'a str, name: &str) -> Vec<&'a str> {
    let start = format!("<{name}");
    let of_name = |rest: &&str| rest.starts_with([' ', '>']);
    let rests = page.split(start.as_str()).skip(1).filter(of_name);
    rests
        .filter_map(|rest| Some(rest.split_once('>')?.0))
        .collect()
}

/// What an attribute of a start tag says.
pub fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    let start = format!(" {name}=\"");
    let from = tag.find(&start)? + start.len();
    tag[from..].split('"').next()
}

/// The cells of every row of every table, heads among them.
pub fn rows(part: &str) -> Vec<Vec<String>> {
    let rows = part.split("<tr>").skip(1);
    let rows = rows.filter_map(|row| Some(row.split_once("</tr>")?.0));
    rows.map(|row| row.split("<t").skip(1).map(text).collect())
        .collect()
}

/// What is read of an element that has begun with its name.
fn text(element: &str) -> String {
    let mut text = String::new();
    for piece in element.split('<') {
        text += piece.split_once('>').map_or("", |(_, rest)| rest);
    }
    text
}
