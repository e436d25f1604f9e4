//! How the page looks: on screens by day and night, and printed.

use std::fmt::Write;

use crate::app::report::heat::{AT_NIGHT, NIGHT, ON_PAPER, PAPER, Shade};
use crate::app::report::raster::Colour;

const SCREEN: &str = include_str!("screen.css");
const PRINT: &str = include_str!("print.css");

/// The style sheet.
pub(super) fn style() -> String {
    let day = theme(
        PAPER,
        &ON_PAPER,
        "--soft:#57606a;--line:#d5d9de;--pane:#f4f5f7;--mark:#1f5fa8",
    );
    let night = theme(
        NIGHT,
        &AT_NIGHT,
        "--soft:#a2abb5;--line:#343a41;--pane:#1d2126;--mark:#7db4f0",
    );
    let mut levels = String::new();
    for level in 0..ON_PAPER.len() {
        let _ = write!(
            levels,
            ".h{level}{{background:var(--h{level});color:var(--i{level})}}"
        );
    }
    format!(
        ":root{{color-scheme:light dark;{day}}}\
         @media screen and (prefers-color-scheme:dark){{:root{{{night}}}}}\
         \n{SCREEN}{levels}\n{PRINT}"
    )
}

fn theme(page: Shade, shades: &[Shade], rest: &str) -> String {
    let mut text = format!("--paper:{};--ink:{};", code(page.ground), code(page.ink));
    for (level, shade) in shades.iter().enumerate() {
        let (ground, ink) = (code(shade.ground), code(shade.ink));
        let _ = write!(text, "--h{level}:{ground};--i{level}:{ink};");
    }
    text + rest
}

fn code([red, green, blue]: Colour) -> String {
    format!("#{red:02x}{green:02x}{blue:02x}")
}
