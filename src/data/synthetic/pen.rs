//! Draws strokes like MNIST's digits: in an image of 28 × 28 pixels, the
//! longest side of the ink is 20 pixels, and its centre of mass rounds to (14,
//! 14), counted from 0.

use super::SIDE;

/// Length of the ink's longest side in pixels.
const LONGEST: usize = 20;

/// Row and column of the centre of mass.
const CENTRE: i64 = 14;

/// Attempts to find the right scale. How many pixels a stroke's round end
/// covers is only known after drawing.
const ATTEMPTS: usize = 16;

/// A point on the paper; y points down.
#[derive(Clone, Copy, Debug)]
pub(super) struct Point {
    pub x: f64,
    pub y: f64,
}

/// Draws antialiased lines with a round pen of the given radius in pixels.
pub(super) fn draw(strokes: &[Vec<Point>], radius: f64, pixels: &mut [u8]) {
    let [low, high] = bounds(strokes);
    let extent = (high.x - low.x).max(high.y - low.y);
    // Ink reaches half a pixel beyond the pen's radius.
    let mut length = LONGEST as f64 - 2.0 * radius - 0.5;
    let mut canvas = Canvas::new(low, radius);
    for _ in 0..ATTEMPTS {
        canvas.draw(strokes, length / extent);
        let [columns, rows] = canvas.sides();
        match columns.max(rows) {
            LONGEST => break,
            less if less < LONGEST => length += 0.2,
            _ => length -= 0.15,
        }
    }
    canvas.centred(pixels);
}

/// The bounding box: the smallest and the largest coordinates.
fn bounds(strokes: &[Vec<Point>]) -> [Point; 2] {
    let points = || strokes.iter().flatten();
    let least = |of: fn(&Point) -> f64| points().map(of).fold(f64::INFINITY, f64::min);
    let greatest = |of: fn(&Point) -> f64| points().map(of).fold(f64::NEG_INFINITY, f64::max);
    [
        Point {
            x: least(|point| point.x),
            y: least(|point| point.y),
        },
        Point {
            x: greatest(|point| point.x),
            y: greatest(|point| point.y),
        },
    ]
}

/// Holds a digit with margins before it is centred.
struct Canvas {
    low: Point,
    radius: f64,
    ink: [u8; SIDE * SIDE],
}

impl Canvas {
    fn new(low: Point, radius: f64) -> Self {
        Self {
            low,
            radius,
            ink: [0; SIDE * SIDE],
        }
    }

    /// Clears the canvas and draws with `scale` pixels per unit; the ink starts
    /// at pixel 1.
    fn draw(&mut self, strokes: &[Vec<Point>], scale: f64) {
        self.ink.fill(0);
        let margin = 1.25 + self.radius;
        let low = self.low;
        let place = |point: &Point| Point {
            x: (point.x - low.x) * scale + margin,
            y: (point.y - low.y) * scale + margin,
        };
        for stroke in strokes {
            let points: Vec<Point> = stroke.iter().map(place).collect();
            points
                .windows(2)
                .for_each(|ends| self.line(ends[0], ends[1]));
        }
    }

    /// Darkens the pixels near a line according to how much of each the pen covers.
    fn line(&mut self, from: Point, to: Point) {
        let reach = self.radius + 0.5;
        let range = |a: f64, b: f64| {
            let first = (a.min(b) - reach - 0.5).max(0.0) as usize;
            let end = (a.max(b) + reach + 0.5).max(0.0) as usize + 1;
            first..end.min(SIDE)
        };
        let (along_x, along_y) = (to.x - from.x, to.y - from.y);
        let squared = along_x * along_x + along_y * along_y;
        for row in range(from.y, to.y) {
            for column in range(from.x, to.x) {
                let (x, y) = (column as f64 + 0.5 - from.x, row as f64 + 0.5 - from.y);
                let part = match squared > 0.0 {
                    true => ((x * along_x + y * along_y) / squared).clamp(0.0, 1.0),
                    false => 0.0,
                };
                let (x, y) = (x - part * along_x, y - part * along_y);
                let covered = (reach - (x * x + y * y).sqrt()).clamp(0.0, 1.0);
                let ink = &mut self.ink[row * SIDE + column];
                *ink = (*ink).max((255.0 * covered + 0.5) as u8);
            }
        }
    }

    /// Number of columns and rows between the first and the last ink.
    fn sides(&self) -> [usize; 2] {
        let (mut columns, mut rows) = ([SIDE, 0], [SIDE, 0]);
        for (place, _) in self.inked() {
            let (row, column) = (place / SIDE, place % SIDE);
            columns = [columns[0].min(column), columns[1].max(column + 1)];
            rows = [rows[0].min(row), rows[1].max(row + 1)];
        }
        [columns, rows].map(|[first, end]| end.saturating_sub(first))
    }

    /// Shifts the ink by whole pixels so that its centre of mass is at [`CENTRE`].
    fn centred(&self, pixels: &mut [u8]) {
        let (mut mass, mut moment) = (0, [0; 2]);
        for (place, ink) in self.inked() {
            mass += i64::from(ink);
            moment[0] += i64::from(ink) * (place / SIDE) as i64;
            moment[1] += i64::from(ink) * (place % SIDE) as i64;
        }
        // The centre of mass, rounded to nearest with integer arithmetic.
        let [down, right] = moment.map(|moment| CENTRE - (2 * moment + mass) / (2 * mass).max(1));
        pixels.fill(0);
        for (place, ink) in self.inked() {
            let (row, column) = ((place / SIDE) as i64 + down, (place % SIDE) as i64 + right);
            let inside = 0..SIDE as i64;
            if inside.contains(&row) && inside.contains(&column) {
                pixels[row as usize * SIDE + column as usize] = ink;
            }
        }
    }

    fn inked(&self) -> impl Iterator<Item = (usize, u8)> + '_ {
        self.ink
            .iter()
            .copied()
            .enumerate()
            .filter(|&(_, ink)| ink > 0)
    }
}
