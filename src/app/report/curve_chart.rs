//! A learning curve as a chart: in a terminal, as SVG and as a picture. Sizes stand on a
//! logarithmic scale; what the repetitions spread over is a band, and the interval of the
//! accuracy with all images a bar at the end.

use maud::{Markup, PreEscaped, html};

use super::heat::PAPER;
use super::lettering;
use super::plot::{BOTTOM, HEIGHT, LEFT, RIGHT, TOP, WIDTH, decimal, step};
use super::raster::{Colour, Raster};
use super::text;
use crate::evaluation::curve::{Curve, Point};

/// Pixels of the picture for each unit of the drawing.
const SCALE: f64 = 2.0;

const GRID: Colour = [0xd8, 0xdc, 0xe0];
const BAND: Colour = [0xc3, 0xd6, 0xea];
const LINE: Colour = [0x1f, 0x5f, 0x9e];

/// How the file looks where no page gives it a style: by day and by night.
const STYLE: &str = "\
text { font: 13px system-ui, sans-serif; fill: #1b1f24 }
.grid { stroke: #d8dce0 } .band { fill: #1f5f9e; opacity: .25 }
polyline { fill: none; stroke: #1f5f9e; stroke-width: 2 }
circle { fill: #1f5f9e } .bar { stroke: #1b1f24; stroke-width: 2 }
@media (prefers-color-scheme: dark) {
text { fill: #e7e9ec } .grid { stroke: #3a4048 } .band { fill: #7fb4e6 }
polyline { stroke: #7fb4e6 } circle { fill: #7fb4e6 } .bar { stroke: #e7e9ec } }";

/// The points of a curve, and the range that they are shown in.
pub(super) struct Chart {
    points: Vec<Marked>,
    full: (f64, [f64; 2]),
    per_class: bool,
    /// Whether there are enough repetitions for a middle 95 % of them.
    has_middle: bool,
    sizes: [f64; 2],
    shares: [f64; 2],
}

/// A point of the chart.
struct Marked {
    images: usize,
    accuracy: f64,
    /// What the repetitions spread over: their middle 95 %, or all of them where they are
    /// few; and all of them. `None` where that says little.
    spread: Option<([f64; 2], [f64; 2])>,
}

impl Marked {
    fn new(curve: &Curve, point: &Point) -> Self {
        let all = [point.spread.least, point.spread.greatest];
        let middle = point.spread.middle95.unwrap_or(all);
        Self {
            images: point.images,
            accuracy: point.spread.accuracy,
            spread: curve.shows_spread(point).then_some((middle, all)),
        }
    }
}

impl Chart {
    pub(super) fn new(curve: &Curve, per_class: bool) -> Self {
        let points: Vec<_> = curve
            .points
            .iter()
            .map(|point| Marked::new(curve, point))
            .collect();
        let full = (curve.full.accuracy(), curve.full.interval95());
        let lows = points.iter().map(|point| match point.spread {
            Some((_, [least, _])) => least,
            None => point.accuracy,
        });
        let highs = points.iter().map(|point| match point.spread {
            Some((_, [_, greatest])) => greatest,
            None => point.accuracy,
        });
        let least = lows.fold(full.1[0], f64::min);
        let greatest = highs.fold(full.1[1], f64::max);
        let log = |images: usize| (images.max(1) as f64).log10();
        let first = points.first().map_or(0.0, |point| log(point.images));
        let last = points.last().map_or(0.0, |point| log(point.images));
        Self {
            points,
            full,
            per_class,
            has_middle: curve
                .points
                .iter()
                .any(|point| point.spread.middle95.is_some()),
            sizes: [first, if last > first { last } else { first + 1.0 }],
            shares: [
                (least * 10.0).floor() / 10.0,
                ((greatest * 10.0).ceil() / 10.0).min(1.0),
            ],
        }
    }

    /// Whether the last point is the model of all images.
    fn ends_with_all(&self) -> bool {
        let last = self.points.last();
        !self.per_class
            && last.is_some_and(|point| point.spread.is_none() && point.accuracy == self.full.0)
    }

    /// A line for each size, `width` characters from the least share to the greatest.
    pub(super) fn text(&self, width: usize) -> String {
        let sizes = self
            .points
            .iter()
            .map(|point| text::count(point.images as u64));
        let sizes: Vec<String> = sizes.collect();
        let label = sizes.iter().map(String::len).max().unwrap_or(0).max(6);
        let [low, high] = self.shares;
        let place = |share: f64| {
            let range = (share - low) / (high - low);
            (range * (width - 1) as f64).round() as usize
        };
        let mut page = String::new();
        for (size, point) in sizes.iter().zip(&self.points) {
            let mut line = vec![' '; width];
            if let Some((middle, all)) = point.spread {
                line[place(all[0])..=place(all[1])].fill('·');
                line[place(middle[0])..=place(middle[1])].fill('─');
            }
            line[place(point.accuracy)] = '●';
            let line: String = line.into_iter().collect();
            page += &format!("  {size:>label$}  {}\n", line.trim_end());
        }
        let (low, high) = (text::whole_percent(low), text::whole_percent(high));
        let between = width - low.chars().count() - high.chars().count();
        page += &format!("  {:label$}  {low}{:between$}{high}\n", "", "");
        page + match self.has_middle {
            true => "  ● mean   ─ middle 95 % of the repetitions   · all of them\n",
            false => "  ● mean   ─ all repetitions\n",
        }
    }

    /// The drawing on a page.
    pub(super) fn svg(&self) -> Markup {
        let line: Vec<String> = self
            .points
            .iter()
            .map(|point| format!("{:.1},{:.1}", self.x(point.images), self.y(point.accuracy)))
            .collect();
        let of_what = if self.per_class {
            "training images of each class"
        } else {
            "training images"
        };
        html! {
            svg.chart viewBox={ "0 0 " (WIDTH) " " (HEIGHT) } role="img" aria-labelledby="curve-title" {
                title id="curve-title" {
                    "Learning curve: accuracy against the number of " (of_what) ", on a logarithmic scale."
                }
                @for percent in self.ticks() {
                    @let y = self.y(f64::from(percent) / 100.0);
                    line.grid x1=(LEFT) x2=(RIGHT) y1=(decimal(y)) y2=(decimal(y)) {}
                    text x=(LEFT - 8.0) y=(decimal(y + 5.0)) text-anchor="end" { (percent) " %" }
                }
                @for images in self.labelled_sizes() {
                    text x=(decimal(self.x(images))) y=(BOTTOM + 20.0) text-anchor="middle" { (text::count(images as u64)) }
                }
                text x=((LEFT + RIGHT) / 2.0) y=(BOTTOM + 44.0) text-anchor="middle" { (of_what) }
                polygon.band points=(self.band()) {}
                polyline points=(line.join(" ")) {}
                @for point in &self.points {
                    circle cx=(decimal(self.x(point.images))) cy=(decimal(self.y(point.accuracy))) r="3" {}
                }
                @if self.ends_with_all() {
                    @let [low, high] = self.full.1.map(|share| decimal(self.y(share)));
                    line.bar x1=(RIGHT) x2=(RIGHT) y1=(low) y2=(high) {}
                }
            }
        }
    }

    /// The drawing as a file of its own.
    pub(super) fn svg_file(&self) -> String {
        let drawing = self.svg().into_string();
        let style = html! { style { (PreEscaped(STYLE)) } }.into_string();
        let drawing = drawing.strip_prefix("<svg").unwrap_or(&drawing);
        let (attributes, rest) = drawing.split_once('>').unwrap_or_default();
        format!("<svg xmlns=\"http://www.w3.org/2000/svg\"{attributes}>{style}{rest}\n")
    }

    /// The same drawing in pixels.
    pub(super) fn raster(&self) -> Raster {
        let pixels = |units: f64| (units * SCALE).round() as usize;
        let mut picture = Raster::filled(pixels(WIDTH), pixels(HEIGHT), PAPER.ground);
        for percent in self.ticks() {
            let y = self.y(f64::from(percent) / 100.0);
            let line = Raster::filled(pixels(RIGHT - LEFT), 1, GRID);
            picture.place(pixels(LEFT), pixels(y), &line);
            let label = format!("{percent} %");
            let left = pixels(LEFT - 8.0) - lettering::width(&label, 2);
            let top = pixels(y) - lettering::height(2) / 2;
            lettering::write(&mut picture, [left, top], &label, 2, PAPER.ink);
        }
        let spread: Vec<_> = self
            .points
            .iter()
            .filter(|point| point.spread.is_some())
            .collect();
        for pair in spread.windows(2) {
            self.fill(&mut picture, [pair[0], pair[1]]);
        }
        let places = self
            .points
            .iter()
            .map(|point| [self.x(point.images), self.y(point.accuracy)]);
        let places: Vec<[f64; 2]> = places.collect();
        for pair in places.windows(2) {
            stroke(&mut picture, pair[0], pair[1], 3, LINE);
        }
        for &place in &places {
            stroke(&mut picture, place, place, 9, LINE);
        }
        if self.ends_with_all() {
            let [low, high] = self.full.1.map(|share| self.y(share));
            stroke(&mut picture, [RIGHT, low], [RIGHT, high], 3, PAPER.ink);
        }
        for images in self.labelled_sizes() {
            let label = images.to_string();
            let left = pixels(self.x(images)) - lettering::width(&label, 2) / 2;
            lettering::write(
                &mut picture,
                [left, pixels(BOTTOM + 10.0)],
                &label,
                2,
                PAPER.ink,
            );
        }
        let label = if self.per_class {
            "TRAINING IMAGES OF EACH CLASS"
        } else {
            "TRAINING IMAGES"
        };
        let (left, top) = (pixels(LEFT), pixels(BOTTOM + 30.0));
        let room = [pixels(RIGHT - LEFT), lettering::height(2)];
        lettering::centre(&mut picture, [left, top], room, label, 2, PAPER.ink);
        picture
    }

    /// Fills the band between two neighbouring points.
    fn fill(&self, picture: &mut Raster, [from, to]: [&Marked; 2]) {
        let (Some((one, _)), Some((other, _))) = (from.spread, to.spread) else {
            return;
        };
        let (left, right) = (self.x(from.images) * SCALE, self.x(to.images) * SCALE);
        for column in left as usize..=right as usize {
            let part = ((column as f64 - left) / (right - left)).clamp(0.0, 1.0);
            let between = |one: f64, other: f64| self.y(one + (other - one) * part) * SCALE;
            let bottom = between(one[0], other[0]).round() as usize;
            let top = between(one[1], other[1]).round() as usize;
            let stripe = Raster::filled(1, (bottom - top).max(1), BAND);
            picture.place(column, top, &stripe);
        }
    }

    fn band(&self) -> String {
        let spread = || {
            let points = self.points.iter();
            points.filter_map(|point| Some((self.x(point.images), point.spread?.0)))
        };
        let upper = spread().map(|(x, [_, high])| (x, high));
        let lower: Vec<_> = spread().map(|(x, [low, _])| (x, low)).collect();
        let around = upper.chain(lower.into_iter().rev());
        let around = around.map(|(x, share)| format!("{x:.1},{:.1}", self.y(share)));
        around.collect::<Vec<_>>().join(" ")
    }

    /// Percentages along the left edge.
    fn ticks(&self) -> impl Iterator<Item = u32> {
        let [low, high] = self.shares.map(|share| (share * 100.0).round() as u32);
        let step = step(high - low);
        (low..=high).filter(move |percent| percent.is_multiple_of(step))
    }

    /// Sizes that are named: powers of ten, or the ends where there are too few of them.
    fn labelled_sizes(&self) -> Vec<usize> {
        let sizes = || self.points.iter().map(|point| point.images);
        let powers = sizes().filter(|images| 10_usize.pow(images.ilog10()) == *images);
        let powers: Vec<usize> = powers.collect();
        if powers.len() > 1 {
            return powers;
        }
        let mut ends: Vec<usize> = sizes().take(1).chain(sizes().next_back()).collect();
        ends.dedup();
        ends
    }

    fn x(&self, images: usize) -> f64 {
        let [first, last] = self.sizes;
        LEFT + (RIGHT - LEFT) * ((images.max(1) as f64).log10() - first) / (last - first)
    }

    fn y(&self, share: f64) -> f64 {
        let [low, high] = self.shares;
        BOTTOM - (BOTTOM - TOP) * (share - low) / (high - low)
    }
}

/// Draws a line with a square brush.
fn stroke(picture: &mut Raster, from: [f64; 2], to: [f64; 2], width: usize, colour: Colour) {
    let brush = Raster::filled(width, width, colour);
    let length = (to[0] - from[0]).hypot(to[1] - from[1]) * SCALE;
    let steps = length.ceil().max(1.0) as usize;
    for step in 0..=steps {
        let part = step as f64 / steps as f64;
        let at = |axis: usize| {
            let place = (from[axis] + (to[axis] - from[axis]) * part) * SCALE;
            (place.round() as usize).saturating_sub(width / 2)
        };
        picture.place(at(0), at(1), &brush);
    }
}
