//! The shapes of the ten digits: strokes through points in a box from (0, 0) at
//! the top left to (1, 1).

use super::pen::Point;
use super::random::Random;

/// Number of line segments between two points of a curved stroke.
const LINES: usize = 4;

/// One stroke of the pen.
#[derive(Clone, Copy)]
pub(super) enum Stroke {
    /// Straight lines from point to point.
    Straight(&'static [(f64, f64)]),
    /// A smooth curve through all points.
    Bent(&'static [(f64, f64)]),
}

use Stroke::{Bent, Straight};

/// A way to write a digit.
type Glyph = &'static [Stroke];

/// The ways to write each digit.
const GLYPHS: [&[Glyph]; 10] = [
    &[
        &[Bent(&[
            (0.5, 0.0),
            (0.2, 0.15),
            (0.1, 0.5),
            (0.2, 0.85),
            (0.5, 1.0),
            (0.8, 0.85),
            (0.9, 0.5),
            (0.8, 0.15),
            (0.5, 0.0),
        ])],
        &[Bent(&[
            (0.6, 0.02),
            (0.25, 0.12),
            (0.1, 0.55),
            (0.25, 0.92),
            (0.6, 0.98),
            (0.88, 0.7),
            (0.85, 0.25),
            (0.55, 0.0),
            (0.35, 0.1),
        ])],
    ],
    &[
        &[Straight(&[(0.5, 0.0), (0.5, 1.0)])],
        &[Straight(&[(0.5, 0.0), (0.5, 0.5), (0.5, 1.0)])],
        &[Straight(&[(0.3, 0.22), (0.52, 0.0), (0.5, 1.0)])],
    ],
    &[
        &[
            Bent(&[
                (0.12, 0.25),
                (0.25, 0.05),
                (0.55, 0.0),
                (0.82, 0.16),
                (0.78, 0.42),
                (0.5, 0.72),
                (0.12, 0.98),
            ]),
            Straight(&[(0.12, 0.98), (0.92, 0.96)]),
        ],
        &[Bent(&[
            (0.15, 0.2),
            (0.4, 0.0),
            (0.75, 0.1),
            (0.72, 0.45),
            (0.4, 0.85),
            (0.12, 0.95),
            (0.15, 0.78),
            (0.45, 0.85),
            (0.95, 1.0),
        ])],
    ],
    &[
        &[Bent(&[
            (0.15, 0.1),
            (0.45, 0.0),
            (0.78, 0.12),
            (0.72, 0.36),
            (0.42, 0.48),
            (0.78, 0.6),
            (0.82, 0.86),
            (0.48, 1.0),
            (0.1, 0.9),
        ])],
        &[
            Straight(&[(0.15, 0.03), (0.8, 0.0), (0.42, 0.4)]),
            Bent(&[
                (0.42, 0.4),
                (0.8, 0.55),
                (0.78, 0.88),
                (0.42, 1.0),
                (0.1, 0.9),
            ]),
        ],
    ],
    &[
        &[
            Straight(&[(0.2, 0.0), (0.12, 0.52), (0.88, 0.5)]),
            Straight(&[(0.8, 0.05), (0.76, 1.0)]),
        ],
        &[
            Straight(&[(0.68, 0.0), (0.08, 0.62), (0.95, 0.62)]),
            Straight(&[(0.68, 0.0), (0.66, 1.0)]),
        ],
    ],
    &[
        &[
            Straight(&[(0.85, 0.0), (0.28, 0.02), (0.22, 0.42)]),
            Bent(&[
                (0.22, 0.42),
                (0.55, 0.36),
                (0.84, 0.58),
                (0.72, 0.9),
                (0.38, 1.0),
                (0.1, 0.9),
            ]),
        ],
        &[Bent(&[
            (0.9, 0.02),
            (0.5, 0.03),
            (0.28, 0.2),
            (0.3, 0.42),
            (0.65, 0.55),
            (0.72, 0.82),
            (0.45, 1.0),
            (0.12, 0.92),
        ])],
    ],
    &[
        &[Bent(&[
            (0.68, 0.0),
            (0.35, 0.22),
            (0.15, 0.6),
            (0.24, 0.92),
            (0.52, 1.0),
            (0.8, 0.84),
            (0.74, 0.6),
            (0.46, 0.55),
            (0.2, 0.72),
        ])],
        &[Bent(&[
            (0.4, 0.0),
            (0.2, 0.35),
            (0.14, 0.7),
            (0.3, 0.96),
            (0.62, 0.98),
            (0.8, 0.8),
            (0.66, 0.64),
            (0.38, 0.66),
            (0.18, 0.82),
        ])],
    ],
    &[
        &[Straight(&[
            (0.1, 0.06),
            (0.88, 0.02),
            (0.62, 0.45),
            (0.42, 1.0),
        ])],
        &[
            Straight(&[(0.1, 0.06), (0.88, 0.02), (0.42, 1.0)]),
            Straight(&[(0.35, 0.5), (0.85, 0.47)]),
        ],
    ],
    &[
        &[Bent(&[
            (0.78, 0.16),
            (0.5, 0.0),
            (0.24, 0.16),
            (0.35, 0.4),
            (0.66, 0.58),
            (0.78, 0.82),
            (0.5, 1.0),
            (0.22, 0.82),
            (0.36, 0.58),
            (0.68, 0.38),
            (0.78, 0.16),
        ])],
        &[
            Bent(&[
                (0.5, 0.0),
                (0.25, 0.12),
                (0.3, 0.38),
                (0.5, 0.46),
                (0.72, 0.36),
                (0.74, 0.12),
                (0.5, 0.0),
            ]),
            Bent(&[
                (0.5, 0.46),
                (0.2, 0.62),
                (0.22, 0.9),
                (0.5, 1.0),
                (0.8, 0.9),
                (0.8, 0.62),
                (0.5, 0.46),
            ]),
        ],
    ],
    &[
        &[
            Bent(&[
                (0.8, 0.22),
                (0.55, 0.0),
                (0.24, 0.14),
                (0.22, 0.4),
                (0.5, 0.5),
                (0.78, 0.34),
                (0.8, 0.22),
            ]),
            Bent(&[(0.8, 0.22), (0.78, 0.6), (0.64, 1.0)]),
        ],
        &[Bent(&[
            (0.78, 0.12),
            (0.45, 0.0),
            (0.2, 0.2),
            (0.3, 0.44),
            (0.64, 0.4),
            (0.8, 0.1),
            (0.76, 0.55),
            (0.6, 0.9),
            (0.3, 1.0),
        ])],
    ],
];

/// Picks one of the ways to write a digit.
pub(super) fn glyph(digit: u16, random: &mut Random) -> Vec<Stroke> {
    let ways = GLYPHS[usize::from(digit)];
    ways[random.below(ways.len() as u64) as usize].to_vec()
}

impl Stroke {
    /// The stroke as a polyline, after each of its points has been moved.
    pub(super) fn line(self, mut place: impl FnMut(Point) -> Point) -> Vec<Point> {
        let (Straight(points) | Bent(points)) = self;
        let points: Vec<Point> = points.iter().map(|&(x, y)| place(Point { x, y })).collect();
        match self {
            Straight(_) => points,
            Bent(_) => sweep(&points),
        }
    }
}

/// A Catmull–Rom curve through the points (E. Catmull, R. Rom, "A class of
/// local interpolating splines", 1974).
fn sweep(points: &[Point]) -> Vec<Point> {
    let last = points.len() - 1;
    let mut line = vec![points[0]];
    for index in 0..last {
        let [before, from, to, after] = [
            points[index.saturating_sub(1)],
            points[index],
            points[index + 1],
            points[(index + 2).min(last)],
        ];
        for step in 1..=LINES {
            let t = step as f64 / LINES as f64;
            let blend = |a: f64, b: f64, c: f64, d: f64| {
                let (first, second, third) = (
                    c - a,
                    2.0 * a - 5.0 * b + 4.0 * c - d,
                    3.0 * b - a - 3.0 * c + d,
                );
                b + 0.5 * t * (first + t * (second + t * third))
            };
            line.push(Point {
                x: blend(before.x, from.x, to.x, after.x),
                y: blend(before.y, from.y, to.y, after.y),
            });
        }
    }
    line
}
