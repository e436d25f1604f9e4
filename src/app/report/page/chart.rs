//! A line chart of accuracy against the share of images kept.

use maud::{Markup, html};

use crate::app::report::plot::{BOTTOM, HEIGHT, LEFT, RIGHT, TOP, WIDTH, decimal, step};
use crate::evaluation::margins::Kept;

/// Percentages along the lower edge.
const SHARES: [u32; 6] = [0, 20, 40, 60, 80, 100];

/// The chart: a line through `line`, dots at `dots`.
pub(super) fn chart(line: &[Kept], dots: &[Kept]) -> Markup {
    let least = line.iter().map(Kept::accuracy).fold(1.0, f64::min);
    let floor = (least * 10.0).floor() / 10.0;
    let place = |kept: &Kept| (x(f64::from(kept.percent)), y(kept.accuracy(), floor));
    let points: Vec<String> = line
        .iter()
        .map(place)
        .map(|(x, y)| format!("{x:.1},{y:.1}"))
        .collect();
    html! {
        svg.chart viewBox={ "0 0 " (WIDTH) " " (HEIGHT) } role="img" aria-labelledby="chart-title" {
            title id="chart-title" {
                "Line chart: accuracy of the images kept, against the share of images kept when those of the narrowest relative margins are rejected. The table below has its values."
            }
            @for percent in ticks(floor) {
                @let y = y(f64::from(percent) / 100.0, floor);
                line.grid x1=(LEFT) x2=(RIGHT) y1=(decimal(y)) y2=(decimal(y)) {}
                text x=(LEFT - 8.0) y=(decimal(y + 5.0)) text-anchor="end" { (percent) " %" }
            }
            @for percent in SHARES {
                text x=(decimal(x(f64::from(percent)))) y=(BOTTOM + 20.0) text-anchor="middle" { (percent) " %" }
            }
            text x=((LEFT + RIGHT) / 2.0) y=(BOTTOM + 44.0) text-anchor="middle" { "of the images kept" }
            polyline points=(points.join(" ")) {}
            @for (x, y) in dots.iter().map(place) {
                circle cx=(decimal(x)) cy=(decimal(y)) r="4" {}
            }
        }
    }
}

/// Percentages of accuracy from a floor to all.
fn ticks(floor: f64) -> impl Iterator<Item = u32> {
    let lowest = (floor * 100.0).round() as u32;
    let step = step(100 - lowest);
    (lowest..=100).filter(move |percent| (100 - percent).is_multiple_of(step))
}

fn x(percent: f64) -> f64 {
    LEFT + (RIGHT - LEFT) * percent / 100.0
}

fn y(accuracy: f64, floor: f64) -> f64 {
    // Where all are right there is no range to show.
    let range = if floor < 1.0 { 1.0 - floor } else { 1.0 };
    BOTTOM - (BOTTOM - TOP) * (accuracy - floor) / range
}
