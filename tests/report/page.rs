//! The page: what is on it and what is not.

use super::SMALL;
use super::html::{attribute, page_at, section, small_page, tags};
#[cfg(unix)]
use crate::command_line::{ncm, succeed};
use crate::support::{Outcome, ensure, failed};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;

const SECTIONS: [&str; 9] = [
    "comparison",
    "curve",
    "confusion",
    "means",
    "classes",
    "errors",
    "wins",
    "rejecting",
    "origin",
];

#[test]
fn has_its_parts() -> Outcome {
    let page = small_page()?;
    for part in [
        "<!DOCTYPE html><html lang=\"en\">",
        "<title>ncm report: synthetic</title>",
        "<h1>ncm report: synthetic</h1>",
        "width=device-width",
        "prefers-color-scheme:dark",
        "@media print",
        "<svg",
        "ncm report \\\n    --html",
        "--data synthetic:500,200 \\\n    --backend cpu",
    ] {
        ensure(page.contains(part), || format!("no {part}"))?;
    }
    for anchor in SECTIONS {
        let heading = tags(section(&page, anchor)?, "h2");
        let named = heading.len() == 1 && page.contains(&format!("href=\"#{anchor}\""));
        ensure(named, || format!("{anchor}: {heading:?}"))?;
    }
    let heads = tags(&page, "th");
    let scoped = |tag: &&str| matches!(attribute(tag, "scope"), Some("col" | "row"));
    ensure(heads.len() > 50 && heads.iter().all(scoped), || {
        "a head without a scope".into()
    })?;
    let tables = tags(&page, "table");
    ensure(
        tables.len() == 6
            && tables
                .iter()
                .all(|tag| attribute(tag, "aria-label").is_some()),
        || format!("{tables:?}"),
    )?;
    // Nothing that was divided by nothing.
    for nothing in ["NaN", ">inf", "−0<", "−0.00", "-0."] {
        ensure(!page.contains(nothing), || nothing.into())?;
    }
    Ok(())
}

/// No script, and nothing from anywhere else.
#[test]
fn stands_alone() -> Outcome {
    let page = small_page()?;
    let policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";
    ensure(page.contains(&format!("content=\"{policy}\"")), || {
        "no policy".into()
    })?;
    let without_policy = page.replace(policy, "");
    for foreign in [
        "<script",
        "javascript:",
        "http:",
        "https:",
        "url(",
        "@import",
        "<iframe",
        "<object",
        "<embed",
        "<form",
        "srcset",
        " on",
    ] {
        // Words begin with "on" as attributes do; those have a value.
        let found = match foreign {
            " on" => tags_with_handlers(&without_policy),
            _ => without_policy.to_lowercase().contains(foreign),
        };
        ensure(!found, || format!("{foreign:?} is on the page"))?;
    }
    let links = tags(&page, "a").into_iter().chain(tags(&page, "link"));
    for link in links {
        let address = attribute(link, "href").unwrap_or_default();
        ensure(address.starts_with('#') || address == "data:,", || {
            link.to_owned()
        })?;
    }
    Ok(())
}

fn tags_with_handlers(page: &str) -> bool {
    let tags = page
        .split('<')
        .filter_map(|tag| Some(tag.split_once('>')?.0));
    tags.flat_map(|tag| tag.split(' ').skip(1))
        .any(|attribute| attribute.starts_with("on") && attribute.contains('='))
}

#[test]
fn shows_pictures_that_decode() -> Outcome {
    let page = small_page()?;
    let pictures = tags(&page, "img");
    ensure(pictures.len() > 60, || {
        format!("{} pictures", pictures.len())
    })?;
    for tag in pictures {
        let words = attribute(tag, "alt").unwrap_or_default();
        ensure(words.contains("image"), || format!("alt {words:?}"))?;
        let bytes = attribute(tag, "src")
            .and_then(|address| address.strip_prefix("data:image/png;base64,"))
            .ok_or("not in the page")?;
        let file = BASE64_STANDARD.decode(bytes).map_err(failed)?;
        let picture = image::load_from_memory(&file).map_err(failed)?;
        let size = [picture.width(), picture.height()].map(|side| side.to_string());
        let said = ["width", "height"].map(|name| attribute(tag, name).unwrap_or_default());
        ensure(size == said && said == ["28", "28"], || {
            format!("{said:?} is {size:?}")
        })?;
    }
    Ok(())
}

/// But for the milliseconds.
#[test]
fn is_the_same_each_time() -> Outcome {
    let folder = tempfile::tempdir().map_err(failed)?;
    let path = folder.path().join("page.html");
    let timeless = || -> Result<String, String> {
        let page = page_at(SMALL, &path)?;
        let (before, rest) = page
            .split_once("<dt>Milliseconds</dt><dd>")
            .ok_or("no time")?;
        let (_, after) = rest.split_once("</dd>").ok_or("no end of it")?;
        Ok(before.to_owned() + after)
    };
    ensure(timeless()? == timeless()?, || "two pages".into())
}

/// A dataset is named after its folder, and that is called anything.
#[cfg(unix)]
#[test]
fn escapes_names() -> Outcome {
    let outer = tempfile::tempdir().map_err(failed)?;
    let folder = outer.path().join("<img src=x onerror=a> & \"b\"");
    let name = folder.display().to_string();
    succeed(&mut ncm(&["data", "export", &name, "--data", SMALL]))?;
    let page = page_at(&name, &outer.path().join("page.html"))?;
    let title = "<title>ncm report: &lt;img src=x onerror=a&gt; &amp; &quot;b&quot;</title>";
    ensure(page.contains(title), || page[..2_000].to_owned())?;
    ensure(!page.contains("<img src=x"), || {
        "the name is an element".into()
    })
}
