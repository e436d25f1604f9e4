//! How the page looks: on screens by day and night, and printed.

use std::fmt::Write;

use crate::app::report::heat::{AT_NIGHT, NIGHT, ON_PAPER, PAPER, Shade};
use crate::app::report::raster::Colour;

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
         {RULES}{levels}{PRINT}"
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

const RULES: &str = "
*{box-sizing:border-box}
body{margin:0 auto;padding:1.5rem 1rem 4rem;max-width:60rem;background:var(--paper);color:var(--ink);
font:1rem/1.5 system-ui,-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif;overflow-wrap:anywhere}
h1,h2,h3{line-height:1.25;text-wrap:balance}
h1{font-size:1.25rem;font-weight:600;color:var(--soft);margin:0 0 1rem}
h2{font-size:1.375rem;margin:3rem 0 .75rem;padding-top:1rem;border-top:1px solid var(--line)}
h3{font-size:1.0625rem;margin:1.75rem 0 .5rem}
p,ul{max-width:46rem;margin:.5rem 0}
ul{padding-left:1.25rem}
a{color:var(--mark)}
.headline{font-size:1.125rem;margin:0 0 .75rem}
.headline strong{display:block;font-size:3rem;line-height:1.1;letter-spacing:-.02em;font-variant-numeric:tabular-nums}
.finding{font-weight:600}
.note{color:var(--soft);font-size:.875rem}
nav{margin:1.5rem 0 0;padding:.75rem 1rem;background:var(--pane);border-radius:.375rem;font-size:.9375rem}
nav ol{margin:0;padding-left:1.5rem;columns:18rem}
nav a{text-decoration:none}
nav a:hover,nav a:focus{text-decoration:underline}
.scroll{overflow-x:auto}
pre{margin:0}
main>section>figure,.heat figure{margin:1rem 0}
table{border-collapse:collapse;font-variant-numeric:tabular-nums;font-size:.9375rem;overflow-wrap:normal}
.caption{color:var(--soft);font-size:.875rem;margin:0 0 .375rem}
th,td{padding:.25rem .75rem;text-align:right;white-space:nowrap;border-bottom:1px solid var(--line)}
th:first-child,td:first-child{text-align:left;padding-left:0}
td:last-child,th:last-child{padding-right:0}
thead th{color:var(--soft);font-weight:500}
tbody th{font-weight:500}
.heat td,.heat th,.heat td:last-child,.heat th:last-child{padding:.375rem .25rem;min-width:3.25rem;text-align:center;border:0}
.heat table{border-collapse:separate;border-spacing:2px}
.heat tbody td{border-radius:.125rem}
.heat thead th,.heat tbody th{font-weight:600;color:var(--ink)}
.heat th:first-child{text-align:right;padding-right:.625rem;position:sticky;left:0;background:var(--paper)}
.heat td.axes{color:var(--soft);font-size:.75rem;line-height:1.2;white-space:normal;width:4.75rem;min-width:4.75rem;text-align:left;padding-left:0}
.right{box-shadow:inset 0 0 0 1px var(--soft);font-weight:600}
.none{color:var(--soft)}
.swatch{display:inline-block;width:.875rem;height:.875rem;margin-right:1px;vertical-align:-.125rem;border-radius:.125rem}
img{display:block;image-rendering:pixelated;background:#000;object-fit:fill}
.scale{white-space:nowrap}
.mistakes{list-style:none;padding:0;max-width:none;display:grid;grid-template-columns:repeat(auto-fit,minmax(min(27rem,100%),1fr));gap:1.25rem 2rem;margin:.75rem 0}
.mistakes p{margin:0 0 .375rem}
.strip{display:flex;flex-wrap:wrap;gap:.375rem}
.strip img{width:3rem;height:auto;max-height:7rem;min-height:.5rem}
.gallery{display:grid;grid-template-columns:repeat(auto-fill,minmax(8.25rem,1fr));gap:1.25rem 1rem;margin:1rem 0}
.gallery figure{margin:0;break-inside:avoid}
.gallery img{width:5.25rem;height:auto;max-height:10.5rem;min-height:.5rem}
.gallery figcaption{font-size:.8125rem;line-height:1.4;margin-top:.375rem}
.gallery dl{display:grid;grid-template-columns:max-content 1fr;gap:0 .5rem;margin:0;font-variant-numeric:tabular-nums}
dt{color:var(--soft)}
dd{margin:0}
.means{grid-template-columns:repeat(5,minmax(0,1fr));max-width:48rem}
.means img{width:7rem;max-height:14rem}
.means div{color:var(--soft)}
.nothing{display:grid;place-items:center;width:7rem;height:7rem;border:1px dashed var(--soft);font-size:.8125rem}
.chart{display:block;width:100%;max-width:30rem;height:auto;margin:1rem 0}
.chart text{fill:var(--soft);font-size:14px}
.chart .grid{stroke:var(--line);stroke-width:1}
.chart polyline{fill:none;stroke:var(--mark);stroke-width:2.5;stroke-linejoin:round}
.chart circle{fill:var(--mark);stroke:var(--paper);stroke-width:1.5}
.origin{display:grid;grid-template-columns:max-content minmax(0,1fr);gap:.375rem 1rem}
code{font:.875rem/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
@media(max-width:30rem){.chart text{font-size:17px}
tbody th:first-child{white-space:normal;min-width:5.5rem}
.heat tbody th:first-child,.heat td.axes{min-width:0;width:auto}.heat td,.heat th,.heat td:last-child,.heat th:last-child{min-width:2.5rem}
.origin{grid-template-columns:minmax(0,1fr);gap:0}.origin dd{margin-bottom:.5rem}
.gallery{grid-template-columns:repeat(auto-fill,minmax(7.5rem,1fr))}
.means{grid-template-columns:repeat(auto-fill,minmax(5.5rem,1fr))}.means img{width:5.5rem}}
";

const PRINT: &str = "
@media print{:root{color-scheme:light;font-size:10pt}body{max-width:none;padding:0}
nav{display:none}.scroll{overflow:visible;white-space:pre-wrap}h2,h3,.caption{break-after:avoid}
table,tr,svg,.mistakes li{break-inside:avoid}@page{margin:15mm}
*{print-color-adjust:exact;-webkit-print-color-adjust:exact}.gallery{grid-template-columns:repeat(6,1fr)}
.means{grid-template-columns:repeat(5,1fr);break-inside:avoid}.gallery img{width:4.5rem}h2+p{break-after:avoid}
.mistakes{grid-template-columns:1fr 1fr}.strip img{width:2.5rem}}
";
